/* The tile of blocks of 16 output channels: a lane is a channel, as in a dense kernel, and of each input that a block
 * holds the rows are broadcast one after the other. A block's weights are loaded once for all rows of a tile; sums are
 * rows of the output as they are; one row of input, which is what a fully connected layer has at run time, is as good
 * as many. The including file defines MODE. */
#include "kernels/spmm/x86_64/output.h"

enum {
    BLOCK_ROWS = 16,
    BLOCK_COLUMNS = 4,
    VECTORS = BLOCK_ROWS / LANES, /* of a row's sums */
#ifdef __AVX512F__
    ROWS = 24,  /* in registers at once: with the weights and a broadcast input, of 32 registers */
    CHAINS = 4, /* sums of a single row, so that additions do not wait for one another */
#elif defined(__AVX2__)
    ROWS = 6, /* of 16 */
    CHAINS = 4,
#else
    ROWS = 2, /* of 4 vectors each */
    CHAINS = 2,
#endif
    MR = 48, /* turned at once */
    BLOCK_UNITS = BLOCK_COLUMNS / UNIT,
    BLOCK_WORDS = BLOCK_UNITS * BLOCK_ROWS,
};

/* Fitted like TILE_COST (tile.h): 11 to 18 % off. */
#define CHANNELS_COST                                                                               \
    {                                                                                               \
        .rows = ROWS,                                                                               \
        .row_step = 1,                                                                              \
        .store_rows = 1,                                                                            \
        .tile = 200,                                                                                \
        .turn = INTEGER ? 2 : (VECTORS == 1 ? 2 : 3),                                               \
        .list = INTEGER ? (VECTORS == 1 ? 40 : 54) : 28,                                            \
        .block = INTEGER ? 0.5 : 1.1,                                                               \
        .row = INTEGER ? (WIDENED ? (VECTORS == 1 ? 1.5 : 1.7) : 1) : (VECTORS == 1 ? 0.93 : 1.02), \
        .store = MODE == ASSAY_MODE_HYBRID ? 0.9                                                    \
                                           : (SOLVED    ? 0.25                                      \
                                              : INTEGER ? 0.53                                      \
                                                        : 0.4),                                     \
    }

/* The members of struct assay_sptile that follow from these. */
#define CHANNELS_MEMBERS                                                                                         \
    .row_step = 16, .lone_row = true, .input_size = UNIT_BYTES, .transpose = turn_inputs, .element = ELEMENT,    \
    .unit = UNIT, .block_rows = BLOCK_ROWS, .block_columns = BLOCK_COLUMNS, .units_first = true,                 \
    .input_step = INPUT_STEP, .output_step = BLOCK_ROWS, .input_offset = INPUT_OFFSET, .solved_rescale = SOLVED, \
    .cost = CHANNELS_COST, .panel = ASSAY_SPTILE_L2

ASSAY_INLINE vint add(vint x, vint y)
{
    return INTEGER ? vi_add(x, y) : vi_from_float_bits(vf_add(vf_from_bits(x), vf_from_bits(y)));
}

/* Adds a block's products to sums[row][chain][vector]; `chain` is that of its first unit. */
ASSAY_INLINE void add_block(const struct assay_sptile_args *args, const uint16_t *unit, const int32_t *w,
                            size_t first_row, const size_t rows, const size_t chains, const size_t chain,
                            vint (*sums)[CHAINS][VECTORS])
{
    const int32_t *x = (const int32_t *)args->x + *unit * args->mr + first_row;
    ASSAY_UNROLL
    for (size_t u = 0; u < BLOCK_UNITS; u++, x += args->mr) {
        vint weights[VECTORS];
        ASSAY_UNROLL
        for (size_t v = 0; v < VECTORS; v++)
            weights[v] = vi_load(w + (u * VECTORS + v) * LANES);
        ASSAY_UNROLL
        for (size_t r = 0; r < rows; r++) {
            const vint in = vi_broadcast(x + r);
            ASSAY_UNROLL
            for (size_t v = 0; v < VECTORS; v++) {
                vint *sum = &sums[r][(chain + u) % chains][v];
                *sum = multiply_add(in, weights[v], *sum);
            }
        }
    }
}

