/* The tile of int16x8, over weights packed as int16. The including file defines MR.
 *
 * Sums are exact for any k: a step adds a pair of products of magnitude 32768 * 127 at most to an int32, which holds
 * 258 such pairs; after at most 256 steps the sums move to 64-bit totals. Layers of no more steps than that need no
 * totals. */
#define DOT_BYTES 2
#include "kernels/core/x86_64/rescale64.h"
#include "kernels/gemm/x86_64/dot.h"

enum { STEPS = 256, CHUNK = 2 * STEPS };

/* Of each row and vector, the even and the odd columns. */
struct totals {
    vint even[MR][VECTORS], odd[MR][VECTORS];
};

/* Adds the sums to the totals, or begins them, and clears the sums. */
ASSAY_INLINE void move_to_totals(vint (*sums)[VECTORS], struct totals *totals, bool begin, const size_t rows)
{
    ASSAY_UNROLL
    for (size_t i = 0; i < rows; i++) {
        ASSAY_UNROLL
        for (size_t v = 0; v < VECTORS; v++) {
            const vint even = vq_lower_signed(sums[i][v]), odd = vq_upper_signed(sums[i][v]);
            totals->even[i][v] = begin ? even : vq_add(totals->even[i][v], even);
            totals->odd[i][v] = begin ? odd : vq_add(totals->odd[i][v], odd);
            sums[i][v] = vi_zero();
        }
    }
}

/* With `totals` what remains in the sums is added to them; without, NULL, the sums are all. */
ASSAY_INLINE void store(const struct assay_igemm_args *args, const size_t rows, vint (*sums)[VECTORS],
                        const struct totals *totals)
{
    const vint min = vi_set1(args->out_min), max = vi_set1(args->out_max);
    ASSAY_UNROLL
    for (size_t v = 0; v < VECTORS; v++) {
        const size_t column = v * LANES;
        if (column >= args->cols)
            return;
        const struct rescale64 rescale =
            rescale64_packed((const int64_t *)args->bias + column, args->multiplier + column, args->shift + column);
        ASSAY_UNROLL
        for (size_t i = 0; i < rows; i++) {
            const vint x = totals ? rescale64_wide(&rescale, vq_add(totals->even[i][v], vq_lower_signed(sums[i][v])),
                                                   vq_add(totals->odd[i][v], vq_upper_signed(sums[i][v])))
                                  : rescale64_narrow(&rescale, sums[i][v]);
            int16_t *c = (int16_t *)(void *)((char *)args->c + i * args->c_stride) + column;
            vi_store_part_i16(c, args->cols - column, vi_max(vi_min(x, max), min));
        }
    }
}

ASSAY_INLINE void compute(const struct assay_igemm_args *args, const size_t rows)
{
    struct totals totals;
    vint sums[MR][VECTORS];
    ASSAY_UNROLL
    for (size_t i = 0; i < rows; i++) {
        ASSAY_UNROLL
        for (size_t v = 0; v < VECTORS; v++)
            sums[i][v] = vi_zero();
    }
    const char *w = args->w;
    size_t room = STEPS;
    bool moved = false;
    for (size_t tap = 0; tap < args->taps; tap++) {
        for (size_t first = 0; first < args->k; first += CHUNK) {
            const size_t count = assay_min(CHUNK, args->k - first), steps = (count + 1) / 2;
            if (steps > room) {
                move_to_totals(sums, &totals, !moved, rows);
                moved = true;
                room = STEPS;
            }
            room -= steps;
            const char *row[MR];
            ASSAY_UNROLL
            for (size_t i = 0; i < rows; i++)
                row[i] = (const char *)args->a[tap * MR + i] + first * sizeof(int16_t);
            w = accumulate(row, count * sizeof(int16_t), w, w, rows, sums);
        }
    }
    if (moved)
        store(args, rows, sums, &totals);
    else
        store(args, rows, sums, NULL);
}

static void tile(const struct assay_igemm_args *args)
{
    ASSAY_FOR_ROWS(args->rows)
}
