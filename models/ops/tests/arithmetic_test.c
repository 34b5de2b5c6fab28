/* ADD, SUB, MUL: broadcasting, floats against the obvious loop, integers against real numbers and, by a checksum of all
 * pairs of int8, against the TFLite Micro reference kernels (commit 90b983c2, double rounding), which made it. */
#include "models/ops/tests/op_test.h"

#include <math.h>

static float apply(enum assay_operator_code code, float a, float b)
{
    return code == ASSAY_OPERATOR_ADD ? a + b : code == ASSAY_OPERATOR_SUB ? a - b : a * b;
}

static const enum assay_operator_code codes[] = {ASSAY_OPERATOR_ADD, ASSAY_OPERATOR_SUB, ASSAY_OPERATOR_MUL};

/* Element of an input for an index of the output, by the definition of broadcasting. */
static size_t source(const struct assay_shape *in, const struct assay_shape *out, size_t index)
{
    size_t position = 0, step = 1;
    for (size_t i = 0; i < out->rank; i++) {
        const size_t count = (size_t)out->dims[out->rank - 1 - i], at = index % count;
        index /= count;
        if (i >= in->rank)
            continue;
        const size_t own = (size_t)in->dims[in->rank - 1 - i];
        position += (own == 1 ? 0 : at) * step;
        step *= own;
    }
    return position;
}

static void test_floats(struct assay_shape a, struct assay_shape b, struct assay_shape expected)
{
    float values[512];
    for (int i = 0; i < 512; i++)
        values[i] = (float)(i * 37 % 101) * 0.25f - 9.0f;
    size_t count = 0;
    assay_shape_count(&expected, &count);
    for (size_t o = 0; o < 3; o++) {
        struct op_test test;
        op_test_make(&test, codes[o], 2, 1);
        op_test_set(&test, 0, ASSAY_TENSOR_F32, a, 0, 0, values);
        op_test_set(&test, 1, ASSAY_TENSOR_F32, b, 0, 0, values + 17);
        op_test_out(&test, ASSAY_TENSOR_F32, 0, 0);
        test.op.fused = ASSAY_FUSED_RELU6;
        const float *out = op_test_run(&test, count);
        EXPECT(assay_shape_equal(&test.values[2].shape, &expected), "the shape of the output");
        for (size_t i = 0; out && i < count; i++) {
            const float real = apply(codes[o], values[source(&a, &expected, i)], values[17 + source(&b, &expected, i)]);
            const float want = fminf(fmaxf(real, 0.0f), 6.0f);
            EXPECT(out[i] == want, "%s: element %zu is %g, not %g", assay_operator_name(codes[o]), i, (double)out[i],
                   (double)want);
        }
        op_test_free(&test);
    }
}

/* All pairs of int8: by broadcasting a column to a row, or written out, which is a kernel's for ADD and SUB. */
static void test_i8_pairs(bool broadcast, enum assay_operator_code code, enum assay_fused fused, const float scales[3],
                          const int64_t zeros[3], uint64_t reference)
{
    static int8_t all[256], as[65536], bs[65536];
    for (int i = 0; i < 65536; i++) {
        all[i % 256] = bs[i] = (int8_t)(i % 256 - 128);
        as[i] = (int8_t)(i / 256 - 128);
    }
    const struct assay_shape whole = SHAPE(256, 256), column = SHAPE(256, 1), row = SHAPE(1, 256);
    struct op_test test;
    op_test_make(&test, code, 2, 1);
    op_test_set(&test, 0, ASSAY_TENSOR_I8, broadcast ? column : whole, scales[0], zeros[0], broadcast ? all : as);
    op_test_set(&test, 1, ASSAY_TENSOR_I8, broadcast ? row : whole, scales[1], zeros[1], broadcast ? all : bs);
    op_test_out(&test, ASSAY_TENSOR_I8, scales[2], zeros[2]);
    test.op.fused = fused;
    const int8_t *out = op_test_run(&test, 65536);
    EXPECT((test.node.kernel != NULL) == (!broadcast && code != ASSAY_OPERATOR_MUL), "the kernel is %s",
           test.node.kernel ? test.node.kernel : "none");
    for (int i = 0; out && i < 65536; i++) {
        const int first = i / 256, second = i % 256;
        const float a = scales[0] * (float)(first - 128 - zeros[0]), b = scales[1] * (float)(second - 128 - zeros[1]);
        float real = apply(code, a, b);
        if (fused == ASSAY_FUSED_RELU6)
            real = fminf(fmaxf(real, 0.0f), 6.0f);
        const double want = fmin(fmax((double)(real / scales[2]) + (double)zeros[2], -128.0), 127.0);
        EXPECT(fabs(want - out[i]) <= 1.0, "%d: %d, not %g", i, out[i], want);
    }
    const uint64_t hash = out ? op_test_hash(OP_TEST_HASH, out, 65536) : 0;
    EXPECT(hash == reference, "%s i8: checksum %llx", assay_operator_name(code), (unsigned long long)hash);
    op_test_free(&test);
}

