/* BATCH_MATMUL: [..., m, k] x [..., k, n], leading dimensions broadcast; adjoint_x and adjoint_y say that an input is
 * stored transposed. int8 sums in int32, int16 in int64, which takes the rescale of int16x8. */
#include "models/ops/broadcast.h"
#include "models/ops/check.h"
#include "models/ops/quantized.h"

enum { MAX_DEPTH_I16 = 1 << 17 }; /* sums stay below 2^47, as assay_rescale64() wants them */

struct state {
    struct assay_factor factor;
    int32_t a_zero, b_zero, out_zero;
};

/* Of one product: sizes, and steps in elements from row to row and column to column. */
struct product {
    size_t m, n, k;
    size_t a_row, a_column, b_row, b_column;
};

static struct product product_of(const struct assay_node *node)
{
    const struct assay_shape *a = &node->in[0]->shape, *b = &node->in[1]->shape;
    const size_t a_high = (size_t)a->dims[a->rank - 2], a_wide = (size_t)a->dims[a->rank - 1];
    const size_t b_high = (size_t)b->dims[b->rank - 2], b_wide = (size_t)b->dims[b->rank - 1];
    const bool x = node->op->batch_matmul.adjoint_x, y = node->op->batch_matmul.adjoint_y;
    return (struct product){
        .m = x ? a_wide : a_high,
        .n = y ? b_high : b_wide,
        .k = x ? a_high : a_wide,
        .a_row = x ? 1 : a_wide,
        .a_column = x ? a_wide : 1,
        .b_row = y ? 1 : b_wide,
        .b_column = y ? b_wide : 1,
    };
}

/* The leading dimensions. */
static struct assay_shape batches(const struct assay_shape *shape)
{
    struct assay_shape leading = *shape;
    leading.rank -= 2;
    return leading;
}

static struct assay_factor factor_of(const struct assay_node *node)
{
    /* The product of the scales in float, as the reference has it. */
    const double product = (double)(assay_value_scale(node->in[0]) * assay_value_scale(node->in[1]));
    return assay_factor_of(product / (double)assay_value_scale(node->out[0]));
}

static bool shape(struct assay_node *node, struct assay_model_error *error)
{
    if (!assay_op_counts(node, 2, 2, 1, error) || !assay_op_same_types(node, ASSAY_TYPES_MATH, error) ||
        !assay_op_all_quantized(node, error))
        return false;
    const struct assay_shape *a = &node->in[0]->shape, *b = &node->in[1]->shape;
    if (a->rank < 2 || b->rank < 2)
        return assay_op_fail(node, error, "inputs of rank %zu and %zu: at least 2 is needed", a->rank, b->rank);
    const struct product product = product_of(node);
    const size_t b_depth = (size_t)b->dims[b->rank - (node->op->batch_matmul.adjoint_y ? 1 : 2)];
    if (product.k != b_depth)
        return assay_op_fail(node, error, "%zu columns times %zu rows", product.k, b_depth);
    const struct assay_shape of_a = batches(a), of_b = batches(b);
    struct assay_shape out;
    if (!assay_broadcast_shape(&of_a, &of_b, &out))
        return assay_op_fail(node, error, "the leading dimensions of the inputs cannot be broadcast to each other");
    out.dims[out.rank++] = (int32_t)product.m;
    out.dims[out.rank++] = (int32_t)product.n;
    size_t count;
    if (!assay_shape_count(&out, &count))
        return assay_op_fail(node, error, "the output is too large");
    if (node->in[0]->tensor->type == ASSAY_TENSOR_I16 && product.k > MAX_DEPTH_I16)
        return assay_op_fail(node, error, "%zu products a sum are too many for i16: at most %d", product.k,
                             MAX_DEPTH_I16);
    if (node->in[0]->tensor->type == ASSAY_TENSOR_I16 && factor_of(node).shift > 7)
        return assay_op_fail(node, error, "the output's scale %g is too small for inputs of the scales %g and %g",
                             (double)assay_value_scale(node->out[0]), (double)assay_value_scale(node->in[0]),
                             (double)assay_value_scale(node->in[1]));
    node->out[0]->shape = out;
    return true;
}

