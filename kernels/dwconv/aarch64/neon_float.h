/* Depthwise convolution of the float modes, NEON: blocks of two vectors of channels, whose elements the includer says
 * (neon_lanes.h). Three ways, by what the windows share; instructions are per multiply-accumulate of f32, where .25 is
 * the bound, with the clamp and the store in them:
 * - 3x3 of stride 1 or 2: one vector of channels, two rows of output at once. Up to 5 x 3 inputs, 9 weights, 2 sums,
 * bias and bounds take 29 registers. Stride 1: a column is 4 loads, 18 fmla, and 13 to start, clamp, store and go on:
 * .486; stride 2: 10 loads: .57. To begin and end a row costs as much as 3 to 5 columns. Bound by the fmla pipes, or by
 * issue on narrow cores.
 * - other 3x3: 18 weights stay in registers, 9 pointers and 9 pairs of inputs are loaded for a pixel: .78. Bound by
 * loads and issue.
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

/* The same for 9 taps. */
static void pixels_3x3(const struct block *b)
{
    lanes w[9][VECTORS];
    for (size_t t = 0; t < 9; t++)
        for (size_t v = 0; v < VECTORS; v++)
            w[t][v] = load_weight(b->w + t * CR + v * LANES);
    const lanes start0 = b->start[0], start1 = b->start[1], min = b->min, max = b->max;
    const void *const *in = b->args->in;
    DW_INPUT *out = target(b, 0);
    for (size_t p = 0; p < b->args->pixels; p++, in += 9) {
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

/* Inputs of a walk along `rows` rows of output: 3 rows, or with the second row of output 4 or 5. */
struct walk {
    const DW_INPUT *in[5];
    ptrdiff_t step[5]; /* bytes */
};

/* Byte distance of two pointers that may be into different buffers, the image and the padding. */
DW_INLINE ptrdiff_t distance(const void *from, const void *to)
{
    return (ptrdiff_t)((uintptr_t)to - (uintptr_t)from);
}

/* Points the walk at column `column` of the window of `pixel` (in its upper row), to go on by the distance to column
 * `next` of the window of `next_pixel`. */
DW_INLINE void point(const struct block *b, size_t v, struct walk *walk, const size_t rows, const size_t stride,
                     size_t pixel, size_t column, size_t next_pixel, size_t next)
{
    for (size_t r = 0; r < 3 + (rows - 1) * stride; r++) {
        const size_t down = r < 3 ? 0 : b->args->row_pixels, tap = 3 * (r < 3 ? r : r - stride);
        walk->in[r] = source(b, pixel + down, tap + column) + v * LANES;
        walk->step[r] = distance(walk->in[r], source(b, next_pixel + down, tap + next) + v * LANES);
    }
}

/* The next column of the inputs. */
#define LOAD(column)                     \
    for (size_t r = 0; r < in_rows; r++) \
        x[r][column] = load_and_step(&walk.in[r], walk.step[r]);

/* The output of the columns c0, c1 and c2 of the inputs, for each of the rows. Before the last pixel the walk is
 * pointed anew: its last column may be padding. */
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
    if (--count <= 1) {                                                     \
        if (count == 0)                                                     \
            return;                                                         \
        point(b, v, &walk, rows, stride, last, 3 - stride, last, 2);        \
    }

/* Vector v of the row of output that begins with pixel `first`, and of the row under it where `rows` is 2. rows and
 * stride (1 or 2, in both directions) are constants wherever this is inlined. */
DW_INLINE void slide(const struct block *b, size_t v, const lanes *w, size_t first, const size_t rows,
                     const size_t stride)
{
    const struct assay_dw_args *args = b->args;
    const size_t out_stride = args->out_stride, last = first + args->row_pixels - 1;
    const lanes start = b->start[v], min = b->min, max = b->max;
    const size_t in_rows = 3 + (rows - 1) * stride;
    struct walk walk;
    char *out[2];
    lanes x[5][3];
    for (size_t r = 0; r < rows; r++)
        out[r] = (char *)(target(b, first + r * args->row_pixels) + v * LANES);
    size_t offset = 0, count = args->row_pixels;
    /* The first column may be padding; the walk begins behind it. */
    point(b, v, &walk, rows, stride, first, 0, first, 1);
    LOAD(0)
    if (stride == 2) {
        point(b, v, &walk, rows, stride, first, 1, first, 2);
        for (;;) {
            LOAD(1)
            LOAD(2)
            EMIT(0, 1, 2)
            LOAD(1)
            LOAD(0)
            EMIT(2, 1, 0)
        }
    }
    LOAD(1)
    point(b, v, &walk, rows, stride, first, 2, assay_min(first + 1, last), 2);
    for (;;) {
        LOAD(2)
        EMIT(0, 1, 2)
        LOAD(0)
        EMIT(1, 2, 0)
        LOAD(1)
        EMIT(2, 0, 1)
    }
}

/* Whether the windows of the row of output under that of `pixel` are `stride` rows of input further down. */
static bool shares_rows(const struct assay_dw_args *args, size_t pixel, size_t stride)
{
    const void *const *upper = args->in + pixel * 9 + 3 * stride;
    const void *const *lower = args->in + (pixel + args->row_pixels) * 9;
    for (size_t t = 0; t < 9 - 3 * stride; t++)
        if (upper[t] != lower[t])
            return false;
    return true;
}

DW_INLINE void slide_rows(const struct block *b, size_t v, const size_t stride)
{
    const struct assay_dw_args *args = b->args;
    lanes w[9];
    for (size_t t = 0; t < 9; t++)
        w[t] = load_weight(b->w + t * CR + v * LANES);
    for (size_t row = 0; row < args->pixels;) {
        if (row + args->row_pixels < args->pixels && shares_rows(args, row, stride)) {
            slide(b, v, w, row, 2, stride);
            row += 2 * args->row_pixels;
        } else {
            slide(b, v, w, row, 1, stride);
            row += args->row_pixels;
        }
    }
}

__attribute__((noinline)) static void slide_by_one(const struct block *b, size_t v)
{
    slide_rows(b, v, 1);
}

__attribute__((noinline)) static void slide_by_two(const struct block *b, size_t v)
{
    slide_rows(b, v, 2);
}

/* 3x3 of stride 1 or 2, where nothing but the first column of a row and its last may be padding. */
static bool can_slide(const struct assay_dw_args *args)
{
    return args->taps == 9 && args->kernel_w == 3 && args->dilation_w == 1 && args->stride_w <= 2 &&
           args->pad_left <= 1 && args->interior_end + 1 >= args->row_pixels &&
           args->interior_end > args->interior_begin;
}

static void run(const struct assay_dw_args *args)
{
    const bool slides = can_slide(args);
    size_t channel = 0;
    for (; channel + CR <= args->channels; channel += CR) {
        const struct block b = block_of(args, channel);
        if (slides)
            for (size_t v = 0; v < VECTORS; v++)
                (args->stride_w == 1 ? slide_by_one : slide_by_two)(&b, v);
        else if (args->taps == 9)
            pixels_3x3(&b);
        else
            whole_pixels(&b);
    }
    if (channel < args->channels) {
        const struct block b = block_of(args, channel);
        cut_pixels(&b, args->channels - channel);
    }
}

#endif
