/* Depthwise convolution of the integer modes, two taps at a time: int16 pairs of taps, interleaved by channel, times
 * pairs of weights (vpmaddwd). PIXELS pixels by 2 vectors of channels at once. The including file defines MODE and
 * PIXELS, a power of two; weights are packed as int16.
 *
 * int16x8: an int32 holds the sum of 516 products of magnitude 32768 * 127, so that no kernel of up to MAX_TAPS
 * overflows it. */
#include "kernels/dwconv/x86_64/int_store.h"

#define ELEMENT ASSAY_PACK_I8_AS_I16
enum { CR = 2 * LANES, MAX_TAPS = 512, INPUT_OFFSET = 0 };

static const char *supports(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    (void)kernel;
    return MODE == ASSAY_MODE_INT16X8 && assay_problem_depth(problem) > MAX_TAPS
               ? "its sums of int16x8 hold 512 taps at most"
               : NULL;
}

/* The inputs of CR channels from `first` on as int16; zeros beyond the last. */
ASSAY_INLINE vint load_input(const void *pixel, size_t first, size_t channels, const bool whole)
{
    if (MODE == ASSAY_MODE_INT16X8) {
        const int16_t *x = (const int16_t *)pixel + first;
        return whole ? vi_load(x) : vi_load_part_i16(x, channels);
    }
    const int8_t *x = (const int8_t *)pixel + first;
    return whole ? vi_load_i8_as_i16(x) : vi_load_part_i8_as_i16(x, channels);
}

ASSAY_INLINE void compute(const struct assay_dw_args *args, const int16_t *w, size_t first, size_t pixel,
                          const size_t pixels, const bool whole)
{
    const size_t channels = args->channels - first;
    const void *const *in = args->in + pixel * args->taps;
    vint low[PIXELS], high[PIXELS];
    ASSAY_UNROLL
    for (size_t i = 0; i < pixels; i++)
        low[i] = high[i] = vi_zero();
    size_t tap = 0;
    for (; tap + 2 <= args->taps; tap += 2, w += 2 * CR) {
        const vint w_low = vi_pairs_low(vi_load(w), vi_load(w + CR)),
                   w_high = vi_pairs_high(vi_load(w), vi_load(w + CR));
        ASSAY_UNROLL
        for (size_t i = 0; i < pixels; i++) {
            const vint x = load_input(in[i * args->taps + tap], first, channels, whole);
            const vint y = load_input(in[i * args->taps + tap + 1], first, channels, whole);
            low[i] = vi_dot2(low[i], vi_pairs_low(x, y), w_low);
            high[i] = vi_dot2(high[i], vi_pairs_high(x, y), w_high);
        }
    }
    if (tap < args->taps) { /* the last of an odd number, with zeros */
        const vint w_low = vi_pairs_low(vi_load(w), vi_zero()), w_high = vi_pairs_high(vi_load(w), vi_zero());
        ASSAY_UNROLL
        for (size_t i = 0; i < pixels; i++) {
            const vint x = load_input(in[i * args->taps + tap], first, channels, whole);
            low[i] = vi_dot2(low[i], vi_pairs_low(x, x), w_low);
            high[i] = vi_dot2(high[i], vi_pairs_high(x, x), w_high);
        }
    }
    ASSAY_UNROLL
    for (size_t i = 0; i < pixels; i++)
        vi_unpair(low[i], high[i], &low[i], &high[i]);
    const struct rescaling r = load_rescaling(args, first);
    ASSAY_UNROLL
    for (size_t i = 0; i < pixels; i++)
        store(args, r, pixel + i, first, low[i]);
    if (!whole && channels <= LANES)
        return;
    const struct rescaling s = load_rescaling(args, first + LANES);
    ASSAY_UNROLL
    for (size_t i = 0; i < pixels; i++)
        store(args, s, pixel + i, first + LANES, high[i]);
}

#include "kernels/dwconv/x86_64/int_blocks.h"
