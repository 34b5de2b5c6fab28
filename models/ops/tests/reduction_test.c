/* MEAN, AVERAGE_POOL_2D, MAX_POOL_2D, BATCH_MATMUL: against the obvious loops over real numbers, and the integers of
 * MEAN and BATCH_MATMUL by a checksum against the TFLite Micro reference kernels (commit 90b983c2, double rounding). */
#include "models/ops/tests/op_test.h"

#include <math.h>
#include <string.h>

enum { N = 1000 };

static int8_t bytes[N];
static int16_t words[N];
static float reals[N];

static void make_inputs(void)
{
    uint64_t state = 3;
    for (int i = 0; i < N; i++) {
        bytes[i] = (int8_t)op_test_random(&state);
        words[i] = (int16_t)op_test_random(&state);
        reals[i] = (float)bytes[i] / 16.0f; /* sums are exact */
    }
}

static const void *inputs_of(enum assay_tensor_type type)
{
    return type == ASSAY_TENSOR_F32 ? (const void *)reals : type == ASSAY_TENSOR_I8 ? (const void *)bytes : words;
}

static double element(const void *data, enum assay_tensor_type type, size_t i)
{
    return type == ASSAY_TENSOR_F32  ? (double)((const float *)data)[i]
           : type == ASSAY_TENSOR_I8 ? ((const int8_t *)data)[i]
                                     : ((const int16_t *)data)[i];
}

static void set_axes(struct op_test *test, const int32_t *axes, int32_t count)
{
    op_test_set(test, 1, ASSAY_TENSOR_I32, SHAPE(count), 0, 0, axes);
    test->tensors[1].data = test->values[1].data;
    test->tensors[1].bytes = (size_t)count * sizeof *axes;
}

static void test_mean(enum assay_tensor_type type, uint64_t reference)
{
    static const int32_t axes[4][3] = {{1, 2, 2}, {-1, -1, -1}, {0, 1, 2}, {0, 3, 3}};
    static const bool reduced[4][4] = {{0, 1, 1, 0}, {0, 0, 0, 1}, {1, 1, 1, 0}, {1, 0, 0, 1}};
    static const int dims[4] = {2, 5, 10, 10};
    static const size_t left[4] = {20, 100, 10, 50};
    const int zero = type == ASSAY_TENSOR_I8 ? -7 : 0, out_zero = type == ASSAY_TENSOR_I8 ? 4 : 0;
    const bool real = type == ASSAY_TENSOR_F32;
    const double in_scale = real ? 1.0 : (double)0.05f, out_scale = real ? 1.0 : (double)0.03f;
    uint64_t hash = OP_TEST_HASH;
    for (int k = 0; k < 4; k++) {
        struct op_test test;
        op_test_make(&test, ASSAY_OPERATOR_MEAN, 2, 1);
        test.op.reduce.keep_dims = k % 2;
        op_test_set(&test, 0, type, SHAPE(2, 5, 10, 10), real ? 0.0f : 0.05f, zero, inputs_of(type));
        set_axes(&test, axes[k], 3);
        op_test_out(&test, type, real ? 0.0f : 0.03f, out_zero);
        const void *out = op_test_run(&test, left[k]);
        double sums[N] = {0};
        int counts[N] = {0};
        for (int i = 0; i < N; i++) {
            const int index[4] = {i / 500, i / 100 % 5, i / 10 % 10, i % 10};
            int to = 0;
            for (int d = 0; d < 4; d++)
                to = reduced[k][d] ? to : to * dims[d] + index[d];
            sums[to] += element(inputs_of(type), type, (size_t)i) - (real ? 0 : zero);
            counts[to]++;
        }
        EXPECT(test.values[2].shape.rank == (k % 2 ? 4u : k == 2 ? 1u : 2u), "rank %zu", test.values[2].shape.rank);
        for (size_t i = 0; out && i < left[k]; i++) {
            double want = sums[i] / counts[i] * in_scale / out_scale + out_zero;
            if (!real)
                want = fmin(fmax(want, type == ASSAY_TENSOR_I8 ? -128 : -32768), type == ASSAY_TENSOR_I8 ? 127 : 32767);
            EXPECT(fabs(element(out, type, i) - want) <= (real ? 1e-5 : 0.51), "MEAN %d, element %zu: %g, not %g", k, i,
                   element(out, type, i), want);
        }
        if (out)
            hash = op_test_hash(hash, out, left[k] * assay_tensor_type_size(type));
        op_test_free(&test);
    }
    EXPECT(real || hash == reference, "MEAN %s: checksum %llx", assay_tensor_type_name(type), (unsigned long long)hash);
}

