#include "models/ops/layer.h"

#include "models/ops/layer_half.h"
#include "models/ops/layer_ranges.h"
#include "models/ops/layer_sparse.h"
#include "models/ops/layer_sums32.h"
#include "models/ops/layer_weights.h"
#include "models/ops/sparse.h"
#include "models/run/executor.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool find_mode(const struct assay_node *node, enum assay_mode *mode, struct assay_model_error *error)
{
    const enum assay_tensor_type in = node->in[0]->tensor->type, out = node->out[0]->tensor->type;
    const enum assay_tensor_type weights = node->in[1]->halves ? ASSAY_TENSOR_F16 : node->in[1]->tensor->type;
    static const struct {
        enum assay_tensor_type in, weights;
        enum assay_mode mode;
    } modes[] = {
        {ASSAY_TENSOR_F32, ASSAY_TENSOR_F32, ASSAY_MODE_FP32},   {ASSAY_TENSOR_F32, ASSAY_TENSOR_F16, ASSAY_MODE_FP16W},
        {ASSAY_TENSOR_F32, ASSAY_TENSOR_I8, ASSAY_MODE_HYBRID},  {ASSAY_TENSOR_I8, ASSAY_TENSOR_I8, ASSAY_MODE_INT8},
        {ASSAY_TENSOR_I16, ASSAY_TENSOR_I8, ASSAY_MODE_INT16X8},
    };
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        if (modes[i].in != in || modes[i].weights != weights || out != in)
            continue;
        *mode = modes[i].mode;
        return true;
    }
    return assay_model_fail(error, "input %s, weights %s and output %s are of no mode", assay_tensor_type_name(in),
                            assay_tensor_type_name(weights), assay_tensor_type_name(out));
}

static bool check_bias(const struct assay_node *node, enum assay_mode mode, size_t channels,
                       struct assay_model_error *error)
{
    const struct assay_value *bias = assay_layer_bias(node);
    if (!bias)
        return true;
    size_t count;
    if ((!bias->data && !bias->halves) || bias->tensor->sparsity)
        return assay_model_fail(error, "its bias is no dense constant");
    if (!assay_shape_count(&bias->shape, &count) || count != channels)
        return assay_model_fail(error, "its bias has not one number for each of the %zu output channels", channels);
    const enum assay_tensor_type type = bias->tensor->type;
    const bool fits = mode == ASSAY_MODE_INT8      ? type == ASSAY_TENSOR_I32
                      : mode == ASSAY_MODE_INT16X8 ? type == ASSAY_TENSOR_I64 || type == ASSAY_TENSOR_I32
                                                   : type == ASSAY_TENSOR_F32 || type == ASSAY_TENSOR_F16;
    return fits || assay_model_fail(error, "a bias of %s does not go with mode %s", assay_tensor_type_name(type),
                                    assay_mode_name(mode));
}

static bool check_scales(const struct assay_value *weights, size_t channels, size_t channel_axis,
                         struct assay_model_error *error)
{
    const struct assay_tensor_quantization *q = &weights->tensor->quantization;
    if (q->count != 1 && (q->count != channels || q->axis != channel_axis))
        return assay_model_fail(error,
                                "its int8 weights have %zu scales along dimension %zu: one is wanted, or %zu along "
                                "dimension %zu",
                                q->count, q->axis, channels, channel_axis);
    for (size_t i = 0; i < q->count; i++)
        if (q->zero[i] != 0)
            return assay_model_fail(error, "its weights have the zero point %lld: int8 weights must be symmetric",
                                    (long long)q->zero[i]);
    return true;
}

static bool activation_of(const struct assay_operator *op, enum assay_activation *activation,
                          struct assay_model_error *error)
{
    switch (op->fused) {
    case ASSAY_FUSED_NONE:
    case ASSAY_FUSED_RELU_N1_TO_1: /* applied after the kernel */
        *activation = ASSAY_ACT_NONE;
        return true;
    case ASSAY_FUSED_RELU:
        *activation = ASSAY_ACT_RELU;
        return true;
    case ASSAY_FUSED_RELU6:
        *activation = ASSAY_ACT_RELU6;
        return true;
    default:
        return assay_model_fail(error, "its fused activation (number %d) is none of ReLU, ReLU6 and ReLU-1-to-1",
                                (int)op->fused);
    }
}

