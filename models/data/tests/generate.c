/* Generated samples: what they promise of range, type, repetition and smoothness. */
#include "models/data/generate.h"
#include "models/tests/expect.h"

#include <math.h>
#include <string.h>

static const float scale = 0.5f;
static const int64_t zero = 3;

static struct assay_tensor tensor_of(enum assay_tensor_type type, struct assay_shape shape)
{
    struct assay_tensor tensor = {.name = "x", .type = type, .shape = shape};
    if (type != ASSAY_TENSOR_F32 && type != ASSAY_TENSOR_I32)
        tensor.quantization = (struct assay_tensor_quantization){1, &scale, &zero, 0};
    return tensor;
}

static struct assay_dataset *generate(const struct assay_tensor *tensor, struct assay_generate_options options,
                                      struct assay_model_error *error)
{
    const int32_t index = 0;
    const struct assay_subgraph network = {.tensor_count = 1, .tensors = tensor, .input_count = 1, .inputs = &index};
    return assay_dataset_generate(&network, options, error);
}

static double at(const struct assay_data_array *array, size_t i)
{
    switch (array->type) {
    case ASSAY_TENSOR_F32:
        return (double)((const float *)array->data)[i];
    case ASSAY_TENSOR_I8:
        return ((const int8_t *)array->data)[i];
    case ASSAY_TENSOR_U8:
        return ((const uint8_t *)array->data)[i];
    case ASSAY_TENSOR_I16:
        return ((const int16_t *)array->data)[i];
    default:
        return ((const int32_t *)array->data)[i];
    }
}

/* Within the range, using at least half of it, the same again, and a longer set begins alike. */
static void check(enum assay_tensor_type type, struct assay_shape shape, struct assay_generate_options options,
                  enum assay_tensor_type expected, double low, double high)
{
    struct assay_model_error error = {{0}};
    const struct assay_tensor tensor = tensor_of(type, shape);
    struct assay_dataset *short_set = generate(&tensor, options, &error);
    options.samples += 3;
    struct assay_dataset *long_set = generate(&tensor, options, &error);
    options.seed++;
    struct assay_dataset *other = generate(&tensor, options, &error);
    EXPECT(short_set && long_set && other, "not made: %s", error.text);
    if (short_set && long_set && other) {
        const struct assay_data_array *array = &short_set->inputs[0];
        EXPECT(array->type == expected && array->shape.dims[0] == (int32_t)short_set->samples, "another type or shape");
        EXPECT(memcmp(array->data, long_set->inputs[0].data, array->bytes) == 0, "a longer set begins otherwise");
        EXPECT(memcmp(array->data, other->inputs[0].data, array->bytes) != 0, "another seed, the same samples");
        double least = INFINITY, most = -INFINITY;
        for (size_t i = 0; i < array->bytes / assay_tensor_type_size(array->type); i++) {
            least = fmin(least, at(array, i));
            most = fmax(most, at(array, i));
        }
        EXPECT(least >= low && most <= high, "%g to %g leaves %g to %g", least, most, low, high);
        EXPECT(most - least >= (high - low) / 2, "%g to %g is little of %g to %g", least, most, low, high);
    }
    assay_generated_free(short_set);
    assay_generated_free(long_set);
    assay_generated_free(other);
}

/* The mean difference of neighbours in a row, as a share of the range that is in use. */
static double roughness(const struct assay_data_array *array, size_t sample)
{
    const size_t height = (size_t)array->shape.dims[1], width = (size_t)array->shape.dims[2];
    const size_t channels = (size_t)array->shape.dims[3], first = sample * height * width * channels;
    double sum = 0;
    for (size_t i = 0; i < height * width * channels; i++)
        if (i / channels % width > 0)
            sum += fabs(at(array, first + i) - at(array, first + i - channels));
    return sum / (double)(height * (width - 1) * channels) / 2;
}

