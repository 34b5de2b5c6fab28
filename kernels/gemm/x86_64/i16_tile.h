/* The tile of int16x8, over weights packed as int16. The including file defines MR.
 *
 * Most layers' sums fit 32 bits, as packing proves from the weights, and are rescaled by products of words
 * (kernels/core/rescale16.h).
 *
 * Those of others are exact for any k: a step adds a pair of products of magnitude 32768 * 127 at most to an int32,
 * which holds 258 such pairs; after at most 256 steps all but the lower 16 bits of each sum move to a total of their
 * own. Layers of no more steps than that need no totals. */
#define DOT_BYTES 2
#include "kernels/core/x86_64/rescale64.h"
#ifdef __AVX2__ /* SSE4.1 has no shift by lanes */
#include "kernels/core/x86_64/rescale16.h"
#endif
#include "kernels/gemm/x86_64/dot.h"

enum { STEPS = 256, CHUNK = 2 * STEPS };

/* Adds the upper words of the sums to `high`, or begins with them; the lower words stay. */
ASSAY_INLINE void move_upper(vint (*sums)[VECTORS], vint (*high)[VECTORS], bool begin, const size_t rows)
{
    ASSAY_UNROLL
    for (size_t i = 0; i < rows; i++) {
        ASSAY_UNROLL
        for (size_t v = 0; v < VECTORS; v++) {
            const vint upper = vi_upper_word(sums[i][v]);
            high[i][v] = begin ? upper : vi_add(high[i][v], upper);
            sums[i][v] = vi_lower_word(sums[i][v]);
        }
    }
}

/* high: NULL if the sums are all there is. */
ASSAY_INLINE void store_wide(const struct assay_igemm_args *args, const size_t rows, vint (*sums)[VECTORS],
                             vint (*high)[VECTORS])
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
            const vint x =
                high ? rescale64_parts(&rescale, high[i][v], sums[i][v], 16) : rescale64_narrow(&rescale, sums[i][v]);
            int16_t *c = (int16_t *)(void *)((char *)args->c + i * args->c_stride) + column;
            vi_store_part_i16(c, args->cols - column, vi_max(vi_min(x, max), min));
        }
    }
}

ASSAY_INLINE void compute_wide(const struct assay_igemm_args *args, const size_t rows)
{
    vint sums[MR][VECTORS], high[MR][VECTORS];
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
                move_upper(sums, high, !moved, rows);
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
        store_wide(args, rows, sums, high);
    else
        store_wide(args, rows, sums, NULL);
}

#ifdef __AVX2__
ASSAY_INLINE const struct assay_rescale16_lanes *lanes_of(const struct assay_igemm_args *args, const size_t column)
{
    return &args->solved[column / ASSAY_RESCALE_LANES].by16;
}

/* How results are stored: all columns, which saturation alone leaves in the range of the output, or with its range; or
 * some columns. */
enum edge { WHOLE_SATURATED, WHOLE_CLAMPED, PART_CLAMPED };

/* Two vectors at once are narrowed and stored: of one row, or of two. */
ASSAY_INLINE void store_edge(const struct assay_igemm_args *args, const enum edge edge, const size_t rows,
                             vint (*results)[VECTORS])
{
    const vint min = vi_set1_word(edge == WHOLE_SATURATED ? INT16_MIN : args->out_min);
    const vint max = vi_set1_word(edge == WHOLE_SATURATED ? INT16_MAX : args->out_max);
    const size_t stride = args->c_stride, cols = edge == PART_CLAMPED ? args->cols : NR;
    char *c = args->c;
#if TILE_VECTORS == 1
    ASSAY_UNROLL
    for (size_t i = 0; i < rows; i += 2) {
        const bool two = i + 1 < rows;
        const vint words = vi_narrow2_i16(results[i][0], results[two ? i + 1 : i][0], min, max);
        vi_store_part_half((int16_t *)(void *)c, cols, words, false);
        c += stride;
        if (two)
            vi_store_part_half((int16_t *)(void *)c, cols, words, true);
        c += stride;
    }
#else
    ASSAY_UNROLL
    for (size_t i = 0; i < rows; i++) {
        ASSAY_UNROLL
        for (size_t v = 0; v < VECTORS && v * LANES < cols; v += 2)
            vi_store_part_words((int16_t *)(void *)c + v * LANES, cols - v * LANES,
                                vi_narrow2_i16(results[i][v], results[i][v + 1], min, max));
        c += stride;
    }
#endif
}

ASSAY_INLINE void compute_narrow(const struct assay_igemm_args *args, const size_t rows)
{
    vint sums[MR][VECTORS];
    ASSAY_UNROLL
    for (size_t v = 0; v < VECTORS; v++) {
        const size_t column = v * LANES;
        const vint start = vi_load(lanes_of(args, column)->start + column % ASSAY_RESCALE_LANES);
        ASSAY_UNROLL
        for (size_t i = 0; i < rows; i++)
            sums[i][v] = start;
    }
    const char *w = args->w;
    for (size_t tap = 0; tap < args->taps; tap++) {
        const char *row[MR];
        ASSAY_UNROLL
        for (size_t i = 0; i < rows; i++)
            row[i] = args->a[tap * MR + i];
        w = accumulate(row, args->k * sizeof(int16_t), w, w, rows, sums);
    }
    ASSAY_UNROLL
    for (size_t v = 0; v < VECTORS; v++) {
        const size_t column = v * LANES;
        const struct rescaler16 r = rescaler16_of(lanes_of(args, column), column % ASSAY_RESCALE_LANES);
        ASSAY_UNROLL
        for (size_t i = 0; i < rows; i++)
            sums[i][v] = rescale16(sums[i][v], &r);
    }
    if (args->cols < NR)
        store_edge(args, PART_CLAMPED, rows, sums);
    else if (args->out_min > INT16_MIN || args->out_max < INT16_MAX)
        store_edge(args, WHOLE_CLAMPED, rows, sums);
    else
        store_edge(args, WHOLE_SATURATED, rows, sums);
}
#endif

ASSAY_INLINE void compute(const struct assay_igemm_args *args, const size_t rows)
{
#ifdef __AVX2__
    if (args->way == ASSAY_RESCALE16) {
        compute_narrow(args, rows);
        return;
    }
#endif
    compute_wide(args, rows);
}

static void tile(const struct assay_igemm_args *args)
{
    ASSAY_FOR_ROWS(args->rows)
}
