/* AVERAGE_POOL_2D and MAX_POOL_2D, NHWC. Padding counts neither in sums nor in their divisor. Integers: input and
 * output are quantized alike; an average is rounded to nearest, halves away from zero. */
#include "models/ops/check.h"
#include "models/ops/quantized.h"

#include <math.h>
#include <string.h>

/* One dimension of the image. */
struct axis {
    int64_t in, filter, stride, pad, out;
};

struct state {
    struct axis h, w;
    struct assay_float_range floats;
    struct assay_int_range range;
};

static bool find_axis(const struct assay_node *node, int32_t in, int32_t filter, int32_t stride, struct axis *axis,
                      struct assay_model_error *error)
{
    if (filter < 1 || stride < 1)
        return assay_op_fail(node, error, "a window of %d with stride %d", filter, stride);
    *axis = (struct axis){.in = in, .filter = filter, .stride = stride};
    if (node->op->pool.padding == ASSAY_PAD_SAME) {
        axis->out = (axis->in + stride - 1) / stride;
        const int64_t pad = (axis->out - 1) * stride + filter - in;
        axis->pad = pad > 0 ? pad / 2 : 0;
        return true;
    }
    if (filter > in)
        return assay_op_fail(node, error, "a window of %d does not fit an image of %d without padding", filter, in);
    axis->out = (axis->in - filter) / stride + 1;
    return true;
}

static bool find_axes(const struct assay_node *node, struct axis *h, struct axis *w, struct assay_model_error *error)
{
    const int32_t *dims = node->in[0]->shape.dims;
    return find_axis(node, dims[1], node->op->pool.filter_h, node->op->pool.stride_h, h, error) &&
           find_axis(node, dims[2], node->op->pool.filter_w, node->op->pool.stride_w, w, error);
}

static bool shape(struct assay_node *node, struct assay_model_error *error)
{
    if (!assay_op_counts(node, 1, 1, 1, error) || !assay_op_same_types(node, ASSAY_TYPES_MATH, error) ||
        !assay_op_all_quantized(node, error) || !assay_op_fused_range(node, error))
        return false;
    const struct assay_value *in = node->in[0];
    struct assay_value *out = node->out[0];
    if (in->shape.rank != 4)
        return assay_op_fail(node, error, "the input is of rank %zu, not 4", in->shape.rank);
    if (in->tensor->type != ASSAY_TENSOR_F32 && (assay_value_zero(in) != assay_value_zero(out) ||
                                                 fabs((double)(assay_value_scale(in) - assay_value_scale(out))) > 1e-6))
        return assay_op_fail(node, error, "input and output are not quantized alike");
    struct axis h, w;
    if (!find_axes(node, &h, &w, error))
        return false;
    out->shape = (struct assay_shape){4, {in->shape.dims[0], (int32_t)h.out, (int32_t)w.out, in->shape.dims[3]}};
    return true;
}

static bool prepare(struct assay_node *node, struct assay_arena *arena, struct assay_model_error *error)
{
    struct state *state = assay_op_state(node, arena, sizeof *state, error);
    if (!state || !find_axes(node, &state->h, &state->w, error))
        return false;
    state->floats = assay_fused_float_range(node->op->fused);
    if (node->in[0]->tensor->type != ASSAY_TENSOR_F32)
        state->range = assay_fused_int_range(node->op->fused, node->out[0]);
    return true;
}

/* Channels are pooled LANES at a time, pixel by pixel, so that loads and sums are of neighbours and vectorize. */
enum { LANES = 32, PIXELS_MAX = 1 << 15 }; /* so many int16 that their sum is an int32 */

/* What is made of a window: of LANES channels, or as many as are left. */
struct pooled {
    float sum_f32[LANES], max_f32[LANES];
    int64_t sum[LANES];
    int32_t max[LANES];
};

/* The part of a window that lies in the image. */
struct window {
    const void *image; /* of this batch entry */
    int64_t top, bottom, left, right;
    size_t width, channels;
};

/* Adds `pixels` neighbours of a row, `stride` elements apart, from the first channel's element on. */
typedef void pool_row_fn(const void *row, size_t stride, size_t pixels, size_t lanes, struct pooled *pooled);

/* Sums of LANES neighbours, which stay in registers: a loop over lanes is unrolled by compilers before it is
 * vectorized, and stays scalar. */
typedef float lanes_f32 __attribute__((vector_size(4 * LANES)));
typedef int32_t lanes_i32 __attribute__((vector_size(4 * LANES)));
typedef int16_t lanes_i16 __attribute__((vector_size(2 * LANES)));
typedef int8_t lanes_i8 __attribute__((vector_size(LANES)));

