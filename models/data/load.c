/* From samples to the inputs of a network. */
#include "models/data/parts.h"

#include <math.h>
#include <string.h>

/* Elements of one sample. */
static bool sample_elements(const struct assay_shape *shape, size_t *count)
{
    struct assay_shape rest = {.rank = shape->rank - 1};
    memcpy(rest.dims, shape->dims + 1, rest.rank * sizeof(rest.dims[0]));
    return assay_shape_count(&rest, count);
}

static bool is_quantized(const struct assay_tensor *tensor)
{
    return (tensor->type == ASSAY_TENSOR_I8 || tensor->type == ASSAY_TENSOR_U8 || tensor->type == ASSAY_TENSOR_I16) &&
           tensor->quantization.count == 1;
}

static bool input_fits(const struct assay_data_array *array, const struct assay_tensor *tensor, size_t i,
                       struct assay_model_error *error)
{
    size_t have = 0, wanted = 0;
    if (tensor->shape.rank == 0)
        return assay_model_fail(error, "input %zu of the network is a scalar, without a dimension for samples", i);
    if (!sample_elements(&array->shape, &have) || !sample_elements(&tensor->shape, &wanted) || have != wanted)
        return assay_model_fail(error, "input %zu: a sample has %zu elements, and the network takes %zu", i, have,
                                wanted);
    if (array->type != tensor->type && !(array->type == ASSAY_TENSOR_F32 && is_quantized(tensor)))
        return assay_model_fail(error, "input %zu: the samples are %s, and the network takes %s%s", i,
                                assay_tensor_type_name(array->type), assay_tensor_type_name(tensor->type),
                                is_quantized(tensor) ? " or f32" : "");
    return true;
}

bool assay_dataset_fits(const struct assay_dataset *dataset, const struct assay_subgraph *network,
                        struct assay_model_error *error)
{
    if (dataset->input_count != network->input_count)
        return assay_model_fail(error, "the dataset has %zu inputs, and the network %zu", dataset->input_count,
                                network->input_count);
    for (size_t i = 0; i < dataset->input_count; i++)
        if (!input_fits(&dataset->inputs[i], &network->tensors[network->inputs[i]], i, error))
            return false;
    return true;
}

/* clamp(round(x / scale) + zero), the division in f32. What is beyond any value of the type less any zero point
 * saturates before it becomes an integer; NaN is real zero. */
static int32_t quantize(float x, float scale, int32_t zero, int32_t low, int32_t high)
{
    const float limit = 131072.0f, rounded = roundf(x / scale);
    if (isnan(rounded))
        return zero;
    const int32_t q = zero + (int32_t)(rounded < -limit ? -limit : rounded > limit ? limit : rounded);
    return q < low ? low : q > high ? high : q;
}

#define QUANTIZE_ALL(type, low, high)  \
    for (size_t k = 0; k < count; k++) \
    ((type *)to)[k] = (type)quantize(from[k], scale, zero, low, high)

static void quantize_all(const float *from, size_t count, const struct assay_tensor *tensor, void *to)
{
    const float scale = tensor->quantization.scale[0];
    const int32_t zero = (int32_t)tensor->quantization.zero[0];
    if (tensor->type == ASSAY_TENSOR_I8)
        QUANTIZE_ALL(int8_t, INT8_MIN, INT8_MAX);
    else if (tensor->type == ASSAY_TENSOR_U8)
        QUANTIZE_ALL(uint8_t, 0, UINT8_MAX);
    else
        QUANTIZE_ALL(int16_t, INT16_MIN, INT16_MAX);
}

void assay_dataset_load(const struct assay_dataset *dataset, size_t input, size_t first, size_t count,
                        const struct assay_tensor *tensor, void *to)
{
    const struct assay_data_array *array = &dataset->inputs[input];
    const size_t sample = array->bytes / dataset->samples;
    const char *from = (const char *)array->data + first * sample;
    if (array->type == tensor->type)
        memcpy(to, from, count * sample);
    else
        quantize_all((const float *)(const void *)from, count * (sample / sizeof(float)), tensor, to);
}