struct pool_case {
    enum assay_padding padding;
    int filter_h, filter_w, stride_h, stride_w, out_h, out_w, pad_h, pad_w;
    int batch, in_h, in_w, channels; /* 1000 elements */
};

static void test_pool(enum assay_operator_code code, enum assay_tensor_type type, const struct pool_case *c)
{
    struct op_test test;
    op_test_make(&test, code, 1, 1);
    test.op.pool.padding = c->padding;
    test.op.pool.filter_h = c->filter_h;
    test.op.pool.filter_w = c->filter_w;
    test.op.pool.stride_h = c->stride_h;
    test.op.pool.stride_w = c->stride_w;
    const float scale = type == ASSAY_TENSOR_F32 ? 0.0f : 0.1f;
    op_test_set(&test, 0, type, SHAPE(c->batch, c->in_h, c->in_w, c->channels), scale, 0, inputs_of(type));
    op_test_out(&test, type, scale, 0);
    test.op.fused = ASSAY_FUSED_RELU6;
    const int elements = c->batch * c->out_h * c->out_w * c->channels;
    const void *out = op_test_run(&test, (size_t)elements);
    const struct assay_shape expected = SHAPE(c->batch, c->out_h, c->out_w, c->channels);
    EXPECT(assay_shape_equal(&test.values[1].shape, &expected), "shape of a pool");
    const double six = type == ASSAY_TENSOR_F32 ? 6 : 60;
    for (int i = 0; out && i < elements; i++) {
        const int channel = i % c->channels, pixel = i / c->channels;
        const int x = pixel % c->out_w, y = pixel / c->out_w % c->out_h, b = pixel / c->out_w / c->out_h;
        double sum = 0, max = -1e9;
        int count = 0;
        for (int j = y * c->stride_h - c->pad_h; j < y * c->stride_h - c->pad_h + c->filter_h; j++)
            for (int k = x * c->stride_w - c->pad_w; k < x * c->stride_w - c->pad_w + c->filter_w; k++) {
                if (j < 0 || k < 0 || j >= c->in_h || k >= c->in_w)
                    continue;
                const int at = ((b * c->in_h + j) * c->in_w + k) * c->channels + channel;
                const double v = element(inputs_of(type), type, (size_t)at);
                sum += v;
                max = fmax(max, v);
                count++;
            }
        double want = code == ASSAY_OPERATOR_MAX_POOL_2D ? max : sum / count;
        want = fmin(fmax(type == ASSAY_TENSOR_F32 ? want : round(want), 0.0), six);
        EXPECT(fabs(element(out, type, (size_t)i) - want) <= (type == ASSAY_TENSOR_F32 ? 1e-5 : 0.0),
               "%s element %d: %g, not %g", assay_operator_name(code), i, element(out, type, (size_t)i), want);
    }
    op_test_free(&test);
}

