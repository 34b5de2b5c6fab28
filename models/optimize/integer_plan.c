#include "models/optimize/integer_plan.h"

#include "models/optimize/integer_layer.h"
#include "models/optimize/layers.h"

#include <math.h>
#include <string.h>

static const char *name_of(const struct assay_integer_plan *plan, int32_t tensor)
{
    return plan->draft->tensors[tensor].name;
}

static bool is_real(const struct assay_integer_plan *plan, int32_t tensor)
{
    return tensor >= 0 && plan->draft->tensors[tensor].type == ASSAY_TENSOR_F32;
}

bool assay_integer_is_operand(const struct assay_integer_plan *plan, size_t op, size_t k)
{
    const struct assay_operator *o = &plan->draft->operators[op];
    return is_real(plan, o->inputs[k]) && (k == 0 || assay_integer_form_of(o->code) != ASSAY_INTEGER_LAYER);
}

/* Does the operator compute on floats at all? One that is integer already, or moves indexes, is left alone. */
static bool is_float(const struct assay_integer_plan *plan, const struct assay_operator *op)
{
    for (size_t k = 0; k < op->input_count; k++)
        if (is_real(plan, op->inputs[k]))
            return true;
    for (size_t k = 0; k < op->output_count; k++)
        if (is_real(plan, op->outputs[k]))
            return true;
    return false;
}

/* Why the operator can't be integer, whatever its parameters; NULL: it can. */
static const char *unfit_of(const struct assay_draft *draft, size_t op, enum assay_mode mode)
{
    struct assay_float_layer layer;
    const enum assay_operator_code code = draft->operators[op].code;
    const enum assay_integer_form form = assay_integer_form_of(code);
    if (form == ASSAY_INTEGER_NONE)
        return "it has no integer form";
    if (code == ASSAY_OPERATOR_RELU_N1_TO_1 && mode == ASSAY_MODE_INT16X8)
        return "TFLite's interpreter does not take it with int16";
    return form == ASSAY_INTEGER_LAYER ? assay_integer_layer_unfit(draft, op, &layer) : NULL;
}

static void choose_type(struct assay_integer_plan *plan, size_t op)
{
    const struct assay_draft *draft = plan->draft;
    const struct assay_operator *o = &draft->operators[op];
    plan->types[op] = ASSAY_TENSOR_F32;
    enum assay_mode mode;
    if (!assay_chosen_mode(draft, plan->choices, op, &mode) || !assay_mode_is_integer(mode) || !is_float(plan, o) ||
        o->code == ASSAY_OPERATOR_QUANTIZE || o->code == ASSAY_OPERATOR_DEQUANTIZE)
        return;
    const char *unfit = unfit_of(draft, op, mode);
    if (unfit)
        assay_integer_stay(plan, op, unfit);
    else
        plan->types[op] = mode == ASSAY_MODE_INT8 ? ASSAY_TENSOR_I8 : ASSAY_TENSOR_I16;
}

/* The type of what no integer operator touches, at the network's ends: of the first operator that is integer. */
static enum assay_tensor_type common_type(const struct assay_integer_plan *plan)
{
    for (size_t op = 0; op < plan->draft->operator_count; op++)
        if (assay_integer_becomes(plan, op))
            return plan->types[op];
    return ASSAY_TENSOR_F32;
}

static enum assay_tensor_type type_of_user(const struct assay_integer_plan *plan, int32_t tensor)
{
    for (size_t op = 0; op < plan->draft->operator_count; op++)
        for (size_t k = 0; assay_integer_becomes(plan, op) && k < plan->draft->operators[op].input_count; k++)
            if (plan->draft->operators[op].inputs[k] == tensor)
                return plan->types[op];
    return plan->io;
}

static void choose_made(struct assay_integer_plan *plan)
{
    const struct assay_draft *draft = plan->draft;
    plan->io = plan->integer_io ? common_type(plan) : ASSAY_TENSOR_F32;
    for (size_t t = 0; t < draft->tensor_count; t++)
        plan->made[t] = ASSAY_TENSOR_F32;
    for (size_t i = 0; i < draft->input_count; i++)
        if (plan->io != ASSAY_TENSOR_F32 && is_real(plan, draft->inputs[i]))
            plan->made[draft->inputs[i]] = type_of_user(plan, draft->inputs[i]);
    for (size_t op = 0; op < draft->operator_count; op++)
        for (size_t k = 0; assay_integer_becomes(plan, op) && k < draft->operators[op].output_count; k++)
            plan->made[draft->operators[op].outputs[k]] = plan->types[op];
}

