/* RELU and its kin, LEAKY_RELU, HARD_SWISH, LOGISTIC, TANH: floats and integers against real numbers in double, and all
 * int8 and int16 inputs, by a checksum, against the TFLite Micro reference kernels (commit 90b983c2, double rounding),
 * which made it. */
#include "models/ops/tests/op_test.h"

#include <math.h>
#include <string.h>

static double real_of(enum assay_operator_code code, double x, double alpha)
{
    switch (code) {
    case ASSAY_OPERATOR_RELU:
        return fmax(x, 0.0);
    case ASSAY_OPERATOR_RELU6:
        return fmin(fmax(x, 0.0), 6.0);
    case ASSAY_OPERATOR_RELU_N1_TO_1:
        return fmin(fmax(x, -1.0), 1.0);
    case ASSAY_OPERATOR_LEAKY_RELU:
        return x > 0.0 ? x : alpha * x;
    case ASSAY_OPERATOR_HARD_SWISH:
        return x * fmin(fmax(x + 3.0, 0.0), 6.0) / 6.0;
    case ASSAY_OPERATOR_LOGISTIC:
        return 1.0 / (1.0 + exp(-x));
    default:
        return tanh(x);
    }
}

static void test_floats(enum assay_operator_code code)
{
    float in[] = {-INFINITY, -100, -20, -9.5f, -3, -1.5f, -1, -0.25f, 0,
                  1e-20f,    0.5f, 1,   2.75f, 3,  6,     17, 200,    INFINITY};
    enum { N = sizeof in / sizeof *in };
    if (code == ASSAY_OPERATOR_HARD_SWISH)
        in[0] = -1e30f; /* -inf * 0 is no number, in the reference too */
    struct op_test test;
    op_test_make(&test, code, 1, 1);
    test.op.leaky_relu.alpha = 0.125f;
    op_test_set(&test, 0, ASSAY_TENSOR_F32, SHAPE(2, N / 2), 0, 0, in);
    op_test_out(&test, ASSAY_TENSOR_F32, 0, 0);
    const float *out = op_test_run(&test, N);
    for (int i = 0; out && i < N; i++) {
        const double want = real_of(code, (double)in[i], 0.125);
        EXPECT((double)out[i] == want || fabs((double)out[i] - want) <= 1e-6 * fabs(want) + 2e-8,
               "%s(%g) is %g, not %g", assay_operator_name(code), (double)in[i], (double)out[i], want);
    }
    const struct assay_shape expected = SHAPE(2, N / 2);
    EXPECT(assay_shape_equal(&test.values[1].shape, &expected), "shape");
    op_test_set(&test, 0, ASSAY_TENSOR_F32, SHAPE(3, 0), 0, 0, in);
    op_test_run(&test, 0);
    EXPECT(test.values[1].shape.dims[1] == 0, "an empty input");
    op_test_free(&test);
}

struct integer_case {
    enum assay_operator_code code;
    float alpha, out_scale;
    int64_t out_zero;
    double tolerance; /* in steps of the output */
    uint64_t reference;
};

static const struct integer_case cases_i8[] = {
    {ASSAY_OPERATOR_LOGISTIC, 0, 1.0f / 256.0f, -128, 1.0, UINT64_C(0x790AA3C282A2E5FA)},
    {ASSAY_OPERATOR_TANH, 0, 1.0f / 128.0f, 0, 1.0, UINT64_C(0x913F9A85E54DF736)},
    {ASSAY_OPERATOR_HARD_SWISH, 0, 0.03f, 3, 1.5, UINT64_C(0x2DA263525774AC0D)},
    {ASSAY_OPERATOR_LEAKY_RELU, 0.3f, 0.03f, 3, 1.0, UINT64_C(0x1ABEB9DEF7E314F3)},
    {ASSAY_OPERATOR_LEAKY_RELU, -0.2f, 0.03f, 3, 1.0, UINT64_C(0x7BC0BDB064779E0F)},
    {ASSAY_OPERATOR_RELU, 0, 0.03f, 3, 1.0, UINT64_C(0xAB0BB08B16FB43CD)},
};

