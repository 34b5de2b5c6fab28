#include "models/tflite/versions.h"

/* What the table looks at: an operand that is absent has no type and no dimensions. */
struct operand {
    enum assay_tensor_type type;
    size_t rank;
    const struct assay_tensor *tensor; /* NULL: absent */
};

struct operands {
    struct operand in[2], out;
};

static struct operand find(const struct assay_subgraph *subgraph, const int32_t *list, size_t count, size_t i)
{
    if (i >= count || list[i] < 0)
        return (struct operand){.type = ASSAY_TENSOR_TYPE_COUNT};
    const struct assay_tensor *tensor = &subgraph->tensors[list[i]];
    return (struct operand){tensor->type, tensor->shape.rank, tensor};
}

static struct operands find_all(const struct assay_subgraph *subgraph, const struct assay_operator *op)
{
    return (struct operands){
        {find(subgraph, op->inputs, op->input_count, 0), find(subgraph, op->inputs, op->input_count, 1)},
        find(subgraph, op->outputs, op->output_count, 0)};
}

/* Operators whose version follows from the type of one input. */
static const struct by_type {
    enum assay_operator_code code;
    int32_t input, i8, u8, i16, i32;
} by_type[] = {
    {ASSAY_OPERATOR_AVERAGE_POOL_2D, 0, 2, 1, 3, 1},
    {ASSAY_OPERATOR_MAX_POOL_2D, 0, 2, 1, 3, 1},
    {ASSAY_OPERATOR_CONCATENATION, 0, 2, 1, 3, 1},
    {ASSAY_OPERATOR_LOGISTIC, 0, 2, 1, 3, 1},
    {ASSAY_OPERATOR_TANH, 0, 2, 1, 3, 1},
    {ASSAY_OPERATOR_SOFTMAX, 0, 2, 1, 3, 1},
    {ASSAY_OPERATOR_MEAN, 0, 2, 1, 3, 1},
    {ASSAY_OPERATOR_RELU, 0, 2, 2, 3, 1},
    {ASSAY_OPERATOR_RELU6, 0, 2, 1, 3, 1},
    {ASSAY_OPERATOR_LEAKY_RELU, 0, 1, 1, 2, 1},
    {ASSAY_OPERATOR_L2_NORMALIZATION, 0, 2, 1, 1, 1},
    {ASSAY_OPERATOR_SPLIT, 1, 2, 1, 4, 3},
    {ASSAY_OPERATOR_SPLIT_V, 0, 2, 1, 1, 1},
};

static int32_t version_by_type(const struct by_type *row, const struct operands *o)
{
    switch (o->in[row->input].type) {
    case ASSAY_TENSOR_I8:
        return row->i8;
    case ASSAY_TENSOR_U8:
        return row->u8;
    case ASSAY_TENSOR_I16:
        return row->i16;
    case ASSAY_TENSOR_I32:
        return row->i32;
    default:
        return 1;
    }
}

static bool is_hybrid(const struct operands *o)
{
    return o->in[0].type == ASSAY_TENSOR_F32 && o->in[1].type == ASSAY_TENSOR_I8 && o->out.type == ASSAY_TENSOR_F32;
}

static bool is_integer(const struct operands *o, enum assay_tensor_type activations)
{
    return o->in[0].type == activations && o->out.type == activations &&
           (o->in[1].type == ASSAY_TENSOR_I8 || o->in[1].type == ASSAY_TENSOR_I16);
}

static bool is_quantized(const struct operand *operand)
{
    return operand->tensor && operand->tensor->quantization.count > 0;
}

static bool is_per_channel(const struct operand *operand)
{
    return operand->tensor && operand->tensor->quantization.count > 1;
}

/* As many scales as dimension `axis` has places: also where that is one. */
static bool has_scale_for_each(const struct operand *weights, size_t axis)
{
    return axis < weights->rank && is_quantized(weights) &&
           weights->tensor->quantization.count == (size_t)weights->tensor->shape.dims[axis];
}

static bool is_grouped(const struct operands *o)
{
    enum { RANK = 4, CHANNELS = 3 };
    return o->in[0].rank == RANK && o->in[1].rank == RANK &&
           o->in[0].tensor->shape.dims[CHANNELS] != o->in[1].tensor->shape.dims[CHANNELS];
}