static size_t place(int32_t tensor, enum assay_tensor_type type)
{
    return (size_t)tensor * 2 + (type == ASSAY_TENSOR_I16);
}

static enum assay_tensor_type type_of_place(size_t place)
{
    return place % 2 ? ASSAY_TENSOR_I16 : ASSAY_TENSOR_I8;
}

int32_t assay_integer_group(const struct assay_integer_plan *plan, int32_t tensor, enum assay_tensor_type type)
{
    int32_t at = (int32_t)place(tensor, type);
    while (plan->groups[at].parent != at)
        at = plan->groups[at].parent;
    return at;
}

int32_t assay_integer_operand_group(const struct assay_integer_plan *plan, size_t op, size_t k)
{
    const struct assay_operator *o = &plan->draft->operators[op];
    return assay_integer_group(plan, plan->parted[op][k] ? o->outputs[0] : o->inputs[k], plan->types[op]);
}

static bool range_of_constant(const struct assay_integer_plan *plan, int32_t tensor, double *low, double *high)
{
    const struct assay_tensor *constant = &plan->draft->tensors[tensor];
    const float *values = constant->data;
    *low = *high = 0;
    for (size_t i = 0; i < constant->bytes / sizeof(*values); i++) {
        if (!isfinite(values[i]))
            return assay_model_fail(plan->error, "tensor %d (%s), a constant, holds NaN or infinity", (int)tensor,
                                    constant->name);
        *low = fmin(*low, (double)values[i]);
        *high = fmax(*high, (double)values[i]);
    }
    return true;
}

/* The tensor's own range in a type, 0 in it. */
static bool range_of(const struct assay_integer_plan *plan, int32_t tensor, enum assay_tensor_type type, double *low,
                     double *high)
{
    size_t count;
    if (assay_integer_is_constant(plan, tensor))
        return range_of_constant(plan, tensor, low, high);
    *low = *high = 0;
    if (assay_shape_count(&plan->draft->tensors[tensor].shape, &count) && count == 0)
        return true;
    const struct assay_ranges *r = plan->ranges;
    const float *lows = type == ASSAY_TENSOR_I16 ? r->least : r->low;
    const float *highs = type == ASSAY_TENSOR_I16 ? r->most : r->high;
    if ((size_t)tensor >= r->count || !(lows[tensor] <= highs[tensor]))
        return assay_model_fail(plan->error, "tensor %d (%s) has no range: calibration has not seen it", (int)tensor,
                                name_of(plan, tensor));
    *low = fmin((double)lows[tensor], 0);
    *high = fmax((double)highs[tensor], 0);
    return (isfinite(*low) && isfinite(*high)) || assay_model_fail(plan->error, "tensor %d (%s) has the range %g to %g",
                                                                   (int)tensor, name_of(plan, tensor), *low, *high);
}

static bool open_place(struct assay_integer_plan *plan, int32_t tensor, enum assay_tensor_type type)
{
    const size_t at = place(tensor, type);
    struct assay_group *group = &plan->groups[at];
    group->parent = (int32_t)at;
    return range_of(plan, tensor, type, &group->low, &group->high);
}

static bool open_places_of(struct assay_integer_plan *plan, size_t op)
{
    const struct assay_operator *o = &plan->draft->operators[op];
    for (size_t k = 0; k < o->input_count; k++) {
        plan->parted[op][k] = false;
        if (assay_integer_is_operand(plan, op, k) && !open_place(plan, o->inputs[k], plan->types[op]))
            return false;
    }
    for (size_t k = 0; k < o->output_count; k++)
        if (!open_place(plan, o->outputs[k], plan->types[op]))
            return false;
    return true;
}

static bool open_places(struct assay_integer_plan *plan)
{
    const struct assay_draft *draft = plan->draft;
    for (size_t op = 0; op < draft->operator_count; op++)
        if (assay_integer_becomes(plan, op) && !open_places_of(plan, op))
            return false;
    for (size_t i = 0; i < draft->input_count; i++)
        if (plan->made[draft->inputs[i]] != ASSAY_TENSOR_F32 &&
            !open_place(plan, draft->inputs[i], plan->made[draft->inputs[i]]))
            return false;
    for (size_t i = 0; plan->io != ASSAY_TENSOR_F32 && i < draft->output_count; i++)
        if (is_real(plan, draft->outputs[i]) && plan->made[draft->outputs[i]] == ASSAY_TENSOR_F32 &&
            !open_place(plan, draft->outputs[i], plan->io))
            return false;
    return true;
}

