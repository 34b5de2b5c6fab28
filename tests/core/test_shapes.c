/* Padding, windows, extents of buffers, and what problems are refused. */
#include "kernels/core/window.h"
#include "tests/core/expect.h"

static void expect_same(size_t in, size_t kernel, size_t stride, size_t dilation, size_t out, size_t before)
{
    size_t got_out, got_before;
    assay_pad_same(in, kernel, stride, dilation, &got_out, &got_before);
    EXPECT(got_out == out && got_before == before, "%zu by %zu, stride %zu, dilation %zu: %zu outputs, %zu before", in,
           kernel, stride, dilation, got_out, got_before);
}

static void test_padding(void)
{
    expect_same(224, 3, 2, 1, 112, 0); /* MobileNet's first layer: the one pixel goes behind */
    expect_same(225, 3, 2, 1, 113, 1);
    expect_same(112, 3, 1, 1, 112, 1);
    expect_same(7, 1, 1, 1, 7, 0);
    expect_same(7, 1, 3, 1, 3, 0); /* nothing to pad, though the stride leaves pixels */
    expect_same(10, 3, 1, 4, 10, 4);
    expect_same(5, 2, 1, 1, 5, 0);
    expect_same(49, 10, 2, 1, 25, 4); /* DS-CNN's first layer */
    expect_same(0, 3, 1, 1, 0, 0);
    EXPECT(assay_pad_explicit(224, 3, 2, 1, 0, 1) == 112, "224 by 3, stride 2, 1 behind");
    EXPECT(assay_pad_explicit(7, 7, 1, 1, 0, 0) == 1, "7 by 7");
    EXPECT(assay_pad_explicit(6, 7, 1, 1, 0, 0) == 0, "6 by 7 does not fit");
    EXPECT(assay_pad_explicit(6, 4, 1, 2, 0, 0) == 0, "6 by 4 at dilation 2 does not fit");
    EXPECT(assay_pad_explicit(0, 1, 1, 1, 0, 0) == 0, "nothing gives nothing");
}

static void test_window(void)
{
    struct assay_problem p = {.op = ASSAY_OP_DWCONV,
                              .dwconv = {.batch = 2,
                                         .in_h = 4,
                                         .in_w = 5,
                                         .in_c = 1,
                                         .multiplier = 1,
                                         .kernel_h = 3,
                                         .kernel_w = 2,
                                         .stride_h = 2,
                                         .stride_w = 1,
                                         .dilation_h = 1,
                                         .dilation_w = 3,
                                         .pad_top = 1,
                                         .pad_left = 1,
                                         .out_h = 2,
                                         .out_w = 4,
                                         .in_stride = 1,
                                         .out_stride = 1}};
    const struct assay_window w = assay_window_of(&p);
    for (size_t pixel = 0; pixel < 16; pixel++) {
        for (size_t tap = 0; tap < 6; tap++) {
            const long y = (long)(pixel % 8 / 4 * 2 + tap / 2) - 1, x = (long)(pixel % 4 + tap % 2 * 3) - 1;
            const size_t want =
                y < 0 || y >= 4 || x < 0 || x >= 5 ? ASSAY_OUTSIDE : pixel / 8 * 20 + (size_t)(y * 5 + x);
            const size_t got = assay_window_source(&w, pixel, tap);
            EXPECT(got == want, "pixel %zu, tap %zu reads %zu, not %zu", pixel, tap, got, want);
        }
    }
}

static void test_extents(void)
{
    struct assay_problem p = {.op = ASSAY_OP_GEMM,
                              .mode = ASSAY_MODE_INT16X8,
                              .quantization = {.in_scale = 1, .out_scale = 1},
                              .gemm = {3, 5, 7, 9, 6, 0}};
    EXPECT(!assay_problem_invalid(&p), "%s", assay_problem_invalid(&p));
    EXPECT(assay_problem_in_bytes(&p) == (2 * 9 + 7) * 2, "in: %zu bytes", assay_problem_in_bytes(&p));
    EXPECT(assay_problem_out_bytes(&p) == (2 * 6 + 5) * 2, "out: %zu bytes", assay_problem_out_bytes(&p));
    EXPECT(assay_problem_weight_bytes(&p) == 35, "weights: %zu bytes", assay_problem_weight_bytes(&p));
    EXPECT(assay_problem_bias_bytes(&p) == 40, "bias: %zu bytes", assay_problem_bias_bytes(&p));
    EXPECT(assay_problem_macs(&p) == 105, "%llu multiply-accumulates", (unsigned long long)assay_problem_macs(&p));
    p.gemm.m = 0;
    EXPECT(assay_problem_in_bytes(&p) == 0 && assay_problem_out_bytes(&p) == 0, "no rows, but bytes");
    EXPECT(!assay_problem_invalid(&p), "%s", assay_problem_invalid(&p));

    p.gemm.out_stride = 4;
    EXPECT(assay_problem_invalid(&p), "a stride shorter than its row passes");
    p.gemm.out_stride = 5;
    p.quantization.in_zero = 1;
    EXPECT(assay_problem_invalid(&p), "a zero point of int16 passes");
    p.quantization = (struct assay_quantization){.out_scale = 1};
    EXPECT(assay_problem_invalid(&p), "a scale of 0 passes");
    p.quantization.in_scale = 1;
    p.structure = ASSAY_RANDOM;
    EXPECT(assay_problem_invalid(&p), "a sparse gemm passes");
    p.op = ASSAY_OP_SPMM;
    EXPECT(!assay_problem_invalid(&p), "%s", assay_problem_invalid(&p));
    p.mode = ASSAY_MODE_COUNT;
    EXPECT(assay_problem_invalid(&p), "a mode out of range passes");
}

static void test_clamps(void)
{
    struct assay_problem p = {.op = ASSAY_OP_GEMM,
                              .mode = ASSAY_MODE_INT8,
                              .quantization = {.in_scale = 1, .out_scale = 0.05f, .out_zero = -10}};
    EXPECT(assay_clamp_min_int(&p) == -128 && assay_clamp_max_int(&p) == 127, "no activation cuts");
    p.activation = ASSAY_ACT_RELU;
    EXPECT(assay_clamp_min_int(&p) == -10 && assay_clamp_max_int(&p) == 127, "ReLU: %d to %d",
           (int)assay_clamp_min_int(&p), (int)assay_clamp_max_int(&p));
    p.activation = ASSAY_ACT_RELU6;
    EXPECT(assay_clamp_max_int(&p) == 110, "6 at a scale of 0.05 is %d", (int)assay_clamp_max_int(&p));
    p.quantization.out_scale = 1e-30f;
    EXPECT(assay_clamp_max_int(&p) == 127, "6 at a tiny scale is %d", (int)assay_clamp_max_int(&p));
    p.mode = ASSAY_MODE_INT16X8;
    p.quantization = (struct assay_quantization){.in_scale = 1, .out_scale = 0.001f};
    EXPECT(assay_clamp_min_int(&p) == 0 && assay_clamp_max_int(&p) == 6000, "6 at 0.001 is %d",
           (int)assay_clamp_max_int(&p));
}

int main(void)
{
    test_padding();
    test_window();
    test_extents();
    test_clamps();
    return expect_report();
}
