/* The fused activation of a float output. Without one the range is all of [-inf, inf]; NaN passes always. */
#ifndef ASSAY_KERNELS_CORE_NUMERICS_ACTIVATION_H
#define ASSAY_KERNELS_CORE_NUMERICS_ACTIVATION_H

#include "kernels/core/problem.h"

struct range {
    float min, max;
};

static inline struct range range_of(const struct assay_problem *problem)
{
    return (struct range){assay_clamp_min(problem), assay_clamp_max(problem)};
}

static inline float activate(struct range range, float x)
{
    return x < range.min ? range.min : x > range.max ? range.max : x;
}

#endif
