/* The tile of int8 and hybrid. The including file defines MR and DOT_BYTES (dot.h), and HYBRID as 1 or 0.
 * With DOT_BYTES 2, weights are packed as int16, and inputs are widened beforehand, CHUNK of each row at a time, to a
 * buffer that stays in the first-level cache. */
#include "kernels/core/x86_64/rescale.h"
#include "kernels/gemm/x86_64/dot.h"

#if HYBRID
#include "kernels/quantize/x86_64/dynamic.h"
#endif

enum { CHUNK = 512 };

#if DOT_BYTES == 4
#define ELEMENT ASSAY_PACK_SAME
enum { INPUT_OFFSET = 128 };

ASSAY_INLINE const char *accumulate_tap(const void *const *a, size_t k, const char *w, const size_t rows,
                                        vint (*sums)[VECTORS])
{
    const char *row[MR];
    ASSAY_UNROLL
    for (size_t i = 0; i < rows; i++)
        row[i] = a[i];
    return accumulate(row, k, w, rows, sums);
}
#else
#define ELEMENT ASSAY_PACK_I8_AS_I16
enum { INPUT_OFFSET = 0 };

ASSAY_INLINE const char *accumulate_tap(const void *const *a, size_t k, const char *w, const size_t rows,
                                        vint (*sums)[VECTORS])
{
    int16_t widened[MR][CHUNK];
    for (size_t first = 0; first < k; first += CHUNK) {
        const size_t count = assay_min(CHUNK, k - first);
        const char *row[MR];
        ASSAY_UNROLL
        for (size_t i = 0; i < rows; i++) {
            const int8_t *from = (const int8_t *)a[i] + first;
            for (size_t l = 0; l < count; l += 2 * LANES)
                vi_store(widened[i] + l,
                         vi_load_part_i8_as_i16(from + l, count - l)); /* zeros to the end of the step */
            row[i] = (const char *)widened[i];
        }
        w = accumulate(row, assay_round_up(count, 2) * sizeof(int16_t), w, rows, sums);
    }
    return w;
}
#endif

#if HYBRID
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
#else
/* Sums of bounded layers (kernels/core/columns.h) lie one sign bit off while they add up, as their rescale wants them.
 */
enum { SUM_OFFSET = INT32_MIN };

ASSAY_INLINE vint first_sums(const struct assay_igemm_args *args, size_t v)
{
    return vi_xor(vi_load((const int32_t *)args->bias + v * LANES), vi_set1(SUM_OFFSET));
}

/* Any layer's rescale: sums, in memory, become results. Out of the way, as hardly any layer needs it. */
__attribute__((noinline)) static void rescale_any(const struct assay_igemm_args *args, size_t rows,
                                                  vint (*sums)[VECTORS])
{
    for (size_t v = 0; v < VECTORS; v++) {
        const vint multiplier = vi_load(args->multiplier + v * LANES), shift = vi_load(args->shift + v * LANES);
        for (size_t i = 0; i < rows; i++)
            sums[i][v] = vi_rescale(vi_xor(sums[i][v], vi_set1(SUM_OFFSET)), multiplier, shift);
    }
}

ASSAY_INLINE void rescale(const struct assay_igemm_args *args, const size_t rows, vint (*sums)[VECTORS])
{
    if (args->bounded) {
        ASSAY_UNROLL
        for (size_t v = 0; v < VECTORS; v++) {
            const struct rescaler r = rescaler_of(args->multiplier + v * LANES, args->shift + v * LANES);
            ASSAY_UNROLL
            for (size_t i = 0; i < rows; i++)
                sums[i][v] = rescale_bounded(sums[i][v], &r);
        }
        return;
    }
    vint copy[MR][VECTORS]; /* not `sums` itself, which would then live in memory for all layers */
    ASSAY_UNROLL
    for (size_t i = 0; i < rows; i++) {
        ASSAY_UNROLL
        for (size_t v = 0; v < VECTORS; v++)
            copy[i][v] = sums[i][v];
    }
    rescale_any(args, rows, copy);
    ASSAY_UNROLL
    for (size_t i = 0; i < rows; i++) {
        ASSAY_UNROLL
        for (size_t v = 0; v < VECTORS; v++)
            sums[i][v] = copy[i][v];
    }
}

/* Four vectors at once become bytes: of one row, two or four. */
ASSAY_INLINE void store(const struct assay_igemm_args *args, const size_t rows, vint (*sums)[VECTORS])
{
    enum { TOGETHER = 4 / VECTORS };
    rescale(args, rows, sums);
    ASSAY_UNROLL
    for (size_t i = 0; i < rows; i += TOGETHER) {
        vint four[4];
        ASSAY_UNROLL
        for (size_t j = 0; j < 4; j++) {
            const size_t row = i + j / VECTORS;
            four[j] = sums[row < rows ? row : i][j % VECTORS];
        }
        const vint bytes = narrow4(four, args->out_zero, args->out_min, args->out_max);
        ASSAY_UNROLL
        for (size_t j = 0; j < TOGETHER; j++) {
            int8_t *c = (int8_t *)args->c + (i + j) * args->c_stride;
            if (i + j < rows)
                store_share(c, args->cols, bytes, j, VECTORS);
        }
    }
}
#endif

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
