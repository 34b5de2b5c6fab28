#include "suites/bench/inputs.h"

#include "suites/probe/data.h"
#include "suites/probe/half.h"

#include <math.h>
#include <string.h>

bool inputs_bytes(const struct assay_value *value, size_t *bytes)
{
    size_t count;
    return assay_shape_count(&value->shape, &count) &&
           !__builtin_mul_overflow(count, assay_tensor_type_size(value->tensor->type), bytes);
}

/* 2^24 steps: every one of them a float. */
static float draw(struct data_random *random)
{
    return (float)(data_next(random) >> 40) * 0x1p-23f - 1.0f;
}

/* The nearest number of the tensor's quantization, ties to even. One division in double, so that all targets agree. */
static double quantized(float real, const struct assay_tensor *tensor, double low, double high)
{
    const double q =
        nearbyint((double)real / (double)tensor->quantization.scale[0]) + (double)tensor->quantization.zero[0];
    return q < low ? low : q > high ? high : q;
}

void inputs_draw(uint64_t seed, size_t index, const struct assay_value *value, void *data)
{
    struct data_random random = data_random_of(seed + index, DATA_INPUT);
    const struct assay_tensor *tensor = value->tensor;
    const bool stands_for_reals = tensor->quantization.count > 0;
    size_t count = 0, bytes = 0;
    if (!assay_shape_count(&value->shape, &count) || !inputs_bytes(value, &bytes))
        return;
    memset(data, 0, bytes);
    for (size_t i = 0; i < count; i++) {
        const float real = draw(&random);
        switch (tensor->type) {
        case ASSAY_TENSOR_F32:
            ((float *)data)[i] = real;
            break;
        case ASSAY_TENSOR_F16:
            ((uint16_t *)data)[i] = half_from_float(real);
            break;
        case ASSAY_TENSOR_I8:
            ((int8_t *)data)[i] = stands_for_reals ? (int8_t)quantized(real, tensor, INT8_MIN, INT8_MAX) : 0;
            break;
        case ASSAY_TENSOR_U8:
            ((uint8_t *)data)[i] = stands_for_reals ? (uint8_t)quantized(real, tensor, 0, UINT8_MAX) : 0;
            break;
        case ASSAY_TENSOR_I16:
            ((int16_t *)data)[i] = stands_for_reals ? (int16_t)quantized(real, tensor, INT16_MIN, INT16_MAX) : 0;
            break;
        default:
            return;
        }
    }
}
