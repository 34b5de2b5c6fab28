/* One row of int16x8, over all columns in one call, with weights that stay bytes: half of what the tiles read, which
 * widen them when packed. An input is 256 * high + low, of bytes: vpdpbusd takes each, unsigned, with the same weights,
 * to sums of its own. The high byte's sign bit is flipped, which adds 128 * 256 to the input (INPUT_OFFSET). So two
 * instructions take 4 inputs, as with vpdpwssd, and weights need none to widen them.
 *
 * The driver rewrites the input (`split`): of each 4 inputs the low bytes, then the high ones. */
#define PLANES 2
#include "kernels/core/x86_64/rescale64.h"
#include "kernels/gemm/x86_64/dot_row.h"

enum {
    INPUT_OFFSET = 128 * 256,
    GROUP_BYTES = PLANES * STEP_BYTES,
    /* Sums of as many products of 255 * 128 at most fit an int32. */
    MOST_INPUTS = INT32_MAX / (255 * 128),
    /* So do sums of products of the inputs as a whole, unsigned: 65535 * 128. */
    MOST_NARROW = INT32_MAX / (65535 * 128),
};

static void split(const void *from, size_t count, void *to)
{
    enum { AT_ONCE = 2 * LANES };
    const vint order = _mm512_broadcast_i32x4(_mm_setr_epi8(0, 2, 4, 6, 1, 3, 5, 7, 8, 10, 12, 14, 9, 11, 13, 15));
    const int16_t *in = from;
    char *out = to;
    size_t i = 0;
    for (; i + AT_ONCE <= count; i += AT_ONCE)
        vi_store(out + i * sizeof(*in), _mm512_shuffle_epi8(vi_load(in + i), order));
    const uint64_t bytes = assay_round_up(count - i, STEP_BYTES) * sizeof(*in); /* less than 64, or all of them */
    const __mmask64 mask = bytes < sizeof(vint) ? ((__mmask64)1 << bytes) - 1 : ~(__mmask64)0;
    _mm512_mask_storeu_epi8(out + i * sizeof(*in), mask,
                            _mm512_shuffle_epi8(vi_load_part_i16(in + i, count - i), order));
}

static const char *supports(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    (void)kernel;
    if (assay_problem_depth(problem) > MOST_INPUTS)
        return "more inputs than its sums have room for";
    return problem->op == ASSAY_OP_CONV && problem->conv.in_c % STEP_BYTES != 0
               ? "a tap's inputs are no whole groups of four"
               : NULL;
}

/* Of few vectors, `parts` groups at once have sums of their own. */
ASSAY_INLINE const char *accumulate(const char *a, size_t groups, const char *w, const size_t vectors,
                                    const size_t parts, vint (*sums)[PLANES][VECTORS])
{
    const size_t step_weights = vectors * sizeof(vint);
    const vint sign_bits = vi_opaque((int32_t)0x80808080);
    size_t g = 0;
    for (; g + parts <= groups; g += parts, a += parts * GROUP_BYTES, w += parts * step_weights) {
        ASSAY_UNROLL
        for (size_t p = 0; p < parts; p++) {
            const char *group = a + p * GROUP_BYTES;
            const vint x[PLANES] = {vi_broadcast(group), vi_xor(vi_broadcast(group + STEP_BYTES), sign_bits)};
            step(x, w + p * step_weights, vectors, sums[p]);
        }
    }
    for (; parts > 1 && g < groups; g++, a += GROUP_BYTES, w += step_weights) {
        const vint x[PLANES] = {vi_broadcast(a), vi_xor(vi_broadcast(a + STEP_BYTES), sign_bits)};
        step(x, w, vectors, sums[0]);
    }
    return w;
}

/* (256 * high + low) * factor + offset, shifted: of the lower halves of each lane. */
ASSAY_INLINE vint rescale_half(const struct rescale64_half *r, vint low, vint high)
{
    const vint product = vq_add(vq_shift_left(vq_mul_low(high, r->factor), vq_set1(8)), vq_mul_low(low, r->factor));
    return vq_shift_right_signed(vq_add(product, r->offset), r->shift);
}

ASSAY_INLINE struct rescale64 rescale_of(const struct assay_igemm_args *args, size_t column)
{
    return rescale64_packed((const int64_t *)args->bias + column, args->multiplier + column, args->shift + column);
}