static int32_t conv(const struct operands *o)
{
    if (is_grouped(o))
        return 6;
    if (is_integer(o, ASSAY_TENSOR_I16))
        return 4;
    if (is_integer(o, ASSAY_TENSOR_I8))
        return 3;
    if (is_hybrid(o))
        return has_scale_for_each(&o->in[1], 0) ? 5 : 2;
    return 1;
}

static int32_t depthwise(const struct assay_operator *op, const struct operands *o)
{
    if (is_integer(o, ASSAY_TENSOR_I16))
        return 5;
    if (is_hybrid(o))
        return has_scale_for_each(&o->in[1], 3) ? 6 : 4;
    if (is_integer(o, ASSAY_TENSOR_I8))
        return 3;
    return op->conv.dilation_h != 1 || op->conv.dilation_w != 1 ? 2 : 1;
}

static int32_t fully_connected(const struct assay_operator *op, const struct operands *o)
{
    /* One scale is that of the tensor, even if there is but one channel: old runtimes take it. */
    if (is_hybrid(o) && o->in[1].tensor->quantization.count > 1)
        return 12;
    if (o->in[1].tensor && o->in[1].tensor->sparsity)
        return 8;
    if (is_integer(o, ASSAY_TENSOR_I16))
        return 7;
    if (op->input_count == 2)
        return 6;
    if (op->fully_connected.keep_dims)
        return 5;
    if (is_integer(o, ASSAY_TENSOR_I8))
        return 4;
    return is_hybrid(o) ? 9 : 1;
}

static int32_t gather(const struct assay_operator *op, const struct operands *o)
{
    if (o->in[1].type == ASSAY_TENSOR_I16)
        return 6;
    if (op->axis.batch_dims != 0)
        return 5;
    if (o->in[0].type == ASSAY_TENSOR_I16)
        return 4;
    if (o->in[0].type == ASSAY_TENSOR_BOOL)
        return 3;
    return o->in[0].type == ASSAY_TENSOR_I8 ? 2 : 1;
}

static int32_t transpose(const struct operands *o)
{
    if (o->in[0].rank > 6)
        return 8;
    if (o->in[0].rank > 5)
        return 6;
    if (o->in[0].type == ASSAY_TENSOR_I16)
        return 5;
    if (o->in[0].rank > 4)
        return 4;
    if (o->in[0].type == ASSAY_TENSOR_BOOL)
        return 3;
    return o->in[0].type == ASSAY_TENSOR_I8 ? 2 : 1;
}

static int32_t slice(const struct operands *o)
{
    if (o->in[0].rank > 4)
        return 5;
    if (o->in[0].type == ASSAY_TENSOR_I16)
        return 4;
    return o->in[0].type == ASSAY_TENSOR_I8 ? 2 : 1;
}

static int32_t strided_slice(const struct assay_operator *op, const struct operands *o)
{
    if (op->strided_slice.offset)
        return 8;
    if (op->strided_slice.ellipsis_mask != 0 || op->strided_slice.new_axis_mask != 0)
        return 6;
    if (o->in[0].rank > 4)
        return 4;
    if (o->in[0].type == ASSAY_TENSOR_BOOL)
        return 3;
    return o->in[0].type == ASSAY_TENSOR_I8 ? 2 : 1;
}

static int32_t pad(const struct operands *o)
{
    if (o->in[0].type == ASSAY_TENSOR_BOOL)
        return 5;
    if (o->in[0].rank > 4)
        return 4;
    if (o->in[0].type == ASSAY_TENSOR_I16)
        return 3;
    return o->in[0].type == ASSAY_TENSOR_I8 ? 2 : 1;
}

static int32_t resize(const struct operands *o, bool moved)
{
    if (o->in[0].type == ASSAY_TENSOR_I16)
        return 4;
    if (moved)
        return 3;
    return o->in[0].type == ASSAY_TENSOR_I8 ? 2 : 1;
}

static int32_t add(const struct operands *o)
{
    switch (o->in[0].type) {
    case ASSAY_TENSOR_F16:
        return 6;
    case ASSAY_TENSOR_I64:
        return 4;
    case ASSAY_TENSOR_I16: /* quantized: by scales that are no powers of two */
        return is_quantized(&o->in[0]) ? 3 : 5;
    case ASSAY_TENSOR_I8:
        return 2;
    default:
        return 1;
    }
}

