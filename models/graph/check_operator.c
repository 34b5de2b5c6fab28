#include "models/graph/parts.h"

#include <math.h>

enum { ANY = 255 };

/* By the public format's description of each operator. An input past the least may be absent (-1). */
static const struct arity {
    unsigned char known, least_in, most_in, least_out, most_out;
} arities[ASSAY_OPERATOR_CODES] = {
#define TAKES(name, least_in, most_in, least_out, most_out) \
    [ASSAY_OPERATOR_##name] = {1, least_in, most_in, least_out, most_out},
    TAKES(ADD, 2, 2, 1, 1) TAKES(AVERAGE_POOL_2D, 1, 1, 1, 1) TAKES(CONCATENATION, 1, ANY, 1, 1)
        TAKES(CONV_2D, 2, 3, 1, 1) TAKES(DEPTHWISE_CONV_2D, 2, 3, 1, 1) TAKES(DEQUANTIZE, 1, 1, 1, 1)
            TAKES(FULLY_CONNECTED, 2, 3, 1, 1) TAKES(L2_NORMALIZATION, 1, 1, 1, 1) TAKES(LOGISTIC, 1, 1, 1, 1)
                TAKES(MAX_POOL_2D, 1, 1, 1, 1) TAKES(MUL, 2, 2, 1, 1) TAKES(RELU, 1, 1, 1, 1)
                    TAKES(RELU_N1_TO_1, 1, 1, 1, 1) TAKES(RELU6, 1, 1, 1, 1) TAKES(RESHAPE, 1, 2, 1, 1)
                        TAKES(RESIZE_BILINEAR, 2, 2, 1, 1) TAKES(SOFTMAX, 1, 1, 1, 1) TAKES(TANH, 1, 1, 1, 1)
                            TAKES(PAD, 2, 2, 1, 1) TAKES(GATHER, 2, 2, 1, 1) TAKES(TRANSPOSE, 2, 2, 1, 1)
                                TAKES(MEAN, 2, 2, 1, 1) TAKES(SUB, 2, 2, 1, 1) TAKES(SQUEEZE, 1, 1, 1, 1)
                                    TAKES(STRIDED_SLICE, 4, 4, 1, 1) TAKES(SPLIT, 2, 2, 1, ANY) TAKES(SLICE, 3, 3, 1, 1)
                                        TAKES(EXPAND_DIMS, 2, 2, 1, 1) TAKES(RESIZE_NEAREST_NEIGHBOR, 2, 2, 1, 1)
                                            TAKES(LEAKY_RELU, 1, 1, 1, 1) TAKES(SPLIT_V, 3, 3, 1, ANY)
                                                TAKES(QUANTIZE, 1, 1, 1, 1) TAKES(HARD_SWISH, 1, 1, 1, 1)
                                                    TAKES(DENSIFY, 1, 1, 1, 1) TAKES(BATCH_MATMUL, 2, 2, 1, 1)
                                                        TAKES(CALL_ONCE, 0, 0, 0, 0) TAKES(VAR_HANDLE, 0, 0, 1, 1)
                                                            TAKES(READ_VARIABLE, 1, 1, 1, 1)
                                                                TAKES(ASSIGN_VARIABLE, 2, 2, 0, 0)
#undef TAKES
};

static bool count_fits(const char *what, size_t count, size_t least, size_t most, struct assay_model_error *error)
{
    if (count < least)
        return assay_model_fail(error, "has %zu %s; it needs %zu", count, what, least);
    if (most != ANY && count > most)
        return assay_model_fail(error, "has %zu %s; it takes %zu", count, what, most);
    return true;
}

static bool positive(const char *what, int32_t height, int32_t width, struct assay_model_error *error)
{
    return (height > 0 && width > 0) ||
           assay_model_fail(error, "has a %s of %d x %d: both are at least 1", what, height, width);
}

static bool check_settings(const struct assay_operator *op, struct assay_model_error *error)
{
    switch (op->code) {
    case ASSAY_OPERATOR_CONV_2D:
    case ASSAY_OPERATOR_DEPTHWISE_CONV_2D:
        return positive("stride", op->conv.stride_h, op->conv.stride_w, error) &&
               positive("dilation", op->conv.dilation_h, op->conv.dilation_w, error);
    case ASSAY_OPERATOR_AVERAGE_POOL_2D:
    case ASSAY_OPERATOR_MAX_POOL_2D:
        return positive("stride", op->pool.stride_h, op->pool.stride_w, error) &&
               positive("filter", op->pool.filter_h, op->pool.filter_w, error);
    case ASSAY_OPERATOR_SOFTMAX:
        return isfinite(op->softmax.beta) || assay_model_fail(error, "has a beta that is no number");
    case ASSAY_OPERATOR_LEAKY_RELU:
        return isfinite(op->leaky_relu.alpha) || assay_model_fail(error, "has an alpha that is no number");
    case ASSAY_OPERATOR_VAR_HANDLE:
        return (op->variable.container && op->variable.name) || assay_model_fail(error, "has no name");
    default:
        return true;
    }
}

bool assay_graph_check_operator(const struct assay_operator *op, struct assay_model_error *error)
{
    const struct arity *arity = &arities[op->code];
    if (!arity->known)
        return assay_model_fail(error, "takes nobody knows how many tensors");
    if (!count_fits("inputs", op->input_count, arity->least_in, arity->most_in, error) ||
        !count_fits("outputs", op->output_count, arity->least_out, arity->most_out, error))
        return false;
    for (size_t i = 0; i < op->input_count; i++)
        if (op->inputs[i] == -1 && (i < arity->least_in || arity->most_in == ANY))
            return assay_model_fail(error, "lacks its input %zu", i);
    return check_settings(op, error);
}
