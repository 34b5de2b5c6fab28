/* Depthwise convolution of int8 and hybrid, NEON: blocks of 16 channels. The includer says which by DW_INT8 or
 * DW_HYBRID.
 *
 * Two taps are multiplied and added in 16 bits, which holds two products as weights are never -128; then the pair is
 * added to the sums: 4 instructions for 16 multiply-accumulates.
 * - 3x3 of stride 1 or 2, inside the image's width: 9 weights and 9 inputs stay in registers; stride 1 loads one column
 *   of 3 inputs for a pixel. 3 loads, 38 to multiply and add, 6 to load what sums start at and multipliers, 31 to
 * rescale, narrow, clamp and store 16 channels: .57 instructions per multiply-accumulate (.59).
 * - other 3x3, and the pixels at the image's sides: 9 inputs are loaded for a pixel: .69.
 * - any other window: weights are loaded for each pixel.
 * All are bound by the multiply and accumulate pipes, or by issue on narrow cores. */
#ifndef ASSAY_KERNELS_DWCONV_AARCH64_NEON_INTEGER_H
#define ASSAY_KERNELS_DWCONV_AARCH64_NEON_INTEGER_H

#include "kernels/core/aarch64/neon_bytes.h"
#include "kernels/core/aarch64/neon_rescale.h"
#include "kernels/dwconv/dwindirect.h"

#include <math.h>

#define DW_INLINE __attribute__((always_inline)) static inline

enum { CR = 16 };

/* What is the same for all pixels of a block of channels. */
struct block {
    const struct assay_dw_args *args;
    size_t channel;  /* the first */
    const int8_t *w; /* [tap][CR] */
    int32x4_t start[4];
#ifdef DW_HYBRID
    float32x4_t scale[4], bias[4], min, max;
#else
    int32x4_t multiplier[4], left[4], right[4];
    bool shifts_left; /* any of `left` is not 0 */
    int16x8_t zero;
    int8x16_t min, max;
#endif
};

DW_INLINE const int8_t *source(const struct block *b, size_t pixel, size_t tap)
{
    return (const int8_t *)b->args->in[pixel * b->args->taps + tap] + b->channel;
}

#ifdef DW_HYBRID

typedef float output;

static struct block block_of(const struct assay_dw_args *args, size_t channel)
{
    const float *bias = (const float *)args->bias + channel, *scale = args->scale + channel;
    /* Infinite bounds let everything pass, NaN too. */
    struct block b = {
        .args = args,
        .channel = channel,
        .w = (const int8_t *)args->w + channel * args->taps,
        .min = vdupq_n_f32(args->clamp ? args->clamp_min : -INFINITY),
        .max = vdupq_n_f32(args->clamp ? args->clamp_max : INFINITY),
    };
    for (size_t v = 0; v < 4; v++) {
        /* Sums start at -zero * weight_sum, so that they end as those of (q - zero) * weight. */
        b.start[v] = vmulq_n_s32(vld1q_s32(args->weight_sum + channel + 4 * v), -args->row.zero);
        b.scale[v] = vmulq_n_f32(vld1q_f32(scale + 4 * v), args->row.scale);
        b.bias[v] = vld1q_f32(bias + 4 * v);
    }
    return b;
}

DW_INLINE void finish(const struct block *b, int32x4_t *sum, output *out)
{
    for (size_t v = 0; v < 4; v++) {
        const float32x4_t x = vfmaq_f32(b->bias[v], vcvtq_f32_s32(sum[v]), b->scale[v]);
        vst1q_f32(out + 4 * v, vminq_f32(b->max, vmaxq_f32(b->min, x)));
    }
}

#else

typedef int8_t output;

static struct block block_of(const struct assay_dw_args *args, size_t channel)
{
    struct block b = {
        .args = args,
        .channel = channel,
        .w = (const int8_t *)args->w + channel * args->taps,
        .zero = vdupq_n_s16((int16_t)args->out_zero),
        .min = vdupq_n_s8((int8_t)args->out_min),
        .max = vdupq_n_s8((int8_t)args->out_max),
    };
    int32x4_t most = vdupq_n_s32(0);
    for (size_t v = 0; v < 4; v++) {
        const int32x4_t shift = vld1q_s32(args->shift + channel + 4 * v);
        b.start[v] = vld1q_s32((const int32_t *)args->bias + channel + 4 * v);
        b.multiplier[v] = vld1q_s32(args->multiplier + channel + 4 * v);
        b.left[v] = vmaxq_s32(shift, vdupq_n_s32(0));
        b.right[v] = vminq_s32(shift, vdupq_n_s32(0));
        most = vmaxq_s32(most, b.left[v]);
    }
    b.shifts_left = vmaxvq_s32(most) > 0;
    return b;
}

