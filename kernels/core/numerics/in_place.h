/* Input that the loops read where it lies: all modes but hybrid. */
#ifndef ASSAY_KERNELS_CORE_NUMERICS_IN_PLACE_H
#define ASSAY_KERNELS_CORE_NUMERICS_IN_PLACE_H

#include "kernels/core/numerics/numerics.h"

static inline size_t input_scratch(size_t elements)
{
    (void)elements;
    return 0;
}

static inline struct input open_input(const struct assay_problem *problem, const SOURCE *in, size_t rows,
                                      size_t columns, size_t stride, void *scratch)
{
    (void)rows;
    (void)columns;
    (void)scratch;
    return (struct input){.rows = in, .stride = stride, .scale = 1.0f, .zero = problem->quantization.in_zero};
}

#endif
