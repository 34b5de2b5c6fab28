/* The tile of the sparse kernels: MR rows (2 vectors) of the input, turned so that each 32-bit lane is a row, against
 * the stored weights of one block row of output channels after the other; the sums are turned back 16 channels at a
 * time. The including file defines MODE                    fp32 (a unit is one input), int8 or hybrid (four inputs, for
 * vpdpbusd) BLOCK_ROWS, BLOCK_UNITS 1 or 4 channels; 1, 4 or 16 units. Single units go FILL = 4 to a step. A block of
 * one channel is summed in 4 chains, so that additions do not wait for one another. */
#include "kernels/core/x86_64/simd.h"
#include "kernels/spmm/sptile.h"

enum {
    VECTORS = 2,
    MR = VECTORS * LANES,
    COLUMNS = 16, /* output channels that are turned back at once */
    CHAINS = 4,
    INTEGER = MODE != ASSAY_MODE_FP32,
#ifdef __AVX512VNNI__
    WIDENED = false,
    UNIT = INTEGER ? 4 : 1,
#else
    WIDENED = INTEGER,
    UNIT = INTEGER ? 2 : 1,
#endif
    UNIT_BYTES = 4,
    INPUT_STEP = 16 * UNIT, /* inputs are turned a vector at a time */
    BLOCK_UNITS = BLOCK_COLUMNS / UNIT,
    FILL = BLOCK_ROWS == 1 && BLOCK_UNITS == 1 ? CHAINS : 1,
    INPUT_OFFSET = INTEGER && !WIDENED ? 128 : 0,
};
#define ELEMENT (WIDENED ? ASSAY_PACK_I8_AS_I16 : ASSAY_PACK_SAME)
#define ACCUMULATOR (INTEGER ? ASSAY_ACC_I32 : ASSAY_ACC_F32)

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

ASSAY_INLINE vint add(vint x, vint y)
{
    return INTEGER ? vi_add(x, y) : vi_from_float_bits(vf_add(vf_from_bits(x), vf_from_bits(y)));
}

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
    const size_t bytes = args->k * (INTEGER ? sizeof(int8_t) : sizeof(float)),
                 step = WIDENED ? 2 * LANES : sizeof(vint);
    const vint sign_bits = vi_opaque((int32_t)0x80808080);
    for (size_t row = 0; row < args->rows; row += LANES) {
        const char *from[LANES];
        for (size_t i = 0; i < LANES; i++)
            from[i] = (const char *)args->in + assay_min(row + i, args->rows - 1) * args->in_stride;
        int32_t *to = (int32_t *)args->x + row;
        for (size_t at = 0; at < bytes; at += step, to += LANES * MR) {
            vint x[LANES];
            ASSAY_UNROLL
            for (size_t i = 0; i < LANES; i++)
                x[i] = load_units(from[i] + at, bytes - at);
            vi_transpose(x);
            ASSAY_UNROLL
            for (size_t i = 0; i < LANES; i++)
                vi_store(to + i * MR, INPUT_OFFSET ? vi_xor(x[i], sign_bits) : x[i]);
        }
    }
}

/* Block row `row`: for each of its channels `vectors` vectors of sums, to sums[channel][MR]. */
ASSAY_INLINE void multiply(const struct assay_sptile_args *args, size_t row, const size_t vectors, int32_t (*sums)[MR])
{
    enum { BLOCK = BLOCK_ROWS * BLOCK_UNITS, TERMS = FILL * BLOCK };
    vint acc[CHAINS][VECTORS];
    ASSAY_UNROLL
    for (size_t c = 0; c < CHAINS; c++) {
        ASSAY_UNROLL
        for (size_t v = 0; v < vectors; v++)
            acc[c][v] = vi_zero();
    }
    const uint32_t *offset = args->offset + args->row_start[row], *end = args->offset + args->row_start[row + 1];
    const int32_t *w = (const int32_t *)args->w + (size_t)args->row_start[row] * BLOCK;
    for (; offset < end; offset += FILL, w += TERMS) {
        ASSAY_UNROLL
        for (size_t t = 0; t < TERMS; t++) {
            const char *x = (const char *)args->x + offset[FILL > 1 ? t : 0] +
                            (FILL > 1 ? 0 : t / BLOCK_ROWS * sizeof(vint) * VECTORS);
            const vint weight = vi_broadcast(w + t);
            ASSAY_UNROLL
            for (size_t v = 0; v < vectors; v++)
                acc[t % CHAINS][v] = multiply_add(vi_load(x + v * sizeof(vint)), weight, acc[t % CHAINS][v]);
        }
    }
    ASSAY_UNROLL
    for (size_t v = 0; v < vectors; v++) {
        if (BLOCK_ROWS == 1) {
            vi_store(sums[0] + v * LANES, add(add(acc[0][v], acc[1][v]), add(acc[2][v], acc[3][v])));
            continue;
        }
        ASSAY_UNROLL
        for (size_t c = 0; c < CHAINS; c++)
            vi_store(sums[c] + v * LANES, acc[c][v]);
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
static void store_columns(const struct assay_sptile_args *args, size_t first, int32_t (*sums)[MR])
{
    for (size_t column = 0; column < COLUMNS && first + column < args->n; column += LANES) {
        const struct rescaling r = load_rescaling(args, first + column);
        for (size_t row = 0; row < args->rows; row += LANES) {
            vint x[LANES];
            ASSAY_UNROLL
            for (size_t i = 0; i < LANES; i++)
                x[i] = vi_load(sums[column + i] + row);
            vi_transpose(x);
            ASSAY_UNROLL
            for (size_t i = 0; i < LANES; i++)
                if (row + i < args->rows)
                    store(args, r, row + i, first + column, x[i]);
        }
    }
}

ASSAY_INLINE void compute(const struct assay_sptile_args *args, const size_t vectors)
{
    int32_t sums[COLUMNS][MR];
    for (size_t first = 0; first < args->n; first += COLUMNS) {
        const size_t count = assay_min(COLUMNS, args->n - first);
        for (size_t j = 0; j < count; j += BLOCK_ROWS)
            multiply(args, (first + j) / BLOCK_ROWS, vectors, sums + j);
        store_columns(args, first, sums);
    }
}

static void tile(const struct assay_sptile_args *args)
{
    if (args->rows > LANES)
        compute(args, 2);
    else
        compute(args, 1);
}