/* Stored transposed or not, the product is the same. */
static void test_matmul(enum assay_tensor_type type, bool x, bool y, uint64_t reference)
{
    const bool real = type == ASSAY_TENSOR_F32, wide = type == ASSAY_TENSOR_I16;
    const int a_zero = type == ASSAY_TENSOR_I8 ? -5 : 0, b_zero = type == ASSAY_TENSOR_I8 ? 9 : 0;
    const int out_zero = type == ASSAY_TENSOR_I8 ? 2 : 0;
    const float sa = real ? 0 : wide ? 0.0002f : 0.02f, sb = real ? 0 : wide ? 0.0003f : 0.03f;
    const float so = real ? 0 : wide ? 0.0004f : 0.4f;
    const size_t size = assay_tensor_type_size(type);
    char a[120 * 4], b[60 * 4];
    const char *in = inputs_of(type);
    for (int i = 0; i < 120; i++) { /* [2, 3, 4, 5], or its rows and columns exchanged */
        const int batch = i / 20, r = i / 5 % 4, k = i % 5, to = x ? batch * 20 + k * 4 + r : i;
        memcpy(a + (size_t)to * size, in + (size_t)i * size, size);
    }
    for (int i = 0; i < 60; i++) { /* [2, 1, 5, 6] */
        const int batch = i / 30, k = i / 6 % 5, c = i % 6, to = y ? batch * 30 + c * 5 + k : i;
        memcpy(b + (size_t)to * size, in + (size_t)(500 + i) * size, size);
    }
    struct op_test test;
    op_test_make(&test, ASSAY_OPERATOR_BATCH_MATMUL, 2, 1);
    test.op.batch_matmul.adjoint_x = x;
    test.op.batch_matmul.adjoint_y = y;
    op_test_set(&test, 0, type, x ? SHAPE(2, 3, 5, 4) : SHAPE(2, 3, 4, 5), sa, a_zero, a);
    op_test_set(&test, 1, type, y ? SHAPE(2, 1, 6, 5) : SHAPE(2, 1, 5, 6), sb, b_zero, b);
    op_test_out(&test, type, so, out_zero);
    const void *out = op_test_run(&test, 144);
    const struct assay_shape expected = SHAPE(2, 3, 4, 6);
    EXPECT(assay_shape_equal(&test.values[2].shape, &expected), "shape of a product");
    for (int i = 0; out && i < 144; i++) {
        const int batch = i / 24, r = i / 6 % 4, c = i % 6;
        double want = 0;
        for (int k = 0; k < 5; k++) {
            const int a_at = batch * 20 + r * 5 + k, b_at = 500 + batch / 3 * 30 + k * 6 + c;
            want += (element(in, type, (size_t)a_at) - a_zero) * (element(in, type, (size_t)b_at) - b_zero);
        }
        if (!real)
            want = fmin(fmax(want * (double)sa * (double)sb / (double)so + out_zero, wide ? -32768 : -128),
                        wide ? 32767 : 127);
        EXPECT(fabs(element(out, type, (size_t)i) - want) <= (real   ? 1e-4
                                                              : wide ? 2.0
                                                                     : 0.51),
               "product %d: %g, not %g", i, element(out, type, (size_t)i), want);
    }
    const uint64_t hash = out ? op_test_hash(OP_TEST_HASH, out, 144 * size) : 0;
    EXPECT(real || hash == reference, "BATCH_MATMUL %s: checksum %llx", assay_tensor_type_name(type),
           (unsigned long long)hash);
    op_test_free(&test);
}

