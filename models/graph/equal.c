#include "models/graph/equal.h"

#include <string.h>

static bool equal_bytes(const void *a, const void *b, size_t count, size_t size)
{
    return count == 0 || memcmp(a, b, count * size) == 0;
}

static bool equal_lists(const int32_t *a, size_t a_count, const int32_t *b, size_t b_count)
{
    return a_count == b_count && equal_bytes(a, b, a_count, sizeof(*a));
}

static bool equal_quantization(const struct assay_tensor_quantization *a, const struct assay_tensor_quantization *b)
{
    return a->count == b->count && equal_bytes(a->scale, b->scale, a->count, sizeof(*a->scale)) &&
           equal_bytes(a->zero, b->zero, a->count, sizeof(*a->zero)) && (a->count <= 1 || a->axis == b->axis);
}

static bool equal_dimensions(const struct assay_sparse_dimension *a, const struct assay_sparse_dimension *b)
{
    return a->compressed == b->compressed && a->size == b->size &&
           equal_lists(a->segments, a->segment_count, b->segments, b->segment_count) &&
           equal_lists(a->indices, a->index_count, b->indices, b->index_count);
}

static bool equal_sparsity(const struct assay_sparsity *a, const struct assay_sparsity *b)
{
    if (!a || !b)
        return !a && !b;
    if (!equal_lists(a->traversal_order, a->traversal_count, b->traversal_order, b->traversal_count) ||
        !equal_lists(a->block_map, a->block_count, b->block_map, b->block_count) ||
        a->dimension_count != b->dimension_count)
        return false;
    for (size_t i = 0; i < a->dimension_count; i++)
        if (!equal_dimensions(&a->dimensions[i], &b->dimensions[i]))
            return false;
    return true;
}

/* The member that differs; NULL: none does. */
static const char *compare_tensors(const struct assay_tensor *a, const struct assay_tensor *b)
{
    if (strcmp(a->name, b->name) != 0)
        return "name";
    if (a->type != b->type)
        return "type";
    if (!assay_shape_equal(&a->shape, &b->shape))
        return "shape";
    if (!equal_quantization(&a->quantization, &b->quantization))
        return "quantization";
    if (!a->data != !b->data || a->bytes != b->bytes || !equal_bytes(a->data, b->data, a->bytes, 1))
        return "data";
    if (!equal_sparsity(a->sparsity, b->sparsity))
        return "sparse encoding";
    return a->variable != b->variable ? "being a variable" : NULL;
}