static void test_i8(enum assay_operator_code code, enum assay_fused fused, const float scales[3],
                    const int64_t zeros[3], uint64_t reference)
{
    test_i8_pairs(true, code, fused, scales, zeros, reference);
    test_i8_pairs(false, code, fused, scales, zeros, reference);
}

static void test_i16(enum assay_operator_code code, uint64_t reference)
{
    int16_t a[4096], b[4096];
    uint64_t state = 7;
    for (int i = 0; i < 4096; i++) {
        a[i] = (int16_t)op_test_random(&state);
        b[i] = (int16_t)op_test_random(&state);
    }
    struct op_test test;
    op_test_make(&test, code, 2, 1);
    op_test_set(&test, 0, ASSAY_TENSOR_I16, SHAPE(64, 64), 0.0003f, 0, a);
    op_test_set(&test, 1, ASSAY_TENSOR_I16, SHAPE(64, 64), 0.0002f, 0, b);
    op_test_out(&test, ASSAY_TENSOR_I16, 0.0007f, 0);
    const int16_t *out = op_test_run(&test, 4096);
    for (int i = 0; out && i < 4096; i++) {
        const float real = apply(code, 0.0003f * a[i], 0.0002f * b[i]);
        const double want = fmin(fmax((double)(real / 0.0007f), -32768.0), 32767.0);
        EXPECT(fabs(want - out[i]) <= 1.01, "%d: %d, not %g", i, out[i], want);
    }
    const uint64_t hash = out ? op_test_hash(OP_TEST_HASH, out, sizeof a) : 0;
    EXPECT(hash == reference, "%s i16: checksum %llx", assay_operator_name(code), (unsigned long long)hash);
    op_test_free(&test);
}

static void test_i32(void)
{
    struct op_test test;
    op_test_make(&test, ASSAY_OPERATOR_SUB, 2, 1);
    op_test_set(&test, 0, ASSAY_TENSOR_I32, SHAPE(3), 0, 0, (int32_t[]){5, INT32_MIN, 0});
    op_test_set(&test, 1, ASSAY_TENSOR_I32, (struct assay_shape){0}, 0, 0, (int32_t[]){1});
    op_test_out(&test, ASSAY_TENSOR_I32, 0, 0);
    const int32_t *out = op_test_run(&test, 3);
    EXPECT(out && out[0] == 4 && out[1] == INT32_MAX && out[2] == -1, "i32 minus 1");
    op_test_free(&test);
}