DW_INLINE void finish(const struct block *b, int32x4_t *sum, output *out)
{
    if (__builtin_expect(b->shifts_left, 0)) /* a factor of 1 or more: rare */
        for (size_t v = 0; v < 4; v++)
            sum[v] = vshlq_s32(sum[v], b->left[v]);
    for (size_t v = 0; v < 4; v++)
        sum[v] = neon_rescale(sum[v], b->multiplier[v], vdupq_n_s32(0), b->right[v]);
    const int16x8_t low = vqaddq_s16(vqmovn_high_s32(vqmovn_s32(sum[0]), sum[1]), b->zero);
    const int16x8_t high = vqaddq_s16(vqmovn_high_s32(vqmovn_s32(sum[2]), sum[3]), b->zero);
    const int8x16_t x = vqmovn_high_s16(vqmovn_s16(low), high);
    vst1q_s8(out, vminq_s8(b->max, vmaxq_s8(b->min, x)));
}

#endif

DW_INLINE output *target(const struct block *b, size_t pixel)
{
    return (output *)(void *)((char *)b->args->out + pixel * b->args->out_stride) + b->channel;
}

/* Adds products of 16 channels, in 16 bits, to the sums. */
DW_INLINE void add(int32x4_t *sum, int16x8_t low, int16x8_t high)
{
    sum[0] = vaddw_s16(sum[0], vget_low_s16(low));
    sum[1] = vaddw_high_s16(sum[1], low);
    sum[2] = vaddw_s16(sum[2], vget_low_s16(high));
    sum[3] = vaddw_high_s16(sum[3], high);
}

DW_INLINE void multiply_one(int32x4_t *sum, int8x16_t x, int8x16_t w)
{
    add(sum, vmull_s8(vget_low_s8(x), vget_low_s8(w)), vmull_high_s8(x, w));
}

DW_INLINE void multiply_two(int32x4_t *sum, int8x16_t x0, int8x16_t w0, int8x16_t x1, int8x16_t w1)
{
    const int16x8_t low = vmull_s8(vget_low_s8(x0), vget_low_s8(w0)), high = vmull_high_s8(x0, w0);
    add(sum, vmlal_s8(low, vget_low_s8(x1), vget_low_s8(w1)), vmlal_high_s8(high, x1, w1));
}

DW_INLINE void window_3x3(const struct block *b, const int8x16_t *x, const int8x16_t *w, output *out)
{
    int32x4_t sum[4];
    for (size_t v = 0; v < 4; v++)
        sum[v] = b->start[v];
    for (size_t t = 0; t < 8; t += 2)
        multiply_two(sum, x[t], w[t], x[t + 1], w[t + 1]);
    multiply_one(sum, x[8], w[8]);
    finish(b, sum, out);
}

/* Pixels begin … end - 1 of a whole block. */
__attribute__((noinline)) static void pixels_3x3(const struct block *b, size_t begin, size_t end)
{
    if (begin == end)
        return;
    int8x16_t w[9];
    for (size_t t = 0; t < 9; t++)
        w[t] = vld1q_s8(b->w + t * CR);
    for (size_t p = begin; p < end; p++) {
        int8x16_t x[9];
        for (size_t t = 0; t < 9; t++)
            x[t] = vld1q_s8((const int8_t *)b->args->in[p * 9 + t] + b->channel);
        window_3x3(b, x, w, target(b, p));
    }
}

/* All pixels of a block; of one with `count` < CR channels, nothing beyond is read or stored. */
DW_INLINE void any_pixels(const struct block *b, const size_t count)
{
    const size_t taps = b->args->taps;
    for (size_t p = 0; p < b->args->pixels; p++) {
        int32x4_t sum[4];
        for (size_t v = 0; v < 4; v++)
            sum[v] = b->start[v];
        for (size_t t = 0; t < taps; t++) {
            const int8_t *pixel = b->args->in[p * taps + t];
            multiply_one(sum,
                         count == CR ? vld1q_s8(pixel + b->channel) : neon_load_tail16(pixel, b->args->channels, count),
                         vld1q_s8(b->w + t * CR));
        }
        if (count == CR) {
            finish(b, sum, target(b, p));
        } else {
            output part[CR];
            finish(b, sum, part);
            memcpy(target(b, p), part, count * sizeof(*part));
        }
    }
}

