/* SOFTMAX and L2_NORMALIZATION: rows against real numbers in double, and by a checksum against the TFLite Micro
 * reference kernels (commit 90b983c2, double rounding), which made it. */
#include "models/ops/tests/op_test.h"

#include <math.h>

enum { N = 1000 };

static int8_t bytes[N];
static int16_t words[N];

static void make_inputs(void)
{
    uint64_t state = 3;
    for (int i = 0; i < N; i++) {
        bytes[i] = (int8_t)op_test_random(&state);
        words[i] = (int16_t)op_test_random(&state);
    }
}

static int32_t element(const void *data, enum assay_tensor_type type, size_t i)
{
    return type == ASSAY_TENSOR_I16 ? ((const int16_t *)data)[i] : ((const int8_t *)data)[i];
}

/* The worst distance of a row from softmax in real numbers, in steps of 1 / steps from `low` on. */
static double softmax_error(const void *in, enum assay_tensor_type in_type, double scale, const void *out,
                            enum assay_tensor_type out_type, double steps, double low, size_t depth)
{
    double worst = 0.0;
    for (size_t row = 0; row < N / depth; row++) {
        double sum = 0.0, max = -1e30;
        for (size_t at = row * depth; at < (row + 1) * depth; at++)
            max = fmax(max, element(in, in_type, at));
        for (size_t at = row * depth; at < (row + 1) * depth; at++)
            sum += exp(scale * (element(in, in_type, at) - max));
        for (size_t at = row * depth; at < (row + 1) * depth; at++) {
            const double share = exp(scale * (element(in, in_type, at) - max)) / sum;
            worst = fmax(worst, fabs(fmin(share * steps, steps - 1.0) + low - element(out, out_type, at)));
        }
    }
    return worst;
}

struct softmax_case {
    enum assay_tensor_type in, out;
    double steps, low, tolerance;
    double floor; /* int16: what is below exp(-10) counts as exp(-10), 1.5 steps of the sum, for every element */
    uint64_t reference;
};

static void test_softmax_integers(const struct softmax_case *c)
{
    const float scales[] = {0.02f, 0.1f, 1.0f};
    const int depths[] = {1, 10, 250};
    uint64_t hash = OP_TEST_HASH;
    for (int k = 0; k < 9; k++) {
        const int depth = depths[k % 3];
        const float scale = c->in == ASSAY_TENSOR_I16 ? scales[k / 3] / 200.0f : scales[k / 3];
        const void *in = c->in == ASSAY_TENSOR_I16 ? (const void *)words : bytes;
        struct op_test test;
        op_test_make(&test, ASSAY_OPERATOR_SOFTMAX, 1, 1);
        test.op.softmax.beta = 1.0f;
        op_test_set(&test, 0, c->in, SHAPE(N / depth, depth), scale, 0, in);
        op_test_out(&test, c->out, (float)(1.0 / c->steps), (int64_t)c->low);
        const void *out = op_test_run(&test, N);
        if (out) {
            const double worst = softmax_error(in, c->in, (double)scale, out, c->out, c->steps, c->low, (size_t)depth);
            EXPECT(worst <= c->tolerance + c->floor * depth, "depth %d, scale %g: %g steps off", depth, (double)scale,
                   worst);
            hash = op_test_hash(hash, out, N * assay_tensor_type_size(c->out));
        }
        op_test_free(&test);
    }
    EXPECT(hash == c->reference, "SOFTMAX %s to %s: checksum %llx", assay_tensor_type_name(c->in),
           assay_tensor_type_name(c->out), (unsigned long long)hash);
}

static void test_softmax_floats(void)
{
    const float in[] = {0, 0, 1, 2, 3, -1000, 1000, 999, -2, 7, 7, 7};
    struct op_test test;
    op_test_make(&test, ASSAY_OPERATOR_SOFTMAX, 1, 1);
    test.op.softmax.beta = 0.5f;
    op_test_set(&test, 0, ASSAY_TENSOR_F32, SHAPE(2, 2, 3), 0, 0, in);
    op_test_out(&test, ASSAY_TENSOR_F32, 0, 0);
    const float *out = op_test_run(&test, 12);
    for (int i = 0; out && i < 12; i++) {
        double sum = 0.0;
        for (int j = i / 3 * 3; j < i / 3 * 3 + 3; j++)
            sum += exp(0.5 * (double)(in[j] - in[i]));
        EXPECT(fabs((double)out[i] - 1.0 / sum) <= 1e-6, "element %d: %g, not %g", i, (double)out[i], 1.0 / sum);
    }
    op_test_set(&test, 0, ASSAY_TENSOR_F32, SHAPE(5, 0), 0, 0, in);
    op_test_run(&test, 0);
    op_test_free(&test);
}

