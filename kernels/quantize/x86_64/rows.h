/* Dynamic quantization, each row by itself: one pass for its range, one that quantizes it (dynamic.h). */
#define CONVERSION ASSAY_ROW_F32_I8
#define MODE ASSAY_MODE_HYBRID
#include "kernels/quantize/x86_64/convert.h"
#include "kernels/quantize/x86_64/dynamic.h"

static void run(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                const struct assay_io *io, void *scratch)
{
    (void)kernel;
    (void)packed;
    (void)scratch;
    const struct assay_quantize_shape *s = &problem->quantize;
    for (size_t r = 0; r < s->rows; r++) {
        const float *in = (const float *)io->in + r * s->in_stride;
        io->row_parameters[r] = assay_quantize_rows(row_range, row_quantize, in, 1, s->columns, s->in_stride,
                                                    (int8_t *)io->out + r * s->out_stride);
    }
}
