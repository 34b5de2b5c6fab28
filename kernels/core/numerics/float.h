/* Numerics of the float modes. SOURCE (input and output), WEIGHT, SUM, MODE and ACCUMULATOR are the includer's: f32.h,
 * f16w.h, f16.h and f16af32.h, beside this. See numerics.h for what is defined here. */
#ifndef ASSAY_KERNELS_CORE_NUMERICS_FLOAT_H
#define ASSAY_KERNELS_CORE_NUMERICS_FLOAT_H

#define INPUT SOURCE
#define TERM SUM
#define OUTPUT SOURCE

#include "kernels/core/numerics/activation.h"
#include "kernels/core/numerics/in_place.h"

struct channel {
    float bias;
};

static inline struct channel channel_of(const struct assay_weights *weights, size_t index)
{
    const float *bias = weights->bias;
    return (struct channel){.bias = bias ? bias[index] : 0.0f};
}

/* The bias comes last, as in the TFLite reference kernels: float sums depend on their order. */
static inline SUM begin(struct channel channel)
{
    (void)channel;
    return (SUM)0;
}

static inline TERM term(INPUT x, int32_t zero)
{
    (void)zero;
    return (TERM)x;
}

/* The product is rounded to SUM, and so is the sum; a compiler that may contract them skips the first rounding. */
static inline SUM add_product(SUM sum, TERM x, WEIGHT w)
{
    return (SUM)(sum + (SUM)(x * (SUM)w));
}

static inline OUTPUT finish(struct range range, float scale, struct channel channel, SUM sum)
{
    (void)scale;
    return (OUTPUT)activate(range, (float)(SUM)(sum + (SUM)channel.bias));
}

#endif