static bool equal_texts(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool equal_settings(const struct assay_operator *a, const struct assay_operator *b)
{
    switch (a->code) {
    case ASSAY_OPERATOR_CONV_2D:
    case ASSAY_OPERATOR_DEPTHWISE_CONV_2D:
        return a->conv.padding == b->conv.padding && a->conv.stride_h == b->conv.stride_h &&
               a->conv.stride_w == b->conv.stride_w && a->conv.dilation_h == b->conv.dilation_h &&
               a->conv.dilation_w == b->conv.dilation_w &&
               (a->code == ASSAY_OPERATOR_CONV_2D || a->conv.multiplier == b->conv.multiplier);
    case ASSAY_OPERATOR_AVERAGE_POOL_2D:
    case ASSAY_OPERATOR_MAX_POOL_2D:
        return a->pool.padding == b->pool.padding && a->pool.stride_h == b->pool.stride_h &&
               a->pool.stride_w == b->pool.stride_w && a->pool.filter_h == b->pool.filter_h &&
               a->pool.filter_w == b->pool.filter_w;
    case ASSAY_OPERATOR_FULLY_CONNECTED:
    case ASSAY_OPERATOR_MEAN:
        return a->fully_connected.keep_dims == b->fully_connected.keep_dims;
    case ASSAY_OPERATOR_CONCATENATION:
        return a->axis.axis == b->axis.axis;
    case ASSAY_OPERATOR_GATHER:
        return a->axis.axis == b->axis.axis && a->axis.batch_dims == b->axis.batch_dims;
    case ASSAY_OPERATOR_SOFTMAX:
        return a->softmax.beta == b->softmax.beta;
    case ASSAY_OPERATOR_LEAKY_RELU:
        return a->leaky_relu.alpha == b->leaky_relu.alpha;
    case ASSAY_OPERATOR_RESHAPE:
        return a->reshape.given == b->reshape.given &&
               (!a->reshape.given || assay_shape_equal(&a->reshape.shape, &b->reshape.shape));
    case ASSAY_OPERATOR_SQUEEZE: /* none given is as good as none */
        return assay_shape_equal(&a->reshape.shape, &b->reshape.shape);
    case ASSAY_OPERATOR_STRIDED_SLICE:
        return a->strided_slice.begin_mask == b->strided_slice.begin_mask &&
               a->strided_slice.end_mask == b->strided_slice.end_mask &&
               a->strided_slice.ellipsis_mask == b->strided_slice.ellipsis_mask &&
               a->strided_slice.new_axis_mask == b->strided_slice.new_axis_mask &&
               a->strided_slice.shrink_axis_mask == b->strided_slice.shrink_axis_mask &&
               a->strided_slice.offset == b->strided_slice.offset;
    case ASSAY_OPERATOR_SPLIT:
    case ASSAY_OPERATOR_SPLIT_V:
        return a->split.count == b->split.count;
    case ASSAY_OPERATOR_RESIZE_BILINEAR:
    case ASSAY_OPERATOR_RESIZE_NEAREST_NEIGHBOR:
        return a->resize.align_corners == b->resize.align_corners &&
               a->resize.half_pixel_centers == b->resize.half_pixel_centers;
    case ASSAY_OPERATOR_BATCH_MATMUL:
        return a->batch_matmul.adjoint_x == b->batch_matmul.adjoint_x &&
               a->batch_matmul.adjoint_y == b->batch_matmul.adjoint_y;
    case ASSAY_OPERATOR_VAR_HANDLE:
        return equal_texts(a->variable.container, b->variable.container) &&
               equal_texts(a->variable.name, b->variable.name);
    case ASSAY_OPERATOR_CALL_ONCE:
        return a->call_once.subgraph == b->call_once.subgraph;
    default:
        return true;
    }
}

static const char *compare_operators(const struct assay_operator *a, const struct assay_operator *b)
{
    if (a->code != b->code)
        return "code";
    if (!equal_lists(a->inputs, a->input_count, b->inputs, b->input_count))
        return "inputs";
    if (!equal_lists(a->outputs, a->output_count, b->outputs, b->output_count))
        return "outputs";
    if (a->fused != b->fused)
        return "fused activation";
    return equal_settings(a, b) ? NULL : "settings";
}

static bool equal_subgraphs(const struct assay_subgraph *a, const struct assay_subgraph *b, size_t index,
                            struct assay_model_error *difference)
{
    if (!equal_texts(a->name, b->name) || a->tensor_count != b->tensor_count ||
        a->operator_count != b->operator_count || !equal_lists(a->inputs, a->input_count, b->inputs, b->input_count) ||
        !equal_lists(a->outputs, a->output_count, b->outputs, b->output_count))
        return assay_model_fail(
            difference, "subgraph %zu: its name, inputs, outputs or how many tensors and operators it has", index);
    for (size_t i = 0; i < a->tensor_count; i++) {
        const char *what = compare_tensors(&a->tensors[i], &b->tensors[i]);
        if (what)
            return assay_model_fail(difference, "subgraph %zu, tensor %zu (%.80s): its %s", index, i,
                                    a->tensors[i].name, what);
    }
    for (size_t i = 0; i < a->operator_count; i++) {
        const char *what = compare_operators(&a->operators[i], &b->operators[i]);
        if (what)
            return assay_model_fail(difference, "subgraph %zu, operator %zu (%s): its %s", index, i,
                                    assay_operator_name(a->operators[i].code), what);
    }
    return true;
}

struct place {
    size_t subgraph, tensor;
};

/* The first tensor that has the same data: no more of it, and no less. */
static struct place find_first(const struct assay_graph *graph, const struct assay_tensor *tensor)
{
    for (size_t g = 0; g < graph->subgraph_count; g++)
        for (size_t i = 0; i < graph->subgraphs[g].tensor_count; i++)
            if (graph->subgraphs[g].tensors[i].data == tensor->data &&
                graph->subgraphs[g].tensors[i].bytes == tensor->bytes)
                return (struct place){g, i};
    return (struct place){graph->subgraph_count, 0};
}

/* What shares one copy in one graph does so in the other. */
static bool equal_sharing(const struct assay_graph *a, const struct assay_graph *b,
                          struct assay_model_error *difference)
{
    for (size_t g = 0; g < a->subgraph_count; g++)
        for (size_t i = 0; i < a->subgraphs[g].tensor_count; i++) {
            const struct assay_tensor *tensor = &a->subgraphs[g].tensors[i];
            if (tensor->bytes == 0)
                continue;
            const struct place first = find_first(a, tensor), other = find_first(b, &b->subgraphs[g].tensors[i]);
            if (first.subgraph != other.subgraph || first.tensor != other.tensor)
                return assay_model_fail(difference, "subgraph %zu, tensor %zu (%.80s): whose data it shares", g, i,
                                        tensor->name);
        }
    return true;
}

bool assay_graph_equal(const struct assay_graph *a, const struct assay_graph *b, struct assay_model_error *difference)
{
    if (!equal_texts(a->description, b->description) || a->subgraph_count != b->subgraph_count)
        return assay_model_fail(difference, "its description or how many subgraphs it has");
    for (size_t i = 0; i < a->subgraph_count; i++)
        if (!equal_subgraphs(&a->subgraphs[i], &b->subgraphs[i], i, difference))
            return false;
    return equal_sharing(a, b, difference);
}