static int32_t sub(const struct operands *o)
{
    if (o->in[0].type == ASSAY_TENSOR_I16 && o->out.type == ASSAY_TENSOR_I16)
        return 5;
    if (o->in[0].type == ASSAY_TENSOR_I64)
        return 4;
    if ((o->in[0].rank > 4 || o->in[1].rank > 4) &&
        !assay_shape_equal(&o->in[0].tensor->shape, &o->in[1].tensor->shape))
        return 3;
    return o->in[0].type == ASSAY_TENSOR_I8 ? 2 : 1;
}

/* The product's scale, before it is rescaled to the output's, is no smaller than that one. */
static bool multiplies_up(const struct operands *o)
{
    return is_quantized(&o->in[0]) && is_quantized(&o->in[1]) && is_quantized(&o->out) &&
           o->in[0].tensor->quantization.scale[0] * o->in[1].tensor->quantization.scale[0] /
                   o->out.tensor->quantization.scale[0] >=
               1;
}

static int32_t mul(const struct operands *o)
{
    switch (o->in[0].type) {
    case ASSAY_TENSOR_F16:
        return 8;
    case ASSAY_TENSOR_I64:
        return 5;
    case ASSAY_TENSOR_I16:
        return is_quantized(&o->in[0]) || is_quantized(&o->in[1]) ? 4 : 7;
    default:
        return multiplies_up(o) ? 3 : o->in[0].type == ASSAY_TENSOR_I8 ? 2 : 1;
    }
}

static int32_t quantize(const struct operands *o)
{
    if (is_per_channel(&o->out))
        return 3;
    return o->out.type == ASSAY_TENSOR_I16 ? 2 : 1;
}

static int32_t dequantize(const struct operands *o)
{
    if (o->in[0].type == ASSAY_TENSOR_I16 || o->in[0].type == ASSAY_TENSOR_F16)
        return 3;
    if (o->in[0].type == ASSAY_TENSOR_I8)
        return is_per_channel(&o->in[0]) ? 5 : 2;
    return 1;
}

static int32_t batch_matmul(const struct operands *o)
{
    if (o->in[0].type == ASSAY_TENSOR_I16)
        return 3;
    if (o->in[0].type == ASSAY_TENSOR_I8)
        return 2;
    return is_hybrid(o) ? 4 : 1;
}

int32_t assay_tflite_version(const struct assay_subgraph *subgraph, const struct assay_operator *op)
{
    const struct operands o = find_all(subgraph, op);
    for (size_t i = 0; i < sizeof(by_type) / sizeof(by_type[0]); i++)
        if (by_type[i].code == op->code)
            return version_by_type(&by_type[i], &o);
    switch (op->code) {
    case ASSAY_OPERATOR_CONV_2D:
        return conv(&o);
    case ASSAY_OPERATOR_DEPTHWISE_CONV_2D:
        return depthwise(op, &o);
    case ASSAY_OPERATOR_FULLY_CONNECTED:
        return fully_connected(op, &o);
    case ASSAY_OPERATOR_GATHER:
        return gather(op, &o);
    case ASSAY_OPERATOR_TRANSPOSE:
        return transpose(&o);
    case ASSAY_OPERATOR_SLICE:
        return slice(&o);
    case ASSAY_OPERATOR_STRIDED_SLICE:
        return strided_slice(op, &o);
    case ASSAY_OPERATOR_PAD:
        return pad(&o);
    case ASSAY_OPERATOR_RESIZE_BILINEAR:
        return resize(&o, op->resize.half_pixel_centers);
    case ASSAY_OPERATOR_RESIZE_NEAREST_NEIGHBOR:
        return resize(&o, op->resize.half_pixel_centers || op->resize.align_corners);
    case ASSAY_OPERATOR_ADD:
        return add(&o);
    case ASSAY_OPERATOR_SUB:
        return sub(&o);
    case ASSAY_OPERATOR_MUL:
        return mul(&o);
    case ASSAY_OPERATOR_QUANTIZE:
        return quantize(&o);
    case ASSAY_OPERATOR_DEQUANTIZE:
        return dequantize(&o);
    case ASSAY_OPERATOR_BATCH_MATMUL:
        return batch_matmul(&o);
    default:
        return 1;
    }
}

bool assay_tflite_is_hybrid(const struct assay_subgraph *subgraph, const struct assay_operator *op)
{
    const struct operands o = find_all(subgraph, op);
    return is_hybrid(&o);
}
