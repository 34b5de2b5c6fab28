/* QUANTIZE and DEQUANTIZE against the formulas in 128-bit integers and doubles. */
#include "models/ops/tests/one_op.h"

#include <math.h>

enum { COUNT = 512 };

static const struct {
    int64_t low, high;
} range[] = {[ASSAY_TENSOR_I8] = {INT8_MIN, INT8_MAX},
             [ASSAY_TENSOR_U8] = {0, UINT8_MAX},
             [ASSAY_TENSOR_I16] = {INT16_MIN, INT16_MAX},
             [ASSAY_TENSOR_I32] = {INT32_MIN, INT32_MAX}};

static int64_t get(enum assay_tensor_type type, const void *data, size_t i)
{
    return type == ASSAY_TENSOR_I8    ? ((const int8_t *)data)[i]
           : type == ASSAY_TENSOR_U8  ? ((const uint8_t *)data)[i]
           : type == ASSAY_TENSOR_I16 ? ((const int16_t *)data)[i]
                                      : ((const int32_t *)data)[i];
}

/* Division to nearest; ties up, or away from zero. */
static __int128 nearest(__int128 x, __int128 by, bool away)
{
    const __int128 twice = 2 * x + by, floor = twice / (2 * by) - (twice % (2 * by) < 0);
    return away && x < 0 && twice % (2 * by) == 0 ? floor - 1 : floor;
}

static int64_t rescaled(int64_t x, double factor)
{
    int exponent;
    __int128 q31 = llround(frexp(factor, &exponent) * 2147483648.0);
    if (q31 == (__int128)1 << 31) {
        q31 /= 2;
        exponent++;
    }
    const int left = exponent > 0 ? exponent : 0, right = exponent > 0 ? 0 : -exponent;
    const __int128 high = nearest((__int128)(x * (INT64_C(1) << left)) * q31, (__int128)1 << 31, false);
    return (int64_t)nearest(high, (__int128)1 << right, true);
}

static void requantizes(enum assay_tensor_type in, enum assay_tensor_type out, float in_scale, float out_scale,
                        int64_t in_zero, int64_t out_zero)
{
    static _Alignas(8) int32_t data[COUNT];
    for (int i = 0; i < COUNT; i++) {
        const int64_t span = range[in].high - range[in].low;
        const int64_t x = i == 0 ? range[in].low : i == 1 ? range[in].high : range[in].low + one_random() % span;
        const int64_t small = in == ASSAY_TENSOR_I32 ? x >> 12 : x; /* the reference wraps beyond what is tried here */
        if (in == ASSAY_TENSOR_I32)
            data[i] = (int32_t)small;
        else if (in == ASSAY_TENSOR_I16)
            ((int16_t *)data)[i] = (int16_t)small;
        else
            ((uint8_t *)data)[i] = (uint8_t)small;
    }
    struct one one = one_of(ASSAY_OPERATOR_QUANTIZE);
    one_input(&one, in, (struct assay_shape){2, {2, COUNT / 2}}, data)->quantization =
        (struct assay_tensor_quantization){1, &in_scale, &in_zero, 0};
    one_output(&one, out)->quantization = (struct assay_tensor_quantization){1, &out_scale, &out_zero, 0};
    const bool good = one_run(&one);
    EXPECT(good, "%s", one.error.text);
    for (size_t i = 0; good && i < COUNT; i++) {
        int64_t want = rescaled(get(in, data, i) - in_zero, (double)in_scale / (double)out_scale) + out_zero;
        want = want < range[out].low ? range[out].low : want > range[out].high ? range[out].high : want;
        EXPECT(get(out, one.result[0], i) == want, "%s to %s, %g to %g: %lld gives %lld, not %lld",
               assay_tensor_type_name(in), assay_tensor_type_name(out), (double)in_scale, (double)out_scale,
               (long long)get(in, data, i), (long long)get(out, one.result[0], i), (long long)want);
    }
    one_free(&one);
}

static void quantizes(enum assay_tensor_type out, float scale, int64_t zero)
{
    static float data[COUNT];
    for (int i = 0; i < COUNT; i++) /* ties among them */
        data[i] = i % 3 == 0 ? ((float)one_below(600) - 300.5f) * scale : ((float)one_below(200000) - 1e5f) * 0.01f;
    data[0] = 1e30f;
    data[1] = -INFINITY;
    struct one one = one_of(ASSAY_OPERATOR_QUANTIZE);
    one_input(&one, ASSAY_TENSOR_F32, (struct assay_shape){1, {COUNT}}, data);
    one_output(&one, out)->quantization = (struct assay_tensor_quantization){1, &scale, &zero, 0};
    const bool good = one_run(&one);
    EXPECT(good, "%s", one.error.text);
    for (size_t i = 0; good && i < COUNT; i++) {
        double want = round((double)(data[i] / scale)) + (double)zero;
        want = fmin(fmax(want, (double)range[out].low), (double)range[out].high);
        EXPECT((double)get(out, one.result[0], i) == want, "%g by %g gives %lld, not %g", (double)data[i],
               (double)scale, (long long)get(out, one.result[0], i), want);
    }
    one_free(&one);
}