static void whole_pixels(const struct block *b)
{
    any_pixels(b, CR);
}

static void cut_pixels(const struct block *b, size_t count)
{
    any_pixels(b, count);
}

/* The next column of the inputs; the load moves its pointer on. */
DW_INLINE void load_column(int8x16_t x[3][3], size_t column, const int8_t **in, const ptrdiff_t *step)
{
    for (size_t r = 0; r < 3; r++)
        __asm__("ld1 {%0.16b}, [%1], %2"
                : "=w"(x[r][column]), "+r"(in[r])
                : "r"(step[r]), "m"(*(const int8_t(*)[CR])in[r]));
}

DW_INLINE void window_columns(const struct block *b, int8x16_t x[3][3], size_t c0, size_t c1, size_t c2,
                              const int8x16_t *w, output *out)
{
    const int8x16_t window[9] = {x[0][c0], x[0][c1], x[0][c2], x[1][c0], x[1][c1],
                                 x[1][c2], x[2][c0], x[2][c1], x[2][c2]};
    window_3x3(b, window, w, out);
}

/* `count` >= 1 pixels from `first` on; stride (1 or 2) is a constant wherever this is inlined. */
DW_INLINE void slide(const struct block *b, size_t first, size_t count, const size_t stride)
{
    const int8_t *in[3];
    ptrdiff_t step[3];
    int8x16_t x[3][3], w[9];
    for (size_t t = 0; t < 9; t++)
        w[t] = vld1q_s8(b->w + t * CR);
    for (size_t r = 0; r < 3; r++) {
        in[r] = source(b, first, 3 * r);
        step[r] = source(b, first, 3 * r + 1) - in[r];
    }
    char *out = (char *)target(b, first);
    const size_t out_stride = b->args->out_stride;
#define EMIT(c0, c1, c2)                                        \
    window_columns(b, x, c0, c1, c2, w, (output *)(void *)out); \
    out += out_stride;                                          \
    if (--count == 0)                                           \
        return;
    load_column(x, 0, in, step);
    if (stride == 2)
        for (;;) {
            load_column(x, 1, in, step);
            load_column(x, 2, in, step);
            EMIT(0, 1, 2)
            load_column(x, 1, in, step);
            load_column(x, 0, in, step);
            EMIT(2, 1, 0)
        }
    load_column(x, 1, in, step);
    for (;;) {
        load_column(x, 2, in, step);
        EMIT(0, 1, 2)
        load_column(x, 0, in, step);
        EMIT(1, 2, 0)
        load_column(x, 1, in, step);
        EMIT(2, 0, 1)
    }
#undef EMIT
}

__attribute__((noinline)) static void slide_by_one(const struct block *b, size_t first, size_t count)
{
    slide(b, first, count, 1);
}

__attribute__((noinline)) static void slide_by_two(const struct block *b, size_t first, size_t count)
{
    slide(b, first, count, 2);
}

static void slide_rows(const struct block *b)
{
    const struct assay_dw_args *args = b->args;
    const size_t before = args->interior_begin, inner = args->interior_end - before;
    for (size_t row = 0; row < args->pixels; row += args->row_pixels) {
        pixels_3x3(b, row, row + before);
        (args->stride_w == 1 ? slide_by_one : slide_by_two)(b, row + before, inner);
        pixels_3x3(b, row + before + inner, row + args->row_pixels);
    }
}

static void run(const struct assay_dw_args *args)
{
    const bool slides = args->taps == 9 && args->kernel_w == 3 && args->dilation_w == 1 && args->stride_w <= 2 &&
                        args->interior_end > args->interior_begin;
    size_t channel = 0;
    for (; channel + CR <= args->channels; channel += CR) {
        const struct block b = block_of(args, channel);
        if (slides)
            slide_rows(&b);
        else if (args->taps == 9)
            pixels_3x3(&b, 0, args->pixels);
        else
            whole_pixels(&b);
    }
    if (channel < args->channels) {
        const struct block b = block_of(args, channel);
        cut_pixels(&b, args->channels - channel);
    }
}

#endif
