/* The rescale of kernels/core/rescale24.h with AVX-512, 16 channels a vector: 2 operations where no result is below the
 * zero point, else 5. Of them only the multiply-add and a comparison compete with vpdpbusd for its ports on Zen 4. */
#ifndef ASSAY_KERNELS_CORE_X86_64_RESCALE24_H
#define ASSAY_KERNELS_CORE_X86_64_RESCALE24_H

#include "kernels/core/rescale24.h"

#include <immintrin.h>

/* Sixteen channels. `start` is where the sums begin: their bias is in it. */
enum { ASSAY_RESCALE24_LANES = 16 };
struct rescale24_lanes {
    float factor[ASSAY_RESCALE24_LANES], term[ASSAY_RESCALE24_LANES];
    uint32_t start[ASSAY_RESCALE24_LANES]; /* without the bias: what a sum of 0 is */
    uint32_t step[ASSAY_RESCALE24_LANES];
    int32_t step_result[ASSAY_RESCALE24_LANES];
};

static inline void rescale24_place(const struct assay_rescale24 *solution, size_t lane, struct rescale24_lanes *lanes)
{
    lanes->factor[lane] = solution->factor;
    lanes->term[lane] = solution->term;
    lanes->start[lane] = solution->start;
    lanes->step[lane] = solution->step;
    lanes->step_result[lane] = solution->step_result;
}

/* Its bits are ASSAY_RESCALE24_BASE more than the result. */
__attribute__((always_inline)) static inline __m512i rescale24_multiply(__m512i u, __m512 factor, __m512 term)
{
    return _mm512_castps_si512(
        _mm512_fmadd_round_ps(_mm512_castsi512_ps(u), factor, term, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
}

/* Where sums are below zero: what is to be done before the product, and after it. */
__attribute__((always_inline)) static inline __mmask16 rescale24_step(__m512i *u, const struct rescale24_lanes *lanes)
{
    const __mmask16 below_zero = _mm512_cmplt_epu32_mask(*u, _mm512_loadu_si512(lanes->start));
    *u = _mm512_mask_add_epi32(*u, below_zero, *u, _mm512_loadu_si512(lanes->step));
    return below_zero;
}

__attribute__((always_inline)) static inline __m512i rescale24_unstep(__m512i result, __mmask16 below_zero,
                                                                      const struct rescale24_lanes *lanes)
{
    return _mm512_mask_sub_epi32(result, below_zero, result, _mm512_loadu_si512(lanes->step_result));
}

#endif