static void test_i8(const struct integer_case *c)
{
    const float scales[] = {0.001f, 0.0235f, 0.1f, 1.5f};
    const int zeros[] = {-128, 0, 7};
    int8_t in[256];
    for (int i = 0; i < 256; i++)
        in[i] = (int8_t)(i - 128);
    uint64_t hash = OP_TEST_HASH;
    for (int k = 0; k < 12; k++) {
        const float scale = scales[k / 3];
        const int zero = zeros[k % 3];
        struct op_test test;
        op_test_make(&test, c->code, 1, 1);
        test.op.leaky_relu.alpha = c->alpha;
        op_test_set(&test, 0, ASSAY_TENSOR_I8, SHAPE(256), scale, zero, in);
        op_test_out(&test, ASSAY_TENSOR_I8, c->out_scale, c->out_zero);
        const int8_t *out = op_test_run(&test, 256);
        for (int i = 0; out && i < 256; i++) {
            const double real = real_of(c->code, (double)scale * (in[i] - zero), (double)c->alpha);
            const double want = fmin(fmax(real / (double)c->out_scale + (double)c->out_zero, -128.0), 127.0);
            EXPECT(fabs(out[i] - want) <= c->tolerance, "%s i8, scale %g, zero %d: %d gives %d, not %g",
                   assay_operator_name(c->code), (double)scale, zero, in[i], out[i], want);
        }
        if (out)
            hash = op_test_hash(hash, out, 256);
        op_test_free(&test);
    }
    EXPECT(hash == c->reference, "%s i8: checksum %llx", assay_operator_name(c->code), (unsigned long long)hash);
}

static const struct integer_case cases_i16[] = {
    {ASSAY_OPERATOR_LOGISTIC, 0, 1.0f / 32768.0f, 0, 6.0, UINT64_C(0x4DF77D2EB1365EB5)},
    {ASSAY_OPERATOR_TANH, 0, 1.0f / 32768.0f, 0, 8.0, UINT64_C(0xA5FE9FB71134FF18)},
    {ASSAY_OPERATOR_LEAKY_RELU, 0.3f, 0.0005f, 0, 1.0, UINT64_C(0xECBAAE5DD346C50E)},
};

static void test_i16(const struct integer_case *c)
{
    const float scales[] = {1.0f / 4096, 1.0f / 2048, 0.0003f, 0.001f, 0.00001f};
    static int16_t in[65536];
    for (int i = 0; i < 65536; i++)
        in[i] = (int16_t)(i - 32768);
    uint64_t hash = OP_TEST_HASH;
    for (int k = 0; k < 5; k++) {
        struct op_test test;
        op_test_make(&test, c->code, 1, 1);
        test.op.leaky_relu.alpha = c->alpha;
        op_test_set(&test, 0, ASSAY_TENSOR_I16, SHAPE(65536), scales[k], 0, in);
        op_test_out(&test, ASSAY_TENSOR_I16, c->out_scale, c->out_zero);
        const int16_t *out = op_test_run(&test, 65536);
        double worst = 0.0;
        for (int i = 0; out && i < 65536; i++) {
            const double real = real_of(c->code, (double)scales[k] * in[i], (double)c->alpha);
            const double want = fmin(fmax(real / (double)c->out_scale, -32768.0), 32767.0);
            worst = fmax(worst, fabs(out[i] - want));
        }
        EXPECT(worst <= c->tolerance, "%s i16, scale %g: %g steps off", assay_operator_name(c->code), (double)scales[k],
               worst);
        if (out)
            hash = op_test_hash(hash, out, sizeof in);
        op_test_free(&test);
    }
    EXPECT(hash == c->reference, "%s i16: checksum %llx", assay_operator_name(c->code), (unsigned long long)hash);
}

/* RELU6 cuts and does not rescale; RELU_N1_TO_1 does both. */
static void test_ranges(void)
{
    const int8_t in[] = {-128, -11, -10, -9, 0, 49, 50, 51, 127};
    const int8_t six[] = {-10, -10, -10, -9, 0, 49, 50, 50, 50}; /* scale 0.1, zero -10 */
    struct op_test test;
    op_test_make(&test, ASSAY_OPERATOR_RELU6, 1, 1);
    op_test_set(&test, 0, ASSAY_TENSOR_I8, SHAPE(9), 0.1f, -10, in);
    op_test_out(&test, ASSAY_TENSOR_I8, 0.1f, -10);
    const int8_t *out = op_test_run(&test, 9);
    EXPECT(out && memcmp(out, six, 9) == 0, "RELU6 i8");
    op_test_free(&test);
    const int16_t wide[] = {-32768, -1, 0, 599, 600, 601, 32767}, wide_six[] = {0, 0, 0, 599, 600, 600, 600};
    op_test_make(&test, ASSAY_OPERATOR_RELU6, 1, 1);
    op_test_set(&test, 0, ASSAY_TENSOR_I16, SHAPE(7), 0.01f, 0, wide);
    op_test_out(&test, ASSAY_TENSOR_I16, 0.01f, 0);
    const int16_t *wide_out = op_test_run(&test, 7);
    EXPECT(wide_out && memcmp(wide_out, wide_six, sizeof wide_six) == 0, "RELU6 i16");
    op_test_free(&test);
    const int8_t near[] = {-128, -18, -10, -6, -2, 127, 127, 127, 127};
    op_test_make(&test, ASSAY_OPERATOR_RELU_N1_TO_1, 1, 1);
    op_test_set(&test, 0, ASSAY_TENSOR_I8, SHAPE(9), 0.1f, -10, near);
    op_test_out(&test, ASSAY_TENSOR_I8, 0.2f, 0);
    out = op_test_run(&test, 9);
    const int8_t near_one[] = {-5, -4, 0, 2, 4, 5, 5, 5, 5};
    EXPECT(out && memcmp(out, near_one, 9) == 0, "RELU_N1_TO_1 i8");
    op_test_free(&test);
}

