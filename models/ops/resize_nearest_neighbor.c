/* RESIZE_NEAREST_NEIGHBOR, by the formula of TFLite's reference, in f32: pixel i of the output is that of the input at
 *   (i + offset) * scale, rounded down, or with align_corners to nearest (ties away from zero)
 * with offset 0, or 1/2 with half_pixel_centers, and scale in/out, or with align_corners (in - 1)/(out - 1). */
#include "models/ops/resize.h"

#include <math.h>
#include <string.h>

struct resize {
    size_t *rows, *columns; /* of the input, for each of the output */
};

static size_t *sources(struct assay_arena *arena, const struct assay_node *node, int32_t in, int32_t out)
{
    size_t *source = assay_arena_take(arena, (size_t)out, sizeof(*source));
    const bool corners = node->op->resize.align_corners;
    const float scale = corners && out > 1 ? (float)(in - 1) / (float)(out - 1) : (float)in / (float)out;
    const float offset = node->op->resize.half_pixel_centers ? 0.5f : 0.0f;
    for (int32_t i = 0; source && i < out; i++) {
        const float at = ((float)i + offset) * scale, rounded = corners ? roundf(at) : floorf(at);
        source[i] = rounded >= (float)(in - 1) ? (size_t)(in - 1) : (size_t)rounded;
    }
    return source;
}

static bool prepare(struct assay_node *node, struct assay_arena *arena, struct assay_model_error *error)
{
    const struct assay_shape *in = &node->in[0]->shape, *out = &node->out[0]->shape;
    struct resize *resize = node->state = assay_arena_take(arena, 1, sizeof(*resize));
    if (resize) {
        resize->rows = sources(arena, node, in->dims[1], out->dims[1]);
        resize->columns = sources(arena, node, in->dims[2], out->dims[2]);
    }
    return (resize && resize->rows && resize->columns) || assay_op_fail(node, error, "out of memory");
}

static void run(struct assay_node *node)
{
    const struct resize *resize = node->state;
    const struct assay_shape *in = &node->in[0]->shape, *out = &node->out[0]->shape;
    const size_t pixel = (size_t)in->dims[3] * assay_tensor_type_size(node->in[0]->tensor->type);
    const char *from = node->in[0]->data;
    char *to = node->out[0]->data;
    if (assay_operands_bytes(node->out[0]) == 0)
        return;
    for (size_t b = 0; b < (size_t)out->dims[0]; b++) {
        for (size_t y = 0; y < (size_t)out->dims[1]; y++) {
            const char *row = from + (b * (size_t)in->dims[1] + resize->rows[y]) * (size_t)in->dims[2] * pixel;
            for (size_t x = 0; x < (size_t)out->dims[2]; x++, to += pixel)
                memcpy(to, row + resize->columns[x] * pixel, pixel);
        }
    }
}

const struct assay_op_kind assay_op_RESIZE_NEAREST_NEIGHBOR = {
    ASSAY_OPERATOR_RESIZE_NEAREST_NEIGHBOR, .shape = assay_resize_shape, .prepare = prepare, .run = run};
