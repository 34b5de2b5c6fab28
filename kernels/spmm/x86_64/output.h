/* From sums to rows of the output: rescaling, bias, activation, for the sparse tiles of x86-64. */
#ifndef ASSAY_KERNELS_SPMM_X86_64_OUTPUT_H
#define ASSAY_KERNELS_SPMM_X86_64_OUTPUT_H

#include "kernels/core/x86_64/rescale.h"
#ifdef __AVX512F__
#include "kernels/core/x86_64/rescale24.h"
#endif
#include "kernels/spmm/x86_64/units.h"

/* Whether a layer can have its rescale by float multiply-adds. */
#ifdef __AVX512F__
enum { SOLVED = MODE == ASSAY_MODE_INT8 };
#else
enum { SOLVED = false };
#endif

/* What rescales LANES channels, loaded once for all rows: stores of bytes might alias it for all a compiler knows. */
struct rescaling {
    struct rescaler rescaler; /* int8 */
#ifdef __AVX512F__
    struct rescaler24 rescaler24;
#endif
    vint bias;                /* int8; of bounded layers as the rescaler takes it */
    vint weight_sum;          /* hybrid */
    vfloat scale, float_bias; /* hybrid; float_bias of fp32 too */
};

ASSAY_INLINE struct rescaling load_rescaling(const struct assay_sptile_args *args, size_t first,
                                             const enum assay_rescale_way way)
{
    struct rescaling r = {0};
    if (MODE == ASSAY_MODE_INT8) {
        r.bias = vi_load((const int32_t *)args->bias + first);
#ifdef __AVX512F__
        if (way != ASSAY_RESCALE_ANY) {
            r.rescaler24 = rescaler24_of(&args->solved[first / ASSAY_RESCALE_LANES].by24);
            return r;
        }
#else
        (void)way;
#endif
        r.rescaler = rescaler_of(args->multiplier + first, args->shift + first);
        if (args->bounded)
            r.bias = vi_xor(r.bias, vi_set1(INT32_MIN));
        return r;
    }
    r.float_bias = vf_load((const float *)args->bias + first);
    if (MODE == ASSAY_MODE_HYBRID) {
        r.weight_sum = vi_load(args->weight_sum + first);
        r.scale = vf_load(args->scale + first);
    }
    return r;
}

/* Any layer's rescale of sums with their bias, in memory. Out of the way, as hardly any layer needs it. */
__attribute__((noinline, unused)) static void rescale_any(const struct assay_sptile_args *args, size_t first,
                                                          size_t rows, vint *sums)
{
    const vint multiplier = vi_load(args->multiplier + first), shift = vi_load(args->shift + first);
    for (size_t i = 0; i < rows; i++)
        sums[i] = vi_rescale(sums[i], multiplier, shift);
}

/* Four vectors as bytes. */
ASSAY_INLINE vint rescaled_bytes(const struct assay_sptile_args *args, const struct rescaling *r, size_t first,
                                 const enum assay_rescale_way way, vint *four)
{
#ifdef __AVX512F__
    if (way != ASSAY_RESCALE_ANY) {
        ASSAY_UNROLL
        for (size_t j = 0; j < 4; j++)
            four[j] = rescaled24(four[j], &r->rescaler24, way == ASSAY_RESCALE24_ONE);
        return narrow4(four, 0, args->out_min, args->out_max); /* the zero point is in them */
    }
#else
    (void)way;
#endif
    if (args->bounded) {
        ASSAY_UNROLL
        for (size_t j = 0; j < 4; j++)
            four[j] = rescale_bounded(four[j], &r->rescaler);
    } else {
        vint copy[4] = {four[0], four[1], four[2], four[3]}; /* `four` itself stays in registers */
        rescale_any(args, first, 4, copy);
        ASSAY_UNROLL
        for (size_t j = 0; j < 4; j++)
            four[j] = copy[j];
    }
    return narrow4(four, args->out_zero, args->out_min, args->out_max);
}

/* int8: LANES channels of four rows at once. */
ASSAY_INLINE void store_bytes(const struct assay_sptile_args *args, const struct rescaling *r, size_t row, size_t first,
                              const size_t rows, const enum assay_rescale_way way, const vint *sums)
{
    const size_t count = args->n - first;
    ASSAY_UNROLL
    for (size_t i = 0; i < rows; i += 4) {
        vint four[4];
        ASSAY_UNROLL
        for (size_t j = 0; j < 4; j++)
            four[j] = vi_add(sums[i + j < rows ? i + j : i], r->bias);
        const vint bytes = rescaled_bytes(args, r, first, way, four);
        ASSAY_UNROLL
        for (size_t j = 0; j < 4 && i + j < rows; j++)
            if (row + i + j < args->rows)
                store_share((int8_t *)args->c + (row + i + j) * args->c_stride + first, count, bytes, j, 1);
    }
}

/* sums[rows]: LANES channels from `first` on of rows from `row` on; those beyond the tile's last are not stored. */
ASSAY_INLINE void store_rows(const struct assay_sptile_args *args, const struct rescaling *r, size_t row, size_t first,
                             const size_t rows, const enum assay_rescale_way way, const vint *sums)
{
    if (MODE == ASSAY_MODE_INT8) {
        store_bytes(args, r, row, first, rows, way, sums);
        return;
    }
    ASSAY_UNROLL
    for (size_t i = 0; i < rows; i++) {
        if (row + i >= args->rows)
            return;
        vfloat x = vf_add(vf_from_bits(sums[i]), r->float_bias);
        if (MODE == ASSAY_MODE_HYBRID) {
            const struct assay_row_quantization q = args->row[row + i];
            const vint sum = vi_sub(sums[i], vi_mul(vi_set1(q.zero), r->weight_sum));
            x = vf_fma(vi_to_float(sum), vf_mul(vf_set1(q.scale), r->scale), r->float_bias);
        }
        float *c = (float *)(void *)((char *)args->c + (row + i) * args->c_stride) + first;
        vf_store_part(c, args->n - first, args->clamp ? vf_clamp(x, args->clamp_min, args->clamp_max) : x);
    }
}

/* Calls function(…, way), `way` a constant, so that a layer's rescale is chosen once and has the registers for itself.
 */
#define ASSAY_FOR_WAY(way, function, ...)            \
    if (SOLVED && (way) == ASSAY_RESCALE24_ONE)      \
        function(__VA_ARGS__, ASSAY_RESCALE24_ONE);  \
    else if (SOLVED && (way) == ASSAY_RESCALE24_TWO) \
        function(__VA_ARGS__, ASSAY_RESCALE24_TWO);  \
    else                                             \
        function(__VA_ARGS__, ASSAY_RESCALE_ANY);

#endif
