/* The tile of int16x8, over weights packed as int16. The including file defines MR.
 *
 * Sums are exact for any k: a step adds a pair of products of magnitude 32768 * 127 at most to an int32, which holds
 * 258 such pairs; after at most 256 steps the sums move to 64-bit totals. */
#define DOT_BYTES 2
#include "kernels/core/fixed_point.h"
#include "kernels/gemm/x86_64/dot.h"

enum { STEPS = 256, CHUNK = 2 * STEPS };

/* Adds the sums to the totals and clears them. */
ASSAY_INLINE void move_to_totals(vint (*sums)[VECTORS], int64_t (*totals)[NR], const size_t rows)
{
    ASSAY_UNROLL
    for (size_t i = 0; i < rows; i++) {
        ASSAY_UNROLL
        for (size_t v = 0; v < VECTORS; v++) {
            vi_add_to_i64(totals[i] + v * LANES, sums[i][v]);
            sums[i][v] = vi_zero();
        }
    }
}

static void store_row(const struct assay_igemm_args *args, size_t i, const int64_t *total)
{
    int16_t out[NR];
    for (size_t j = 0; j < NR; j++) {
        const int32_t x = assay_rescale64(total[j], args->multiplier[j], args->shift[j]);
        out[j] = (int16_t)assay_clamp_int(x, args->out_min, args->out_max);
    }
    memcpy((char *)args->c + i * args->c_stride, out, args->cols * sizeof(*out));
}

ASSAY_INLINE void compute(const struct assay_igemm_args *args, const size_t rows)
{
    int64_t totals[MR][NR];
    vint sums[MR][VECTORS];
    ASSAY_UNROLL
    for (size_t i = 0; i < rows; i++) {
        memcpy(totals[i], args->bias, sizeof(totals[i]));
        ASSAY_UNROLL
        for (size_t v = 0; v < VECTORS; v++)
            sums[i][v] = vi_zero();
    }
    const char *w = args->w;
    size_t room = STEPS;
    for (size_t tap = 0; tap < args->taps; tap++) {
        for (size_t first = 0; first < args->k; first += CHUNK) {
            const size_t count = assay_min(CHUNK, args->k - first), steps = (count + 1) / 2;
            if (steps > room) {
                move_to_totals(sums, totals, rows);
                room = STEPS;
            }
            room -= steps;
            const char *row[MR];
            ASSAY_UNROLL
            for (size_t i = 0; i < rows; i++)
                row[i] = (const char *)args->a[tap * MR + i] + first * sizeof(int16_t);
            w = accumulate(row, count * sizeof(int16_t), w, rows, sums);
        }
    }
    move_to_totals(sums, totals, rows);
    for (size_t i = 0; i < rows; i++)
        store_row(args, i, totals[i]);
}

static void tile(const struct assay_igemm_args *args)
{
    ASSAY_FOR_ROWS(args->rows)
}
