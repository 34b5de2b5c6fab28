#include "suites/eval/reals.h"

bool reals_possible(const struct assay_tensor *tensor)
{
    return tensor->quantization.count <= 1 && tensor->type != ASSAY_TENSOR_RESOURCE;
}

struct reals reals_of(const struct assay_tensor *tensor, const void *data)
{
    const bool quantized = tensor->quantization.count == 1 && tensor->type != ASSAY_TENSOR_F32;
    return (struct reals){tensor->type, quantized ? (double)tensor->quantization.scale[0] : 1,
                          quantized ? tensor->quantization.zero[0] : 0, data};
}

struct reals reals_of_samples(const struct assay_data_array *array, size_t samples, size_t first,
                              const struct assay_tensor *tensor)
{
    const void *data = (const char *)array->data + array->bytes / samples * first;
    return array->type == tensor->type ? reals_of(tensor, data) : (struct reals){array->type, 1, 0, data};
}

#define READ(element)                  \
    for (size_t i = 0; i < count; i++) \
    to[i] = reals->scale * ((double)((const element *)reals->data)[first + i] - (double)reals->zero)

void reals_read(const struct reals *reals, size_t first, size_t count, double *to)
{
    switch (reals->type) {
    case ASSAY_TENSOR_F32:
        READ(float);
        break;
    case ASSAY_TENSOR_F16:
        READ(_Float16);
        break;
    case ASSAY_TENSOR_I8:
        READ(int8_t);
        break;
    case ASSAY_TENSOR_U8:
    case ASSAY_TENSOR_BOOL:
        READ(uint8_t);
        break;
    case ASSAY_TENSOR_I16:
        READ(int16_t);
        break;
    case ASSAY_TENSOR_I32:
        READ(int32_t);
        break;
    default:
        READ(int64_t);
    }
}