/* Within what the parameters reach; a step beyond is what rounding makes of an end (1 of LOGISTIC, for one). */
static bool reaches(struct assay_parameters p, enum assay_tensor_type type, double low, double high)
{
    double least, most;
    assay_integer_reach(type, p, &least, &most);
    return low >= least - (double)p.scale && high <= most + (double)p.scale;
}

/* False: parameters that are fixed stand against it. */
static bool join(struct assay_integer_plan *plan, int32_t one, int32_t other, enum assay_tensor_type type)
{
    if (one == other)
        return true;
    if (plan->groups[other].fixed) {
        const int32_t fixed = other;
        other = one;
        one = fixed;
    }
    struct assay_group *a = &plan->groups[one], *b = &plan->groups[other];
    if (a->fixed && b->fixed && a->parameters.scale != b->parameters.scale)
        return false;
    if (a->fixed && !b->fixed && !reaches(a->parameters, type, b->low, b->high))
        return false;
    a->low = fmin(a->low, b->low);
    a->high = fmax(a->high, b->high);
    b->parent = one;
    return true;
}

/* The outputs of an operator are nobody's yet, so they always go together. */
static void join_operands(struct assay_integer_plan *plan, size_t op)
{
    const struct assay_operator *o = &plan->draft->operators[op];
    const enum assay_tensor_type type = plan->types[op];
    for (size_t k = 1; k < o->output_count; k++)
        join(plan, assay_integer_group(plan, o->outputs[0], type), assay_integer_group(plan, o->outputs[k], type),
             type);
    for (size_t k = 0; k < o->input_count; k++)
        if (assay_integer_is_operand(plan, op, k))
            plan->parted[op][k] = !join(plan, assay_integer_group(plan, o->inputs[k], type),
                                        assay_integer_group(plan, o->outputs[0], type), type);
}

static void make_groups(struct assay_integer_plan *plan)
{
    const struct assay_draft *draft = plan->draft;
    for (size_t op = 0; op < draft->operator_count; op++) {
        const struct assay_operator *o = &draft->operators[op];
        if (!assay_integer_becomes(plan, op))
            continue;
        const enum assay_integer_form form = assay_integer_form_of(o->code);
        if (form == ASSAY_INTEGER_SHARED)
            join_operands(plan, op);
        if (form != ASSAY_INTEGER_FIXED)
            continue;
        struct assay_group *group = &plan->groups[assay_integer_group(plan, o->outputs[0], plan->types[op])];
        group->fixed = true;
        group->parameters = assay_integer_fixed(o->code, plan->types[op]);
    }
    for (size_t at = 0; at < draft->tensor_count * 2; at++) {
        struct assay_group *group = &plan->groups[at];
        if (group->parent == (int32_t)at && !group->fixed)
            group->parameters = assay_integer_parameters(type_of_place(at), group->low, group->high);
    }
}

static bool take_arrays(struct assay_integer_plan *plan)
{
    struct assay_draft *draft = plan->draft;
    plan->types = assay_draft_take(draft, draft->operator_count, sizeof(*plan->types));
    plan->made = assay_draft_take(draft, draft->tensor_count, sizeof(*plan->made));
    plan->groups = assay_draft_take(draft, draft->tensor_count * 2, sizeof(*plan->groups));
    plan->parted = assay_draft_take(draft, draft->operator_count, sizeof(*plan->parted));
    if (!plan->types || !plan->made || !plan->groups || !plan->parted)
        return assay_pass_memory(plan->draft, plan->error);
    for (size_t op = 0; op < draft->operator_count; op++) {
        plan->parted[op] = assay_draft_take(draft, draft->operators[op].input_count, sizeof(bool));
        if (!plan->parted[op])
            return assay_pass_memory(plan->draft, plan->error);
    }
    return true;
}

/* An operator that turns out to stay float changes what is around it: the plan is made anew without it. */
bool assay_integer_plan_make(struct assay_integer_plan *plan)
{
    if (!take_arrays(plan))
        return false;
    for (size_t op = 0; op < plan->draft->operator_count; op++)
        choose_type(plan, op);
    for (bool changed = true; changed;) {
        choose_made(plan);
        for (size_t at = 0; at < plan->draft->tensor_count * 2; at++)
            plan->groups[at] = (struct assay_group){.parent = -1};
        if (!open_places(plan))
            return false;
        make_groups(plan);
        if (!assay_integer_raise_scales(plan) || !assay_integer_check(plan, &changed))
            return false;
    }
    return true;
}
