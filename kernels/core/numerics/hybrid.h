/* hybrid: float input that is quantized as it comes, int8 weights, exact integer sums, float output. See numerics.h. */
#ifndef ASSAY_KERNELS_CORE_NUMERICS_HYBRID_H
#define ASSAY_KERNELS_CORE_NUMERICS_HYBRID_H

#define MODE ASSAY_MODE_HYBRID
#define ACCUMULATOR ASSAY_ACC_I32
#define SOURCE float
#define INPUT int8_t
#define WEIGHT int8_t
#define TERM int16_t
#define SUM uint32_t
#define OUTPUT float

#include "kernels/core/numerics/activation.h"
#include "kernels/core/numerics/numerics.h"
#include "kernels/quantize/row.h"

struct channel {
    float bias, scale;
};

static inline struct channel channel_of(const struct assay_weights *weights, size_t index)
{
    const float *bias = weights->bias;
    return (struct channel){.bias = bias ? bias[index] : 0.0f, .scale = weights->scale[index]};
}

static inline size_t input_scratch(size_t elements)
{
    return elements * sizeof(INPUT);
}

static inline struct input open_input(const struct assay_problem *problem, const float *in, size_t rows, size_t columns,
                                      size_t stride, void *scratch)
{
    (void)problem;
    const struct assay_row_quantization row =
        assay_quantize_rows(assay_fold_row_range, assay_quantize_row, in, rows, columns, stride, scratch);
    return (struct input){.rows = scratch, .stride = columns, .scale = row.scale, .zero = row.zero};
}

static inline SUM begin(struct channel channel)
{
    (void)channel;
    return 0;
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
    return activate(range, (float)(int32_t)sum * (scale * channel.scale) + channel.bias);
}

#endif