bool assay_layer_check(const struct assay_node *node, size_t channel_axis, struct assay_problem *problem,
                       struct assay_model_error *error)
{
    *problem = (struct assay_problem){.structure = ASSAY_DENSE};
    if (node->op->input_count < 2 || node->op->input_count > 3 || node->op->output_count != 1 || !node->in[0] ||
        !node->in[1])
        return assay_model_fail(error, "it takes an input, weights, perhaps a bias, and gives one output");
    const struct assay_value *in = node->in[0], *weights = node->in[1], *out = node->out[0];
    const struct assay_tensor *constant = assay_layer_weight_tensor(node);
    if (!(weights->data || constant->data) || weights->tensor->variable)
        return assay_model_fail(error, "its weights are no constant");
    if (weights->shape.rank <= channel_axis)
        return assay_model_fail(error, "its weights have only %zu dimensions", weights->shape.rank);
    for (size_t i = 0; i < weights->shape.rank; i++)
        if (weights->shape.dims[i] < 1)
            return assay_model_fail(error, "its weights are empty");
    struct assay_model_error why = {{0}};
    if (constant->sparsity && !assay_sparse_check(constant, &why))
        return assay_model_fail(error, "its weights: %s", why.text);
    const size_t channels = (size_t)weights->shape.dims[channel_axis];
    if (!find_mode(node, &problem->mode, error) || !check_bias(node, problem->mode, channels, error) ||
        !activation_of(node->op, &problem->activation, error))
        return false;
    if (problem->mode == ASSAY_MODE_FP32 || problem->mode == ASSAY_MODE_FP16W)
        return true;
    if (!check_scales(weights, channels, channel_axis, error))
        return false;
    if (problem->mode == ASSAY_MODE_HYBRID)
        return true;
    const struct assay_tensor_quantization *q_in = &in->tensor->quantization, *q_out = &out->tensor->quantization;
    if (q_in->count != 1 || q_out->count != 1)
        return assay_model_fail(error, "its integer input and output must have one scale each");
    problem->quantization = (struct assay_quantization){
        .in_scale = q_in->scale[0],
        .out_scale = q_out->scale[0],
        .in_zero = (int32_t)q_in->zero[0],
        .out_zero = (int32_t)q_out->zero[0],
    };
    return true;
}

bool assay_layer_window(const struct assay_node *node, size_t in_h, size_t in_w, size_t kernel_h, size_t kernel_w,
                        struct assay_conv_shape *shape, struct assay_model_error *error)
{
    const struct assay_operator *op = node->op;
    if (op->conv.stride_h < 1 || op->conv.stride_w < 1 || op->conv.dilation_h < 1 || op->conv.dilation_w < 1)
        return assay_model_fail(error, "its strides and dilations must be at least 1");
    *shape = (struct assay_conv_shape){.in_h = in_h,
                                       .in_w = in_w,
                                       .kernel_h = kernel_h,
                                       .kernel_w = kernel_w,
                                       .stride_h = (size_t)op->conv.stride_h,
                                       .stride_w = (size_t)op->conv.stride_w,
                                       .dilation_h = (size_t)op->conv.dilation_h,
                                       .dilation_w = (size_t)op->conv.dilation_w};
    if (op->conv.padding == ASSAY_PAD_SAME) {
        assay_pad_same(in_h, kernel_h, shape->stride_h, shape->dilation_h, &shape->out_h, &shape->pad_top);
        assay_pad_same(in_w, kernel_w, shape->stride_w, shape->dilation_w, &shape->out_w, &shape->pad_left);
    } else {
        shape->out_h = assay_pad_explicit(in_h, kernel_h, shape->stride_h, shape->dilation_h, 0, 0);
        shape->out_w = assay_pad_explicit(in_w, kernel_w, shape->stride_w, shape->dilation_w, 0, 0);
    }
    shape->batch = (size_t)node->in[0]->shape.dims[0];
    if (shape->out_h == 0 || shape->out_w == 0)
        return assay_model_fail(error, "its filter of %zux%zu does not fit into an image of %zux%zu", kernel_h,
                                kernel_w, in_h, in_w);
    /* Kernels keep a pointer for each tap of each output pixel: their arithmetic on sizes must not overflow. */
    size_t taps;
    if (__builtin_mul_overflow(shape->out_h * shape->out_w, shape->batch, &taps) ||
        __builtin_mul_overflow(taps, kernel_h * kernel_w, &taps) || taps > PTRDIFF_MAX / 64)
        return assay_model_fail(error, "it is too large");
    return true;
}

/* Weights of -128 get one of the scalar references, which alone take them. */
static const struct assay_kernel *reference_of(const struct assay_problem *problem, struct assay_model_error *error)
{
    size_t count;
    const struct assay_kernel *const *kernels = assay_kernels(problem->op, &count);
    for (size_t i = 0; i < count; i++) {
        const size_t length = strlen(kernels[i]->name);
        if (kernels[i]->op == problem->op && kernels[i]->mode == problem->mode && length > 4 &&
            strcmp(kernels[i]->name + length - 4, "_ref") == 0)
            return kernels[i];
    }
    assay_model_fail(error, "no kernel takes weights of -128");
    return NULL;
}

