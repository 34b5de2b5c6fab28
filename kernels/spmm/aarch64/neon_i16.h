/* Numerics of the sparse int8 and hybrid kernels without dot products, NEON: inputs and weights widened to 16 bits
 * beforehand, products added in 32 bits by smlal and smlal2. */
#ifndef ASSAY_KERNELS_SPMM_AARCH64_NEON_I16_H
#define ASSAY_KERNELS_SPMM_AARCH64_NEON_I16_H

#include "kernels/spmm/aarch64/neon_epilogue.h"

enum { LANE_INPUTS = 1 };
typedef int16_t element, weight_element;
typedef int16x4_t weights;

SP_INLINE weights load_weights(const int16_t *w)
{
    return vld1_s16(w);
}

SP_INLINE weights load_weight(const int16_t *w)
{
    return vld1_dup_s16(w);
}

#define INPUT_AT(args, block) ((const element *)(const void *)((const char *)(args)->x + (args)->offset[block]))

/* A macro, as the lane must be a constant in the source. */
#define MULTIPLY_ADD(sum, input, weight, lane)                                      \
    {                                                                               \
        const element *from = (input);                                              \
        for (size_t v = 0; v < vectors; v += 2) {                                   \
            const int16x8_t eight = vld1q_s16(from + 4 * v);                        \
            (sum)[v] = vmlal_lane_s16((sum)[v], vget_low_s16(eight), weight, lane); \
            (sum)[v + 1] = vmlal_high_lane_s16((sum)[v + 1], eight, weight, lane);  \
        }                                                                           \
    }

#endif
