/* The rescale of kernels/core/rescale24.h with AVX-512, 16 channels a vector: 2 operations where no result is below the
 * zero point, else 5. Of them only the multiply-add and a comparison compete with vpdpbusd for its ports on Zen 4. */
#ifndef ASSAY_KERNELS_CORE_X86_64_RESCALE24_H
#define ASSAY_KERNELS_CORE_X86_64_RESCALE24_H

#include "kernels/core/rescale24.h"

#include <immintrin.h>

/* Its bits are ASSAY_RESCALE24_BASE more than the result. */
__attribute__((always_inline)) static inline __m512i rescale24_multiply(__m512i u, __m512 factor, __m512 term)
{
    return _mm512_castps_si512(
        _mm512_fmadd_round_ps(_mm512_castsi512_ps(u), factor, term, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
}

/* Where sums are below zero: what is to be done before the product, and after it. */
__attribute__((always_inline)) static inline __mmask16 rescale24_step(__m512i *u,
                                                                      const struct assay_rescale24_lanes *lanes)
{
    const __mmask16 below_zero = _mm512_cmplt_epu32_mask(*u, _mm512_loadu_si512(lanes->start));
    *u = _mm512_mask_add_epi32(*u, below_zero, *u, _mm512_loadu_si512(lanes->step));
    return below_zero;
}

__attribute__((always_inline)) static inline __m512i rescale24_unstep(__m512i result, __mmask16 below_zero,
                                                                      const struct assay_rescale24_lanes *lanes)
{
    return _mm512_mask_sub_epi32(result, below_zero, result, _mm512_loadu_si512(lanes->step_result));
}

/* All of it. */
struct rescaler24 {
    __m512 factor, term;
    const struct assay_rescale24_lanes *lanes;
};

__attribute__((always_inline)) static inline struct rescaler24 rescaler24_of(const struct assay_rescale24_lanes *lanes)
{
    return (struct rescaler24){_mm512_loadu_ps(lanes->factor), _mm512_loadu_ps(lanes->term), lanes};
}

/* u: sums + start. ASSAY_RESCALE24_BASE, whose lower half is 0, more than the results. */
__attribute__((always_inline)) static inline __m512i rescaled24_above_base(__m512i u, const struct rescaler24 *r,
                                                                           const bool one_sided)
{
    const __mmask16 below_zero = one_sided ? 0 : rescale24_step(&u, r->lanes);
    const __m512i result = rescale24_multiply(u, r->factor, r->term);
    return one_sided ? result : rescale24_unstep(result, below_zero, r->lanes);
}

__attribute__((always_inline)) static inline __m512i rescaled24(__m512i u, const struct rescaler24 *r,
                                                                const bool one_sided)
{
    return _mm512_sub_epi32(rescaled24_above_base(u, r, one_sided), _mm512_set1_epi32(ASSAY_RESCALE24_BASE));
}

#endif
