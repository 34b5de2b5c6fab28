/* Depthwise convolution of the float modes, NEON: blocks of two vectors of channels, whose elements the includer says
 * (neon_lanes.h). Three ways, by what the windows share; instructions are per multiply-accumulate of f32, where .25 is
 * the bound, with the clamp and the store in them:
 * - 3x3 of stride 1 or 2, inside the image's width: one vector of channels, two rows of output at once. Up to 5 x 3
 * inputs, 9 weights, 2 sums, bias and bounds take 29 registers. Stride 1: a column is 4 loads, 18 fmla, and 12 to
 * start, clamp, store and go on: .472; stride 2: 10 loads: .556. Bound by the fmla pipes, or by issue on narrow cores.
 * - other 3x3, and the pixels at the image's sides: 18 weights stay in registers, 9 pointers and 9 pairs of inputs are
 *   loaded for a pixel: .78. Bound by loads and issue.
 * - any other window: weights are loaded for each pixel. Bound by loads. */
#ifndef ASSAY_KERNELS_DWCONV_AARCH64_NEON_FLOAT_H
#define ASSAY_KERNELS_DWCONV_AARCH64_NEON_FLOAT_H

#include "kernels/dwconv/aarch64/neon_lanes.h"

enum { VECTORS = 2, CR = VECTORS * LANES };

/* What is the same for all pixels of a block of channels. */
struct block {
    const struct assay_dw_args *args;
    size_t channel;     /* the first */
    const DW_WEIGHT *w; /* [tap][CR] */
    lanes start[VECTORS], min, max;
};

static struct block block_of(const struct assay_dw_args *args, size_t channel)
{
    /* Infinite bounds let everything pass, NaN too. */
    return (struct block){
        .args = args,
        .channel = channel,
        .w = (const DW_WEIGHT *)args->w + channel * args->taps,
        .start = {load_bias((const float *)args->bias + channel),
                  load_bias((const float *)args->bias + channel + LANES)},
        .min = spread(args->clamp ? args->clamp_min : -INFINITY),
        .max = spread(args->clamp ? args->clamp_max : INFINITY),
    };
}

DW_INLINE const DW_INPUT *source(const struct block *b, size_t pixel, size_t tap)
{
    return (const DW_INPUT *)b->args->in[pixel * b->args->taps + tap] + b->channel;
}

DW_INLINE DW_INPUT *target(const struct block *b, size_t pixel)
{
    return (DW_INPUT *)(void *)((char *)b->args->out + pixel * b->args->out_stride) + b->channel;
}

/* All pixels of a whole block. */
static void whole_pixels(const struct block *b)
{
    const size_t taps = b->args->taps;
    for (size_t p = 0; p < b->args->pixels; p++) {
        lanes low = b->start[0], high = b->start[1];
        for (size_t t = 0; t < taps; t++) {
            const DW_INPUT *x = source(b, p, t);
            low = multiply_add(low, load_input(x), load_weight(b->w + t * CR));
            high = multiply_add(high, load_input(x + LANES), load_weight(b->w + t * CR + LANES));
        }
        store(target(b, p), clamp(low, b->min, b->max));
        store(target(b, p) + LANES, clamp(high, b->min, b->max));
    }
}

/* Pixels begin … end - 1 of a whole block. */
__attribute__((noinline)) static void pixels_3x3(const struct block *b, size_t begin, size_t end)
{
    if (begin == end)
        return;
    lanes w[9][VECTORS];
    for (size_t t = 0; t < 9; t++)
        for (size_t v = 0; v < VECTORS; v++)
            w[t][v] = load_weight(b->w + t * CR + v * LANES);
    const lanes start0 = b->start[0], start1 = b->start[1], min = b->min, max = b->max;
    const void *const *in = b->args->in + 9 * begin;
    DW_INPUT *out = target(b, begin);
    for (size_t p = begin; p < end; p++, in += 9) {
        lanes low = start0, high = start1;
        for (size_t t = 0; t < 9; t++) {
            const DW_INPUT *x = (const DW_INPUT *)in[t] + b->channel;
            low = multiply_add(low, load_input(x), w[t][0]);
            high = multiply_add(high, load_input(x + LANES), w[t][1]);
        }
        store(out, clamp(low, min, max));
        store(out + LANES, clamp(high, min, max));
        out = (DW_INPUT *)(void *)((char *)out + b->args->out_stride);
    }
}

/* Pixels of the last block, which has `count` channels only: nothing beyond is read or stored. */
static void cut_pixels(const struct block *b, size_t count)
{
    for (size_t p = 0; p < b->args->pixels; p++) {
        lanes low = b->start[0], high = b->start[1];
        DW_INPUT part[CR] = {0};
        for (size_t t = 0; t < b->args->taps; t++) {
            memcpy(part, source(b, p, t), count * sizeof(*part));
            low = multiply_add(low, load_input(part), load_weight(b->w + t * CR));
            high = multiply_add(high, load_input(part + LANES), load_weight(b->w + t * CR + LANES));
        }
        store(part, clamp(low, b->min, b->max));
        store(part + LANES, clamp(high, b->min, b->max));
        memcpy(target(b, p), part, count * sizeof(*part));
    }
}

