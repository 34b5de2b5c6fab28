/* The tile of hybrid: that of int8, with sums that are scaled to float as they are stored. The including file defines
 * MR and DOT_BYTES (dot.h). */
#include "kernels/gemm/x86_64/taps.h"
#include "kernels/quantize/x86_64/dynamic.h"

ASSAY_INLINE vint first_sums(const struct assay_igemm_args *args, size_t v)
{
    (void)args;
    (void)v;
    return vi_zero();
}

/* out = (sum - zero * weight_sum) * (row.scale * scale) + bias */
ASSAY_INLINE void store(const struct assay_igemm_args *args, const size_t rows, vint (*sums)[VECTORS])
{
    ASSAY_UNROLL
    for (size_t v = 0; v < VECTORS; v++) {
        const size_t column = v * LANES;
        if (column >= args->cols)
            return;
        const vfloat scale = vf_load(args->scale + column), bias = vf_load((const float *)args->bias + column);
        const vint weight_sum = vi_load(args->weight_sum + column);
        ASSAY_UNROLL
        for (size_t i = 0; i < rows; i++) {
            const vint sum = vi_sub(sums[i][v], vi_mul(vi_set1(args->row[i].zero), weight_sum));
            const vfloat factor = vf_mul(vf_set1(args->row[i].scale), scale);
            const vfloat x = vf_fma(vi_to_float(sum), factor, bias);
            float *c = (float *)(void *)((char *)args->c + i * args->c_stride) + column;
            vf_store_part(c, args->cols - column, args->clamp ? vf_clamp(x, args->clamp_min, args->clamp_max) : x);
        }
    }
}

ASSAY_INLINE void compute(const struct assay_igemm_args *args, const size_t rows)
{
    vint sums[MR][VECTORS];
    ASSAY_UNROLL
    for (size_t i = 0; i < rows; i++) {
        ASSAY_UNROLL
        for (size_t v = 0; v < VECTORS; v++)
            sums[i][v] = first_sums(args, v);
    }
    const char *w = args->w;
    for (size_t tap = 0; tap < args->taps; tap++)
        w = accumulate_tap(args->a + tap * MR, args->k, w, rows, sums);
    store(args, rows, sums);
}

static void tile(const struct assay_igemm_args *args)
{
    ASSAY_FOR_ROWS(args->rows)
}