/* One of the parts that threads compute at the same time, each with scratch of its own. */
struct part {
    struct assay_layer_part cut;
    const void *packed;
    size_t scratch_at; /* in the node's */
    void *scratch;     /* NULL if the kernel needs none */
    struct assay_io io;
};

struct state {
    struct assay_problem layer, chosen; /* chosen: as the kernel computes it */
    const struct assay_kernel *kernel;
    const struct assay_sums32 *sums32;   /* computes the layer in place of a kernel; NULL: there is one */
    const struct assay_layer_half *half; /* NULL: the kernel takes activations as the node has them */
    struct part *parts;
    size_t part_count;
    struct assay_layer_ranges *ranges; /* NULL: parts find what they need themselves */
};

/* Packs a part's weights; what the kernel of a plugin takes for them is the executor's to release. */
static bool pack_part(const struct assay_node *node, const struct assay_layer_values *values, struct part *part,
                      struct assay_arena *arena, struct assay_model_error *error)
{
    struct state *state = node->state;
    void *packed = assay_layer_pack(node, &state->layer, values, state->kernel, &part->cut, arena, error);
    part->packed = packed;
    if (packed && state->kernel->release &&
        !assay_executor_adopt(node->executor, state->kernel, packed, (void *const *)&part->scratch))
        return assay_model_fail(error, "over the memory limit");
    return packed != NULL;
}

/* Parts of all channels share their packed weights. */
static bool pack_parts(const struct assay_node *node, const struct assay_layer_values *values,
                       struct assay_arena *arena, struct assay_model_error *error)
{
    struct state *state = node->state;
    for (size_t i = 0; i < state->part_count; i++) {
        struct part *part = &state->parts[i];
        if (i > 0 && assay_layer_part_shares(&part->cut, &state->parts[i - 1].cut))
            part->packed = state->parts[i - 1].packed;
        else if (!pack_part(node, values, part, arena, error))
            return false;
    }
    return true;
}

static bool make_ranges(const struct assay_problem *problem, const struct assay_layer_part *cuts,
                        struct assay_arena *arena, struct state *state)
{
    if (!assay_layer_shares_ranges(state->kernel, cuts, state->part_count))
        return true;
    void *memory = assay_arena_take(arena, assay_layer_ranges_bytes(problem, state->part_count), 1);
    state->ranges = assay_arena_take(arena, 1, sizeof(*state->ranges));
    if (!memory || !state->ranges)
        return false;
    *state->ranges = assay_layer_ranges_make(state->kernel, problem, state->part_count, memory);
    return true;
}

static bool make_parts(struct assay_node *node, const struct assay_problem *problem, struct assay_arena *arena,
                       struct assay_model_error *error)
{
    struct state *state = node->state;
    const struct assay_kernel *kernel = state->kernel;
    const bool own = strcmp(kernel->origin, "assay") == 0; /* a peer is one thread's */
    const size_t most = own ? assay_executor_threads(node->executor) : 1;
    struct assay_layer_part *cuts = calloc(most, sizeof(*cuts));
    state->part_count = cuts ? assay_layer_split(problem, kernel, most, ASSAY_LAYER_LEAST_PART, cuts) : 0;
    state->parts = assay_arena_take(arena, state->part_count, sizeof(*state->parts));
    for (size_t i = 0; state->parts && i < state->part_count; i++) {
        state->parts[i] = (struct part){.cut = cuts[i], .scratch_at = node->scratch_bytes};
        if (kernel->scratch_size)
            node->scratch_bytes += assay_round_up(kernel->scratch_size(kernel, &cuts[i].problem), ASSAY_PACK_ALIGN);
    }
    node->keeps_scratch = kernel->prepare != NULL;
    const bool good = state->parts && state->part_count > 0 && make_ranges(problem, cuts, arena, state);
    free(cuts);
    return good || assay_model_fail(error, "over the memory limit");
}