static void test_refusals(void)
{
    struct op_test test;
    op_test_make(&test, ASSAY_OPERATOR_MEAN, 2, 1);
    op_test_set(&test, 0, ASSAY_TENSOR_F32, SHAPE(2, 3), 0, 0, NULL);
    op_test_set(&test, 1, ASSAY_TENSOR_I32, SHAPE(1), 0, 0, NULL);
    op_test_out(&test, ASSAY_TENSOR_F32, 0, 0);
    op_test_refused(&test, "not constant");
    set_axes(&test, (int32_t[]){2}, 1);
    op_test_refused(&test, "axis 2");
    set_axes(&test, (int32_t[]){-3}, 1);
    op_test_refused(&test, "axis -3");
    test.tensors[1].bytes = 3;
    op_test_refused(&test, "cut short");
    op_test_free(&test);
    op_test_make(&test, ASSAY_OPERATOR_MAX_POOL_2D, 1, 1);
    op_test_set(&test, 0, ASSAY_TENSOR_F32, SHAPE(1, 3, 3), 0, 0, NULL);
    op_test_out(&test, ASSAY_TENSOR_F32, 0, 0);
    op_test_refused(&test, "rank 3");
    op_test_set(&test, 0, ASSAY_TENSOR_F32, SHAPE(1, 3, 3, 1), 0, 0, NULL);
    op_test_refused(&test, "a window of 0");
    test.op.pool.filter_h = test.op.pool.filter_w = 4;
    test.op.pool.stride_h = test.op.pool.stride_w = 1;
    test.op.pool.padding = ASSAY_PAD_VALID;
    op_test_refused(&test, "does not fit");
    op_test_set(&test, 0, ASSAY_TENSOR_I8, SHAPE(1, 9, 9, 1), 0.1f, 0, NULL);
    op_test_out(&test, ASSAY_TENSOR_I8, 0.1f, 1);
    op_test_refused(&test, "alike");
    op_test_make(&test, ASSAY_OPERATOR_BATCH_MATMUL, 2, 1);
    op_test_set(&test, 0, ASSAY_TENSOR_F32, SHAPE(3), 0, 0, NULL);
    op_test_set(&test, 1, ASSAY_TENSOR_F32, SHAPE(3, 2), 0, 0, NULL);
    op_test_out(&test, ASSAY_TENSOR_F32, 0, 0);
    op_test_refused(&test, "rank 1");
    op_test_set(&test, 0, ASSAY_TENSOR_F32, SHAPE(2, 4), 0, 0, NULL);
    op_test_refused(&test, "4 columns times 3 rows");
    op_test_set(&test, 0, ASSAY_TENSOR_F32, SHAPE(2, 4, 3), 0, 0, NULL);
    op_test_set(&test, 1, ASSAY_TENSOR_F32, SHAPE(3, 3, 2), 0, 0, NULL);
    op_test_refused(&test, "leading dimensions");
}

int main(void)
{
    static const enum assay_tensor_type types[] = {ASSAY_TENSOR_F32, ASSAY_TENSOR_I8, ASSAY_TENSOR_I16};
    static const struct pool_case pools[] = {
        {ASSAY_PAD_VALID, 10, 10, 1, 1, 1, 1, 0, 0, 2, 10, 10, 5},
        {ASSAY_PAD_VALID, 3, 2, 2, 3, 4, 3, 0, 0, 2, 10, 10, 5},
        {ASSAY_PAD_SAME, 3, 3, 1, 1, 10, 10, 1, 1, 2, 10, 10, 5},
        {ASSAY_PAD_SAME, 4, 2, 3, 4, 4, 3, 1, 0, 2, 10, 10, 5},
        {ASSAY_PAD_SAME, 25, 1, 1, 7, 10, 2, 12, 0, 2, 10, 10, 5},
        /* more channels than are pooled at once, and as many */
        {ASSAY_PAD_VALID, 2, 3, 1, 2, 1, 4, 0, 0, 1, 2, 10, 50},
        {ASSAY_PAD_SAME, 3, 3, 2, 2, 3, 3, 1, 1, 1, 5, 5, 40},
        {ASSAY_PAD_SAME, 3, 2, 1, 1, 1, 1, 1, 0, 2, 1, 1, 500},
    };
    make_inputs();
    test_mean(ASSAY_TENSOR_F32, 0);
    test_mean(ASSAY_TENSOR_I8, UINT64_C(0xB5A3E80D27FD0F62));
    test_mean(ASSAY_TENSOR_I16, UINT64_C(0x4CD1D30D2247DABE));
    for (size_t t = 0; t < 3; t++) {
        for (size_t i = 0; i < sizeof pools / sizeof *pools; i++) {
            test_pool(ASSAY_OPERATOR_AVERAGE_POOL_2D, types[t], &pools[i]);
            test_pool(ASSAY_OPERATOR_MAX_POOL_2D, types[t], &pools[i]);
        }
    }
    for (int i = 0; i < 4; i++) {
        test_matmul(ASSAY_TENSOR_F32, i & 1, i & 2, 0);
        test_matmul(ASSAY_TENSOR_I8, i & 1, i & 2, UINT64_C(0x734F9BB4C7C267CA));
        test_matmul(ASSAY_TENSOR_I16, i & 1, i & 2, UINT64_C(0xFB5D7E3FDC430802));
    }
    test_refusals();
    return failures != 0;
}
