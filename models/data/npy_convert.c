/* NumPy's numbers as a dataset's. */
#include "models/data/npy.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum assay_tensor_type assay_npy_type(const struct assay_npy *npy)
{
    if (npy->kind == 'f')
        return ASSAY_TENSOR_F32;
    if (npy->kind == 'b' || (npy->kind == 'u' && npy->width == 1))
        return ASSAY_TENSOR_U8;
    if (npy->kind == 'i' && npy->width <= 2)
        return npy->width == 1 ? ASSAY_TENSOR_I8 : ASSAY_TENSOR_I16;
    return ASSAY_TENSOR_I32;
}

static double real_at(const struct assay_npy *npy, size_t i)
{
    const unsigned char *at = npy->data + i * npy->width;
    _Float16 half;
    float single;
    double real;
    switch (npy->width) {
    case 2:
        memcpy(&half, at, sizeof(half));
        return (double)half;
    case 4:
        memcpy(&single, at, sizeof(single));
        return (double)single;
    default:
        memcpy(&real, at, sizeof(real));
        return real;
    }
}

/* Two's complement of any width, widened. An u8 beyond int64 becomes INT64_MAX, which no type of a dataset holds. */
static int64_t integer_at(const struct assay_npy *npy, size_t i)
{
    uint64_t value = 0;
    memcpy(&value, npy->data + i * npy->width, npy->width);
    if (npy->kind == 'i') {
        const unsigned unused = 64 - 8 * (unsigned)npy->width;
        return (int64_t)(value << unused) >> unused;
    }
    return value > INT64_MAX ? INT64_MAX : (int64_t)value;
}

static bool holds(enum assay_tensor_type type, double value)
{
    switch (type) {
    case ASSAY_TENSOR_F32:
        return isfinite(value) && isfinite((float)value);
    case ASSAY_TENSOR_I8:
        return value == trunc(value) && value >= INT8_MIN && value <= INT8_MAX;
    case ASSAY_TENSOR_U8:
        return value == trunc(value) && value >= 0 && value <= UINT8_MAX;
    case ASSAY_TENSOR_I16:
        return value == trunc(value) && value >= INT16_MIN && value <= INT16_MAX;
    default:
        return value == trunc(value) && value >= INT32_MIN && value <= INT32_MAX;
    }
}

static void store(enum assay_tensor_type type, void *to, size_t i, double value)
{
    switch (type) {
    case ASSAY_TENSOR_F32:
        ((float *)to)[i] = (float)value;
        break;
    case ASSAY_TENSOR_I8:
        ((int8_t *)to)[i] = (int8_t)value;
        break;
    case ASSAY_TENSOR_U8:
        ((uint8_t *)to)[i] = (uint8_t)value;
        break;
    case ASSAY_TENSOR_I16:
        ((int16_t *)to)[i] = (int16_t)value;
        break;
    default:
        ((int32_t *)to)[i] = (int32_t)value;
    }
}

void *assay_npy_convert(const struct assay_npy *npy, enum assay_tensor_type type, struct assay_model_error *error)
{
    void *to = calloc(npy->count + 1, assay_tensor_type_size(type));
    if (!to)
        assay_model_fail(error, "no memory for %zu elements", npy->count);
    for (size_t i = 0; to && i < npy->count; i++) {
        /* What a double does not hold to the last digit, no integer type here holds at all. */
        const double value = npy->kind == 'f' ? real_at(npy, i) : (double)integer_at(npy, i);
        const bool odd_bool = npy->kind == 'b' && value > 1;
        if (holds(type, value) && !odd_bool) {
            store(type, to, i, value);
            continue;
        }
        assay_model_fail(error, "element %zu is %g, which %s does not hold", i, value,
                         odd_bool ? "a bool" : assay_tensor_type_name(type));
        free(to);
        to = NULL;
    }
    return to;
}