static void test_l2(void)
{
    const int depths[] = {1, 10, 250}, zeros[] = {-128, 0, 5};
    uint64_t hash = OP_TEST_HASH;
    for (int k = 0; k < 9; k++) {
        const int depth = depths[k / 3], zero = zeros[k % 3];
        struct op_test test;
        op_test_make(&test, ASSAY_OPERATOR_L2_NORMALIZATION, 1, 1);
        op_test_set(&test, 0, ASSAY_TENSOR_I8, SHAPE(N / depth, depth), 0.1f, zero, bytes);
        op_test_out(&test, ASSAY_TENSOR_I8, 1.0f / 128.0f, 0);
        const int8_t *out = op_test_run(&test, N);
        for (int i = 0; out && i < N; i++) {
            double sum = 0.0;
            for (int j = i / depth * depth; j < i / depth * depth + depth; j++)
                sum += (double)(bytes[j] - zero) * (bytes[j] - zero);
            const double want = sum > 0.0 ? fmin(128.0 * (bytes[i] - zero) / sqrt(sum), 127.0) : 0.0;
            EXPECT(fabs(out[i] - want) <= 1.0, "depth %d, element %d: %d, not %g", depth, i, out[i], want);
        }
        if (out)
            hash = op_test_hash(hash, out, N);
        op_test_free(&test);
    }
    EXPECT(hash == UINT64_C(0x697E552A9C25624B), "L2_NORMALIZATION i8: checksum %llx", (unsigned long long)hash);

    const float in[] = {3, 4, 0, 0, -5, 12};
    const float expected[] = {0.6f, 0.8f, 0, 0, -5.0f / 13.0f, 12.0f / 13.0f};
    struct op_test test;
    op_test_make(&test, ASSAY_OPERATOR_L2_NORMALIZATION, 1, 1);
    op_test_set(&test, 0, ASSAY_TENSOR_F32, SHAPE(3, 2), 0, 0, in);
    op_test_out(&test, ASSAY_TENSOR_F32, 0, 0);
    const float *out = op_test_run(&test, 6);
    for (int i = 0; out && i < 6; i++)
        EXPECT(fabsf(out[i] - expected[i]) <= 1e-6f, "element %d is %g", i, (double)out[i]);
    op_test_free(&test);
}

static void test_refusals(void)
{
    struct op_test test;
    op_test_make(&test, ASSAY_OPERATOR_SOFTMAX, 1, 1);
    op_test_set(&test, 0, ASSAY_TENSOR_F32, (struct assay_shape){0}, 0, 0, NULL);
    op_test_out(&test, ASSAY_TENSOR_F32, 0, 0);
    op_test_refused(&test, "scalar");
    op_test_set(&test, 0, ASSAY_TENSOR_I8, SHAPE(4), 0.1f, 0, NULL);
    test.op.softmax.beta = 1.0f;
    op_test_refused(&test, "output 0 is f32");
    op_test_out(&test, ASSAY_TENSOR_I8, 1.0f / 128.0f, -128);
    op_test_refused(&test, "the specification fixes");
    op_test_out(&test, ASSAY_TENSOR_I8, 1.0f / 256.0f, -128);
    test.op.softmax.beta = 0.0f;
    op_test_refused(&test, "too small");
    op_test_set(&test, 0, ASSAY_TENSOR_I16, SHAPE(1 << 17), 0.1f, 0, NULL);
    op_test_out(&test, ASSAY_TENSOR_I16, 1.0f / 32768.0f, 0);
    op_test_refused(&test, "too long");
    op_test_make(&test, ASSAY_OPERATOR_L2_NORMALIZATION, 1, 1);
    op_test_set(&test, 0, ASSAY_TENSOR_I16, SHAPE(4), 0.1f, 0, NULL);
    op_test_refused(&test, "input 0 is i16");
    op_test_set(&test, 0, ASSAY_TENSOR_I8, SHAPE(40000), 0.1f, 0, NULL);
    op_test_out(&test, ASSAY_TENSOR_I8, 1.0f / 128.0f, 0);
    op_test_refused(&test, "too long");
}

int main(void)
{
    static const struct softmax_case cases[] = {
        {ASSAY_TENSOR_I8, ASSAY_TENSOR_I8, 256, -128, 1.0, 0, UINT64_C(0xC4AB8911026A8414)},
        {ASSAY_TENSOR_I8, ASSAY_TENSOR_I16, 65536, -32768, 2.0, 0, UINT64_C(0x228DF097E4549AEE)},
        {ASSAY_TENSOR_I16, ASSAY_TENSOR_I16, 32768, 0, 4.0, 1.5, UINT64_C(0x7A0FEB779EFA4832)},
    };
    make_inputs();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        test_softmax_integers(&cases[i]);
    test_softmax_floats();
    test_l2();
    test_refusals();
    return failures != 0;
}
