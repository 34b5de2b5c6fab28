#include "models/ops/layer_weights.h"

#include "kernels/core/fixed_point.h"
#include "kernels/spmm/packed.h"

#include <stdlib.h>
#include <string.h>

const struct assay_value *assay_layer_bias(const struct assay_node *node)
{
    return node->op->input_count > 2 ? node->in[2] : NULL;
}

bool assay_layer_has_lowest(const struct assay_node *node, const struct assay_layer_values *values)
{
    return node->in[1]->tensor->type == ASSAY_TENSOR_I8 && memchr(values->data, INT8_MIN, values->bytes) != NULL;
}

/* in_scale * scale / out_scale as the TFLite reference works it out: in double for each channel; for a fully connected
 * layer of one scale, the product of the first two is rounded to float. */
static double rescale_of(const struct assay_problem *problem, float scale, bool of_one)
{
    const struct assay_quantization *q = &problem->quantization;
    if (problem->op == ASSAY_OP_GEMM && of_one)
        return (double)(q->in_scale * scale) / (double)q->out_scale;
    return (double)q->in_scale * (double)scale / (double)q->out_scale;
}

void assay_layer_rescale(const struct assay_node *node, const struct assay_problem *problem, size_t channel,
                         int32_t *multiplier, int32_t *shift)
{
    const struct assay_tensor_quantization *q = &node->in[1]->tensor->quantization;
    const bool of_one = q->count == 1;
    assay_fixed_point(rescale_of(problem, q->scale[of_one ? 0 : channel], of_one), multiplier, shift);
}

/* Everything that the kernel wants in another form than the file has it. */
struct converted {
    float *scale;
    int32_t *multiplier, *shift;
    void *bias;
};

static bool convert_scales(const struct assay_node *node, const struct assay_problem *problem, size_t channels,
                           struct converted *c)
{
    const struct assay_tensor_quantization *q = &node->in[1]->tensor->quantization;
    if (problem->mode == ASSAY_MODE_HYBRID) {
        c->scale = malloc(channels * sizeof(*c->scale));
        for (size_t i = 0; c->scale && i < channels; i++)
            c->scale[i] = q->scale[q->count == 1 ? 0 : i];
        return c->scale != NULL;
    }
    if (!assay_mode_is_integer(problem->mode))
        return true;
    c->multiplier = malloc(channels * sizeof(*c->multiplier));
    c->shift = malloc(channels * sizeof(*c->shift));
    if (!c->multiplier || !c->shift)
        return false;
    for (size_t i = 0; i < channels; i++)
        assay_layer_rescale(node, problem, i, &c->multiplier[i], &c->shift[i]);
    return true;
}

static bool convert_bias(const struct assay_value *bias, const struct assay_problem *problem, size_t channels,
                         struct converted *c)
{
    if (!bias)
        return true;
    const struct assay_value *source = bias->halves ? bias->halves : bias;
    c->bias = malloc(channels * assay_type_size(assay_mode_bias(problem->mode)));
    if (!c->bias)
        return false;
    if (source->tensor->type == ASSAY_TENSOR_F16) {
        for (size_t i = 0; i < channels; i++)
            ((float *)c->bias)[i] = (float)((const assay_f16 *)source->data)[i];
    } else if (problem->mode == ASSAY_MODE_INT16X8 && source->tensor->type == ASSAY_TENSOR_I32) {
        for (size_t i = 0; i < channels; i++)
            ((int64_t *)c->bias)[i] = ((const int32_t *)source->data)[i];
    } else {
        memcpy(c->bias, source->data, channels * assay_type_size(assay_mode_bias(problem->mode)));
    }
    return true;
}

/* Kernels of spmm say only when they have packed how much they keep. */
static void *pack_sparse(const struct assay_kernel *kernel, const struct assay_problem *problem,
                         const struct assay_weights *weights, struct assay_arena *arena)
{
    const size_t room = assay_round_up(kernel->packed_size(kernel, problem), ASSAY_PACK_ALIGN);
    void *whole = room <= arena->limit ? aligned_alloc(ASSAY_PACK_ALIGN, room) : NULL, *packed = NULL;
    if (whole && kernel->pack(kernel, problem, weights, whole)) {
        const size_t used = assay_spmm_packed_used(kernel, problem, whole);
        packed = assay_arena_take(arena, used, 1);
        if (packed)
            memcpy(packed, whole, used);
    }
    free(whole);
    return packed;
}

static void *pack(const struct assay_kernel *kernel, const struct assay_problem *problem,
                  const struct assay_weights *weights, struct assay_arena *arena)
{
    if (problem->op == ASSAY_OP_SPMM)
        return pack_sparse(kernel, problem, weights, arena);
    void *packed = assay_arena_take(arena, kernel->packed_size(kernel, problem), 1);
    return packed && kernel->pack(kernel, problem, weights, packed) ? packed : NULL;
}

void *assay_layer_pack(const struct assay_node *node, const struct assay_problem *layer,
                       const struct assay_layer_values *values, const struct assay_kernel *kernel,
                       const struct assay_layer_part *part, struct assay_arena *arena, struct assay_model_error *error)
{
    const size_t channels = assay_problem_channels(layer);
    struct converted c = {0};
    void *packed = NULL;
    if (convert_scales(node, layer, channels, &c) && convert_bias(assay_layer_bias(node), layer, channels, &c)) {
        const struct assay_weights whole = {
            .values = values->data, .bias = c.bias, .scale = c.scale, .multiplier = c.multiplier, .shift = c.shift};
        const struct assay_weights weights = assay_layer_part_weights(part, &whole);
        packed = pack(kernel, &part->problem, &weights, arena);
    }
    free(c.scale);
    free(c.multiplier);
    free(c.shift);
    free(c.bias);
    if (!packed && kernel->release)
        assay_model_fail(error, "kernel %s refuses its weights, or there is no memory for them", kernel->name);
    else if (!packed)
        assay_model_fail(error, "over the memory limit");
    return packed;
}
