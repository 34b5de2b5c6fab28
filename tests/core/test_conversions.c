/* Conversions of every kernel that can run here equal the reference's, where quotients are hardest: beside the middle
 * between two integers, at scales whose reciprocal is least exact, and where intermediate results overflow. */
#include "kernels/core/fixed_point.h"
#include "kernels/core/kernel.h"
#include "tests/core/expect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COUNT = 1024, ROUNDS = 120 };

static uint64_t state = UINT64_C(88172645463325252);

static uint64_t next(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static size_t below(size_t bound)
{
    return (size_t)(next() % bound);
}

static float from_bits(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof(x));
    return x;
}

static uint32_t bits_of(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof(bits));
    return bits;
}

/* Significands near 1 and near 2, and any; exponents of scales that occur, and any. */
static float any_scale(size_t round)
{
    uint32_t significand = (uint32_t)below(1 << 23);
    if (round % 3 == 0)
        significand = 0x7FFFFF - (uint32_t)below(16);
    else if (round % 7 == 0)
        significand = (uint32_t)below(8);
    const uint32_t exponent = (uint32_t)(round % 5 == 0 ? below(200) + 27 : below(16) + 119);
    return from_bits(exponent << 23 | significand);
}

/* A middle between two integers, in steps of `scale`, or a float or two beside it; every fifth is any number. */
static float any_real(size_t i, float scale, size_t steps)
{
    const double middle = (double)below(2 * steps) - (double)steps + 0.5;
    const uint32_t bits =
        i % 5 == 0 ? (uint32_t)next() : bits_of((float)(middle * (double)scale)) + (uint32_t)below(5) - 2;
    const float x = from_bits(bits);
    return isnan(x) ? 1.0f : x;
}

/* No NaN, whose bits are open. */
static uint16_t any_half(void)
{
    const uint16_t half = (uint16_t)next();
    return (half & 0x7C00) == 0x7C00 ? half & 0xFC00 : half;
}

static int16_t any_of_extremes(void)
{
    static const int16_t extremes[] = {INT16_MIN, INT16_MIN + 1, -1, 0, 1, INT16_MAX - 1, INT16_MAX};
    return extremes[below(sizeof(extremes) / sizeof(*extremes))];
}

/* A multiplier whose halves are at their limits, as 16 bits with a sign. */
static int32_t any_split(int32_t multiplier)
{
    static const uint16_t lower[] = {0, 1, 0x7FFE, 0x7FFF, 0x8000, 0x8001, 0x8002, 0xFFFF};
    const uint32_t low = lower[below(sizeof(lower) / sizeof(*lower))];
    const uint32_t high = below(3) == 0 ? 0x7FFF : below(3) == 0 ? 0x4000 : (uint32_t)multiplier >> 16;
    return (int32_t)(high << 16 | low);
}

static void fill(void *in, enum assay_conversion conversion, float scale)
{
    const enum assay_type type = assay_conversion_input(conversion);
    for (size_t i = 0; i < COUNT; i++) {
        if (type == ASSAY_F32)
            ((float *)in)[i] = any_real(i, scale, conversion == ASSAY_F32_I16 ? 35000 : 300);
        else if (type == ASSAY_I8)
            ((int8_t *)in)[i] = (int8_t)(uint8_t)next();
        else if (conversion == ASSAY_F16_F32)
            ((uint16_t *)in)[i] = any_half();
        else
            ((int16_t *)in)[i] = i % 16 == 0 ? any_of_extremes() : (int16_t)(uint16_t)next();
    }
}

static void convert(const struct assay_kernel *kernel, const struct assay_problem *problem,
                    const struct assay_weights *weights, const void *in, void *out)
{
    struct assay_row_quantization parameters;
    const struct assay_io io = {.in = in, .out = out, .row_parameters = &parameters};
    void *packed = aligned_alloc(ASSAY_PACK_ALIGN, 1024);
    EXPECT(packed && kernel->packed_size(kernel, problem) <= 1024, "%s", kernel->name);
    if (packed && kernel->pack(kernel, problem, weights, packed))
        kernel->run(kernel, problem, packed, &io, NULL);
    free(packed);
}

static bool takes(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    return kernel->mode == problem->mode && (kernel->features & assay_cpu_features()) == kernel->features &&
           kernel->supports(kernel, problem) == NULL;
}

static void test_round(enum assay_conversion conversion, size_t round)
{
    size_t count;
    const struct assay_kernel *const *kernels = assay_kernels(ASSAY_OP_QUANTIZE, &count);
    const float scale = any_scale(round);
    static float in[COUNT], right[COUNT], got[COUNT];
    fill(in, conversion, scale);
    struct assay_problem p = {
        .op = ASSAY_OP_QUANTIZE,
        .mode = assay_conversion_mode(conversion),
        .structure = ASSAY_DENSE,
        .quantization = {.in_scale = scale,
                         .out_scale = scale,
                         .in_zero = (int32_t)below(256) - 128,
                         .out_zero = (int32_t)below(256) - 128},
        .quantize = {conversion, 1, COUNT, COUNT, COUNT},
    };
    if (round % 2 == 0 && p.mode == ASSAY_MODE_INT16X8)
        p.quantization.in_zero = p.quantization.out_zero = 0;
    const double factor = ldexp(round % 4 == 0 ? 1.0 : 1.0 + (double)below(1000000) / 1e6, (int)below(12) - 8);
    int32_t multiplier, shift;
    assay_fixed_point(factor, &multiplier, &shift);
    if (round % 3 == 1)
        multiplier = any_split(multiplier);
    const struct assay_weights weights = {.multiplier = &multiplier, .shift = &shift};
    const struct assay_kernel *reference = NULL;
    for (size_t i = 0; i < count; i++)
        if (takes(kernels[i], &p) && strstr(kernels[i]->name, "_ref"))
            reference = kernels[i];
    EXPECT(reference != NULL, "%s", assay_conversion_name(conversion));
    if (!reference)
        return;
    convert(reference, &p, &weights, in, right);
    const size_t bytes = COUNT * assay_type_size(assay_conversion_output(conversion));
    for (size_t i = 0; i < count; i++) {
        if (kernels[i]->rank < 0 || !takes(kernels[i], &p))
            continue;
        memset(got, 0x55, sizeof(got));
        convert(kernels[i], &p, &weights, in, got);
        EXPECT(memcmp(got, right, bytes) == 0, "%s at scale %a", kernels[i]->name, (double)scale);
    }
}

int main(void)
{
    for (int conversion = 0; conversion < ASSAY_CONVERSION_COUNT; conversion++) {
        if (conversion == ASSAY_ROW_F32_I8) /* its definition has a test of its own: test_dynamic.c */
            continue;
        for (size_t round = 0; round < ROUNDS; round++)
            test_round((enum assay_conversion)conversion, round);
    }
    return expect_report();
}