ASSAY_INLINE void store_wide(const struct assay_igemm_args *args, size_t column, vint (*sums)[VECTORS],
                             const size_t vectors)
{
    const vint min = vi_set1(args->out_min), max = vi_set1(args->out_max);
    int16_t *c = args->c;
    ASSAY_UNROLL
    for (size_t v = 0; v < vectors; v++, column += LANES) {
        if (column >= args->cols)
            return;
        const struct rescale64 r = rescale_of(args, column);
        const vint low = sums[0][v], high = sums[1][v];
        const vint x =
            vq_interleave(rescale_half(&r.even, low, high), rescale_half(&r.odd, vq_upper(low), vq_upper(high)));
        vi_store_part_i16(c + column, args->cols - column, vi_max(vi_min(x, max), min));
    }
}

/* Of sums none of which is larger than an int32 holds: rescale64_narrow(), one operation of all vectors before the
 * next. A core chooses ports before it knows which are free, and vector by vector more of the shifts would come in the
 * way of products. */
#define FOR_VECTORS(operation)             \
    ASSAY_UNROLL                           \
    for (size_t v = 0; v < vectors; v++) { \
        operation;                         \
    }
ASSAY_INLINE void store_narrow(const struct assay_igemm_args *args, size_t column, vint (*sums)[VECTORS],
                               const size_t vectors)
{
    const vint min = vi_set1(args->out_min), max = vi_set1(args->out_max);
    const size_t left = args->cols - column;
    int16_t *c = (int16_t *)args->c + column;
    struct rescale64 r[VECTORS];
    vint even[VECTORS], odd[VECTORS];
    FOR_VECTORS(r[v] = rescale_of(args, column + v * LANES))
    FOR_VECTORS(even[v] = _mm512_slli_epi32(sums[1][v], 8))
    FOR_VECTORS(even[v] = vi_add(even[v], sums[0][v]))
    FOR_VECTORS(odd[v] = vq_upper(even[v]))
    FOR_VECTORS(even[v] = vq_mul_low(even[v], r[v].even.factor))
    FOR_VECTORS(odd[v] = vq_mul_low(odd[v], r[v].odd.factor))
    FOR_VECTORS(even[v] = vq_add(even[v], r[v].even.offset))
    FOR_VECTORS(odd[v] = vq_add(odd[v], r[v].odd.offset))
    FOR_VECTORS(even[v] = vq_shift_right_signed(even[v], r[v].even.shift))
    FOR_VECTORS(odd[v] = vq_shift_right_signed(odd[v], r[v].odd.shift))
    FOR_VECTORS(even[v] = vq_interleave(even[v], odd[v]))
    FOR_VECTORS(even[v] = vi_max(vi_min(even[v], max), min))
    FOR_VECTORS(if (v * LANES < left) vi_store_part_i16(c + v * LANES, left - v * LANES, even[v]))
}

ASSAY_INLINE void store(const struct assay_igemm_args *args, size_t column, vint (*sums)[VECTORS], const size_t vectors)
{
    if (args->taps * args->k <= MOST_NARROW)
        store_narrow(args, column, sums, vectors);
    else
        store_wide(args, column, sums, vectors);
}

ASSAY_INLINE const char *panel(const struct assay_igemm_args *args, size_t column, const char *w, const size_t vectors)
{
    const size_t parts = vectors < SUMS_AT_ONCE / PLANES ? SUMS_AT_ONCE / PLANES / vectors : 1;
    const size_t groups = assay_round_up(args->k, STEP_BYTES) / STEP_BYTES;
    vint sums[SUMS_AT_ONCE / PLANES][PLANES][VECTORS];
    ASSAY_UNROLL
    for (size_t p = 0; p < parts; p++) {
        ASSAY_UNROLL
        for (size_t v = 0; v < vectors; v++)
            sums[p][0][v] = sums[p][1][v] = vi_zero();
    }
    for (size_t tap = 0; tap < args->taps; tap++)
        w = accumulate(args->a[tap], groups, w, vectors, parts, sums);
    ASSAY_UNROLL
    for (size_t p = 1; p < parts; p++) {
        ASSAY_UNROLL
        for (size_t v = 0; v < vectors; v++) {
            sums[0][0][v] = vi_add(sums[0][0][v], sums[p][0][v]);
            sums[0][1][v] = vi_add(sums[0][1][v], sums[p][1][v]);
        }
    }
    store(args, column, sums[0], vectors);
    return w;
}

static void tile(const struct assay_igemm_args *args)
{
    const char *w = args->w;
    ASSAY_FOR_PANELS(panel, args, w)
}
