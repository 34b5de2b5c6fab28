/* AVERAGE_POOL_2D and MAX_POOL_2D, NHWC. Padding counts neither in sums nor in their divisor. Integers: input and
 * output are quantized alike; an average is rounded to nearest, halves away from zero. */
#include "models/ops/check.h"
#include "models/ops/quantized.h"

#include <math.h>

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

/* The part of a window that lies in the image: the first pixel's elements, and where the others are. */
struct window {
    const void *image; /* of this batch entry */
    int64_t top, bottom, left, right;
    int64_t width, channels;
};

static size_t at(const struct window *window, int64_t y, int64_t x, int64_t c)
{
    return (size_t)((y * window->width + x) * window->channels + c);
}

static float pool_f32(const struct window *window, int64_t c, bool average)
{
    const float *image = window->image;
    float sum = 0.0f, max = -INFINITY, count = 0.0f;
    for (int64_t y = window->top; y < window->bottom; y++) {
        for (int64_t x = window->left; x < window->right; x++) {
            const float value = image[at(window, y, x, c)];
            sum += value;
            max = value > max ? value : max;
            count++;
        }
    }
    return average ? sum / count : max;
}

static int32_t pool_integer(const struct window *window, int64_t c, bool average, bool wide)
{
    int64_t sum = 0, count = 0;
    int32_t max = INT32_MIN;
    for (int64_t y = window->top; y < window->bottom; y++) {
        for (int64_t x = window->left; x < window->right; x++) {
            const size_t i = at(window, y, x, c);
            const int32_t value = wide ? ((const int16_t *)window->image)[i] : ((const int8_t *)window->image)[i];
            sum += value;
            max = value > max ? value : max;
            count++;
        }
    }
    return average ? (int32_t)((sum > 0 ? sum + count / 2 : sum - count / 2) / count) : max;
}

static void run(struct assay_node *node)
{
    const struct state *state = node->state;
    const struct assay_value *in = node->in[0], *out = node->out[0];
    const enum assay_tensor_type type = in->tensor->type;
    const bool average = node->op->code == ASSAY_OPERATOR_AVERAGE_POOL_2D;
    if (assay_op_elements(out) == 0)
        return;
    const struct axis h = state->h, w = state->w;
    const int64_t channels = in->shape.dims[3];
    struct window window = {.image = in->data, .width = w.in, .channels = channels};
    const size_t image_bytes = (size_t)h.in * (size_t)w.in * (size_t)channels * assay_tensor_type_size(type);
    size_t i = 0;
    for (int32_t b = 0; b < in->shape.dims[0]; b++) {
        window.image = (const char *)in->data + (size_t)b * image_bytes;
        for (int64_t y = 0; y < h.out; y++) {
            const int64_t top = y * h.stride - h.pad, bottom = top + h.filter;
            window.top = top > 0 ? top : 0;
            window.bottom = bottom < h.in ? bottom : h.in;
            for (int64_t x = 0; x < w.out; x++) {
                const int64_t left = x * w.stride - w.pad, right = left + w.filter;
                window.left = left > 0 ? left : 0;
                window.right = right < w.in ? right : w.in;
                for (int64_t c = 0; c < channels; c++, i++) {
                    if (type == ASSAY_TENSOR_F32)
                        ((float *)out->data)[i] = assay_clamp_float(pool_f32(&window, c, average), state->floats);
                    else if (type == ASSAY_TENSOR_I8)
                        ((int8_t *)out->data)[i] =
                            (int8_t)assay_clamp_to(pool_integer(&window, c, average, false), state->range);
                    else
                        ((int16_t *)out->data)[i] =
                            (int16_t)assay_clamp_to(pool_integer(&window, c, average, true), state->range);
                }
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