/* The first sums of each row, of the 16 channels from `first` on. */
ASSAY_INLINE void store_sums(const struct assay_sptile_args *args, size_t first, size_t first_row, const size_t rows,
                             vint (*sums)[CHAINS][VECTORS], const enum assay_rescale_way way)
{
    ASSAY_UNROLL
    for (size_t v = 0; v < VECTORS; v++) {
        if (first + v * LANES >= args->n)
            return;
        const struct rescaling r = load_rescaling(args, first + v * LANES, way);
        vint row[ROWS];
        ASSAY_UNROLL
        for (size_t i = 0; i < rows; i++)
            row[i] = sums[i][0][v];
        store_rows(args, &r, first_row, first + v * LANES, rows, way, row);
    }
}

/* Sums of `rows` rows from first_row on in the 16 channels of a block row: continued from those kept of the last panel,
 * then kept for the next, or stored. */
ASSAY_INLINE void multiply(const struct assay_sptile_args *args, size_t block_row, size_t first_row, const size_t rows)
{
    const size_t chains = rows == 1 ? CHAINS : rows == 2 ? CHAINS / 2 : 1, first = block_row * BLOCK_ROWS;
    const size_t together = chains > BLOCK_UNITS ? chains / BLOCK_UNITS : 1; /* blocks, so that each chain has a unit */
    int32_t *kept = args->sums ? (int32_t *)args->sums + first * args->mr + first_row * BLOCK_ROWS : NULL;
    vint sums[ROWS][CHAINS][VECTORS];
    ASSAY_UNROLL
    for (size_t r = 0; r < rows; r++) {
        ASSAY_UNROLL
        for (size_t c = 0; c < chains; c++) {
            ASSAY_UNROLL
            for (size_t v = 0; v < VECTORS; v++)
                sums[r][c][v] = vi_zero();
        }
    }
    if (!args->first) {
        ASSAY_UNROLL
        for (size_t r = 0; r < rows; r++) {
            ASSAY_UNROLL
            for (size_t v = 0; v < VECTORS; v++)
                sums[r][0][v] = vi_load(kept + (r * VECTORS + v) * LANES);
        }
    }
    const uint32_t begin = args->row_start[block_row];
    const uint16_t *unit = args->unit + begin, *end = args->unit + args->row_start[block_row + 1];
    const int32_t *w = (const int32_t *)args->w + (size_t)begin * BLOCK_WORDS;
    if (together > 1) {
        for (; unit + together <= end; unit += together, w += together * BLOCK_WORDS) {
            ASSAY_UNROLL
            for (size_t b = 0; b < together; b++)
                add_block(args, unit + b, w + b * BLOCK_WORDS, first_row, rows, chains, b * BLOCK_UNITS, sums);
        }
    }
    for (; unit < end; unit++, w += BLOCK_WORDS)
        add_block(args, unit, w, first_row, rows, chains, 0, sums);
    ASSAY_UNROLL
    for (size_t r = 0; r < rows; r++) {
        ASSAY_UNROLL
        for (size_t v = 0; v < VECTORS; v++) {
            vint sum = sums[r][0][v];
            ASSAY_UNROLL
            for (size_t c = 1; c < chains; c++)
                sum = add(sum, sums[r][c][v]);
            sums[r][0][v] = sum;
            if (!args->last)
                vi_store(kept + (r * VECTORS + v) * LANES, sum);
        }
    }
    if (!args->last)
        return;
    ASSAY_FOR_WAY(args->way, store_sums, args, first, first_row, rows, sums)
}

ASSAY_INLINE void multiply_all(const struct assay_sptile_args *args, size_t first_row, const size_t rows)
{
    for (size_t block_row = 0; block_row * BLOCK_ROWS < args->n; block_row++)
        multiply(args, block_row, first_row, rows);
}

static void tile(const struct assay_sptile_args *args)
{
    size_t row = 0;
    for (; row + ROWS <= args->rows; row += ROWS)
        multiply_all(args, row, ROWS);
    const size_t rest = args->rows - row;
    if (rest == 0)
        return;
    if (rest == 1)
        multiply_all(args, row, 1);
#ifdef __AVX2__
    else if (rest == 2)
        multiply_all(args, row, 2);
    else if (rest <= 4)
        multiply_all(args, row, 4);
#ifdef __AVX512F__
    else if (rest <= 8)
        multiply_all(args, row, 8);
    else if (rest <= 12)
        multiply_all(args, row, 12);
    else if (rest <= 16)
        multiply_all(args, row, 16);
    else if (rest <= 20)
        multiply_all(args, row, 20);
#endif
    else
        multiply_all(args, row, ROWS);
#endif
}
