/* Dynamic quantization, each row by itself: one pass for its range, one that quantizes it (dynamic_rows.h). */
#define CONVERSION ASSAY_ROW_F32_I8
#define MODE ASSAY_MODE_HYBRID
#include "kernels/quantize/x86_64/convert.h"
#include "kernels/quantize/x86_64/dynamic_rows.h"

static void run(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                const struct assay_io *io, void *scratch)
{
    (void)kernel;
    (void)packed;
    (void)scratch;
    const struct assay_quantize_shape *s = &problem->quantize;
    const struct rows_to_quantize rows = {io->in, s->columns, s->in_stride, io->out, s->out_stride, io->row_parameters};
    quantize_all_rows(&rows, s->rows, AS_SIGNED);
}
