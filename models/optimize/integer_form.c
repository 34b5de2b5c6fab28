#include "models/optimize/integer_form.h"

#include <math.h>

enum assay_integer_form assay_integer_form_of(enum assay_operator_code code)
{
    switch (code) {
    case ASSAY_OPERATOR_CONV_2D:
    case ASSAY_OPERATOR_DEPTHWISE_CONV_2D:
    case ASSAY_OPERATOR_FULLY_CONNECTED:
        return ASSAY_INTEGER_LAYER;
    case ASSAY_OPERATOR_ADD:
    case ASSAY_OPERATOR_SUB:
    case ASSAY_OPERATOR_MUL:
    case ASSAY_OPERATOR_MEAN:
    case ASSAY_OPERATOR_RELU:
    case ASSAY_OPERATOR_RELU_N1_TO_1:
    case ASSAY_OPERATOR_LEAKY_RELU:
    case ASSAY_OPERATOR_HARD_SWISH:
    case ASSAY_OPERATOR_BATCH_MATMUL:
        return ASSAY_INTEGER_FREE;
    case ASSAY_OPERATOR_RELU6: /* the specification leaves it free; the reference kernel cuts without rescaling */
    case ASSAY_OPERATOR_AVERAGE_POOL_2D:
    case ASSAY_OPERATOR_MAX_POOL_2D:
    case ASSAY_OPERATOR_RESHAPE:
    case ASSAY_OPERATOR_SQUEEZE:
    case ASSAY_OPERATOR_EXPAND_DIMS:
    case ASSAY_OPERATOR_CONCATENATION:
    case ASSAY_OPERATOR_PAD:
    case ASSAY_OPERATOR_TRANSPOSE:
    case ASSAY_OPERATOR_SLICE:
    case ASSAY_OPERATOR_STRIDED_SLICE:
    case ASSAY_OPERATOR_SPLIT:
    case ASSAY_OPERATOR_SPLIT_V:
    case ASSAY_OPERATOR_GATHER:
    case ASSAY_OPERATOR_RESIZE_BILINEAR:
    case ASSAY_OPERATOR_RESIZE_NEAREST_NEIGHBOR:
        return ASSAY_INTEGER_SHARED;
    case ASSAY_OPERATOR_LOGISTIC:
    case ASSAY_OPERATOR_SOFTMAX:
    case ASSAY_OPERATOR_TANH:
    case ASSAY_OPERATOR_L2_NORMALIZATION:
        return ASSAY_INTEGER_FIXED;
    default:
        return ASSAY_INTEGER_NONE;
    }
}

struct assay_parameters assay_integer_fixed(enum assay_operator_code code, enum assay_tensor_type type)
{
    if (type == ASSAY_TENSOR_I16)
        return (struct assay_parameters){1.0f / 32768, 0};
    if (code == ASSAY_OPERATOR_LOGISTIC || code == ASSAY_OPERATOR_SOFTMAX)
        return (struct assay_parameters){1.0f / 256, -128};
    return (struct assay_parameters){1.0f / 128, 0};
}

static void ends(enum assay_tensor_type type, int32_t *low, int32_t *high)
{
    *low = type == ASSAY_TENSOR_I16 ? INT16_MIN : INT8_MIN;
    *high = type == ASSAY_TENSOR_I16 ? INT16_MAX : INT8_MAX;
}

struct assay_parameters assay_integer_parameters(enum assay_tensor_type type, double low, double high)
{
    const double least = 1e-12;
    if (!(low < high))
        return (struct assay_parameters){1.0f, type == ASSAY_TENSOR_I16 ? 0 : INT8_MIN};
    if (type == ASSAY_TENSOR_I16)
        return (struct assay_parameters){(float)fmax(fmax(-low, high) / INT16_MAX, least), 0};
    const float scale = (float)fmax((high - low) / 255, least);
    const double zero = round(INT8_MIN - low / (double)scale);
    return (struct assay_parameters){scale, (int64_t)fmin(fmax(zero, INT8_MIN), INT8_MAX)};
}

void assay_integer_reach(enum assay_tensor_type type, struct assay_parameters p, double *low, double *high)
{
    int32_t least, most;
    ends(type, &least, &most);
    *low = (double)p.scale * (double)(least - p.zero);
    *high = (double)p.scale * (double)(most - p.zero);
}

int32_t assay_integer_of(enum assay_tensor_type type, float real, struct assay_parameters p)
{
    int32_t low, high;
    ends(type, &low, &high);
    return (int32_t)fmin(fmax(round((double)(real / p.scale)) + (double)p.zero, low), high);
}
