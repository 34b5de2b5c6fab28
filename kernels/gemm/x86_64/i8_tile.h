/* The tile of int8. The including file defines MR and DOT_BYTES (dot.h); with 2 of them, inputs are rewritten as int16
 * (`widen`). */
#define INPUTS_WIDENED
#include "kernels/core/x86_64/rescale.h"
#ifdef __AVX512F__
#include "kernels/gemm/x86_64/rescale24_tile.h"
#endif
#include "kernels/gemm/x86_64/rescale_apart.h"
#include "kernels/gemm/x86_64/taps.h"

/* Sums of bounded layers (kernels/core/columns.h) lie one sign bit off while they add up, as their rescale wants them;
 * those of a solved rescale do not. */
enum { SUM_OFFSET = INT32_MIN };

ASSAY_INLINE void begin(const struct assay_igemm_args *args, const size_t rows, vint (*sums)[VECTORS])
{
    const vint offset = vi_set1(args->way == ASSAY_RESCALE_ANY ? SUM_OFFSET : 0);
    ASSAY_UNROLL
    for (size_t i = 0; i < rows; i++) {
        ASSAY_UNROLL
        for (size_t v = 0; v < VECTORS; v++)
            sums[i][v] = vi_xor(vi_load((const int32_t *)args->bias + v * LANES), offset);
    }
}

/* Any layer's rescale: sums become results. */
__attribute__((noinline)) static void rescale_any(const struct assay_igemm_args *args, size_t rows,
                                                  vint (*sums)[VECTORS])
{
    for (size_t v = 0; v < VECTORS; v++) {
        const vint multiplier = vi_load(args->multiplier + v * LANES), shift = vi_load(args->shift + v * LANES);
        for (size_t i = 0; i < rows; i++)
            sums[i][v] = vi_rescale(vi_xor(sums[i][v], vi_set1(SUM_OFFSET)), multiplier, shift);
    }
}

/* Returns what is to be added to the results: the zero point, or nothing where it is in them. */
ASSAY_INLINE int32_t rescale(const struct assay_igemm_args *args, const size_t rows, vint (*sums)[VECTORS])
{
#ifdef __AVX512F__
    if (args->way == ASSAY_RESCALE24_ONE) {
        rescale24(args, true, false, rows, sums);
        return 0;
    }
    if (args->way == ASSAY_RESCALE24_TWO) {
        rescale24(args, false, false, rows, sums);
        return 0;
    }
#endif
    if (args->bounded) {
        ASSAY_UNROLL
        for (size_t v = 0; v < VECTORS; v++) {
            const struct rescaler r = rescaler_of(args->multiplier + v * LANES, args->shift + v * LANES);
            ASSAY_UNROLL
            for (size_t i = 0; i < rows; i++)
                sums[i][v] = rescale_bounded(sums[i][v], &r);
        }
        return args->out_zero;
    }
    rescale_apart(args, rows, sums, rescale_any);
    return args->out_zero;
}

/* Four vectors at once become bytes: of one row, two or four. */
ASSAY_INLINE void store(const struct assay_igemm_args *args, const size_t rows, vint (*sums)[VECTORS])
{
    enum { TOGETHER = 4 / VECTORS };
    const int32_t zero = rescale(args, rows, sums);
    ASSAY_UNROLL
    for (size_t i = 0; i < rows; i += TOGETHER) {
        vint four[4];
        ASSAY_UNROLL
        for (size_t j = 0; j < 4; j++) {
            const size_t row = i + j / VECTORS;
            four[j] = sums[row < rows ? row : i][j % VECTORS];
        }
        const vint bytes = narrow4(four, zero, args->out_min, args->out_max);
        ASSAY_UNROLL
        for (size_t j = 0; j < TOGETHER; j++) {
            int8_t *c = (int8_t *)args->c + (i + j) * args->c_stride;
            if (i + j < rows)
                store_share(c, args->cols, bytes, j, VECTORS);
        }
    }
}

#include "kernels/gemm/x86_64/tap_tile.h"

#if DOT_BYTES == 2
static void widen(const void *from, size_t count, void *to)
{
    const int8_t *bytes = from;
    int16_t *words = to;
    size_t i = 0;
    for (; i + 2 * LANES <= count; i += 2 * LANES)
        vi_store(words + i, vi_load_i8_as_i16(bytes + i));
    for (; i < count; i++)
        words[i] = bytes[i];
}
#endif
