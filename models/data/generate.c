#include "models/data/generate.h"

#include "models/data/parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const assay_generate_kind_names[ASSAY_GENERATE_KINDS] = {"noise", "smooth", "mixed"};

enum { WAVES = 5, MOST_CYCLES = 3 };

struct generated {
    struct assay_dataset dataset;
    struct assay_data_array inputs[ASSAY_DATASET_MOST_INPUTS];
};

/* SplitMix64 (Steele, Lea, Flood 2014): any state is as good as any other. */
static uint64_t draw(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* [0, 1) */
static double draw_unit(uint64_t *state)
{
    return (double)(draw(state) >> 11) * 0x1p-53;
}

/* The sample's own state: two steps, so that neither neighbouring samples nor neighbouring seeds have much in common.
 */
static uint64_t state_of(uint64_t seed, size_t input, size_t sample)
{
    uint64_t state = seed;
    state = draw(&state) ^ (uint64_t)input;
    state = draw(&state) ^ (uint64_t)sample;
    return draw(&state);
}

struct wave {
    double amplitude, cycles[ASSAY_MAX_RANK];
};

/* Of a sample's shape: the last dimension is that of channels, if there is another one beside. */
static size_t channels_of(const struct assay_shape *shape)
{
    return shape->rank >= 3 ? (size_t)shape->dims[shape->rank - 1] : 1;
}

static double angle_at(const struct wave *wave, const struct assay_shape *shape, size_t place)
{
    double angle = 0;
    for (size_t d = shape->rank - (shape->rank >= 3); d-- > 1; place /= (size_t)shape->dims[d])
        angle += wave->cycles[d] * (double)(place % (size_t)shape->dims[d]) / (double)shape->dims[d];
    return 2 * M_PI * angle;
}

static void add_wave(const struct wave *wave, const struct assay_shape *shape, size_t channel, double phase,
                     size_t places, double *values)
{
    const size_t channels = channels_of(shape);
    for (size_t place = 0; place < places; place++)
        values[place * channels + channel] += wave->amplitude * cos(angle_at(wave, shape, place) + phase);
}

/* To [0 to 1/4, 3/4 to 1]; what is all the same becomes one even shade. */
static void stretch(double *values, size_t count, uint64_t *state)
{
    double least = values[0], most = values[0];
    for (size_t i = 1; i < count; i++) {
        least = fmin(least, values[i]);
        most = fmax(most, values[i]);
    }
    const double low = draw_unit(state) / 4, high = 1 - draw_unit(state) / 4;
    const double factor = most > least ? (high - low) / (most - least) : 0;
    for (size_t i = 0; i < count; i++)
        values[i] = fmin(1, low + (values[i] - least) * factor);
}

static void fill_smooth(const struct assay_shape *shape, size_t count, uint64_t *state, double *values)
{
    const size_t channels = channels_of(shape);
    memset(values, 0, count * sizeof(*values));
    for (int w = 0; w < WAVES; w++) {
        struct wave wave = {.amplitude = 0.25 + draw_unit(state)};
        for (size_t d = 1; d < shape->rank; d++)
            wave.cycles[d] = (2 * draw_unit(state) - 1) * MOST_CYCLES;
        for (size_t c = 0; c < channels; c++)
            add_wave(&wave, shape, c, 2 * M_PI * draw_unit(state), count / channels, values);
    }
    stretch(values, count, state);
}

static void fill(enum assay_generate_kind kind, const struct assay_shape *shape, size_t sample, size_t count,
                 uint64_t *state, double *values)
{
    if (kind == ASSAY_GENERATE_SMOOTH || (kind == ASSAY_GENERATE_MIXED && sample % 2 == 0)) {
        fill_smooth(shape, count, state, values);
        return;
    }
    for (size_t i = 0; i < count; i++)
        values[i] = draw_unit(state);
}

struct range {
    double low, high;
};

static struct range range_of(enum assay_tensor_type type, const struct assay_generate_options *options)
{
    if (options->ranged)
        return (struct range){(double)options->low, (double)options->high};
    switch (type) {
    case ASSAY_TENSOR_I8:
        return (struct range){INT8_MIN, INT8_MAX};
    case ASSAY_TENSOR_U8:
        return (struct range){0, UINT8_MAX};
    case ASSAY_TENSOR_I16:
        return (struct range){INT16_MIN, INT16_MAX};
    default:
        return (struct range){-1, 1};
    }
}

static void store(const double *values, size_t count, struct range range, enum assay_tensor_type type, void *to)
{
    for (size_t i = 0; i < count; i++) {
        const double real = fmin(range.high, range.low + values[i] * (range.high - range.low)), whole = round(real);
        switch (type) {
        case ASSAY_TENSOR_I8:
            ((int8_t *)to)[i] = (int8_t)whole;
            break;
        case ASSAY_TENSOR_U8:
            ((uint8_t *)to)[i] = (uint8_t)whole;
            break;
        case ASSAY_TENSOR_I16:
            ((int16_t *)to)[i] = (int16_t)whole;
            break;
        case ASSAY_TENSOR_I32:
            ((int32_t *)to)[i] = (int32_t)whole;
            break;
        default:
            ((float *)to)[i] = (float)real;
        }
    }
}

/* The type of the samples for an input; ASSAY_TENSOR_TYPE_COUNT if there are none. */
static enum assay_tensor_type type_of(const struct assay_tensor *tensor, const struct assay_generate_options *options)
{
    switch (tensor->type) {
    case ASSAY_TENSOR_F32:
        return ASSAY_TENSOR_F32;
    case ASSAY_TENSOR_I8:
    case ASSAY_TENSOR_U8:
    case ASSAY_TENSOR_I16:
        return options->ranged && tensor->quantization.count == 1 ? ASSAY_TENSOR_F32 : tensor->type;
    case ASSAY_TENSOR_I32:
        return options->ranged ? ASSAY_TENSOR_I32 : ASSAY_TENSOR_TYPE_COUNT;
    default:
        return ASSAY_TENSOR_TYPE_COUNT;
    }
}

static bool check_range(enum assay_tensor_type type, struct range range, size_t i, struct assay_model_error *error)
{
    const struct range most = type == ASSAY_TENSOR_F32   ? (struct range){-0x1p126, 0x1p126}
                              : type == ASSAY_TENSOR_I32 ? (struct range){INT32_MIN, INT32_MAX}
                                                         : range_of(type, &(struct assay_generate_options){0});
    if (range.low >= most.low && range.low <= range.high && range.high <= most.high)
        return true;
    return assay_model_fail(error, "input %zu: %s does not hold the range from %g to %g", i,
                            assay_tensor_type_name(type), range.low, range.high);
}

static bool generate_input(const struct assay_tensor *tensor, size_t i, const struct assay_generate_options *options,
                           struct assay_data_array *array, struct assay_model_error *error)
{
    *array = (struct assay_data_array){.name = tensor->name, .type = type_of(tensor, options), .shape = tensor->shape};
    if (array->type == ASSAY_TENSOR_TYPE_COUNT)
        return assay_model_fail(error, "input %zu is %s: %s", i, assay_tensor_type_name(tensor->type),
                                tensor->type == ASSAY_TENSOR_I32 ? "say which numbers it takes by a range"
                                                                 : "no samples are made for that");
    const struct range range = range_of(array->type, options);
    char what[32];
    snprintf(what, sizeof(what), "input %zu", i);
    if (array->shape.rank > 0)
        array->shape.dims[0] = (int32_t)options->samples;
    if (!check_range(array->type, range, i, error) || !assay_dataset_array_bytes(array, what, &array->bytes, error))
        return false;
    const size_t sample = array->bytes / options->samples, count = sample / assay_tensor_type_size(array->type);
    double *values = calloc(count, sizeof(*values));
    char *data = malloc(array->bytes);
    array->data = data;
    for (size_t s = 0; values && data && s < options->samples; s++) {
        uint64_t state = state_of(options->seed, i, s);
        fill(options->kind, &array->shape, s, count, &state, values);
        store(values, count, range, array->type, data + s * sample);
    }
    free(values);
    return (values && data) || assay_model_fail(error, "input %zu: no memory for %zu bytes", i, array->bytes);
}

struct assay_dataset *assay_dataset_generate(const struct assay_subgraph *network,
                                             struct assay_generate_options options, struct assay_model_error *error)
{
    struct generated *made = calloc(1, sizeof(*made));
    bool good = made || assay_model_fail(error, "no memory");
    if (good && (network->input_count < 1 || network->input_count > ASSAY_DATASET_MOST_INPUTS))
        good = assay_model_fail(error, "the network has %zu inputs, not 1 to %d", network->input_count,
                                ASSAY_DATASET_MOST_INPUTS);
    if (good && (options.samples < 1 || options.samples > INT32_MAX))
        good = assay_model_fail(error, "%zu samples are not 1 to %d", options.samples, INT32_MAX);
    for (size_t i = 0; good && i < network->input_count; i++)
        good = generate_input(&network->tensors[network->inputs[i]], i, &options, &made->inputs[i], error);
    if (!good) {
        assay_generated_free(made ? &made->dataset : NULL);
        return NULL;
    }
    made->dataset = (struct assay_dataset){.name = assay_generate_kind_names[options.kind],
                                           .samples = options.samples,
                                           .input_count = network->input_count,
                                           .inputs = made->inputs,
                                           .own = made};
    return &made->dataset;
}

void assay_generated_free(struct assay_dataset *dataset)
{
    struct generated *made = (struct generated *)dataset; /* its first member */
    for (size_t i = 0; made && i < ASSAY_DATASET_MOST_INPUTS; i++)
        free((void *)made->inputs[i].data);
    free(made);
}
