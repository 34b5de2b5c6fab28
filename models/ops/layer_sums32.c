#include "models/ops/layer_sums32.h"

#include "kernels/core/fixed_point.h"
#include "kernels/core/window.h"
#include "models/ops/layer_weights.h"

#include <string.h>

bool assay_layer_sums32(const struct assay_node *node, const struct assay_problem *problem)
{
    const struct assay_value *bias = assay_layer_bias(node);
    return problem->mode == ASSAY_MODE_INT16X8 && problem->op != ASSAY_OP_DWCONV &&
           (!bias || bias->tensor->type == ASSAY_TENSOR_I32);
}

struct assay_sums32 {
    struct assay_problem problem; /* a convolution: a fully connected layer is one of images of one pixel */
    const int8_t *weights;
    const int32_t *bias;
    int32_t *multiplier, *shift;
};

static struct assay_problem as_conv(const struct assay_problem *problem)
{
    if (problem->op == ASSAY_OP_CONV)
        return *problem;
    struct assay_problem conv = *problem;
    conv.op = ASSAY_OP_CONV;
    conv.conv = (struct assay_conv_shape){
        .batch = problem->gemm.m,
        .in_h = 1,
        .in_w = 1,
        .in_c = problem->gemm.k,
        .out_c = problem->gemm.n,
        .kernel_h = 1,
        .kernel_w = 1,
        .stride_h = 1,
        .stride_w = 1,
        .dilation_h = 1,
        .dilation_w = 1,
        .out_h = 1,
        .out_w = 1,
        .in_stride = problem->gemm.k,
        .out_stride = problem->gemm.n,
    };
    return conv;
}

struct assay_sums32 *assay_sums32_make(const struct assay_node *node, const struct assay_problem *problem,
                                       const struct assay_layer_values *values, struct assay_arena *arena)
{
    const struct assay_value *bias = assay_layer_bias(node);
    const size_t channels = assay_problem_channels(problem);
    struct assay_sums32 *layer = assay_arena_take(arena, 1, sizeof(*layer));
    int32_t *multiplier = assay_arena_take(arena, channels, sizeof(*multiplier));
    int32_t *shift = assay_arena_take(arena, channels, sizeof(*shift));
    int8_t *decoded = values->decoded ? assay_arena_take(arena, values->bytes, 1) : NULL;
    if (!layer || !multiplier || !shift || (values->decoded && !decoded))
        return NULL;
    if (decoded)
        memcpy(decoded, values->decoded, values->bytes);
    *layer = (struct assay_sums32){.problem = as_conv(problem),
                                   .weights = decoded ? decoded : values->data,
                                   .bias = bias ? bias->data : NULL,
                                   .multiplier = multiplier,
                                   .shift = shift};
    for (size_t i = 0; i < channels; i++)
        assay_layer_rescale(node, problem, i, &multiplier[i], &shift[i]);
    return layer;
}

/* Modulo 2^32, as the reference's int32 sums are on every machine. */
static int32_t sum_of(const struct assay_sums32 *layer, const struct assay_window *window, const int16_t *in,
                      size_t pixel, size_t channel)
{
    const size_t in_c = layer->problem.conv.in_c, taps = window->kernel_h * window->kernel_w;
    const int8_t *weights = layer->weights + channel * taps * in_c;
    uint32_t sum = layer->bias ? (uint32_t)layer->bias[channel] : 0;
    for (size_t tap = 0; tap < taps; tap++) {
        const size_t source = assay_window_source(window, pixel, tap);
        for (size_t c = 0; source != ASSAY_OUTSIDE && c < in_c; c++)
            sum += (uint32_t)(in[source * in_c + c] * weights[tap * in_c + c]);
    }
    return (int32_t)sum;
}

void assay_sums32_run(const struct assay_sums32 *layer, const int16_t *in, int16_t *out)
{
    const struct assay_window window = assay_window_of(&layer->problem);
    const int32_t low = assay_clamp_min_int(&layer->problem), high = assay_clamp_max_int(&layer->problem);
    const size_t pixels = window.batch * window.out_h * window.out_w, channels = layer->problem.conv.out_c;
    for (size_t p = 0; p < pixels; p++) {
        for (size_t o = 0; o < channels; o++) {
            const int32_t sum = sum_of(layer, &window, in, p, o);
            const int32_t scaled = assay_rescale(sum, layer->multiplier[o], layer->shift[o]);
            out[p * channels + o] = (int16_t)assay_clamp_int(scaled, low, high);
        }
    }
}