static void check_kinds(void)
{
    const struct assay_tensor tensor = tensor_of(ASSAY_TENSOR_F32, (struct assay_shape){4, {1, 17, 32, 3}});
    struct assay_model_error error;
    for (int kind = 0; kind < ASSAY_GENERATE_KINDS; kind++) {
        const struct assay_generate_options options = {.samples = 6, .kind = (enum assay_generate_kind)kind};
        struct assay_dataset *dataset = generate(&tensor, options, &error);
        EXPECT(dataset, "not made");
        for (size_t i = 0; dataset && i < dataset->samples; i++) {
            const bool smooth = kind == ASSAY_GENERATE_SMOOTH || (kind == ASSAY_GENERATE_MIXED && i % 2 == 0);
            const double rough = roughness(&dataset->inputs[0], i);
            EXPECT(smooth ? rough < 0.15 : rough > 0.25, "%s, sample %zu: neighbours differ by %g",
                   assay_generate_kind_names[kind], i, rough);
        }
        assay_generated_free(dataset);
    }
}

static void expect_refused(enum assay_tensor_type type, struct assay_shape shape, struct assay_generate_options options,
                           const char *words)
{
    struct assay_model_error error = {{0}};
    const struct assay_tensor tensor = tensor_of(type, shape);
    struct assay_dataset *dataset = generate(&tensor, options, &error);
    EXPECT(!dataset && strstr(error.text, words), "not '%s' but '%s'", words, error.text);
    assay_generated_free(dataset);
}

int main(void)
{
    const struct assay_shape shapes[] = {{1, {1}},          {2, {1, 50}},         {3, {5, 7, 3}},
                                         {4, {1, 8, 9, 3}}, {5, {1, 3, 2, 4, 1}}, {2, {4, 1}}};
    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
        for (int kind = 0; kind < ASSAY_GENERATE_KINDS; kind++) {
            const struct assay_generate_options plain = {
                .samples = 40, .seed = i, .kind = (enum assay_generate_kind)kind};
            struct assay_generate_options ranged = plain;
            ranged.ranged = true;
            ranged.low = -3;
            ranged.high = 1000;
            /* Where a sample is one number, all of it is stretched to one shade, near the lower end. */
            if (i != 0 && i != 5) {
                check(ASSAY_TENSOR_F32, shapes[i], plain, ASSAY_TENSOR_F32, -1, 1);
                check(ASSAY_TENSOR_I8, shapes[i], plain, ASSAY_TENSOR_I8, -128, 127);
                check(ASSAY_TENSOR_U8, shapes[i], plain, ASSAY_TENSOR_U8, 0, 255);
                check(ASSAY_TENSOR_I16, shapes[i], plain, ASSAY_TENSOR_I16, -32768, 32767);
                check(ASSAY_TENSOR_I8, shapes[i], ranged, ASSAY_TENSOR_F32, -3, 1000);
                check(ASSAY_TENSOR_I32, shapes[i], ranged, ASSAY_TENSOR_I32, -3, 1000);
            } else if (kind == ASSAY_GENERATE_NOISE) {
                check(ASSAY_TENSOR_F32, shapes[i], plain, ASSAY_TENSOR_F32, -1, 1);
            }
        }
    check_kinds();
    const struct assay_generate_options three = {.samples = 3}, none = {0};
    const struct assay_generate_options wide = {.samples = 3, .ranged = true, .low = -1e10f, .high = 1};
    expect_refused(ASSAY_TENSOR_I32, shapes[1], three, "range");
    expect_refused(ASSAY_TENSOR_I64, shapes[1], three, "i64");
    expect_refused(ASSAY_TENSOR_F32, (struct assay_shape){0}, three, "dimensions");
    expect_refused(ASSAY_TENSOR_F32, (struct assay_shape){2, {1, 0}}, three, "dimension 1");
    expect_refused(ASSAY_TENSOR_F32, (struct assay_shape){4, {1, 1 << 30, 1 << 30, 1 << 30}}, three, "overflows");
    expect_refused(ASSAY_TENSOR_F32, shapes[1], none, "0 samples");
    expect_refused(ASSAY_TENSOR_I32, shapes[1], wide, "does not hold");
    return failures != 0;
}
