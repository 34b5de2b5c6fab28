/* MEAN over the dimensions that a constant input names. Integers: the sum without the zero points, in int32, times one
 * factor in which the division is contained. */
#include "models/ops/check.h"
#include "models/ops/quantized.h"

#include <string.h>

struct state {
    bool reduced[ASSAY_MAX_RANK];
    size_t elements; /* of each sum */
    struct assay_factor factor;
};

/* Of one output. Integers wrap, as the reference's do. */
union sum {
    float real;
    uint32_t integer;
};

/* Which dimensions are summed over: axes may be negative, and may repeat. */
static bool find_axes(const struct assay_node *node, bool reduced[ASSAY_MAX_RANK], struct assay_model_error *error)
{
    const struct assay_value *axes = node->in[1];
    if (axes->tensor->type != ASSAY_TENSOR_I32)
        return assay_op_fail(node, error, "the axes are not i32");
    if (!axes->tensor->data)
        return assay_op_fail(node, error, "the axes are not constant");
    if (axes->shape.rank > 1)
        return assay_op_fail(node, error, "the axes are of rank %zu, not 0 or 1", axes->shape.rank);
    const int32_t *axis = axes->tensor->data, rank = (int32_t)node->in[0]->shape.rank;
    const size_t count = assay_op_elements(axes);
    if (count > axes->tensor->bytes / sizeof *axis)
        return assay_op_fail(node, error, "the axes are cut short");
    for (size_t i = 0; i < count; i++) {
        if (axis[i] < -rank || axis[i] >= rank)
            return assay_op_fail(node, error, "axis %d of an input of rank %d", axis[i], rank);
        reduced[axis[i] < 0 ? axis[i] + rank : axis[i]] = true;
    }
    return true;
}

static bool shape(struct assay_node *node, struct assay_model_error *error)
{
    if (!assay_op_counts(node, 2, 2, 1, error))
        return false;
    const struct assay_value *in = node->in[0];
    struct assay_value *out = node->out[0];
    if (!(ASSAY_TYPES_MATH >> in->tensor->type & 1))
        return assay_op_fail(node, error, "input 0 is %s, which is not supported",
                             assay_tensor_type_name(in->tensor->type));
    if (out->tensor->type != in->tensor->type)
        return assay_op_fail(node, error, "output 0 is %s, input 0 is %s", assay_tensor_type_name(out->tensor->type),
                             assay_tensor_type_name(in->tensor->type));
    if (!assay_op_quantized(node, in, "input 0", error) || !assay_op_quantized(node, out, "output 0", error))
        return false;
    bool reduced[ASSAY_MAX_RANK] = {false};
    if (!find_axes(node, reduced, error))
        return false;
    struct assay_shape result = {.rank = 0};
    for (size_t d = 0; d < in->shape.rank; d++) {
        if (!reduced[d])
            result.dims[result.rank++] = in->shape.dims[d];
        else if (node->op->reduce.keep_dims)
            result.dims[result.rank++] = 1;
    }
    out->shape = result;
    return true;
}

/* The factor scale_in / scale_out / n: the integer division by n keeps as many bits as there is room for. */
static struct assay_factor divided(struct assay_factor factor, size_t n)
{
    int more = 63 - __builtin_clzll((unsigned long long)n);
    more = more < 32 ? more : 32;
    more = more < 31 + factor.shift ? more : 31 + factor.shift;
    return (struct assay_factor){
        .multiplier = (int32_t)(((int64_t)factor.multiplier << more) / (int64_t)n),
        .shift = factor.shift - more,
    };
}

/* Positions in row-major order of the dimensions that are (not) reduced. Neighbours of one kind are one dimension. */
struct walk {
    size_t rank, count[ASSAY_MAX_RANK], step[ASSAY_MAX_RANK], index[ASSAY_MAX_RANK], offset;
};

static struct walk walk_of(const struct assay_shape *shape, const bool reduced[ASSAY_MAX_RANK], bool which)
{
    struct walk walk = {.rank = 0};
    size_t step = 1;
    for (size_t d = shape->rank; d-- > 0; step *= (size_t)shape->dims[d]) {
        if (reduced[d] != which)
            continue;
        if (d + 1 < shape->rank && reduced[d + 1] == which) {
            walk.count[walk.rank - 1] *= (size_t)shape->dims[d];
            continue;
        }
        walk.count[walk.rank] = (size_t)shape->dims[d];
        walk.step[walk.rank++] = step;
    }
    return walk;
}

