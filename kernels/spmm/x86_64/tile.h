/* The tile of the sparse kernels: up to MR rows of the input, turned so that each 32-bit lane is a row, against the
 * stored weights of one block row of output channels after the other; the sums are turned back 16 channels at a time. A
 * tile of fewer rows has fewer vectors, each number a loop of its own, on AVX-512 down to half a vector.
 *
 * The including file defines
 *   MODE                       fp32 (a unit is one input), int8 or hybrid (four inputs, for vpdpbusd, else two int16)
 *   BLOCK_ROWS, BLOCK_COLUMNS  of the blocks that are kept: 1 or 4 channels, a multiple of the unit of inputs
 *
 * One channel a block: each input vector is read for each weight, a load a multiply-add, and one load is all that the
 * first-level cache gives a cycle: k is taken in panels whose tile fits it. One sum a vector and channel, in the order
 * of k: with four vectors nothing waits for the sum before, and with one or two several channels are walked together.
 * Four channels a block: they share the loaded inputs, and the multiply-adds are the bound wherever the tile is. */
#include "kernels/spmm/x86_64/output.h"

enum {
#ifdef __AVX512F__
    HALVES = 2, /* of a vector: the fewest rows that are computed */
    VECTORS = 4,
#else
    HALVES = 1,
    VECTORS = BLOCK_ROWS == 1 ? 6 : 2,
#endif
    MR = VECTORS * LANES,
    TOGETHER = BLOCK_ROWS == 1 ? 4 : 1, /* block rows that are walked side by side where there is one vector */
    COLUMNS = 16,                       /* output channels that are turned back at once */
    BLOCK_UNITS = BLOCK_COLUMNS / UNIT,
    PANEL = BLOCK_ROWS == 1 ? ASSAY_SPTILE_L1 : ASSAY_SPTILE_L2,
    PANEL_BLOCKS = 10 / BLOCK_UNITS + 1,
};

/* Fitted over m = 1 to 196 by n x k = 128x64 to 1024x1024, of 50, 80 and 95 % zeros: 10 to 14 % off (root mean square).
 */
#ifdef __AVX512F__
#define TILE_COST                                                       \
    {                                                                   \
        .rows = MR,                                                     \
        .row_step = LANES / HALVES,                                     \
        .store_rows = LANES,                                            \
        .tile = 200,                                                    \
        .turn = INTEGER ? (WIDENED ? 5.5 : 2.0) : 5,                    \
        .list = INTEGER ? 6 : 1.7,                                      \
        .block = BLOCK_ROWS == 1 ? 0.7 : 1.5,                           \
        .row = BLOCK_ROWS == 1 ? 0.67 : (WIDENED ? 2.65 : 1.75),        \
        .store = MODE == ASSAY_MODE_FP32 ? 7.2 : (SOLVED ? 8.6 : 12.5), \
    }
#else
#define TILE_COST                                               \
    {                                                           \
        .rows = MR,                                             \
        .row_step = LANES,                                      \
        .store_rows = LANES,                                    \
        .tile = 200,                                            \
        .turn = INTEGER ? 2.5 : 2.2,                            \
        .list = INTEGER ? 7 : 2.3,                              \
        .block = BLOCK_ROWS == 1 ? 0.7 : (INTEGER ? 0.7 : 2.7), \
        .row = BLOCK_ROWS == 1 ? 0.77 : (INTEGER ? 2.9 : 1.24), \
        .store = INTEGER ? 8.3 : 6.5,                           \
    }
#endif

/* The members of struct assay_sptile that follow from these. */
#define TILE_MEMBERS                                                                                            \
    .row_step = LANES, .input_size = UNIT_BYTES, .transpose = turn_inputs, .element = ELEMENT, .unit = UNIT,    \
    .block_rows = BLOCK_ROWS, .block_columns = BLOCK_COLUMNS, .input_step = INPUT_STEP, .output_step = COLUMNS, \
    .input_offset = INPUT_OFFSET, .solved_rescale = SOLVED, .cost = TILE_COST, .panel = PANEL,                  \
    .panel_blocks = PANEL_BLOCKS

