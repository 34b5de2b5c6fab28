/* Each row of floats to int8 by itself, at a scale and zero point found in it (kernels/quantize/dynamic.h). */
#include "kernels/quantize/row.h"

#define STEM quantize_rowf32i8
#define CONVERSION ASSAY_ROW_F32_I8
#define MODE ASSAY_MODE_HYBRID
#include "kernels/quantize/reference/descriptor.h"

static void run(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                const struct assay_io *io, void *scratch)
{
    (void)kernel;
    (void)packed;
    (void)scratch;
    const struct assay_quantize_shape *s = &problem->quantize;
    for (size_t r = 0; r < s->rows; r++) {
        const float *in = (const float *)io->in + r * s->in_stride;
        int8_t *out = (int8_t *)io->out + r * s->out_stride;
        io->row_parameters[r] =
            assay_quantize_rows(assay_fold_row_range, assay_quantize_row, in, 1, s->columns, s->in_stride, out);
    }
}

QUANTIZE_KERNEL;
