/* The tile of int8 whose sums are rescaled by what was solved for them when they were packed: a float multiply-add
 * (kernels/core/rescale24.h) or products of 52 bits (kernels/core/rescale52.h). The including file
 * defines MR and, where it is not 2, TILE_VECTORS (dot.h). */
#define DOT_BYTES 4
#include "kernels/core/x86_64/rescale.h"
#include "kernels/core/x86_64/rescale52.h"
#include "kernels/gemm/x86_64/rescale24_tile.h"
#include "kernels/gemm/x86_64/rescale_apart.h"
#include "kernels/gemm/x86_64/taps.h"
#include "kernels/gemm/x86_64/weave_vbmi.h"

/* Any layer's rescale, with the zero point added: sums become results. */
__attribute__((noinline)) static void rescale_any(const struct assay_igemm_args *args, size_t rows,
                                                  vint (*sums)[VECTORS])
{
    for (size_t v = 0; v < VECTORS; v++) {
        const vint multiplier = vi_load(args->multiplier + v * LANES), shift = vi_load(args->shift + v * LANES);
        for (size_t i = 0; i < rows; i++)
            sums[i][v] = vi_offset_clamp(vi_rescale(sums[i][v], multiplier, shift), args->out_zero, args->out_min,
                                         args->out_max);
    }
}

ASSAY_INLINE void rescale52(const struct assay_igemm_args *args, const bool one_sided, const size_t rows,
                            vint (*sums)[VECTORS])
{
    ASSAY_UNROLL
    for (size_t v = 0; v < VECTORS; v++) {
        const struct rescaler52 r = rescaler52_of(&args->solved[v].by52);
        ASSAY_UNROLL
        for (size_t i = 0; i < rows; i++)
            sums[i][v] = one_sided ? rescale52_one_sided(sums[i][v], &r) : rescale52_two_sided(sums[i][v], &r);
    }
}

ASSAY_INLINE void rescale(const struct assay_igemm_args *args, const size_t rows, vint (*sums)[VECTORS])
{
    switch (args->way) {
    case ASSAY_RESCALE24_ONE:
        rescale24(args, true, false, rows, sums);
        break;
    case ASSAY_RESCALE24_TWO:
        rescale24(args, false, false, rows, sums);
        break;
    case ASSAY_RESCALE52_ONE:
        rescale52(args, true, rows, sums);
        break;
    case ASSAY_RESCALE52_TWO:
        rescale52(args, false, rows, sums);
        break;
    default:
        rescale_apart(args, rows, sums, rescale_any);
        break;
    }
}

/* How results become bytes and are stored: all columns, which saturation alone leaves in the range of the output, or
 * with its range; or some columns. */
enum edge { WHOLE_SATURATED, WHOLE_CLAMPED, PART_CLAMPED };

/* Two vectors as int16, four of one and four of the other in turn: saturated, or their lower halves, which takes one
 * operation less of each where something is in the upper ones. */
ASSAY_INLINE vint narrow_to_words(vint a, vint b, const bool lower_halves)
{
    static const uint16_t lower[2 * LANES] = {0,  2,  4,  6,  32, 34, 36, 38, 8,  10, 12, 14, 40, 42, 44, 46,
                                              16, 18, 20, 22, 48, 50, 52, 54, 24, 26, 28, 30, 56, 58, 60, 62};
    return lower_halves ? _mm512_permutex2var_epi16(a, _mm512_loadu_si512(lower), b) : _mm512_packs_epi32(a, b);
}

/* Four vectors as bytes, those of each vector together. */
ASSAY_INLINE vint narrow_clamped(const vint *x, const bool lower_halves, const bool clamp, vint min, vint max)
{
    const vint order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    vint bytes =
        _mm512_packs_epi16(narrow_to_words(x[0], x[1], lower_halves), narrow_to_words(x[2], x[3], lower_halves));
    if (clamp)
        bytes = _mm512_min_epi8(_mm512_max_epi8(bytes, min), max);
    return _mm512_permutexvar_epi32(order, bytes);
}

/* Four vectors at once: of one row, two or four. */
ASSAY_INLINE void store_edge(const struct assay_igemm_args *args, const enum edge edge, const bool lower_halves,
                             const size_t rows, vint (*results)[VECTORS])
{
    enum { TOGETHER = 4 / VECTORS };
    const size_t stride = args->c_stride, cols = edge == PART_CLAMPED ? args->cols : NR;
    const vint min = _mm512_set1_epi8((int8_t)args->out_min), max = _mm512_set1_epi8((int8_t)args->out_max);
    int8_t *c = args->c;
    ASSAY_UNROLL
    for (size_t i = 0; i < rows; i += TOGETHER) {
        vint four[4];
        ASSAY_UNROLL
        for (size_t j = 0; j < 4; j++) {
            const size_t row = i + j / VECTORS;
            four[j] = results[row < rows ? row : i][j % VECTORS];
        }
        const vint bytes = narrow_clamped(four, lower_halves, edge != WHOLE_SATURATED, min, max);
        ASSAY_UNROLL
        for (size_t j = 0; j < TOGETHER; j++) {
            if (i + j < rows)
                store_share(c, cols, bytes, j, VECTORS);
            c += stride;
        }
    }
}

ASSAY_INLINE void store_results(const struct assay_igemm_args *args, const bool lower_halves, const size_t rows,
                                vint (*results)[VECTORS])
{
    if (args->cols < NR)
        store_edge(args, PART_CLAMPED, lower_halves, rows, results);
    else if (args->out_min > INT8_MIN || args->out_max < INT8_MAX)
        store_edge(args, WHOLE_CLAMPED, lower_halves, rows, results);
    else
        store_edge(args, WHOLE_SATURATED, lower_halves, rows, results);
}

ASSAY_INLINE void store(const struct assay_igemm_args *args, const size_t rows, vint (*sums)[VECTORS])
{
    if (args->way == ASSAY_RESCALE24_ONE && args->fits_int16) {
        rescale24(args, true, true, rows, sums);
        store_results(args, true, rows, sums);
    } else if (args->way == ASSAY_RESCALE24_TWO && args->fits_int16) {
        rescale24(args, false, true, rows, sums);
        store_results(args, true, rows, sums);
    } else {
        rescale(args, rows, sums);
        store_results(args, false, rows, sums);
    }
}

ASSAY_INLINE void begin(const struct assay_igemm_args *args, const size_t rows, vint (*sums)[VECTORS])
{
    ASSAY_UNROLL
    for (size_t v = 0; v < VECTORS; v++) {
        const vint bias = vi_load((const int32_t *)args->bias + v * LANES);
        ASSAY_UNROLL
        for (size_t i = 0; i < rows; i++)
            sums[i][v] = bias;
    }
}

#include "kernels/gemm/x86_64/tap_tile.h"