static void dequantizes(enum assay_tensor_type in, size_t channels, int64_t zero)
{
    static _Alignas(8) int16_t data[COUNT];
    float scale[4];
    int64_t zeros[4];
    for (size_t c = 0; c < 4; c++) {
        scale[c] = 0.013f * (float)(c + 1);
        zeros[c] = zero;
    }
    for (int i = 0; i < COUNT; i++)
        data[i] = (int16_t)one_random();
    struct one one = one_of(ASSAY_OPERATOR_DEQUANTIZE);
    one_input(&one, in, (struct assay_shape){3, {4, 4, COUNT / 16}}, data)->quantization =
        (struct assay_tensor_quantization){channels, scale, zeros, 1};
    one_output(&one, ASSAY_TENSOR_F32);
    const bool good = one_run(&one);
    EXPECT(good, "%s", one.error.text);
    for (size_t i = 0; good && i < COUNT; i++) {
        const size_t channel = channels == 1 ? 0 : i / (COUNT / 16) % 4;
        const float want = (float)((double)scale[channel] * (double)(get(in, data, i) - zero));
        EXPECT(((const float *)one.result[0])[i] == want, "%s: element %zu", assay_tensor_type_name(in), i);
    }
    one_free(&one);
}

static void halves(void)
{
    static const assay_f16 data[] = {(assay_f16)1.5f, (assay_f16)-65504.0f, (assay_f16)6e-8f, (assay_f16)0.1f};
    struct one one = one_of(ASSAY_OPERATOR_DEQUANTIZE);
    one_input(&one, ASSAY_TENSOR_F16, (struct assay_shape){1, {4}}, data);
    one_output(&one, ASSAY_TENSOR_F32);
    const bool good = one_run(&one);
    EXPECT(good, "%s", one.error.text);
    const bool whole = good && one_count(&one.shape[0]) == sizeof(data) / sizeof(data[0]);
    EXPECT(whole, "the output has %zu elements", one_count(&one.shape[0]));
    for (size_t i = 0; whole && i < sizeof(data) / sizeof(data[0]); i++)
        EXPECT(((const float *)one.result[0])[i] == (float)data[i], "f16: element %zu", i);
    one_free(&one);
}

static void refusals(void)
{
    static const float scales[] = {1e30f, 1e-30f};
    static const int64_t zeros[] = {0, 0};
    struct one far = one_of(ASSAY_OPERATOR_QUANTIZE);
    one_input(&far, ASSAY_TENSOR_I8, (struct assay_shape){1, {4}}, one_bytes())->quantization =
        (struct assay_tensor_quantization){1, scales, zeros, 0};
    one_output(&far, ASSAY_TENSOR_I8)->quantization = (struct assay_tensor_quantization){1, scales + 1, zeros, 0};
    struct one many = far, none = far, other = far, real = far;
    many.tensors[1].quantization = (struct assay_tensor_quantization){2, scales, zeros, 0};
    none.tensors[0].quantization.count = 0;
    other.tensors[1].type = ASSAY_TENSOR_I64;
    real.op.code = ASSAY_OPERATOR_DEQUANTIZE;
    one_refuses(&far, "QUANTIZE", "too far apart");
    one_refuses(&many, "QUANTIZE", "one scale");
    one_refuses(&none, "QUANTIZE", "one scale");
    one_refuses(&other, "QUANTIZE", "i8 to i64");
    one_refuses(&real, "DEQUANTIZE", "i8 to i8");
    struct one plain = one_of(ASSAY_OPERATOR_DEQUANTIZE);
    struct assay_tensor *in = one_input(&plain, ASSAY_TENSOR_I8, (struct assay_shape){1, {4}}, one_bytes());
    one_output(&plain, ASSAY_TENSOR_F32);
    struct one channels = plain;
    one_refuses(&plain, "DEQUANTIZE", "not quantized");
    channels.tensors[in - plain.tensors].quantization = (struct assay_tensor_quantization){2, scales, zeros, 0};
    one_refuses(&channels, "DEQUANTIZE", "2 scales");
}

int main(void)
{
    static const enum assay_tensor_type pairs[][2] = {
        {ASSAY_TENSOR_I8, ASSAY_TENSOR_I8},   {ASSAY_TENSOR_I8, ASSAY_TENSOR_U8},   {ASSAY_TENSOR_I8, ASSAY_TENSOR_I16},
        {ASSAY_TENSOR_I8, ASSAY_TENSOR_I32},  {ASSAY_TENSOR_U8, ASSAY_TENSOR_I8},   {ASSAY_TENSOR_I16, ASSAY_TENSOR_I8},
        {ASSAY_TENSOR_I16, ASSAY_TENSOR_I16}, {ASSAY_TENSOR_I16, ASSAY_TENSOR_I32}, {ASSAY_TENSOR_I32, ASSAY_TENSOR_I8},
        {ASSAY_TENSOR_I32, ASSAY_TENSOR_I16},
    };
    static const float factors[] = {1.0f, 0.5f, 0.0123f, 1.7f, 200.0f, 256.0f};
    for (size_t p = 0; p < sizeof(pairs) / sizeof(pairs[0]); p++) {
        for (size_t f = 0; f < sizeof(factors) / sizeof(factors[0]); f++) {
            if (pairs[p][0] == ASSAY_TENSOR_I32 && f > 3)
                continue;
            requantizes(pairs[p][0], pairs[p][1], 0.25f * factors[f], 0.25f, 0, 0);
            requantizes(pairs[p][0], pairs[p][1], 0.1f * factors[f], 0.1f, 5, 17);
        }
    }
    quantizes(ASSAY_TENSOR_I8, 0.25f, -3);
    quantizes(ASSAY_TENSOR_I8, 0.0371f, 127);
    quantizes(ASSAY_TENSOR_I16, 0.001f, 0);
    quantizes(ASSAY_TENSOR_I16, 0.5f, 9);
    dequantizes(ASSAY_TENSOR_I8, 1, -5);
    dequantizes(ASSAY_TENSOR_I8, 4, 0);
    dequantizes(ASSAY_TENSOR_U8, 1, 128);
    dequantizes(ASSAY_TENSOR_I16, 1, 0);
    dequantizes(ASSAY_TENSOR_I16, 1, 7);
    halves();
    refusals();
    return failures > 0;
}