static void average_f32(const void *row, size_t stride, size_t pixels, size_t lanes, struct pooled *pooled)
{
    const float *from = row;
    lanes_f32 sum, more;
    memcpy(&sum, pooled->sum_f32, sizeof(sum));
    for (size_t p = 0; lanes == LANES && p < pixels; p++, from += stride) {
        memcpy(&more, from, sizeof(more));
        sum += more;
    }
    memcpy(pooled->sum_f32, &sum, sizeof(sum));
    for (size_t p = 0; lanes < LANES && p < pixels; p++, from += stride)
        for (size_t i = 0; i < lanes; i++)
            pooled->sum_f32[i] += from[i];
}

static void max_f32(const void *row, size_t stride, size_t pixels, size_t lanes, struct pooled *pooled)
{
    const float *from = row;
    for (size_t p = 0; p < pixels; p++, from += stride)
        for (size_t i = 0; i < lanes; i++)
            pooled->max_f32[i] = from[i] > pooled->max_f32[i] ? from[i] : pooled->max_f32[i];
}

/* In int16 as long as that holds the sum: 256 pixels. */
static void sum_i8(const int8_t *from, size_t stride, size_t pixels, struct pooled *pooled)
{
    enum { NARROW = 256 };
    for (size_t done = 0; done < pixels;) {
        const size_t end = pixels - done < NARROW ? pixels : done + NARROW;
        lanes_i16 sum = {0};
        for (; done < end; done++, from += stride) {
            lanes_i8 more;
            memcpy(&more, from, sizeof(more));
            sum += __builtin_convertvector(more, lanes_i16);
        }
        for (size_t i = 0; i < LANES; i++)
            pooled->sum[i] += sum[i];
    }
}

static void sum_i16(const int16_t *from, size_t stride, size_t pixels, struct pooled *pooled)
{
    lanes_i32 sum = {0};
    for (size_t p = 0; p < pixels; p++, from += stride) {
        lanes_i16 more;
        memcpy(&more, from, sizeof(more));
        sum += __builtin_convertvector(more, lanes_i32);
    }
    for (size_t i = 0; i < LANES; i++)
        pooled->sum[i] += sum[i];
}

#define DEFINE_INTEGER_AVERAGE(name, element)                                                                      \
    static void average_##name(const void *row, size_t stride, size_t pixels, size_t lanes, struct pooled *pooled) \
    {                                                                                                              \
        const element *from = row;                                                                                 \
        if (lanes == LANES)                                                                                        \
            sum_##name(from, stride, pixels, pooled);                                                              \
        for (size_t p = 0; lanes < LANES && p < pixels; p++, from += stride)                                       \
            for (size_t i = 0; i < lanes; i++)                                                                     \
                pooled->sum[i] += from[i];                                                                         \
    }
DEFINE_INTEGER_AVERAGE(i8, int8_t)
DEFINE_INTEGER_AVERAGE(i16, int16_t)

#define DEFINE_INTEGER_MAX(name, element)                                                                      \
    static void max_##name(const void *row, size_t stride, size_t pixels, size_t lanes, struct pooled *pooled) \
    {                                                                                                          \
        const element *from = row;                                                                             \
        for (size_t p = 0; p < pixels; p++, from += stride)                                                    \
            for (size_t i = 0; i < lanes; i++)                                                                 \
                pooled->max[i] = from[i] > pooled->max[i] ? from[i] : pooled->max[i];                          \
    }
DEFINE_INTEGER_MAX(i8, int8_t)
DEFINE_INTEGER_MAX(i16, int16_t)

static pool_row_fn *row_of(enum assay_tensor_type type, bool average)
{
    switch (type) {
    case ASSAY_TENSOR_I8:
        return average ? average_i8 : max_i8;
    case ASSAY_TENSOR_I16:
        return average ? average_i16 : max_i16;
    default:
        return average ? average_f32 : max_f32;
    }
}

