/* Numerics of the integer modes, exact to the bit. SOURCE (input and output), BIAS, SUM, RESCALE, MODE and ACCUMULATOR
 * are the includer's: i8.h and i16x8.h, beside this. SUM is unsigned, because sums are modulo 2^32 or 2^64. See
 * numerics.h. */
#ifndef ASSAY_KERNELS_CORE_NUMERICS_INTEGER_H
#define ASSAY_KERNELS_CORE_NUMERICS_INTEGER_H

#define INPUT SOURCE
#define WEIGHT int8_t
#define TERM int16_t /* int8 less its zero point has 9 bits; int16 has no zero point */
#define OUTPUT SOURCE

#include "kernels/core/fixed_point.h"
#include "kernels/core/numerics/in_place.h"

struct channel {
    BIAS bias;
    int32_t multiplier, shift;
};

/* The clamp is taken before the zero point is added, which comes to the same and cannot overflow. */
struct range {
    int32_t zero, min, max; /* min and max less zero */
};

static inline struct channel channel_of(const struct assay_weights *weights, size_t index)
{
    const BIAS *bias = weights->bias;
    return (struct channel){bias ? bias[index] : 0, weights->multiplier[index], weights->shift[index]};
}

static inline struct range range_of(const struct assay_problem *problem)
{
    const int32_t zero = problem->quantization.out_zero;
    return (struct range){zero, assay_clamp_min_int(problem) - zero, assay_clamp_max_int(problem) - zero};
}

static inline SUM begin(struct channel channel)
{
    return (SUM)channel.bias;
}

static inline TERM term(INPUT x, int32_t zero)
{
    return (TERM)(x - zero);
}

static inline SUM add_product(SUM sum, TERM x, WEIGHT w)
{
    return sum + (SUM)(x * w);
}

static inline OUTPUT finish(struct range range, float scale, struct channel channel, SUM sum)
{
    (void)scale;
    const int32_t rescaled = RESCALE(sum, channel.multiplier, channel.shift);
    return (OUTPUT)(assay_clamp_int(rescaled, range.min, range.max) + range.zero);
}

#endif
