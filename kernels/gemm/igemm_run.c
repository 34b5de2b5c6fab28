/* The order in which tiles are computed, and what happens before them. */
#include "kernels/gemm/igemm_layout.h"

#include <string.h>

/* Rows of input that are worth keeping in the second-level cache while panels of weights pass by. */
enum { INPUT_BLOCK_BYTES = 256 * 1024 };

const char *assay_igemm_supports(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    const struct assay_igemm *igemm = kernel->detail;
    return igemm->supports ? igemm->supports(kernel, problem) : NULL;
}

size_t assay_igemm_packed_size(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    return assay_igemm_layout(kernel->detail, problem).packed_bytes;
}

size_t assay_igemm_scratch_size(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    return assay_igemm_layout(kernel->detail, problem).scratch_bytes;
}

/* Where pixel (b, y, x) of the input begins, or the padding row where that is outside the image. */
static const char *conv_source(const struct assay_conv_shape *s, const char *in, size_t pixel_bytes,
                               const char *padding, size_t b, size_t out_y, size_t out_x, size_t tap)
{
    /* One subtraction turns "before the image" into a number beyond its end. */
    const size_t y = out_y * s->stride_h + tap / s->kernel_w * s->dilation_h - s->pad_top;
    const size_t x = out_x * s->stride_w + tap % s->kernel_w * s->dilation_w - s->pad_left;
    return y < s->in_h && x < s->in_w ? in + ((b * s->in_h + y) * s->in_w + x) * pixel_bytes : padding;
}

static void point_conv(const struct assay_igemm_layout *l, const struct assay_problem *problem, const char *in,
                       size_t pixel_bytes, char *scratch)
{
    const struct assay_conv_shape *s = &problem->conv;
    const size_t image = s->out_h * s->out_w;
    const size_t padding_step = problem->mode == ASSAY_MODE_HYBRID ? l->k * l->in_size : 0;
    const void **pointers = (const void **)(void *)(scratch + l->pointers);
    for (size_t r = 0; r < l->tiles * l->mr; r++) {
        const size_t row = assay_min(r, l->rows - 1); /* rows beyond the last repeat it */
        const size_t b = row / image, y = row % image / s->out_w, x = row % s->out_w;
        const char *padding = scratch + l->padding_row + b * padding_step;
        for (size_t tap = 0; tap < l->taps; tap++)
            pointers[(r / l->mr * l->taps + tap) * l->mr + r % l->mr] =
                conv_source(s, in, pixel_bytes, padding, b, y, x, tap);
    }
}

static void point_gemm(const struct assay_igemm_layout *l, const char *in, size_t row_bytes, char *scratch)
{
    const void **pointers = (const void **)(void *)(scratch + l->pointers);
    for (size_t r = 0; r < l->tiles * l->mr; r++)
        pointers[r] = in + assay_min(r, l->rows - 1) * row_bytes;
}

bool assay_igemm_prepare(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                         const struct assay_io *io, void *scratch)
{
    (void)packed;
    const struct assay_igemm_layout l = assay_igemm_layout(kernel->detail, problem);
    const bool hybrid = problem->mode == ASSAY_MODE_HYBRID;
    char *base = scratch;
    const char *in = hybrid ? base + l.quantized : io->in;
    const size_t row_bytes = hybrid ? l.k : l.in_stride * l.in_size;
    if (problem->op == ASSAY_OP_GEMM) {
        point_gemm(&l, in, row_bytes, base);
        return true;
    }
    if (!hybrid && problem->conv.batch > 0) /* hybrid learns its zero points only when it runs */
        memset(base + l.padding_row, problem->mode == ASSAY_MODE_INT8 ? problem->quantization.in_zero : 0,
               l.k * l.in_size);
    point_conv(&l, problem, in, row_bytes, base);
    return true;
}

/* Quantizes `count` rows of the input as one, and returns its parameters. */
static struct assay_row_quantization quantize_rows(const struct assay_igemm *igemm, const struct assay_igemm_layout *l,
                                                   const float *in, size_t count, int8_t *q)
{
    assay_row_range_fn *range = igemm->row_range ? igemm->row_range : assay_row_range;
    assay_row_quantize_fn *quantize = igemm->row_quantize ? igemm->row_quantize : assay_row_quantize_all;
    /* Rows without gaps are one long row. */
    const bool contiguous = l->in_stride == l->k;
    const size_t length = contiguous ? count * l->k : l->k, passes = contiguous ? (count > 0) : count;
    float min = 0.0f, max = 0.0f;
    for (size_t r = 0; r < passes; r++)
        range(in + r * l->in_stride, length, &min, &max);
    const struct assay_row_quantization row = assay_row_quantization_of(min, max);
    for (size_t r = 0; r < passes; r++)
        quantize(in + r * l->in_stride, length, row, q + r * l->k);
    return row;
}

