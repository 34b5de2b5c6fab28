#include "suites/probe/data.h"

#include <math.h>
#include <stdbool.h>

static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

struct data_random data_random_of(uint64_t seed, enum data_stream stream)
{
    return (struct data_random){mix(mix(seed) + (uint64_t)stream)};
}

uint64_t data_next(struct data_random *random)
{
    random->counter += UINT64_C(0x9e3779b97f4a7c15);
    return mix(random->counter);
}

uint64_t data_below(struct data_random *random, uint64_t bound)
{
    const uint64_t number = data_next(random);
    return bound ? number % bound : 0; /* its bias, below bound / 2^64, does not matter here */
}

/* Sum of the four 16-bit numbers in a word. */
static int32_t sum_of_quarters(uint64_t word)
{
    return (int32_t)((word & 0xFFFF) + ((word >> 16) & 0xFFFF) + ((word >> 32) & 0xFFFF) + (word >> 48));
}

float data_normal(struct data_random *random)
{
    const uint64_t first = data_next(random), second = data_next(random);
    const int32_t centred = sum_of_quarters(first) + sum_of_quarters(second) - 4 * 65535;
    /* A uniform number of [0, 65535] has the variance (2^32 - 1) / 12; this is 1 / sqrt(8 of them). */
    return (float)centred * 1.86880857e-5f;
}

/* A factor within [1/2, 2): a power of two times a number of 15 bits. */
static float uneven_scale(struct data_random *random)
{
    const uint64_t word = data_next(random);
    const float mantissa = (float)(32768 + (word & 0x7FFF)) * (1.0f / 65536.0f);
    return (word >> 32) & 1 ? mantissa * 2.0f : mantissa;
}

void data_weights(uint64_t seed, size_t channels, size_t depth, float *weights)
{
    struct data_random numbers = data_random_of(seed, DATA_WEIGHTS), scales = data_random_of(seed, DATA_SCALES);
    const float base = sqrtf(2.0f / (float)(depth ? depth : 1));
    for (size_t c = 0; c < channels; c++) {
        const bool outlier = data_below(&scales, 16) == 0;
        const float scale = base * uneven_scale(&scales) * (outlier ? 4.0f : 1.0f);
        for (size_t i = 0; i < depth; i++)
            weights[c * depth + i] = data_normal(&numbers) * scale;
    }
}

void data_bias(uint64_t seed, size_t channels, float *bias)
{
    struct data_random random = data_random_of(seed, DATA_BIAS);
    for (size_t c = 0; c < channels; c++)
        bias[c] = data_normal(&random) * 0.25f;
}

void data_input(uint64_t seed, enum data_activations kind, size_t rows, size_t columns, float *input)
{
    struct data_random random = data_random_of(seed, DATA_INPUT);
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < columns; c++) {
            const float normal = data_normal(&random);
            const float scale = c % 16 == 5 ? 3.0f : 1.0f;
            const float rectified = normal > 0.0f ? normal * scale : 0.0f;
            input[r * columns + c] = kind == DATA_RECTIFIED ? rectified : normal * scale + 0.125f;
        }
    }
}
