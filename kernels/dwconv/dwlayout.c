#include "kernels/dwconv/dwlayout.h"

#include "kernels/core/columns.h"

#include <string.h>

struct assay_dw_input assay_dw_input(const struct assay_problem *problem, size_t *scratch_size)
{
    const struct assay_dwconv_shape *s = &problem->dwconv;
    const size_t pixels = s->batch * s->in_h * s->in_w;
    struct assay_dw_input input = {
        .hybrid = problem->mode == ASSAY_MODE_HYBRID,
        .spread = s->multiplier > 1,
        .channels = s->in_c * s->multiplier,
    };
    input.size = input.hybrid ? 1 : assay_type_size(assay_mode_input(problem->mode));
    input.pixel_bytes = (input.hybrid || input.spread ? input.channels : s->in_stride) * input.size;
    input.padding_step = input.hybrid ? input.channels : 0;
    input.padding = assay_append(scratch_size, (input.hybrid ? s->batch : 1) * input.channels * input.size);
    input.copy = assay_append(scratch_size, input.spread ? pixels * input.channels * input.size : 0);
    input.quantized = assay_append(scratch_size, input.hybrid ? pixels * s->in_c : 0);
    return input;
}

const char *assay_dw_input_first(const struct assay_dw_input *input, const struct assay_io *io, const char *scratch)
{
    if (input->spread)
        return scratch + input->copy;
    return input->hybrid ? scratch + input->quantized : io->in;
}

void assay_dw_input_prepare(const struct assay_dw_input *input, const struct assay_problem *problem, char *scratch)
{
    if (!input->hybrid) /* hybrid learns its zero points only when it runs */
        memset(scratch + input->padding, problem->mode == ASSAY_MODE_INT8 ? problem->quantization.in_zero : 0,
               input->channels * input->size);
}

/* Each input element `multiplier` times: output channel o reads input channel o / multiplier. */
static void spread(size_t size, size_t pixels, size_t in_c, size_t multiplier, const char *in, size_t in_stride,
                   char *out)
{
    for (size_t p = 0; p < pixels; p++)
        for (size_t c = 0; c < in_c; c++)
            for (size_t m = 0; m < multiplier; m++, out += size)
                memcpy(out, in + (p * in_stride + c) * size, size);
}

struct assay_row_quantization assay_dw_input_copy(const struct assay_dw_input *input,
                                                  const struct assay_problem *problem, assay_row_range_fn *range,
                                                  assay_row_quantize_fn *quantize, const struct assay_io *io, size_t b,
                                                  char *scratch)
{
    const struct assay_dwconv_shape *s = &problem->dwconv;
    const size_t pixels = s->in_h * s->in_w;
    struct assay_row_quantization row = {.scale = 1.0f, .zero = 0};
    const char *source = (const char *)io->in + b * pixels * s->in_stride * input->size;
    size_t stride = s->in_stride;
    if (input->hybrid) {
        int8_t *q = (int8_t *)scratch + input->quantized + b * pixels * s->in_c;
        const float *image = (const float *)io->in + b * pixels * s->in_stride;
        row = io->group_parameters ? io->group_parameters[b]
                                   : assay_rows_quantization(range, image, pixels, s->in_c, s->in_stride);
        assay_quantize_rows_as(quantize, image, pixels, s->in_c, s->in_stride, row, q);
        memset(scratch + input->padding + b * input->padding_step, row.zero, input->channels);
        source = (const char *)q;
        stride = s->in_c;
    }
    if (input->spread)
        spread(input->size, pixels, s->in_c, s->multiplier, source, stride,
               scratch + input->copy + b * pixels * input->channels * input->size);
    return row;
}