/* Hybrid: the input to int8, each row of a gemm and each image of a conv by itself. */
static void quantize_input(const struct assay_igemm *igemm, const struct assay_igemm_layout *l,
                           const struct assay_problem *problem, const float *in, char *scratch)
{
    const bool conv = problem->op == ASSAY_OP_CONV;
    const size_t groups = conv ? problem->conv.batch : l->rows;
    const size_t in_rows = conv ? problem->conv.in_h * problem->conv.in_w : 1; /* of a group */
    const size_t out_rows = conv ? problem->conv.out_h * problem->conv.out_w : 1;
    struct assay_row_quantization *params = (struct assay_row_quantization *)(void *)(scratch + l->row_params);
    for (size_t g = 0; g < groups; g++) {
        int8_t *q = (int8_t *)scratch + l->quantized + g * in_rows * l->k;
        struct assay_row_quantization row = quantize_rows(igemm, l, in + g * in_rows * l->in_stride, in_rows, q);
        if (conv)
            memset(scratch + l->padding_row + g * l->k, row.zero, l->k);
        row.zero += igemm->input_offset;
        for (size_t r = 0; r < out_rows; r++)
            params[g * out_rows + r] = row;
    }
    for (size_t r = l->rows; r < l->tiles * l->mr; r++)
        params[r] = params[l->rows - 1];
}

static void compute_tile(const struct assay_igemm *igemm, const struct assay_igemm_layout *l,
                         struct assay_igemm_args *args, const char *packed, const char *scratch, char *out,
                         size_t panel, size_t tile)
{
    const size_t column = panel * l->nr, row = tile * l->mr;
    args->rows = assay_min(l->mr, l->rows - row);
    args->cols = assay_min(l->nr, l->cols - column);
    args->a = (const void *const *)(const void *)(scratch + l->pointers) + tile * l->taps * l->mr;
    args->w = packed + l->panel0 + panel * l->panel_bytes;
    args->c = out + (row * l->out_stride + column) * l->out_size;
    args->bias = packed + l->bias + column * l->bias_size;
    args->multiplier = (const int32_t *)(const void *)(packed + l->multiplier) + column;
    args->shift = (const int32_t *)(const void *)(packed + l->shift) + column;
    args->scale = (const float *)(const void *)(packed + l->scale) + column;
    args->weight_sum = (const int32_t *)(const void *)(packed + l->weight_sum) + column;
    args->row = (const struct assay_row_quantization *)(const void *)(scratch + l->row_params) + row;
    igemm->tile(args);
}

void assay_igemm_run(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                     const struct assay_io *io, void *scratch)
{
    const struct assay_igemm *igemm = kernel->detail;
    const struct assay_igemm_layout l = assay_igemm_layout(igemm, problem);
    if (l.rows == 0 || l.cols == 0)
        return;
    if (problem->mode == ASSAY_MODE_HYBRID)
        quantize_input(igemm, &l, problem, io->in, scratch);

    struct assay_igemm_args args = {
        .taps = l.taps,
        .k = l.k,
        .c_stride = l.out_stride * l.out_size,
        .clamp = assay_clamps(problem),
        .clamp_min = assay_clamp_min(problem),
        .clamp_max = assay_clamp_max(problem),
    };
    if (assay_mode_is_integer(problem->mode)) {
        args.out_zero = problem->quantization.out_zero;
        args.out_min = assay_clamp_min_int(problem);
        args.out_max = assay_clamp_max_int(problem);
    }
    const size_t tile_bytes = l.mr * l.taps * l.k * l.in_size;
    const size_t block = tile_bytes < INPUT_BLOCK_BYTES / 2 ? INPUT_BLOCK_BYTES / (tile_bytes + 1) : 1;
    for (size_t tile0 = 0; tile0 < l.tiles; tile0 += block)
        for (size_t panel = 0; panel < l.panels; panel++)
            for (size_t tile = tile0; tile < assay_min(l.tiles, tile0 + block); tile++)
                compute_tile(igemm, &l, &args, packed, scratch, io->out, panel, tile);
}
