/* Numerics of the sparse int8 and hybrid kernels by sdot: inputs in groups of four k, [k / 4][mr][4]; a lane of a
 * vector of weights is four of them. */
#ifndef ASSAY_KERNELS_SPMM_AARCH64_NEON_DOT_H
#define ASSAY_KERNELS_SPMM_AARCH64_NEON_DOT_H

#include "kernels/spmm/aarch64/neon_epilogue.h"

enum { LANE_INPUTS = 4 };
typedef int8_t element, weight_element;
typedef int8x16_t weights;

SP_INLINE weights load_weights(const int8_t *w)
{
    return vld1q_s8(w);
}

SP_INLINE weights load_weight(const int8_t *w)
{
    return vreinterpretq_s8_s32(vld1q_dup_s32((const int32_t *)(const void *)w));
}

#define INPUT_AT(args, block) ((const element *)(args)->x + (args)->offset[block])

/* A macro, as the lane must be a constant in the source. */
#define MULTIPLY_ADD(sum, input, weight, lane)                                           \
    {                                                                                    \
        const element *from = (input);                                                   \
        for (size_t v = 0; v < vectors; v++)                                             \
            (sum)[v] = vdotq_laneq_s32((sum)[v], vld1q_s8(from + 16 * v), weight, lane); \
    }

#endif