static bool prepare(struct assay_node *node, struct assay_arena *arena, struct assay_model_error *error)
{
    if (node->in[0]->tensor->type == ASSAY_TENSOR_F32)
        return true;
    struct state *state = assay_op_state(node, arena, sizeof *state, error);
    if (!state)
        return false;
    state->factor = factor_of(node);
    state->a_zero = assay_value_zero(node->in[0]);
    state->b_zero = assay_value_zero(node->in[1]);
    state->out_zero = assay_value_zero(node->out[0]);
    return true;
}

static float dot_f32(const struct product *p, const float *a, const float *b)
{
    float sum = 0.0f;
    for (size_t i = 0; i < p->k; i++)
        sum += a[i * p->a_column] * b[i * p->b_row];
    return sum;
}

static int8_t dot_i8(const struct product *p, const struct state *state, const int8_t *a, const int8_t *b)
{
    uint32_t sum = 0; /* modulo 2^32 */
    for (size_t i = 0; i < p->k; i++)
        sum += (uint32_t)((a[i * p->a_column] - state->a_zero) * (b[i * p->b_row] - state->b_zero));
    const int32_t value = assay_offset(assay_rescale_by((int32_t)sum, state->factor), state->out_zero);
    return (int8_t)assay_clamp_int(value, INT8_MIN, INT8_MAX);
}

static int16_t dot_i16(const struct product *p, const struct state *state, const int16_t *a, const int16_t *b)
{
    int64_t sum = 0;
    for (size_t i = 0; i < p->k; i++)
        sum += (int64_t)a[i * p->a_column] * b[i * p->b_row];
    const int32_t value = assay_rescale64(sum, state->factor.multiplier, state->factor.shift);
    return (int16_t)assay_clamp_int(value, INT16_MIN, INT16_MAX);
}

/* A row of the broadcast is a run of products; a_step and b_step, in units of whole matrices, are 0 or 1. */
static void row(const void *context, const void *a, size_t a_step, const void *b, size_t b_step, void *out,
                size_t count)
{
    const struct assay_node *node = context;
    const struct product p = product_of(node);
    const enum assay_tensor_type type = node->in[0]->tensor->type;
    for (size_t i = 0; i < count; i++) {
        for (size_t r = 0; r < p.m; r++) {
            for (size_t c = 0; c < p.n; c++) {
                const size_t from_a = i * a_step * p.m * p.k + r * p.a_row;
                const size_t from_b = i * b_step * p.k * p.n + c * p.b_column, to = (i * p.m + r) * p.n + c;
                if (type == ASSAY_TENSOR_F32)
                    ((float *)out)[to] = dot_f32(&p, (const float *)a + from_a, (const float *)b + from_b);
                else if (type == ASSAY_TENSOR_I8)
                    ((int8_t *)out)[to] =
                        dot_i8(&p, node->state, (const int8_t *)a + from_a, (const int8_t *)b + from_b);
                else
                    ((int16_t *)out)[to] =
                        dot_i16(&p, node->state, (const int16_t *)a + from_a, (const int16_t *)b + from_b);
            }
        }
    }
}

static void run(struct assay_node *node)
{
    if (assay_op_elements(node->out[0]) == 0)
        return;
    const struct assay_shape of_a = batches(&node->in[0]->shape), of_b = batches(&node->in[1]->shape);
    const struct product p = product_of(node);
    const size_t size = assay_tensor_type_size(node->in[0]->tensor->type);
    struct assay_broadcast plan = assay_broadcast_plan(&of_a, &of_b);
    /* Beyond the innermost dimension the plan's steps are in matrices, which differ in size between the inputs. */
    for (size_t d = 1; d < plan.rank; d++) {
        plan.a_step[d] *= p.m * p.k;
        plan.b_step[d] *= p.k * p.n;
    }
    assay_broadcast_run(&plan, row, node, node->in[0]->data, node->in[1]->data, size, node->out[0]->data,
                        size * p.m * p.n);
}

const struct assay_op_kind assay_op_BATCH_MATMUL = {
    .code = ASSAY_OPERATOR_BATCH_MATMUL,
    .shape = shape,
    .prepare = prepare,
    .run = run,
};
