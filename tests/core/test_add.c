/* add in int8: every kernel on all 65,536 pairs, for many factors, against 64-bit integers written from the contract.
 * The optimized ones have two ways, and both must be right; the short one must be found for nearly all factors. */
#include "kernels/add/integer.h"
#include "kernels/core/fixed_point.h"
#include "kernels/core/select.h"
#include "tests/core/expect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PAIRS = 65536, ROUNDS = 96 };

static int8_t all_a[PAIRS], all_b[PAIRS], right[PAIRS], got[PAIRS];
static unsigned state = 1;

static double draw(double low, double high)
{
    state = state * 1664525U + 1013904223U;
    return low + (high - low) * (double)(state >> 8) * 0x1p-24;
}

static int32_t draw_zero(void)
{
    return (int32_t)draw(-128, 127.999);
}

/* Scales of all kinds: alike, powers of two apart (half of the sums are ties then), far apart, any. */
static struct assay_problem draw_problem(int round)
{
    const double a = exp(draw(-7, 1));
    double b = a * exp(draw(-2, 2)), out = fmax(a, b) * exp(draw(-1, 1.5));
    switch (round % 6) {
    case 0:
        b = a;
        out = 2 * a;
        break;
    case 1:
        b = 4 * a;
        out = 8 * a;
        break;
    case 2:
        out = 2 * b;
        break;
    case 3:
        b = a * exp(draw(-20, 20));
        out = fmax(a, b) * exp(draw(-9, 9));
        break;
    default:
        break;
    }
    struct assay_problem p = {.op = ASSAY_OP_ADD, .mode = ASSAY_MODE_INT8, .add = {PAIRS, round % 3 == 2}};
    p.activation = round % 4 == 1 ? ASSAY_ACT_RELU : round % 4 == 2 ? ASSAY_ACT_RELU6 : ASSAY_ACT_NONE;
    p.quantization.in_scale = (float)a;
    p.quantization.addend_scale = (float)b;
    p.quantization.out_scale = (float)out;
    p.quantization.in_zero = round % 7 == 0 ? -128 : draw_zero();
    p.quantization.addend_zero = round % 7 == 1 ? 127 : draw_zero();
    p.quantization.out_zero = draw_zero();
    return p;
}

static void factors_of(const struct assay_problem *p, int32_t multiplier[3], int32_t shift[3])
{
    const struct assay_quantization *q = &p->quantization;
    const double twice = 2 * fmax((double)q->in_scale, (double)q->addend_scale);
    assay_fixed_point((double)q->in_scale / twice, &multiplier[0], &shift[0]);
    assay_fixed_point((double)q->addend_scale / twice, &multiplier[1], &shift[1]);
    assay_fixed_point(twice / (0x1p20 * (double)q->out_scale), &multiplier[2], &shift[2]);
}

/* Both roundings, with divisions: floor(x * m / 2^31 + 1/2), then to nearest with ties away from zero. */
static int64_t rescale(int64_t x, int32_t multiplier, int32_t shift)
{
    const int64_t product = x * multiplier + (INT64_C(1) << 30), step = INT64_C(1) << 31, by = INT64_C(1) << -shift;
    const int64_t high = product / step - (product % step < 0);
    const int64_t magnitude = (llabs(high) + by / 2) / by;
    return high < 0 ? -magnitude : magnitude;
}

static void work_out(const struct assay_problem *p, const int32_t multiplier[3], const int32_t shift[3])
{
    const struct assay_quantization *q = &p->quantization;
    const int64_t low = assay_clamp_min_int(p), high = assay_clamp_max_int(p);
    for (int i = 0; i < PAIRS; i++) {
        const int64_t a = rescale((all_a[i] - q->in_zero) * INT64_C(1048576), multiplier[0], shift[0]);
        const int64_t b = rescale((all_b[i] - q->addend_zero) * INT64_C(1048576), multiplier[1], shift[1]);
        const int64_t out = rescale(p->add.subtract ? a - b : a + b, multiplier[2], shift[2]) + q->out_zero;
        right[i] = (int8_t)(out < low ? low : out > high ? high : out);
    }
}

static void expect_right(const struct assay_kernel *kernel, const struct assay_problem *p, const void *packed,
                         int round, const char *way)
{
    const struct assay_io io = {.in = all_a, .addend = all_b, .out = got};
    memset(got, 0x55, sizeof(got));
    kernel->run(kernel, p, packed, &io, NULL);
    size_t wrong = 0;
    while (wrong < PAIRS && got[wrong] == right[wrong])
        wrong++;
    EXPECT(wrong == PAIRS, "%s (%s), round %d: %d and %d make %d, not %d", kernel->name, way, round, all_a[wrong],
           all_b[wrong], got[wrong], right[wrong]);
}

static void test_kernel(const struct assay_kernel *kernel)
{
    _Alignas(ASSAY_PACK_ALIGN) char packed[4096];
    int fitted = 0;
    state = 1;
    for (int round = 0; round < ROUNDS; round++) {
        const struct assay_problem p = draw_problem(round);
        EXPECT(!assay_problem_invalid(&p), "round %d: %s", round, assay_problem_invalid(&p));
        int32_t multiplier[3], shift[3];
        factors_of(&p, multiplier, shift);
        if (shift[2] > 0)
            continue; /* outside of the contract */
        work_out(&p, multiplier, shift);
        const struct assay_weights weights = {.multiplier = multiplier, .shift = shift};
        EXPECT(kernel->packed_size(kernel, &p) <= sizeof(packed), "%s packs too much for this test", kernel->name);
        kernel->pack(kernel, &p, &weights, packed);
        expect_right(kernel, &p, packed, round, "as packed");
        if (kernel->rank < 0)
            continue;
        struct assay_add_integer *constants = (struct assay_add_integer *)(void *)packed;
        fitted += constants->is_fitted;
        constants->is_fitted = false;
        expect_right(kernel, &p, packed, round, "exact");
    }
    EXPECT(kernel->rank < 0 || fitted * 10 >= ROUNDS * 9, "%s: only %d of %d factors have a float formula",
           kernel->name, fitted, ROUNDS);
}

int main(void)
{
    for (int i = 0; i < PAIRS; i++) {
        all_a[i] = (int8_t)(i % 256 - 128);
        all_b[i] = (int8_t)(i / 256 - 128);
    }
    size_t count, tried = 0;
    const struct assay_kernel *const *kernels = assay_kernels(ASSAY_OP_ADD, &count);
    const uint64_t features = assay_cpu_features();
    for (size_t i = 0; i < count; i++) {
        if (kernels[i]->mode != ASSAY_MODE_INT8 || (kernels[i]->features & features) != kernels[i]->features)
            continue;
        test_kernel(kernels[i]);
        tried++;
    }
    EXPECT(tried >= 2, "only %zu kernels ran", tried);
    return expect_report();
}
