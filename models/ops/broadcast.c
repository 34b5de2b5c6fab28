#include "models/ops/broadcast.h"

/* Dimension `i`, counted from the last. */
static size_t dimension(const struct assay_shape *shape, size_t i)
{
    return i < shape->rank ? (size_t)shape->dims[shape->rank - 1 - i] : 1;
}

bool assay_broadcast_shape(const struct assay_shape *a, const struct assay_shape *b, struct assay_shape *out)
{
    out->rank = a->rank > b->rank ? a->rank : b->rank;
    for (size_t i = 0; i < out->rank; i++) {
        const size_t of_a = dimension(a, i), of_b = dimension(b, i);
        if (of_a != of_b && of_a != 1 && of_b != 1)
            return false;
        out->dims[out->rank - 1 - i] = (int32_t)(of_a == 1 ? of_b : of_a);
    }
    return true;
}

struct assay_broadcast assay_broadcast_plan(const struct assay_shape *a, const struct assay_shape *b)
{
    struct assay_broadcast plan = {.rank = 0};
    const size_t rank = a->rank > b->rank ? a->rank : b->rank;
    size_t a_size = 1, b_size = 1;
    /* From the last dimension on; the plan's first is the innermost. */
    for (size_t i = 0; i < rank; i++) {
        const size_t of_a = dimension(a, i), of_b = dimension(b, i), count = of_a == 1 ? of_b : of_a;
        if (count == 1)
            continue;
        const size_t a_step = of_a == 1 ? 0 : a_size, b_step = of_b == 1 ? 0 : b_size;
        a_size *= of_a;
        b_size *= of_b;
        if (plan.rank > 0) {
            const size_t last = plan.rank - 1;
            if (plan.a_step[last] * plan.count[last] == a_step && plan.b_step[last] * plan.count[last] == b_step) {
                plan.count[last] *= count;
                continue;
            }
        }
        plan.count[plan.rank] = count;
        plan.a_step[plan.rank] = a_step;
        plan.b_step[plan.rank++] = b_step;
    }
    if (plan.rank == 0) {
        plan.rank = 1;
        plan.count[0] = 1;
    }
    return plan;
}

void assay_broadcast_run(const struct assay_broadcast *plan, assay_broadcast_row *row, const void *context,
                         const void *a, const void *b, size_t in_size, void *out, size_t out_size)
{
    for (size_t d = 0; d < plan->rank; d++)
        if (plan->count[d] == 0)
            return;
    size_t index[ASSAY_MAX_RANK] = {0};
    const char *from_a = a, *from_b = b;
    char *to = out;
    for (;;) {
        row(context, from_a, plan->a_step[0], from_b, plan->b_step[0], to, plan->count[0]);
        to += plan->count[0] * out_size;
        size_t d = 1;
        for (; d < plan->rank; d++) {
            from_a += plan->a_step[d] * in_size;
            from_b += plan->b_step[d] * in_size;
            if (++index[d] < plan->count[d])
                break;
            from_a -= plan->a_step[d] * plan->count[d] * in_size;
            from_b -= plan->b_step[d] * plan->count[d] * in_size;
            index[d] = 0;
        }
        if (d >= plan->rank)
            return;
    }
}
