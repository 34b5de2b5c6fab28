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
#include "kernels/core/x86_64/simd.h"
#include "kernels/spmm/sptile.h"

enum {
    INTEGER = MODE != ASSAY_MODE_FP32,
#ifdef __AVX512VNNI__
    WIDENED = false,
    UNIT = INTEGER ? 4 : 1,
#else
    WIDENED = INTEGER,
    UNIT = INTEGER ? 2 : 1,
#endif
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
    UNIT_BYTES = 4,
    INPUT_STEP = 16 * UNIT, /* inputs are turned a vector at a time */
    BLOCK_UNITS = BLOCK_COLUMNS / UNIT,
    INPUT_OFFSET = INTEGER && !WIDENED ? 128 : 0,
    PANEL = BLOCK_ROWS == 1 ? ASSAY_SPTILE_L1 : ASSAY_SPTILE_L2,
    PANEL_BLOCKS = 10 / BLOCK_UNITS + 1,
};
#define ELEMENT (WIDENED ? ASSAY_PACK_I8_AS_I16 : ASSAY_PACK_SAME)
#define ACCUMULATOR (INTEGER ? ASSAY_ACC_I32 : ASSAY_ACC_F32)

/* The members of struct assay_sptile that follow from these. */
#define TILE_MEMBERS                                                                                            \
    .row_step = LANES, .input_size = UNIT_BYTES, .transpose = turn_inputs, .element = ELEMENT, .unit = UNIT,    \
    .block_rows = BLOCK_ROWS, .block_columns = BLOCK_COLUMNS, .input_step = INPUT_STEP, .output_step = COLUMNS, \
    .input_offset = INPUT_OFFSET, .panel = PANEL, .panel_blocks = PANEL_BLOCKS

ASSAY_INLINE vint multiply_add(vint x, vint w, vint sum)
{
#ifdef __AVX512VNNI__
    if (INTEGER)
        return vi_dot4(sum, x, w);
#endif
    if (WIDENED)
        return vi_dot2(sum, x, w);
    return vi_from_float_bits(vf_fma(vf_from_bits(x), vf_from_bits(w), vf_from_bits(sum)));
}

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

/* Up to LANES units of a row, of which `bytes` bytes are left; zeros beyond. */
ASSAY_INLINE vint load_units(const char *from, size_t bytes)
{
    if (WIDENED)
        return vi_load_part_i8_as_i16((const int8_t *)from, bytes);
    return bytes >= sizeof(vint) ? vi_load(from) : vi_load_part_bytes(from, bytes);
}

/* x[unit][row]. Rows beyond the last repeat it; inputs beyond the last are zeros. */
static void turn_inputs(const struct assay_sptile_rows *args)
{
    const size_t size = INTEGER ? sizeof(int8_t) : sizeof(float), step = WIDENED ? 2 * LANES : sizeof(vint);
    const size_t bytes = args->k * size, end = assay_round_up(args->k, INPUT_STEP) * size;
    const vint sign_bits = vi_opaque((int32_t)0x80808080);
    for (size_t row = 0; row < args->rows; row += LANES) {
        const char *from[LANES];
        for (size_t i = 0; i < LANES; i++)
            from[i] = (const char *)args->in + assay_min(row + i, args->rows - 1) * args->in_stride;
        int32_t *to = (int32_t *)args->x + row;
        for (size_t at = 0; at < end; at += step, to += LANES * args->mr) {
            vint x[LANES];
            ASSAY_UNROLL
            for (size_t i = 0; i < LANES; i++)
                x[i] = at < bytes ? load_units(from[i] + at, bytes - at) : vi_zero();
            vi_transpose(x);
            ASSAY_UNROLL
            for (size_t i = 0; i < LANES; i++)
                vi_store(to + i * args->mr, INPUT_OFFSET ? vi_xor(x[i], sign_bits) : x[i]);
        }
    }
}

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

/* What rescales LANES channels, loaded once for all rows: stores of bytes might alias it for all a compiler knows. */
struct rescaling {
    vint bias, multiplier, shift; /* int8 */
    vint weight_sum;              /* hybrid */
    vfloat scale, float_bias;     /* hybrid; float_bias of fp32 too */
};

ASSAY_INLINE struct rescaling load_rescaling(const struct assay_sptile_args *args, size_t first)
{
    struct rescaling r = {0};
    if (MODE == ASSAY_MODE_INT8) {
        r.bias = vi_load((const int32_t *)args->bias + first);
        r.multiplier = vi_load(args->multiplier + first);
        r.shift = vi_load(args->shift + first);
        return r;
    }
    r.float_bias = vf_load((const float *)args->bias + first);
    if (MODE == ASSAY_MODE_HYBRID) {
        r.weight_sum = vi_load(args->weight_sum + first);
        r.scale = vf_load(args->scale + first);
    }
    return r;
}

/* LANES channels from `first` on of row `row`. */
ASSAY_INLINE void store(const struct assay_sptile_args *args, struct rescaling r, size_t row, size_t first, vint sums)
{
    void *out = (char *)args->c + row * args->c_stride;
    const size_t count = args->n - first;
    if (MODE == ASSAY_MODE_INT8) {
        const vint x = vi_rescale(vi_add(sums, r.bias), r.multiplier, r.shift);
        vi_store_part_i8((int8_t *)out + first, count,
                         vi_offset_clamp(x, args->out_zero, args->out_min, args->out_max));
        return;
    }
    vfloat x = vf_add(vf_from_bits(sums), r.float_bias);
    if (MODE == ASSAY_MODE_HYBRID) {
        const struct assay_row_quantization q = args->row[row];
        const vint sum = vi_sub(sums, vi_mul(vi_set1(q.zero), r.weight_sum));
        x = vf_fma(vi_to_float(sum), vf_mul(vf_set1(q.scale), r.scale), r.float_bias);
    }
    vf_store_part((float *)out + first, count, args->clamp ? vf_clamp(x, args->clamp_min, args->clamp_max) : x);
}

/* Turns the sums of COLUMNS channels from `first` on into rows of the output. */
static void store_columns(const struct assay_sptile_args *args, size_t first, const int32_t *sums)
{
    for (size_t column = 0; column < COLUMNS && first + column < args->n; column += LANES) {
        const struct rescaling r = load_rescaling(args, first + column);
        for (size_t row = 0; row < args->rows; row += LANES) {
            const char *from[LANES];
            vint x[LANES];
            for (size_t i = 0; i < LANES; i++)
                from[i] = (const char *)(sums + (column + i) * args->mr + row);
            vi_load_transposed(from, 0, x);
            ASSAY_UNROLL
            for (size_t i = 0; i < LANES; i++)
                if (row + i < args->rows)
                    store(args, r, row + i, first + column, x[i]);
        }
    }
}

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
