/* What the references of all conversions have in common. CONVERSION, MODE and STEM are the includer's; run() is what it
 * defines before QUANTIZE_KERNEL. */
#ifndef ASSAY_KERNELS_QUANTIZE_REFERENCE_DESCRIPTOR_H
#define ASSAY_KERNELS_QUANTIZE_REFERENCE_DESCRIPTOR_H

#include "kernels/core/reference.h"

/* The factor of requantize: all that a conversion can have by way of weights. */
struct rescale {
    int32_t multiplier, shift;
};

/* What all elements share. */
struct constants {
    struct assay_quantization quantization;
    struct rescale rescale; /* 0 in conversions that have none */
};

static const char *supports(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    (void)kernel;
    return problem->quantize.conversion == CONVERSION ? NULL : "it does another conversion";
}

static size_t packed_size(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    (void)kernel;
    (void)problem;
    return CONVERSION == ASSAY_I8_I8 || CONVERSION == ASSAY_I16_I16 ? sizeof(struct rescale) : 0;
}

static bool pack(const struct assay_kernel *kernel, const struct assay_problem *problem,
                 const struct assay_weights *weights, void *packed)
{
    if (packed_size(kernel, problem) > 0)
        *(struct rescale *)packed = (struct rescale){weights->multiplier[0], weights->shift[0]};
    return true;
}

static inline struct constants constants_of(const struct assay_problem *problem, const void *packed)
{
    struct constants constants = {.quantization = problem->quantization};
    if (packed_size(NULL, problem) > 0)
        constants.rescale = *(const struct rescale *)packed;
    return constants;
}

#define QUANTIZE_KERNEL                              \
    const struct assay_kernel ASSAY_SYMBOL(STEM) = { \
        .name = ASSAY_NAME(STEM),                    \
        .origin = "assay",                           \
        .op = ASSAY_OP_QUANTIZE,                     \
        .mode = MODE,                                \
        .structure = ASSAY_DENSE,                    \
        .accumulator = ASSAY_ACC_F32,                \
        .features = ASSAY_ISA_FEATURES,              \
        .rank = ASSAY_ISA_RANK,                      \
        .tile = {1, 1, 1},                           \
        .supports = supports,                        \
        .packed_size = packed_size,                  \
        .pack = pack,                                \
        .run = run,                                  \
    }

#endif
