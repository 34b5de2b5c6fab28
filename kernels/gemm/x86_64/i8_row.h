/* One row of int8, over all columns in one call. Inputs are made unsigned by flipping their sign bit, which adds 128.
 * Bound by reading the weights, once and in order. */
#define PLANES 1
#include "kernels/core/x86_64/rescale.h"
#include "kernels/gemm/x86_64/dot_row.h"

enum { INPUT_OFFSET = 128 };

/* The last `count` bytes of a row, 1 to 3, `at` bytes into it; nothing beyond is read. */
ASSAY_INLINE vint last_inputs(const char *a, size_t at, size_t count)
{
    return at > 0 ? vi_shift_right(vi_broadcast(a + at + count - STEP_BYTES), 8 * (int)(STEP_BYTES - count))
                  : vi_broadcast_part(a, count);
}

/* Of few vectors, `parts` steps at once have sums of their own. */
ASSAY_INLINE const char *accumulate(const char *a, size_t k, const char *w, const size_t vectors, const size_t parts,
                                    vint (*sums)[1][VECTORS])
{
    const size_t step_weights = vectors * sizeof(vint);
    const vint sign_bits = vi_opaque((int32_t)0x80808080);
    size_t at = 0;
    for (; at + parts * STEP_BYTES <= k; at += parts * STEP_BYTES, w += parts * step_weights) {
        ASSAY_UNROLL
        for (size_t p = 0; p < parts; p++) {
            const vint x = vi_xor(vi_broadcast(a + at + p * STEP_BYTES), sign_bits);
            step(&x, w + p * step_weights, vectors, sums[p]);
        }
    }
    for (; parts > 1 && at + STEP_BYTES <= k; at += STEP_BYTES, w += step_weights) {
        const vint x = vi_xor(vi_broadcast(a + at), sign_bits);
        step(&x, w, vectors, sums[0]);
    }
    if (at == k)
        return w;
    const vint x = vi_xor(last_inputs(a, at, k - at), sign_bits);
    step(&x, w, vectors, sums[0]);
    return w + step_weights;
}

/* Sums of bounded layers lie one sign bit off while they add up, as their rescale wants them (see i8_tile.h). */
enum { SUM_OFFSET = INT32_MIN };

ASSAY_INLINE vint first_sum(const struct assay_igemm_args *args, size_t column)
{
    return vi_xor(vi_load((const int32_t *)args->bias + column), vi_set1(SUM_OFFSET));
}

/* Any layer's rescale, of sums in memory: hardly any layer needs it. */
__attribute__((noinline)) static void rescale_any(const struct assay_igemm_args *args, size_t column, vint *sums,
                                                  size_t vectors)
{
    for (size_t v = 0; v < vectors; v++, column += LANES)
        sums[v] = vi_rescale(vi_xor(sums[v], vi_set1(SUM_OFFSET)), vi_load(args->multiplier + column),
                             vi_load(args->shift + column));
}

ASSAY_INLINE void rescale(const struct assay_igemm_args *args, size_t column, vint *sums, const size_t vectors)
{
    if (args->bounded) {
        ASSAY_UNROLL
        for (size_t v = 0; v < vectors; v++, column += LANES) {
            const struct rescaler r = rescaler_of(args->multiplier + column, args->shift + column);
            sums[v] = rescale_bounded(sums[v], &r);
        }
        return;
    }
    vint copy[VECTORS]; /* not `sums` itself, which would then live in memory for all layers */
    ASSAY_UNROLL
    for (size_t v = 0; v < vectors; v++)
        copy[v] = sums[v];
    rescale_any(args, column, copy, vectors);
    ASSAY_UNROLL
    for (size_t v = 0; v < vectors; v++)
        sums[v] = copy[v];
}

/* Four vectors at once become bytes. */
ASSAY_INLINE void store(const struct assay_igemm_args *args, size_t column, vint *sums, const size_t vectors)
{
    int8_t *c = args->c;
    rescale(args, column, sums, vectors);
    ASSAY_UNROLL
    for (size_t v = 0; v < vectors; v += 4, column += 4 * LANES) {
        vint four[4];
        ASSAY_UNROLL
        for (size_t j = 0; j < 4; j++)
            four[j] = sums[v + j < vectors ? v + j : v];
        if (column < args->cols)
            store_share(c + column, args->cols - column, narrow4(four, args->out_zero, args->out_min, args->out_max), 0,
                        4);
    }
}

ASSAY_INLINE const char *panel(const struct assay_igemm_args *args, size_t column, const char *w, const size_t vectors)
{
    const size_t parts = vectors < SUMS_AT_ONCE ? SUMS_AT_ONCE / vectors : 1;
    vint sums[SUMS_AT_ONCE][1][VECTORS];
    ASSAY_UNROLL
    for (size_t p = 0; p < parts; p++) {
        ASSAY_UNROLL
        for (size_t v = 0; v < vectors; v++)
            sums[p][0][v] = p == 0 ? first_sum(args, column + v * LANES) : vi_zero();
    }
    for (size_t tap = 0; tap < args->taps; tap++)
        w = accumulate(args->a[tap], args->k, w, vectors, parts, sums);
    ASSAY_UNROLL
    for (size_t p = 1; p < parts; p++) {
        ASSAY_UNROLL
        for (size_t v = 0; v < vectors; v++)
            sums[0][0][v] = vi_add(sums[0][0][v], sums[p][0][v]);
    }
    store(args, column, sums[0][0], vectors);
    return w;
}

static void tile(const struct assay_igemm_args *args)
{
    const char *w = args->w;
    ASSAY_FOR_PANELS(panel, args, w)
}