static void test_refusals(void)
{
    const float data[8] = {0};
    for (size_t o = 0; o < 3; o++) {
        struct op_test test;
        op_test_make(&test, codes[o], 2, 1);
        op_test_set(&test, 0, ASSAY_TENSOR_F32, SHAPE(2, 3), 0, 0, data);
        op_test_set(&test, 1, ASSAY_TENSOR_F32, SHAPE(2), 0, 0, data);
        op_test_out(&test, ASSAY_TENSOR_F32, 0, 0);
        op_test_refused(&test, "cannot be broadcast");
        op_test_set(&test, 1, ASSAY_TENSOR_I8, SHAPE(3), 0.1f, 0, data);
        op_test_refused(&test, "input 1 is i8");
        op_test_set(&test, 1, ASSAY_TENSOR_F32, SHAPE(3), 0, 0, data);
        op_test_out(&test, ASSAY_TENSOR_I8, 0.1f, 0);
        op_test_refused(&test, "output 0 is i8");
        op_test_out(&test, ASSAY_TENSOR_F32, 0, 0);
        test.op.fused = ASSAY_FUSED_TANH;
        op_test_refused(&test, "fused");
        test.op.fused = ASSAY_FUSED_NONE;
        test.in[1] = NULL;
        op_test_refused(&test, "input 1 is absent");
        test.in[1] = &test.values[1];
        test.op.input_count = 1;
        op_test_refused(&test, "1 inputs");
        test.op.input_count = 2;
        op_test_set(&test, 0, ASSAY_TENSOR_BOOL, SHAPE(3), 0, 0, data);
        op_test_refused(&test, "not supported");
        for (size_t i = 0; i < 3; i++)
            op_test_set(&test, i, ASSAY_TENSOR_I8, SHAPE(3), i == 1 ? 0.0f : 0.1f, 0, NULL);
        op_test_refused(&test, "input 1 is i8 but not quantized");
        for (size_t i = 0; i < 3; i++)
            op_test_set(&test, i, ASSAY_TENSOR_I16, SHAPE(3), 0.1f, i == 2, NULL);
        op_test_refused(&test, "output 0 is i16 with the zero point 1");
        test.tensors[2].quantization.count = 3;
        op_test_refused(&test, "per channel");
        op_test_set(&test, 0, ASSAY_TENSOR_F32, SHAPE(1 << 30, 1, 1 << 30), 0, 0, NULL);
        op_test_set(&test, 1, ASSAY_TENSOR_F32, SHAPE(1, 1 << 30, 1), 0, 0, NULL);
        op_test_out(&test, ASSAY_TENSOR_F32, 0, 0);
        op_test_refused(&test, "too large");
        op_test_free(&test);
    }
    struct op_test test;
    op_test_make(&test, ASSAY_OPERATOR_ADD, 2, 1);
    op_test_set(&test, 0, ASSAY_TENSOR_I8, SHAPE(3), 1000.0f, 0, NULL);
    op_test_set(&test, 1, ASSAY_TENSOR_I8, SHAPE(3), 1.0f, 0, NULL);
    op_test_out(&test, ASSAY_TENSOR_I8, 1e-6f, 0);
    op_test_refused(&test, "too small");
    op_test_free(&test);
}

int main(void)
{
    test_floats(SHAPE(4, 5), SHAPE(4, 5), SHAPE(4, 5));
    test_floats(SHAPE(2, 3, 4), SHAPE(4), SHAPE(2, 3, 4));
    test_floats(SHAPE(3, 1), SHAPE(2, 1, 4), SHAPE(2, 3, 4));
    test_floats(SHAPE(2, 1, 3, 1, 2), SHAPE(3, 1, 4, 1), SHAPE(2, 3, 3, 4, 2));
    test_floats(SHAPE(2, 1, 2, 1, 2, 1, 2, 1), SHAPE(1, 2, 1, 2, 1, 2, 1, 2), SHAPE(2, 2, 2, 2, 2, 2, 2, 2));
    test_floats((struct assay_shape){0}, SHAPE(7), SHAPE(7));
    test_floats((struct assay_shape){0}, (struct assay_shape){0}, (struct assay_shape){0});
    test_floats(SHAPE(2, 0, 3), SHAPE(1, 3), SHAPE(2, 0, 3));
    test_floats(SHAPE(0), SHAPE(5, 1), SHAPE(5, 0));

    const float scales[3] = {0.05f, 0.031f, 0.083f};
    const int64_t zeros[3] = {-3, 11, -128};
    test_i8(ASSAY_OPERATOR_ADD, ASSAY_FUSED_NONE, scales, zeros, UINT64_C(0x66A8FC6AACE0E05));
    test_i8(ASSAY_OPERATOR_ADD, ASSAY_FUSED_RELU6, scales, zeros, UINT64_C(0x714B81252C8AFEBB));
    test_i8(ASSAY_OPERATOR_SUB, ASSAY_FUSED_NONE, scales, zeros, UINT64_C(0x3C3E6435B1A6C94D));
    test_i8(ASSAY_OPERATOR_SUB, ASSAY_FUSED_RELU6, scales, zeros, UINT64_C(0x784906B92FEF4F99));
    test_i8(ASSAY_OPERATOR_MUL, ASSAY_FUSED_NONE, scales, zeros, UINT64_C(0x4424623B5E1D861C));
    test_i8(ASSAY_OPERATOR_MUL, ASSAY_FUSED_RELU6, scales, zeros, UINT64_C(0x3188E55D265D0E93));
    test_i16(ASSAY_OPERATOR_ADD, UINT64_C(0xA6A8AD6939021811));
    test_i16(ASSAY_OPERATOR_SUB, UINT64_C(0x6695C3FB5FB99325));
    test_i16(ASSAY_OPERATOR_MUL, UINT64_C(0x26633636870D6ED7));
    test_i32();
    test_refusals();
    return failures != 0;
}
