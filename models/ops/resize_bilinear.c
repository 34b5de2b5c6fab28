/* RESIZE_BILINEAR, by the formulas of TFLite's reference. Pixel i of the output lies at s in the input:
 *   s = i * scale, or (i + 1/2) * scale - 1/2 with half_pixel_centers; scale = in/out, or (in - 1)/(out - 1) with
 *   align_corners; low = max(floor(s), 0), high = min(ceil(s), in - 1), and s - low is the weight of high.
 * f32: in f32. int8, int16: s and scale in units of 1/1024, scale rounded to nearest, the sum of the four products to
 * nearest, ties away from zero. Where that scale leads past the last pixel (the reference then reads outside), it is
 * the last. */
#include "models/ops/resize.h"

#include <math.h>

enum { UNIT = 1 << 10 };

struct tap {
    size_t low, high;
    float real;     /* weight of high, f32 */
    int64_t scaled; /* … in units of 1/1024, integers */
};

struct resize {
    struct tap *rows, *columns;
};

static void find_real(struct tap *tap, int32_t i, int32_t in, int32_t out, bool corners, bool centers)
{
    const float scale = corners && out > 1 ? (float)(in - 1) / (float)(out - 1) : (float)in / (float)out;
    const float at = centers ? ((float)i + 0.5f) * scale - 0.5f : (float)i * scale;
    const float low = floorf(at), high = ceilf(at), last = (float)(in - 1);
    tap->low = low >= last ? (size_t)(in - 1) : low > 0.0f ? (size_t)low : 0;
    tap->high = high >= last ? (size_t)(in - 1) : high > 0.0f ? (size_t)high : 0;
    tap->real = at - (float)tap->low;
}

static void find_scaled(struct tap *tap, int32_t i, int32_t in, int32_t out, bool corners, bool centers)
{
    int64_t scale = ((int64_t)UNIT * in + out / 2) / out;
    if (corners && out > 1)
        scale = ((int64_t)UNIT * (in - 1) + (out - 1) / 2) / (out - 1);
    const int64_t at = i * scale + (centers ? scale / 2 - UNIT / 2 : 0), last = in - 1;
    const int64_t low = at / UNIT, high = (at + UNIT - 1) / UNIT;
    tap->low = (size_t)(low < 0 ? 0 : low > last ? last : low);
    tap->high = (size_t)(high < 0 ? 0 : high > last ? last : high);
    tap->scaled = at - (int64_t)tap->low * UNIT;
}

static struct tap *taps(struct assay_arena *arena, const struct assay_node *node, int32_t in, int32_t out)
{
    struct tap *tap = assay_arena_take(arena, (size_t)out, sizeof(*tap));
    const bool corners = node->op->resize.align_corners, centers = node->op->resize.half_pixel_centers;
    for (int32_t i = 0; tap && i < out; i++) {
        find_real(&tap[i], i, in, out, corners, centers);
        if (node->in[0]->tensor->type != ASSAY_TENSOR_F32)
            find_scaled(&tap[i], i, in, out, corners, centers);
    }
    return tap;
}

static bool shape(struct assay_node *node, struct assay_model_error *error)
{
    if (!assay_resize_shape(node, error))
        return false;
    const enum assay_tensor_type type = node->in[0]->tensor->type;
    if (type != ASSAY_TENSOR_F32 && type != ASSAY_TENSOR_I8 && type != ASSAY_TENSOR_I16)
        return assay_op_fail(node, error, "does not take %s", assay_tensor_type_name(type));
    if (node->op->resize.align_corners && node->op->resize.half_pixel_centers)
        return assay_op_fail(node, error, "align_corners and half_pixel_centers exclude each other");
    return true;
}

static bool prepare(struct assay_node *node, struct assay_arena *arena, struct assay_model_error *error)
{
    const struct assay_shape *in = &node->in[0]->shape, *out = &node->out[0]->shape;
    struct resize *resize = node->state = assay_arena_take(arena, 1, sizeof(*resize));
    if (resize) {
        resize->rows = taps(arena, node, in->dims[1], out->dims[1]);
        resize->columns = taps(arena, node, in->dims[2], out->dims[2]);
    }
    return (resize && resize->rows && resize->columns) || assay_op_fail(node, error, "out of memory");
}

static float mix_f32(float ll, float hl, float lh, float hh, const struct tap *y, const struct tap *x)
{
    return ll * (1 - y->real) * (1 - x->real) + hl * y->real * (1 - x->real) + lh * (1 - y->real) * x->real +
           hh * y->real * x->real;
}

static int64_t mix_integer(int64_t ll, int64_t hl, int64_t lh, int64_t hh, const struct tap *y, const struct tap *x)
{
    const int64_t v = y->scaled, h = x->scaled;
    const int64_t sum = ll * (UNIT - v) * (UNIT - h) + hl * v * (UNIT - h) + lh * (UNIT - v) * h + hh * v * h;
    return (sum + (sum > 0 ? UNIT * UNIT / 2 : -UNIT * UNIT / 2)) / (UNIT * UNIT);
}

/* The four pixels, by y and x, low or high, and what becomes of each channel. */
#define RESIZE(name, type, mix)                                                                    \
    static void name(const type *ll, const type *hl, const type *lh, const type *hh, size_t depth, \
                     const struct tap *y, const struct tap *x, type *out)                          \
    {                                                                                              \
        for (size_t c = 0; c < depth; c++)                                                         \
            out[c] = (type)mix(ll[c], hl[c], lh[c], hh[c], y, x);                                  \
    }
RESIZE(pixel_f32, float, mix_f32)
RESIZE(pixel_i8, int8_t, mix_integer)
RESIZE(pixel_i16, int16_t, mix_integer)
#undef RESIZE

static void run(struct assay_node *node)
{
    const struct resize *resize = node->state;
    const struct assay_shape *in = &node->in[0]->shape, *out = &node->out[0]->shape;
    const enum assay_tensor_type type = node->in[0]->tensor->type;
    const size_t depth = (size_t)in->dims[3], pixel = depth * assay_tensor_type_size(type);
    const size_t line = (size_t)in->dims[2] * pixel;
    char *to = node->out[0]->data;
    if (assay_operands_bytes(node->out[0]) == 0)
        return;
    for (size_t b = 0; b < (size_t)out->dims[0]; b++) {
        const char *image = (const char *)node->in[0]->data + b * (size_t)in->dims[1] * line;
        for (size_t i = 0; i < (size_t)out->dims[1]; i++) {
            const struct tap *y = &resize->rows[i];
            for (size_t j = 0; j < (size_t)out->dims[2]; j++, to += pixel) {
                const struct tap *x = &resize->columns[j];
                const void *ll = image + y->low * line + x->low * pixel, *hl = image + y->high * line + x->low * pixel;
                const void *lh = image + y->low * line + x->high * pixel,
                           *hh = image + y->high * line + x->high * pixel;
                if (type == ASSAY_TENSOR_F32)
                    pixel_f32(ll, hl, lh, hh, depth, y, x, (float *)(void *)to);
                else if (type == ASSAY_TENSOR_I8)
                    pixel_i8(ll, hl, lh, hh, depth, y, x, (int8_t *)to);
                else
                    pixel_i16(ll, hl, lh, hh, depth, y, x, (int16_t *)(void *)to);
            }
        }
    }
}

const struct assay_op_kind assay_op_RESIZE_BILINEAR = {ASSAY_OPERATOR_RESIZE_BILINEAR, .shape = shape,
                                                       .prepare = prepare, .run = run};
