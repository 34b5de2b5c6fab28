#include "models/ops/layer_half.h"

#include "models/run/executor.h"

struct border {
    const struct assay_kernel *kernel;
    struct assay_problem problem;
    void *packed;
    size_t halves, scratch; /* bytes into the node's scratch: the f16 values, what the kernel needs beside */
};

struct assay_layer_half {
    struct border in, out;
};

static bool take_scratch(struct assay_node *node, size_t bytes, size_t *at)
{
    *at = node->scratch_bytes;
    return !__builtin_add_overflow(node->scratch_bytes, assay_round_up(bytes, ASSAY_PACK_ALIGN), &node->scratch_bytes);
}

static bool make_border(struct assay_node *node, const struct assay_value *value, enum assay_conversion conversion,
                        struct border *border, struct assay_arena *arena, struct assay_model_error *error)
{
    size_t count;
    if (!assay_shape_count(&value->shape, &count) || count > PTRDIFF_MAX / sizeof(float))
        return assay_model_fail(error, "it is too large");
    border->problem = (struct assay_problem){.op = ASSAY_OP_QUANTIZE,
                                             .mode = assay_conversion_mode(conversion),
                                             .quantize = {conversion, 1, count, count, count}};
    border->problem.quantization = (struct assay_quantization){.in_scale = 1.0f, .out_scale = 1.0f};
    border->kernel = assay_executor_kernel(node->executor, &border->problem, error);
    if (!border->kernel)
        return false;
    const struct assay_kernel *kernel = border->kernel;
    const size_t scratch = kernel->scratch_size ? kernel->scratch_size(kernel, &border->problem) : 0;
    const struct assay_weights none = {0};
    border->packed = assay_arena_take(arena, kernel->packed_size(kernel, &border->problem), 1);
    return (take_scratch(node, count * sizeof(assay_f16), &border->halves) &&
            take_scratch(node, scratch, &border->scratch) && border->packed &&
            kernel->pack(kernel, &border->problem, &none, border->packed)) ||
           assay_model_fail(error, "over the memory limit");
}

struct assay_layer_half *assay_layer_half_make(struct assay_node *node, struct assay_arena *arena,
                                               struct assay_model_error *error)
{
    struct assay_layer_half *half = assay_arena_take(arena, 1, sizeof(*half));
    if (!half)
        assay_model_fail(error, "over the memory limit");
    const bool good = half && make_border(node, node->in[0], ASSAY_F32_F16, &half->in, arena, error) &&
                      make_border(node, node->out[0], ASSAY_F16_F32, &half->out, arena, error);
    return good ? half : NULL;
}

const void *assay_layer_half_in(const struct assay_layer_half *half, const struct assay_node *node)
{
    return (char *)node->scratch + half->in.halves;
}

void *assay_layer_half_out(const struct assay_layer_half *half, const struct assay_node *node)
{
    return (char *)node->scratch + half->out.halves;
}

/* prepare() of such a kernel, if it had one, would be no work. */
static void convert(const struct border *border, const struct assay_node *node, const void *in, void *out)
{
    const struct assay_kernel *kernel = border->kernel;
    const struct assay_io io = {.in = in, .out = out};
    void *scratch = (char *)node->scratch + border->scratch;
    if (!kernel->prepare || kernel->prepare(kernel, &border->problem, border->packed, &io, scratch))
        kernel->run(kernel, &border->problem, border->packed, &io, scratch);
}

void assay_layer_half_enter(const struct assay_layer_half *half, const struct assay_node *node)
{
    convert(&half->in, node, node->in[0]->data, (char *)node->scratch + half->in.halves);
}

void assay_layer_half_leave(const struct assay_layer_half *half, const struct assay_node *node)
{
    convert(&half->out, node, (char *)node->scratch + half->out.halves, node->out[0]->data);
}
