/* Depthwise convolution of int8 and hybrid, four taps at a time: bytes of four taps, interleaved by channel, made
 * unsigned by flipping their sign bit (which adds 128), times signed bytes of weights (vpdpbusd). PIXELS pixels by 64
 * channels at once. The including file defines MODE and PIXELS, a power of two. AVX-512 VNNI only. */
#include "kernels/dwconv/x86_64/int_store.h"

#define ELEMENT ASSAY_PACK_SAME
enum { QUARTERS = 4, CR = QUARTERS * LANES, INPUT_OFFSET = 128 };

/* With half of its block idle it is slower than pairs of taps (pair_run.h) by a fifth. */
static const char *supports(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    (void)kernel;
    return assay_problem_channels(problem) <= CR / 2 ? "it is made for more than 32 channels" : NULL;
}

/* Four vectors of bytes, interleaved: in each group of 16 channels, the first to the last four go to quarters 0 to 3.
 */
ASSAY_INLINE void interleave(const vint *taps, vint *quarters)
{
    const vint low01 = _mm512_unpacklo_epi8(taps[0], taps[1]), high01 = _mm512_unpackhi_epi8(taps[0], taps[1]);
    const vint low23 = _mm512_unpacklo_epi8(taps[2], taps[3]), high23 = _mm512_unpackhi_epi8(taps[2], taps[3]);
    quarters[0] = _mm512_unpacklo_epi16(low01, low23);
    quarters[1] = _mm512_unpackhi_epi16(low01, low23);
    quarters[2] = _mm512_unpacklo_epi16(high01, high23);
    quarters[3] = _mm512_unpackhi_epi16(high01, high23);
}

/* 32-bit lanes in the order of interleave() back to the plain order. */
ASSAY_INLINE void restore_order(const vint *quarters, vint *plain)
{
    const vint a = _mm512_shuffle_i32x4(quarters[0], quarters[1], 0x44);
    const vint b = _mm512_shuffle_i32x4(quarters[0], quarters[1], 0xEE);
    const vint c = _mm512_shuffle_i32x4(quarters[2], quarters[3], 0x44);
    const vint d = _mm512_shuffle_i32x4(quarters[2], quarters[3], 0xEE);
    plain[0] = _mm512_shuffle_i32x4(a, c, 0x88);
    plain[1] = _mm512_shuffle_i32x4(a, c, 0xDD);
    plain[2] = _mm512_shuffle_i32x4(b, d, 0x88);
    plain[3] = _mm512_shuffle_i32x4(b, d, 0xDD);
}

/* Adds `taps` (1 to 4) taps of each pixel, the first of which is at in[i * stride]. */
ASSAY_INLINE void accumulate(const void *const *in, size_t stride, const int8_t *w, size_t first, __mmask64 mask,
                             const size_t taps, const size_t pixels, vint (*sums)[QUARTERS])
{
    const vint sign_bits = vi_opaque((int32_t)0x80808080);
    vint weights[QUARTERS] = {vi_zero(), vi_zero(), vi_zero(), vi_zero()}, w_quarters[QUARTERS];
    ASSAY_UNROLL
    for (size_t t = 0; t < taps; t++)
        weights[t] = vi_load(w + t * CR);
    interleave(weights, w_quarters);
    ASSAY_UNROLL
    for (size_t i = 0; i < pixels; i++) {
        vint x[QUARTERS] = {vi_zero(), vi_zero(), vi_zero(), vi_zero()}, x_quarters[QUARTERS];
        ASSAY_UNROLL
        for (size_t t = 0; t < taps; t++) {
            const int8_t *from = (const int8_t *)in[i * stride + t] + first;
            x[t] = vi_xor(_mm512_maskz_loadu_epi8(mask, from), sign_bits);
        }
        interleave(x, x_quarters);
        ASSAY_UNROLL
        for (size_t q = 0; q < QUARTERS; q++)
            sums[i][q] = vi_dot4(sums[i][q], x_quarters[q], w_quarters[q]);
    }
}

ASSAY_INLINE void compute(const struct assay_dw_args *args, const int8_t *w, size_t first, size_t pixel,
                          const size_t pixels, const bool whole)
{
    const __mmask64 mask = whole ? ~(__mmask64)0 : ((__mmask64)1 << (args->channels - first)) - 1;
    const void *const *in = args->in + pixel * args->taps;
    vint sums[PIXELS][QUARTERS];
    ASSAY_UNROLL
    for (size_t i = 0; i < pixels; i++) {
        ASSAY_UNROLL
        for (size_t q = 0; q < QUARTERS; q++)
            sums[i][q] = vi_zero();
    }
    size_t tap = 0;
    for (; tap + 4 <= args->taps; tap += 4)
        accumulate(in + tap, args->taps, w + tap * CR, first, mask, 4, pixels, sums);
    switch (args->taps - tap) {
    case 1:
        accumulate(in + tap, args->taps, w + tap * CR, first, mask, 1, pixels, sums);
        break;
    case 2:
        accumulate(in + tap, args->taps, w + tap * CR, first, mask, 2, pixels, sums);
        break;
    case 3:
        accumulate(in + tap, args->taps, w + tap * CR, first, mask, 3, pixels, sums);
        break;
    }
    vint plain[PIXELS][QUARTERS];
    ASSAY_UNROLL
    for (size_t i = 0; i < pixels; i++)
        restore_order(sums[i], plain[i]);
    ASSAY_UNROLL
    for (size_t q = 0; q < QUARTERS; q++) {
        const size_t channel = first + q * LANES;
        if (!whole && channel >= args->channels)
            return;
        const struct rescaling r = load_rescaling(args, channel);
        ASSAY_UNROLL
        for (size_t i = 0; i < pixels; i++)
            store(args, r, pixel + i, channel, plain[i][q]);
    }
}

#include "kernels/dwconv/x86_64/int_blocks.h"
