/* Numerics of the sparse fp32 kernels, NEON: sums of four rows a vector, weights by lane. */
#ifndef ASSAY_KERNELS_SPMM_AARCH64_NEON_F32_H
#define ASSAY_KERNELS_SPMM_AARCH64_NEON_F32_H

#include "kernels/spmm/aarch64/neon_store.h"
#include "kernels/spmm/aarch64/neon_transpose.h"

enum { LANE_INPUTS = 1 };
typedef float element, weight_element;
typedef float32x4_t sums, weights;

SP_INLINE weights load_weights(const float *w)
{
    return vld1q_f32(w);
}

SP_INLINE weights load_weight(const float *w)
{
    return vld1q_dup_f32(w);
}

#define INPUT_AT(args, block) ((const element *)(const void *)((const char *)(args)->x + (args)->offset[block]))

/* A macro, as the lane must be a constant in the source. */
#define MULTIPLY_ADD(sum, input, weight, lane)                                           \
    {                                                                                    \
        const element *from = (input);                                                   \
        for (size_t v = 0; v < vectors; v++)                                             \
            (sum)[v] = vfmaq_laneq_f32((sum)[v], vld1q_f32(from + 4 * v), weight, lane); \
    }

SP_INLINE sums start(const struct assay_sptile_args *args, size_t channel, size_t vector)
{
    (void)vector;
    return vld1q_dup_f32((const float *)args->bias + channel);
}

SP_INLINE void finish(const struct assay_sptile_args *args, size_t channel, sums *sum, const size_t vectors)
{
    neon_store_f32(args, channel, sum, vectors);
}

#endif
