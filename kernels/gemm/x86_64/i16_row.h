/* One row of int16x8, over all columns in one call, with weights that stay bytes: half of what the tiles read, which
 * widen them when packed. An input is 256 * high + low, of bytes: vpdpbusd takes each, unsigned, with the same weights,
 * to sums of its own. The high byte's sign bit is flipped, which adds 128 * 256 to the input (INPUT_OFFSET). So two
 * instructions take 4 inputs, as with vpdpwssd, and weights need none to widen them.
 *
 * The driver rewrites the input (`split`): of each 4 inputs the low bytes, then the high ones. */
#define PLANES 2
#include "kernels/core/x86_64/rescale16.h"
#include "kernels/core/x86_64/rescale64.h"
#include "kernels/gemm/x86_64/dot_row.h"

enum {
    INPUT_OFFSET = 128 * 256,
    GROUP_BYTES = PLANES * STEP_BYTES,
    /* Sums of as many products of 255 * 128 at most fit an int32. */
    MOST_INPUTS = INT32_MAX / (255 * 128),
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

ASSAY_INLINE void store_wide(const struct assay_igemm_args *args, size_t column, vint (*sums)[VECTORS],
                             const size_t vectors)
{
    const vint min = vi_set1(args->out_min), max = vi_set1(args->out_max);
    int16_t *c = args->c;
    ASSAY_UNROLL
    for (size_t v = 0; v < vectors; v++, column += LANES) {
        if (column >= args->cols)
            return;
        const struct rescale64 r =
            rescale64_packed((const int64_t *)args->bias + column, args->multiplier + column, args->shift + column);
        const vint x = rescale64_parts(&r, sums[1][v], sums[0][v], 8);
        vi_store_part_i16(c + column, args->cols - column, vi_max(vi_min(x, max), min));
    }
}

/* Of sums that fit an int32 as a whole. */
ASSAY_INLINE void store_narrow(const struct assay_igemm_args *args, size_t column, vint (*sums)[VECTORS],
                               const size_t vectors)
{
    const vint min = vi_set1_word(args->out_min), max = vi_set1_word(args->out_max);
    int16_t *c = args->c;
    vint x[VECTORS];
    ASSAY_UNROLL
    for (size_t v = 0; v < vectors; v++) {
        const struct assay_rescale16_lanes *lanes = &args->solved[column / LANES + v].by16;
        const struct rescaler16 r = rescaler16_of(lanes, 0);
        const vint sum = vi_add(_mm512_slli_epi32(sums[1][v], 8), sums[0][v]);
        x[v] = rescale16(vi_add(sum, vi_load(lanes->start)), &r);
    }
    ASSAY_UNROLL
    for (size_t v = 0; v < vectors; v += 2) {
        const size_t at = column + v * LANES;
        if (at < args->cols)
            vi_store_part_words(c + at, args->cols - at,
                                vi_narrow2_i16(x[v], x[v + 1 < vectors ? v + 1 : v], min, max));
    }
}

ASSAY_INLINE void store(const struct assay_igemm_args *args, size_t column, vint (*sums)[VECTORS], const size_t vectors)
{
    if (args->way == ASSAY_RESCALE16)
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