#ifdef __AVX512F__
/* The same in the lower half of a vector, which takes half the time on cores that split one in two. */
ASSAY_INLINE vint multiply_add_half(vint x, vint w, vint sum)
{
    const __m256i a = _mm512_castsi512_si256(x), b = _mm512_castsi512_si256(w), c = _mm512_castsi512_si256(sum);
    __m256i y;
#ifdef __AVX512VNNI__
    y = INTEGER ? _mm256_dpbusd_epi32(c, a, b)
#else
    y = INTEGER ? _mm256_add_epi32(c, _mm256_madd_epi16(a, b))
#endif
                : _mm256_castps_si256(
                      _mm256_fmadd_ps(_mm256_castsi256_ps(a), _mm256_castsi256_ps(b), _mm256_castsi256_ps(c)));
    return _mm512_zextsi256_si512(y);
}

ASSAY_INLINE vint load_half(const void *from)
{
    return _mm512_zextsi256_si512(_mm256_loadu_si256(from));
}
#else
#define multiply_add_half multiply_add
#define load_half vi_load
#endif

/* The stored blocks of a block row. */
struct walk {
    const uint16_t *unit, *end;
    const int32_t *w;
};

/* Adds one block's products to acc[channel][vectors], of which the last is half a one if `half`. */
ASSAY_INLINE void add_block(const struct assay_sptile_args *args, struct walk *walk, const size_t vectors,
                            const bool half, vint (*acc)[VECTORS])
{
    const size_t whole = half ? vectors - 1 : vectors, stride = vectors * LANES;
    const int32_t *x = (const int32_t *)args->x + *walk->unit * stride;
    ASSAY_UNROLL
    for (size_t u = 0; u < BLOCK_UNITS; u++, x += stride) {
        vint in[VECTORS];
        ASSAY_UNROLL
        for (size_t v = 0; v < vectors; v++)
            in[v] = v < whole ? vi_load(x + v * LANES) : load_half(x + v * LANES);
        ASSAY_UNROLL
        for (size_t c = 0; c < BLOCK_ROWS; c++) {
            const vint weight = vi_broadcast(walk->w + c * BLOCK_UNITS + u);
            ASSAY_UNROLL
            for (size_t v = 0; v < vectors; v++)
                acc[c][v] =
                    v < whole ? multiply_add(in[v], weight, acc[c][v]) : multiply_add_half(in[v], weight, acc[c][v]);
        }
    }
    walk->unit++;
    walk->w += BLOCK_ROWS * BLOCK_UNITS;
}

/* `together` block rows from `row` on: adds to sums[channel][vectors], or begins them. They are walked side by side as
 * far as the shortest goes, so that a sum's next addition is not the next instruction. */
ASSAY_INLINE void multiply(const struct assay_sptile_args *args, size_t row, const size_t together,
                           const size_t vectors, const bool half, int32_t *sums)
{
    const size_t stride = vectors * LANES;
    vint acc[TOGETHER][BLOCK_ROWS][VECTORS];
    struct walk walk[TOGETHER];
    size_t common = SIZE_MAX;
    ASSAY_UNROLL
    for (size_t i = 0; i < together; i++) {
        const uint32_t first = args->row_start[row + i], end = args->row_start[row + i + 1];
        walk[i] = (struct walk){args->unit + first, args->unit + end,
                                (const int32_t *)args->w + (size_t)first * BLOCK_ROWS * BLOCK_UNITS};
        common = assay_min(common, end - first);
        ASSAY_UNROLL
        for (size_t c = 0; c < BLOCK_ROWS; c++) {
            ASSAY_UNROLL
            for (size_t v = 0; v < vectors; v++)
                acc[i][c][v] = vi_zero();
        }
    }
    if (!args->first) {
        ASSAY_UNROLL
        for (size_t i = 0; i < together; i++) {
            ASSAY_UNROLL
            for (size_t c = 0; c < BLOCK_ROWS; c++) {
                ASSAY_UNROLL
                for (size_t v = 0; v < vectors; v++)
                    acc[i][c][v] = vi_load(sums + (i * BLOCK_ROWS + c) * stride + v * LANES);
            }
        }
    }
    for (size_t b = 0; together > 1 && b < common; b++) {
        ASSAY_UNROLL
        for (size_t i = 0; i < together; i++)
            add_block(args, &walk[i], vectors, half, acc[i]);
    }
    ASSAY_UNROLL
    for (size_t i = 0; i < together; i++) {
        while (walk[i].unit < walk[i].end)
            add_block(args, &walk[i], vectors, half, acc[i]);
        ASSAY_UNROLL
        for (size_t c = 0; c < BLOCK_ROWS; c++) {
            ASSAY_UNROLL
            for (size_t v = 0; v < vectors; v++)
                vi_store(sums + (i * BLOCK_ROWS + c) * stride + v * LANES, acc[i][c][v]);
        }
    }
}