static void pool(const struct window *window, pool_row_fn *row, size_t size, size_t channel, size_t lanes,
                 struct pooled *pooled)
{
    *pooled = (struct pooled){0};
    for (size_t i = 0; i < lanes; i++) {
        pooled->max_f32[i] = -INFINITY;
        pooled->max[i] = INT32_MIN;
    }
    /* Rows as wide as the image lie behind one another. */
    const size_t height = (size_t)(window->bottom - window->top), width = (size_t)(window->right - window->left);
    const size_t rows = width == window->width ? 1 : height, pixels = width == window->width ? height * width : width;
    for (size_t y = 0; y < rows; y++) {
        for (size_t x = 0, count; x < pixels; x += count) {
            count = pixels - x < PIXELS_MAX ? pixels - x : PIXELS_MAX;
            const size_t pixel = ((size_t)window->top + y) * window->width + (size_t)window->left + x;
            const size_t element = pixel * window->channels + channel;
            row((const char *)window->image + element * size, window->channels, count, lanes, pooled);
        }
    }
}

/* sum / count to nearest, halves away from zero. Exact: the quotient is below 2^16 and, where it is no integer, at
 * least 1 / count from one, which a double tells for every count below 2^36; and doubles are divided side by side. */
static int32_t average_of(int64_t sum, int64_t count)
{
    const int64_t half = count / 2;
    return (int32_t)((double)(sum > 0 ? sum + half : sum - half) / (double)count);
}

static void store(const struct state *state, enum assay_tensor_type type, bool average, const struct pooled *pooled,
                  int64_t count, size_t lanes, void *out)
{
    for (size_t i = 0; i < lanes; i++) {
        if (type == ASSAY_TENSOR_F32) {
            const float x = average ? pooled->sum_f32[i] / (float)count : pooled->max_f32[i];
            ((float *)out)[i] = assay_clamp_float(x, state->floats);
            continue;
        }
        const int32_t x = average ? average_of(pooled->sum[i], count) : pooled->max[i];
        if (type == ASSAY_TENSOR_I8)
            ((int8_t *)out)[i] = (int8_t)assay_clamp_to(x, state->range);
        else
            ((int16_t *)out)[i] = (int16_t)assay_clamp_to(x, state->range);
    }
}

/* What all windows of a node share. */
struct pooling {
    const struct state *state;
    pool_row_fn *row;
    enum assay_tensor_type type;
    size_t size; /* of an element */
    bool average;
};

/* All channels of one window; returns where the next one's go. */
static char *pool_window(const struct pooling *p, const struct window *window, char *out)
{
    const int64_t count = (window->bottom - window->top) * (window->right - window->left);
    struct pooled pooled;
    for (size_t c = 0; c < window->channels; c += LANES) {
        const size_t lanes = window->channels - c < LANES ? window->channels - c : LANES;
        pool(window, p->row, p->size, c, lanes, &pooled);
        store(p->state, p->type, p->average, &pooled, count, lanes, out + c * p->size);
    }
    return out + window->channels * p->size;
}

/* The first and the last plus one of the window at `out` that lie in the image. */
static void cut(struct axis axis, int64_t out, int64_t *first, int64_t *end)
{
    *first = out * axis.stride - axis.pad;
    *end = *first + axis.filter < axis.in ? *first + axis.filter : axis.in;
    *first = *first > 0 ? *first : 0;
}

static void run(struct assay_node *node)
{
    const struct state *state = node->state;
    const struct assay_value *in = node->in[0], *out = node->out[0];
    if (assay_op_elements(out) == 0)
        return;
    const struct axis h = state->h, w = state->w;
    const enum assay_tensor_type type = in->tensor->type;
    const bool average = node->op->code == ASSAY_OPERATOR_AVERAGE_POOL_2D;
    const struct pooling p = {state, row_of(type, average), type, assay_tensor_type_size(type), average};
    struct window window = {.width = (size_t)w.in, .channels = (size_t)in->shape.dims[3]};
    const size_t image_bytes = (size_t)h.in * window.width * window.channels * p.size;
    char *to = out->data;
    for (int32_t b = 0; b < in->shape.dims[0]; b++) {
        window.image = (const char *)in->data + (size_t)b * image_bytes;
        for (int64_t y = 0; y < h.out; y++) {
            cut(h, y, &window.top, &window.bottom);
            for (int64_t x = 0; x < w.out; x++) {
                cut(w, x, &window.left, &window.right);
                to = pool_window(&p, &window, to);
            }
        }
    }
}

const struct assay_op_kind assay_op_AVERAGE_POOL_2D = {
    .code = ASSAY_OPERATOR_AVERAGE_POOL_2D,
    .shape = shape,
    .prepare = prepare,
    .run = run,
};

const struct assay_op_kind assay_op_MAX_POOL_2D = {
    .code = ASSAY_OPERATOR_MAX_POOL_2D,
    .shape = shape,
    .prepare = prepare,
    .run = run,
};
