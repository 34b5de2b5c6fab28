/* STRIDED_SLICE: in each dimension the elements begin, begin + stride … up to, not including, end. Begins and ends
 * count from the end of the dimension where they are negative, and are cut to it. Bit i of a mask is about the i-th
 * triple: begin, end    the triple's begin (end) is not used: the dimension is taken from its first (to its last)
 * element ellipsis      the triple stands for as many whole dimensions as the others leave over; at most one new_axis
 * the triple stands for no dimension of the input, but a new one of 1 in the output shrink_axis   one element, at
 * begin; the output does not have the dimension Where several are set, ellipsis comes before new_axis before
 * shrink_axis. Dimensions without a triple are whole. With `offset`, ends are relative to begins. A dimension to shrink
 * must have the element: TFLite would read outside. */
#include "models/ops/move.h"
#include "models/ops/operands.h"

struct plan {
    struct assay_shape kept; /* of the input's rank: elements taken of each dimension */
    struct assay_shape out;  /* as the output has it */
    int64_t begin[ASSAY_MAX_RANK], stride[ASSAY_MAX_RANK];
};

struct triples {
    size_t count;
    int32_t begin[ASSAY_MAX_RANK], end[ASSAY_MAX_RANK], stride[ASSAY_MAX_RANK];
};

static bool read_triples(const struct assay_node *node, struct triples *t, struct assay_model_error *error)
{
    size_t ends, strides;
    if (!assay_operands_integers(node, 1, "begin", ASSAY_MAX_RANK, t->begin, &t->count, error) ||
        !assay_operands_integers(node, 2, "end", ASSAY_MAX_RANK, t->end, &ends, error) ||
        !assay_operands_integers(node, 3, "strides", ASSAY_MAX_RANK, t->stride, &strides, error))
        return false;
    if (t->count != ends || t->count != strides)
        return assay_op_fail(node, error, "%zu begins, %zu ends, %zu strides", t->count, ends, strides);
    for (size_t i = 0; i < t->count; i++) {
        if (t->stride[i] == 0)
            return assay_op_fail(node, error, "stride %zu is 0", i);
    }
    return true;
}

static int64_t clamp(int64_t x, int64_t low, int64_t high)
{
    return x < low ? low : x > high ? high : x;
}

/* Triple i, for dimension d of the input. */
static bool take(const struct assay_node *node, const struct triples *t, size_t i, size_t d, struct plan *plan,
                 struct assay_model_error *error)
{
    const int64_t dim = node->in[0]->shape.dims[d], stride = t->stride[i];
    /* Where a walk may begin and end: one before the first element is a walk backwards' end. */
    const int64_t low = stride > 0 ? 0 : -1, high = stride > 0 ? dim : dim - 1;
    int64_t begin = t->begin[i] < 0 ? t->begin[i] + dim : t->begin[i];
    const bool whole_begin = node->op->strided_slice.begin_mask >> i & 1;
    if (whole_begin)
        begin = stride > 0 ? 0 : dim - 1;
    if (node->op->strided_slice.shrink_axis_mask >> i & 1) {
        if (begin < 0 || begin >= dim)
            return assay_op_fail(node, error, "dimension %zu has %lld elements: none at %d", d, (long long)dim,
                                 t->begin[i]);
        if (stride < 0)
            return assay_op_fail(node, error, "dimension %zu shrinks, with stride %lld", d, (long long)stride);
        plan->begin[d] = begin;
        plan->stride[d] = 1;
        plan->kept.dims[d] = 1;
        return true;
    }
    begin = clamp(begin, low, high);
    int64_t end = t->end[i];
    if (node->op->strided_slice.offset)
        end += begin;
    end = clamp(end < 0 ? end + dim : end, low, high);
    if (node->op->strided_slice.end_mask >> i & 1)
        end = stride > 0 ? dim : -1;
    const int64_t span = stride > 0 ? end - begin : begin - end, step = stride > 0 ? stride : -stride;
    plan->begin[d] = begin;
    plan->stride[d] = stride;
    plan->kept.dims[d] = span > 0 ? (int32_t)((span + step - 1) / step) : 0;
    return assay_operands_append(node, &plan->out, plan->kept.dims[d], error);
}

/* The next `count` dimensions of the input, whole. */
static bool take_whole(const struct assay_node *node, size_t *d, size_t count, struct plan *plan,
                       struct assay_model_error *error)
{
    for (; count > 0; count--, ++*d) {
        plan->begin[*d] = 0;
        plan->stride[*d] = 1;
        plan->kept.dims[*d] = node->in[0]->shape.dims[*d];
        if (!assay_operands_append(node, &plan->out, plan->kept.dims[*d], error))
            return false;
    }
    return true;
}

static bool make_plan(const struct assay_node *node, struct plan *plan, struct assay_model_error *error)
{
    struct triples t;
    if (!read_triples(node, &t, error))
        return false;
    const size_t rank = node->in[0]->shape.rank;
    const uint32_t given = (UINT32_C(1) << t.count) - 1;
    const uint32_t ellipsis = (uint32_t)node->op->strided_slice.ellipsis_mask & given;
    const uint32_t new_axis = (uint32_t)node->op->strided_slice.new_axis_mask & given & ~ellipsis;
    if (ellipsis & (ellipsis - 1))
        return assay_op_fail(node, error, "more than one ellipsis");
    const size_t used = t.count - (size_t)__builtin_popcount(ellipsis | new_axis);
    if (used > rank)
        return assay_op_fail(node, error, "slices %zu dimensions of %zu", used, rank);
    *plan = (struct plan){.kept = {.rank = rank}};
    size_t d = 0;
    for (size_t i = 0; i < t.count; i++) {
        if (ellipsis >> i & 1) {
            if (!take_whole(node, &d, rank - used, plan, error))
                return false;
        } else if (new_axis >> i & 1) {
            if (!assay_operands_append(node, &plan->out, 1, error))
                return false;
        } else if (!take(node, &t, i, d++, plan, error)) {
            return false;
        }
    }
    return take_whole(node, &d, rank - d, plan, error);
}

static bool shape(struct assay_node *node, struct assay_model_error *error)
{
    struct plan plan;
    return assay_op_counts(node, 4, 4, 1, error) && make_plan(node, &plan, error) &&
           assay_operands_move(node, 0, 0, &plan.out, error);
}

static bool prepare(struct assay_node *node, struct assay_arena *arena, struct assay_model_error *error)
{
    struct plan plan;
    struct assay_move *move = node->state = assay_arena_take(arena, 1, sizeof(*move));
    if (!move)
        return assay_op_fail(node, error, "out of memory");
    if (!make_plan(node, &plan, error))
        return false;
    const size_t element = assay_tensor_type_size(node->in[0]->tensor->type);
    *move = assay_move_of(&plan.kept, &node->in[0]->shape, &plan.kept, element);
    for (size_t d = 0; move->run > 0 && d < plan.kept.rank; d++) {
        move->in_offset += plan.begin[d] * move->in_step[d];
        if (move->size[d] > 1) /* then the stride is less than the dimension, so that the product fits */
            move->in_step[d] *= plan.stride[d];
    }
    assay_move_fold(move);
    return true;
}

static void run(struct assay_node *node)
{
    assay_move_run(node->state, node->in[0]->data, node->out[0]->data);
}

const struct assay_op_kind assay_op_STRIDED_SLICE = {ASSAY_OPERATOR_STRIDED_SLICE, .shape = shape, .prepare = prepare,
                                                     .run = run};