/* Turns the sums of COLUMNS channels from `first` on into rows of the output. */
ASSAY_INLINE void store_columns_by(const struct assay_sptile_args *args, size_t first, const int32_t *sums,
                                   const enum assay_rescale_way way)
{
    for (size_t column = 0; column < COLUMNS && first + column < args->n; column += LANES) {
        const struct rescaling r = load_rescaling(args, first + column, way);
        for (size_t row = 0; row < args->rows; row += LANES) {
            const char *from[LANES];
            vint x[LANES];
            for (size_t i = 0; i < LANES; i++)
                from[i] = (const char *)(sums + (column + i) * args->mr + row);
            vi_load_transposed(from, 0, x);
            store_rows(args, &r, row, first + column, LANES, way, x);
        }
    }
}

static void store_columns(const struct assay_sptile_args *args, size_t first,
                          const int32_t *sums){ASSAY_FOR_WAY(args -> way, store_columns_by, args, first, sums)}

ASSAY_INLINE void compute(const struct assay_sptile_args *args, const size_t vectors, const bool half)
{
    const size_t together = BLOCK_ROWS > 1 || vectors > 2 ? 1 : TOGETHER / vectors;
    int32_t columns[COLUMNS * MR];
    for (size_t first = 0; first < args->n; first += COLUMNS) {
        const size_t count = assay_min(COLUMNS, args->n - first);
        int32_t *sums = args->sums ? (int32_t *)args->sums + first * args->mr : columns;
        size_t j = 0;
        for (; j + together * BLOCK_ROWS <= count; j += together * BLOCK_ROWS)
            multiply(args, (first + j) / BLOCK_ROWS, together, vectors, half, sums + j * vectors * LANES);
        for (; j < count; j += BLOCK_ROWS)
            multiply(args, (first + j) / BLOCK_ROWS, 1, vectors, half, sums + j * vectors * LANES);
        if (args->last)
            store_columns(args, first, sums);
    }
}

static void tile(const struct assay_sptile_args *args)
{
    enum { ROWS = LANES / HALVES };
    switch ((args->rows + ROWS - 1) / ROWS) {
#ifdef __AVX512F__
    case 1:
        return compute(args, 1, true);
    case 2:
        return compute(args, 1, false);
    case 3:
        return compute(args, 2, true);
    case 4:
        return compute(args, 2, false);
    case 5:
        return compute(args, 3, true);
    case 6:
        return compute(args, 3, false);
    case 7:
        return compute(args, 4, true);
    default:
        return compute(args, 4, false);
#else
    case 1:
        return compute(args, 1, false);
    case 2:
        return compute(args, 2, false);
#if BLOCK_ROWS == 1
    case 3:
        return compute(args, 3, false);
    case 4:
        return compute(args, 4, false);
    case 5:
        return compute(args, 5, false);
#endif
    default:
        return compute(args, VECTORS, false);
#endif
    }
}