static void test_refusals(void)
{
    static const enum assay_operator_code all[] = {
        ASSAY_OPERATOR_RELU,       ASSAY_OPERATOR_RELU6,    ASSAY_OPERATOR_RELU_N1_TO_1, ASSAY_OPERATOR_LEAKY_RELU,
        ASSAY_OPERATOR_HARD_SWISH, ASSAY_OPERATOR_LOGISTIC, ASSAY_OPERATOR_TANH,
    };
    struct op_test test;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        op_test_make(&test, all[i], 1, 1);
        op_test_set(&test, 0, ASSAY_TENSOR_F32, SHAPE(2), 0, 0, NULL);
        op_test_out(&test, ASSAY_TENSOR_I8, 0.1f, 0);
        op_test_refused(&test, "output 0 is i8");
        op_test_set(&test, 0, ASSAY_TENSOR_I64, SHAPE(2), 0, 0, NULL);
        op_test_refused(&test, "input 0 is i64");
        op_test_set(&test, 0, ASSAY_TENSOR_I8, SHAPE(2), 0, 0, NULL);
        op_test_refused(&test, "not quantized");
        op_test_make(&test, all[i], 2, 1);
        op_test_refused(&test, "2 inputs");
        op_test_make(&test, all[i], 1, 2);
        op_test_refused(&test, "2 outputs");
    }
    op_test_make(&test, ASSAY_OPERATOR_LOGISTIC, 1, 1);
    op_test_set(&test, 0, ASSAY_TENSOR_I8, SHAPE(2), 0.1f, 0, NULL);
    op_test_out(&test, ASSAY_TENSOR_I8, 1.0f / 256.0f, 0);
    op_test_refused(&test, "the specification fixes");
    op_test_make(&test, ASSAY_OPERATOR_TANH, 1, 1);
    op_test_set(&test, 0, ASSAY_TENSOR_I8, SHAPE(2), 0.1f, 0, NULL);
    op_test_out(&test, ASSAY_TENSOR_I8, 1.0f / 256.0f, 0);
    op_test_refused(&test, "the specification fixes");
    op_test_make(&test, ASSAY_OPERATOR_HARD_SWISH, 1, 1);
    op_test_set(&test, 0, ASSAY_TENSOR_I16, SHAPE(2), 0.1f, 0, NULL);
    op_test_refused(&test, "input 0 is i16");
    op_test_set(&test, 0, ASSAY_TENSOR_I8, SHAPE(2), 100.0f, 0, NULL);
    op_test_out(&test, ASSAY_TENSOR_I8, 0.001f, 0);
    op_test_refused(&test, "too small");
    op_test_make(&test, ASSAY_OPERATOR_LEAKY_RELU, 1, 1);
    test.op.leaky_relu.alpha = NAN;
    op_test_set(&test, 0, ASSAY_TENSOR_F32, SHAPE(2), 0, 0, NULL);
    op_test_out(&test, ASSAY_TENSOR_F32, 0, 0);
    op_test_refused(&test, "alpha");
}

int main(void)
{
    static const enum assay_operator_code all[] = {
        ASSAY_OPERATOR_RELU,       ASSAY_OPERATOR_RELU6,    ASSAY_OPERATOR_RELU_N1_TO_1, ASSAY_OPERATOR_LEAKY_RELU,
        ASSAY_OPERATOR_HARD_SWISH, ASSAY_OPERATOR_LOGISTIC, ASSAY_OPERATOR_TANH,
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        test_floats(all[i]);
    for (size_t i = 0; i < sizeof cases_i8 / sizeof *cases_i8; i++)
        test_i8(&cases_i8[i]);
    for (size_t i = 0; i < sizeof cases_i16 / sizeof *cases_i16; i++)
        test_i16(&cases_i16[i]);
    test_ranges();
    test_refusals();
    return failures != 0;
}