/* The output of the columns c0, c1 and c2 of the inputs, for each of the rows. */
#define EMIT(c0, c1, c2)                                                    \
    for (size_t r = 0; r < rows; r++) {                                     \
        lanes sum = start;                                                  \
        for (size_t i = 0; i < 3; i++) {                                    \
            sum = multiply_add(sum, x[r * stride + i][c0], w[3 * i]);       \
            sum = multiply_add(sum, x[r * stride + i][c1], w[3 * i + 1]);   \
            sum = multiply_add(sum, x[r * stride + i][c2], w[3 * i + 2]);   \
        }                                                                   \
        store((DW_INPUT *)(void *)(out[r] + offset), clamp(sum, min, max)); \
    }                                                                       \
    offset += out_stride;                                                   \
    if (--count == 0)                                                       \
        return;

/* The next column of the inputs. */
#define LOAD(column)                     \
    for (size_t r = 0; r < in_rows; r++) \
        x[r][column] = load_and_step(&in[r], step[r]);

/* Vector v of `count` >= 1 pixels from `first` on, and of those under them where `rows` is 2. rows and stride (1 or 2,
 * in both directions) are constants wherever this is inlined. */
DW_INLINE void slide(const struct block *b, size_t v, size_t first, size_t count, const size_t rows,
                     const size_t stride)
{
    const struct assay_dw_args *args = b->args;
    const size_t in_rows = (rows - 1) * stride + 3, out_stride = args->out_stride;
    const DW_INPUT *in[5];
    ptrdiff_t step[5];
    char *out[2];
    lanes x[5][3], w[9];
    for (size_t t = 0; t < 9; t++)
        w[t] = load_weight(b->w + t * CR + v * LANES);
    for (size_t r = 0; r < in_rows; r++) {
        const size_t pixel = r < 3 ? first : first + args->row_pixels, tap = 3 * (r < 3 ? r : r - stride);
        in[r] = source(b, pixel, tap) + v * LANES;
        step[r] = (const char *)args->in[pixel * 9 + tap + 1] - (const char *)args->in[pixel * 9 + tap];
    }
    for (size_t r = 0; r < rows; r++)
        out[r] = (char *)(target(b, first + r * args->row_pixels) + v * LANES);
    const lanes start = b->start[v], min = b->min, max = b->max;
    size_t offset = 0;
    LOAD(0)
    if (stride == 2)
        for (;;) {
            LOAD(1)
            LOAD(2)
            EMIT(0, 1, 2)
            LOAD(1)
            LOAD(0)
            EMIT(2, 1, 0)
        }
    LOAD(1)
    for (;;) {
        LOAD(2)
        EMIT(0, 1, 2)
        LOAD(0)
        EMIT(1, 2, 0)
        LOAD(1)
        EMIT(2, 0, 1)
    }
}

/* Both vectors of a block, by rows and stride. */
#define SLIDE(name, rows, stride)                                                                 \
    __attribute__((noinline)) static void name(const struct block *b, size_t first, size_t count) \
    {                                                                                             \
        for (size_t v = 0; v < VECTORS; v++)                                                      \
            slide(b, v, first, count, rows, stride);                                              \
    }
SLIDE(one_row, 1, 1)
SLIDE(two_rows, 2, 1)
SLIDE(one_row_by_two, 1, 2)
SLIDE(two_rows_by_two, 2, 2)

/* Whether the windows of the row under that of `pixel` are `stride` rows of input further down. */
static bool shares_rows(const struct assay_dw_args *args, size_t pixel, size_t stride)
{
    const void *const *upper = args->in + pixel * 9 + 3 * stride, *const *lower =
                                                                      args->in + (pixel + args->row_pixels) * 9;
    return upper[0] == lower[0] && upper[1] == lower[1] &&
           (stride == 2 || (upper[3] == lower[3] && upper[4] == lower[4]));
}

/* All pixels of a whole block, rows by rows. */
static void slide_rows(const struct block *b)
{
    const struct assay_dw_args *args = b->args;
    const size_t before = args->interior_begin, inner = args->interior_end - before, stride = args->stride_w;
    for (size_t row = 0; row < args->pixels;) {
        const size_t first = row + before;
        const bool two = row + args->row_pixels < args->pixels && shares_rows(args, first, stride);
        if (stride == 1)
            (two ? two_rows : one_row)(b, first, inner);
        else
            (two ? two_rows_by_two : one_row_by_two)(b, first, inner);
        for (size_t r = 0; r < 1 + (size_t)two; r++, row += args->row_pixels) {
            pixels_3x3(b, row, row + before);
            pixels_3x3(b, row + before + inner, row + args->row_pixels);
        }
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
