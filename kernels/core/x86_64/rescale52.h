/* The rescale of kernels/core/rescale52.h with AVX512-IFMA, 16 channels a vector: 5 operations where no result is below
 * the zero point, else 8; kernels/core/x86_64/rescale.h takes 9, and 2 more in narrowing add the zero point, which is
 * in the result here. On Zen 4 only the two products, and a comparison, compete with vpdpbusd for its ports: so would
 * vpshrdq in place of the first shuffle. */
#ifndef ASSAY_KERNELS_CORE_X86_64_RESCALE52_H
#define ASSAY_KERNELS_CORE_X86_64_RESCALE52_H

#include "kernels/core/rescale52.h"

#include <immintrin.h>

struct rescaler52 {
    __m512i even_factor, odd_factor, even_after, odd_after, even_high, odd_high;
    const struct assay_rescale52_lanes *lanes;
    __mmask16 even, odd; /* lanes of 32 bits */
};

__attribute__((always_inline)) static inline struct rescaler52 rescaler52_of(const struct assay_rescale52_lanes *lanes)
{
    __mmask16 even = 0x5555, odd = 0xAAAA;
    __asm__(""
            : "+Yk"(even),
              "+Yk"(odd)); /* of known masks the compiler makes vpermt2d, which takes three times as long */
    return (struct rescaler52){
        .even_factor = _mm512_loadu_si512(lanes->even_factor),
        .odd_factor = _mm512_loadu_si512(lanes->odd_factor),
        .even_after = _mm512_loadu_si512(lanes->even_after),
        .odd_after = _mm512_loadu_si512(lanes->odd_after),
        .even_high = _mm512_loadu_si512(lanes->even_high),
        .odd_high = _mm512_loadu_si512(lanes->odd_high),
        .lanes = lanes,
        .even = even,
        .odd = odd,
    };
}

/* u: sums + low. Each 64 bits hold an even and an odd channel's, of which one gives way to the other's upper bits. */
__attribute__((always_inline)) static inline __m512i rescale52_one_sided(__m512i u, const struct rescaler52 *r)
{
    const __m512i even = _mm512_mask_blend_epi32(r->odd, u, r->even_high);
    const __m512i odd = _mm512_mask_shuffle_epi32(r->odd_high, r->even, u, _MM_PERM_DDBB);
    const __m512i even_result = _mm512_madd52hi_epu64(r->even_after, even, r->even_factor);
    const __m512i odd_result = _mm512_madd52hi_epu64(r->odd_after, odd, r->odd_factor);
    __m512i result = _mm512_mask_shuffle_epi32(even_result, r->odd, odd_result, _MM_PERM_CCAA);
    __asm__("" : "+v"(result)); /* one vector after the other: else all even products come first, and need registers */
    return result;
}

/* What is for negative sums is read from memory each time: there are no registers for it. */
__attribute__((always_inline)) static inline __m512i rescale52_two_sided(__m512i u, const struct rescaler52 *r)
{
    const __mmask16 below_zero = _mm512_cmplt_epu32_mask(u, _mm512_loadu_si512(r->lanes->low));
    u = _mm512_mask_add_epi32(u, below_zero, u, _mm512_loadu_si512(r->lanes->step));
    const __m512i y = rescale52_one_sided(u, r);
    __m512i result = _mm512_mask_sub_epi32(y, below_zero, y, _mm512_loadu_si512(r->lanes->step_result));
    __asm__("" : "+v"(result) : : "memory");
    return result;
}

#endif