static void next(struct walk *walk)
{
    for (size_t d = 0; d < walk->rank; d++) {
        walk->offset += walk->step[d];
        if (++walk->index[d] < walk->count[d])
            return;
        walk->offset -= walk->step[d] * walk->count[d];
        walk->index[d] = 0;
    }
}

/* How many outputs lie side by side as their inputs do: these are summed side by side. */
static size_t row_of(const struct walk *kept)
{
    return kept->rank > 0 && kept->step[0] == 1 ? kept->count[0] : 1;
}

static bool prepare(struct assay_node *node, struct assay_arena *arena, struct assay_model_error *error)
{
    struct state *state = assay_op_state(node, arena, sizeof *state, error);
    if (!state || !find_axes(node, state->reduced, error))
        return false;
    const struct assay_value *in = node->in[0];
    state->elements = 1;
    for (size_t d = 0; d < in->shape.rank; d++)
        if (state->reduced[d])
            state->elements *= (size_t)in->shape.dims[d];
    if (in->tensor->type != ASSAY_TENSOR_F32 && state->elements > 0)
        state->factor = divided(
            assay_factor_of((double)assay_value_scale(in) / (double)assay_value_scale(node->out[0])), state->elements);
    const struct walk kept = walk_of(&in->shape, state->reduced, false);
    node->scratch_bytes = row_of(&kept) * sizeof(union sum);
    return true;
}

static void add_row(enum assay_tensor_type type, const void *in, size_t offset, union sum *sums, size_t row)
{
    if (type == ASSAY_TENSOR_F32)
        for (size_t c = 0; c < row; c++)
            sums[c].real += ((const float *)in)[offset + c];
    else if (type == ASSAY_TENSOR_I8)
        for (size_t c = 0; c < row; c++)
            sums[c].integer += (uint32_t)((const int8_t *)in)[offset + c];
    else
        for (size_t c = 0; c < row; c++)
            sums[c].integer += (uint32_t)((const int16_t *)in)[offset + c];
}

static int32_t mean_integer(const struct assay_node *node, uint32_t sum)
{
    const struct state *state = node->state;
    const struct assay_value *in = node->in[0], *out = node->out[0];
    if (state->elements == 0)
        return 0; /* of nothing: as the reference has it */
    sum -= (uint32_t)assay_value_zero(in) * (uint32_t)state->elements;
    const int32_t mean = assay_rescale_by((int32_t)sum, state->factor);
    return assay_clamp_to(assay_offset(mean, assay_value_zero(out)), assay_type_range(in->tensor->type));
}

static void divide_row(const struct assay_node *node, const union sum *sums, size_t row, void *out, size_t offset)
{
    const struct state *state = node->state;
    const enum assay_tensor_type type = node->in[0]->tensor->type;
    for (size_t c = 0; c < row; c++)
        if (type == ASSAY_TENSOR_F32)
            ((float *)out)[offset + c] = state->elements ? sums[c].real / (float)state->elements : 0.0f;
        else if (type == ASSAY_TENSOR_I8)
            ((int8_t *)out)[offset + c] = (int8_t)mean_integer(node, sums[c].integer);
        else
            ((int16_t *)out)[offset + c] = (int16_t)mean_integer(node, sums[c].integer);
}

static void run(struct assay_node *node)
{
    const struct state *state = node->state;
    const struct assay_value *in = node->in[0];
    struct walk kept = walk_of(&in->shape, state->reduced, false);
    const size_t row = row_of(&kept), n = assay_op_elements(node->out[0]);
    if (kept.rank > 0 && kept.step[0] == 1) /* a step is a row */
        kept.step[0] = row, kept.count[0] = 1;
    for (size_t i = 0; i < n; i += row, next(&kept)) {
        struct walk inner = walk_of(&in->shape, state->reduced, true);
        memset(node->scratch, 0, row * sizeof(union sum));
        for (size_t e = 0; e < state->elements; e++, next(&inner))
            add_row(in->tensor->type, in->data, kept.offset + inner.offset, node->scratch, row);
        divide_row(node, node->scratch, row, node->out[0]->data, i);
    }
}

const struct assay_op_kind assay_op_MEAN = {
    .code = ASSAY_OPERATOR_MEAN,
    .shape = shape,
    .prepare = prepare,
    .run = run,
};