static bool prepare(struct assay_node *node, const struct assay_layer_values *values, struct assay_arena *arena,
                    struct assay_model_error *error)
{
    struct state *state = node->state;
    const struct assay_problem *layer = &state->layer;
    if (assay_layer_sums32(node, layer)) {
        state->sums32 = assay_sums32_make(node, layer, values, arena);
        return state->sums32 || assay_model_fail(error, "over the memory limit");
    }
    struct assay_problem problem = *layer, seen = *layer;
    if (layer->mode == ASSAY_MODE_FP16W && assay_executor_half(node->executor)) {
        seen.mode = problem.mode = ASSAY_MODE_FP16;
        state->half = assay_layer_half_make(node, arena, error);
        if (!state->half)
            return false;
    }
    state->kernel = assay_layer_has_lowest(node, values)
                        ? reference_of(layer, error)
                        : assay_layer_choose(node, &seen, values->data, &problem, error);
    if (!state->kernel || !make_parts(node, &problem, arena, error) || !pack_parts(node, values, arena, error))
        return false;
    state->chosen = problem;
    node->kernel = state->kernel->name;
    node->origin = state->kernel->origin;
    node->problem = &state->chosen;
    return true;
}

bool assay_layer_prepare(struct assay_node *node, const struct assay_problem *problem, struct assay_arena *arena,
                         struct assay_model_error *error)
{
    const char *invalid = assay_problem_invalid(problem);
    if (invalid)
        return assay_model_fail(error, "%s", invalid);
    struct state *state = node->state = assay_arena_take(arena, 1, sizeof(*state));
    if (!state)
        return assay_model_fail(error, "over the memory limit");
    state->layer = *problem;
    struct assay_layer_values values;
    const bool good = assay_layer_values_take(node, arena->limit - arena->bytes, &values, error) &&
                      prepare(node, &values, arena, error);
    assay_layer_values_free(&values);
    return good;
}

bool assay_layer_bind(struct assay_node *node, struct assay_model_error *error)
{
    struct state *state = node->state;
    const struct assay_kernel *kernel = state->kernel;
    const char *in = state->half ? assay_layer_half_in(state->half, node) : node->in[0]->data;
    char *out = state->half ? assay_layer_half_out(state->half, node) : node->out[0]->data;
    if (state->ranges)
        state->ranges->in = (const float *)(const void *)in;
    for (size_t i = 0; i < state->part_count; i++) {
        struct part *part = &state->parts[i];
        part->io = (struct assay_io){.in = in + part->cut.in, .out = out + part->cut.out};
        if (state->ranges)
            part->io.group_parameters = state->ranges->parameters + part->cut.first_group;
        part->scratch = node->scratch ? (char *)node->scratch + part->scratch_at : NULL;
        if (kernel->prepare && !kernel->prepare(kernel, &part->cut.problem, part->packed, &part->io, part->scratch))
            return assay_model_fail(error, "kernel %s refuses its buffers", kernel->name);
    }
    return true;
}

/* ReLU-1-to-1, which kernels do not fuse. In integers, the range that TFLite gives it: zero -+ round(1 / scale), cut by
 * the type, which the kernel did. */
static void clamp_unit(const struct state *state, void *values, size_t count)
{
    const struct assay_quantization *q = &state->layer.quantization;
    const float unit = assay_mode_is_integer(state->layer.mode) ? roundf(1.0f / q->out_scale) : 1.0f;
    const float low = (float)q->out_zero - unit, high = (float)q->out_zero + unit;
    if (state->layer.mode == ASSAY_MODE_INT8) {
        int8_t *out = values;
        for (size_t i = 0; i < count; i++)
            out[i] = (int8_t)(out[i] < low ? low : out[i] > high ? high : (float)out[i]);
    } else if (state->layer.mode == ASSAY_MODE_INT16X8) {
        int16_t *out = values;
        for (size_t i = 0; i < count; i++)
            out[i] = (int16_t)(out[i] < low ? low : out[i] > high ? high : (float)out[i]);
    } else {
        float *out = values;
        for (size_t i = 0; i < count; i++)
            out[i] = out[i] < -1.0f ? -1.0f : out[i] > 1.0f ? 1.0f : out[i];
    }
}

static void run_part(void *context, size_t i)
{
    const struct state *state = context;
    const struct part *part = &state->parts[i];
    if (state->ranges)
        assay_layer_ranges_share(state->ranges, i);
    state->kernel->run(state->kernel, &part->cut.problem, part->packed, &part->io, part->scratch);
}

void assay_layer_run(struct assay_node *node)
{
    struct state *state = node->state;
    if (state->half)
        assay_layer_half_enter(state->half, node);
    if (state->sums32)
        assay_sums32_run(state->sums32, node->in[0]->data, node->out[0]->data);
    else if (state->part_count == 1)
        run_part(state, 0);
    else
        assay_executor_parallel(node->executor, run_part, state, state->part_count);
    if (state->half)
        assay_layer_half_leave(state->half, node);
    size_t count;
    if (node->op->fused == ASSAY_FUSED_RELU_N1_TO_1 && assay_shape_count(&node->out[0]->shape, &count))
        clamp_unit(state, node->out[0]->data, count);
}
