/* The rows of an element-wise conversion (kernels/quantize/quantize.h), STEP elements at once. The including file, one
 * of this folder's headers, defines FROM and TO (element types), CONVERSION, MODE and
 *   struct constants; constants_of(problem, packed)    what all elements share
 *   step(constants, in, out)                           STEP elements
 * before it includes convert_rows.h; and the kernel's own file CALL_CYCLES and STEP_CYCLES, what a run takes with warm
 * buffers. */
#ifndef ASSAY_KERNELS_QUANTIZE_X86_64_CONVERT_H
#define ASSAY_KERNELS_QUANTIZE_X86_64_CONVERT_H

#include "kernels/core/kernel.h"
#include "kernels/quantize/x86_64/vectors.h"

enum { VECTORS = 4, STEP = VECTORS * LANES };

/* An operation of all vectors of a step, v, before the next operation: a core chooses the port of an operation before
 * it knows which is free, and operations of one kind in a row are shared out evenly among theirs. Vector by vector a
 * step takes up to a fifth longer, by where in memory its code lies. */
#define FOR_VECTORS(operation)             \
    ASSAY_UNROLL                           \
    for (size_t v = 0; v < VECTORS; v++) { \
        operation;                         \
    }

static const char *supports(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    (void)kernel;
    return problem->quantize.conversion == CONVERSION ? NULL : "it does another conversion";
}

static double cost(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    (void)kernel;
    const struct assay_quantize_shape *s = &problem->quantize;
    const bool gaps = s->in_stride != s->columns || s->out_stride != s->columns;
    const size_t rows = gaps ? s->rows : 1, columns = gaps ? s->columns : s->rows * s->columns;
    return CALL_CYCLES + (double)(rows * ((columns + STEP - 1) / STEP)) * STEP_CYCLES;
}

/* Most conversions have no weights, which requantization's factor counts as. */
static inline size_t no_packed_size(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    (void)kernel;
    (void)problem;
    return 0;
}

static inline bool pack_nothing(const struct assay_kernel *kernel, const struct assay_problem *problem,
                                const struct assay_weights *weights, void *packed)
{
    (void)kernel;
    (void)problem;
    (void)weights;
    (void)packed;
    return true;
}

#define ASSAY_CONVERSION_KERNEL(kernel_name, kernel_accumulator, packed_size_fn, pack_fn) \
    const struct assay_kernel kernel_name = {                                             \
        .name = #kernel_name,                                                             \
        .origin = "assay",                                                                \
        .op = ASSAY_OP_QUANTIZE,                                                          \
        .mode = MODE,                                                                     \
        .structure = ASSAY_DENSE,                                                         \
        .accumulator = (kernel_accumulator),                                              \
        .features = ASSAY_ISA_FEATURES,                                                   \
        .rank = ASSAY_ISA_RANK,                                                           \
        .tile = {1, STEP, 1},                                                             \
        .supports = supports,                                                             \
        .cost = cost,                                                                     \
        .packed_size = (packed_size_fn),                                                  \
        .pack = (pack_fn),                                                                \
        .run = run,                                                                       \
    }

#endif
