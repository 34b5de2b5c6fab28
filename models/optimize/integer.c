#include "models/optimize/integer_layer.h"
#include "models/optimize/integer_plan.h"

#include <string.h>

/* A tensor in another type than it is made in, or with other parameters. */
struct copy {
    int32_t of, tensor;
    enum assay_tensor_type type; /* f32: dequantized */
    int32_t group;               /* of integers; -1 */
    size_t before;               /* the operator that needs it first */
    bool constant;               /* nothing computes it */
};

/* The network is changed in this order: what operators read, their weights, then the types of what they make, and in
 * the end the operators at the borders are put in, so that all indexes are the plan's until then. */
struct conversion {
    struct assay_integer_plan plan;
    size_t tensor_count; /* that the plan knows */
    struct copy *copies; /* in the order of `before` */
    size_t copy_count;
};

static bool no_memory(const struct conversion *c)
{
    return assay_pass_memory(c->plan.draft, c->plan.error);
}

static const char *suffix_of(enum assay_tensor_type type)
{
    return type == ASSAY_TENSOR_F32 ? "dequantized" : type == ASSAY_TENSOR_I8 ? "int8" : "int16";
}

static bool set_parameters(struct conversion *c, int32_t tensor, enum assay_tensor_type type,
                           struct assay_parameters parameters)
{
    c->plan.draft->tensors[tensor].type = type;
    return assay_draft_set_quantization(c->plan.draft, tensor, 1, &parameters.scale, &parameters.zero, 0);
}

/* Is it an output of the network that is given out in another type than it is made in? */
static bool leaves_as_copy(const struct conversion *c, int32_t tensor)
{
    const struct assay_draft *draft = c->plan.draft;
    if ((size_t)tensor >= c->tensor_count)
        return false;
    const bool inside = c->plan.made[tensor] != ASSAY_TENSOR_F32, outside = c->plan.io != ASSAY_TENSOR_F32;
    if (inside == outside || draft->tensors[tensor].type != ASSAY_TENSOR_F32 ||
        assay_integer_is_constant(&c->plan, tensor))
        return false;
    for (size_t i = 0; i < draft->output_count; i++)
        if (draft->outputs[i] == tensor)
            return true;
    return false;
}

/* Who keeps the name: what the network gives out; else what the layer makes, so that layers are found by the name of
 * their output; a constant, if the floats go. */
static const char *copy_name(struct conversion *c, const struct copy *copy)
{
    struct assay_draft *draft = c->plan.draft;
    const char *name = draft->tensors[copy->of].name;
    const bool given_out = copy->type == c->plan.io && leaves_as_copy(c, copy->of);
    if (given_out || (copy->constant && assay_draft_uses(draft, copy->of) == 1))
        return name;
    const bool again = !copy->constant && copy->type == c->plan.made[copy->of];
    return assay_draft_text(draft, "%s_%s", name, again ? "requantized" : suffix_of(copy->type));
}

/* The tensor in this type and group, made before operator `before`, if not earlier. -1: no memory. */
static int32_t copied(struct conversion *c, int32_t of, enum assay_tensor_type type, int32_t group, size_t before)
{
    for (size_t i = 0; i < c->copy_count; i++)
        if (c->copies[i].of == of && c->copies[i].type == type && c->copies[i].group == group)
            return c->copies[i].tensor;
    struct assay_draft *draft = c->plan.draft;
    struct copy copy = {.of = of, .type = type, .group = group, .before = before};
    copy.constant = assay_integer_is_constant(&c->plan, of);
    const struct assay_tensor tensor = {.name = copy_name(c, &copy), .type = type, .shape = draft->tensors[of].shape};
    copy.tensor = tensor.name ? assay_draft_add_tensor(draft, &tensor) : -1;
    if (copy.tensor < 0 || (group >= 0 && !set_parameters(c, copy.tensor, type, c->plan.groups[group].parameters)))
        return -1;
    c->copies[c->copy_count++] = copy;
    return copy.tensor;
}

static bool fill_constant(struct conversion *c, const struct copy *copy)
{
    struct assay_draft *draft = c->plan.draft;
    const size_t count = draft->tensors[copy->of].bytes / sizeof(float), size = assay_tensor_type_size(copy->type);
    const float *values = draft->tensors[copy->of].data;
    char *data = assay_draft_take(draft, count, size);
    if (!data)
        return no_memory(c);
    for (size_t i = 0; i < count; i++) {
        const int32_t q = assay_integer_of(copy->type, values[i], c->plan.groups[copy->group].parameters);
        const int8_t byte = (int8_t)q;
        const int16_t word = (int16_t)q;
        memcpy(data + i * size, size == 1 ? (const void *)&byte : (const void *)&word, size);
    }
    draft->tensors[copy->tensor].data = data;
    draft->tensors[copy->tensor].bytes = count * size;
    return true;
}

/* Input k of an operator, as it is to be read. -1: no memory. */
static int32_t operand(struct conversion *c, size_t op, size_t k)
{
    const struct assay_integer_plan *plan = &c->plan;
    const int32_t tensor = plan->draft->operators[op].inputs[k];
    const enum assay_tensor_type made = plan->made[tensor], type = plan->types[op];
    if (type == ASSAY_TENSOR_F32)
        return made == type ? tensor : copied(c, tensor, type, -1, op);
    const int32_t group = assay_integer_operand_group(plan, op, k);
    if (made == type && assay_integer_group(plan, tensor, made) == group)
        return tensor;
    return copied(c, tensor, type, group, op);
}

static bool convert_operator(struct conversion *c, size_t op)
{
    const struct assay_integer_plan *plan = &c->plan;
    struct assay_draft *draft = plan->draft;
    const struct assay_operator *o = &draft->operators[op];
    const enum assay_tensor_type type = plan->types[op];
    if (type != ASSAY_TENSOR_F32 && assay_integer_form_of(o->code) == ASSAY_INTEGER_LAYER &&
        !assay_integer_layer_convert(draft, op, type, assay_integer_operand(plan, op, 0).scale,
                                     assay_integer_place(plan, o->outputs[0], type).scale))
        return no_memory(c);
    for (size_t k = 0; k < o->input_count; k++) {
        if (!assay_integer_is_operand(plan, op, k))
            continue;
        const int32_t tensor = operand(c, op, k);
        if (tensor < 0)
            return no_memory(c);
        assay_draft_operator_inputs(draft, op)[k] = tensor;
    }
    return true;
}

/* What the network gives out, in float or, with integer_io, in integers. The tensor inside gives its name away. */
static bool convert_outputs(struct conversion *c)
{
    const struct assay_integer_plan *plan = &c->plan;
    struct assay_draft *draft = plan->draft;
    for (size_t i = 0; i < draft->output_count; i++) {
        const int32_t tensor = draft->outputs[i];
        if (!leaves_as_copy(c, tensor))
            continue;
        const int32_t group = plan->io == ASSAY_TENSOR_F32 ? -1 : assay_integer_group(plan, tensor, plan->io);
        const int32_t outside = copied(c, tensor, plan->io, group, draft->operator_count);
        const enum assay_tensor_type made = plan->made[tensor];
        const char *inside = assay_draft_text(draft, "%s_%s", draft->tensors[tensor].name,
                                              made == ASSAY_TENSOR_F32 ? "float" : suffix_of(made));
        if (outside < 0 || !inside)
            return no_memory(c);
        draft->tensors[tensor].name = inside;
        for (size_t k = i; k < draft->output_count; k++)
            if (draft->outputs[k] == tensor)
                draft->outputs[k] = outside;
    }
    return true;
}

static bool set_types(struct conversion *c)
{
    for (size_t t = 0; t < c->tensor_count; t++) {
        const enum assay_tensor_type made = c->plan.made[t];
        if (made != ASSAY_TENSOR_F32 &&
            !set_parameters(c, (int32_t)t, made, assay_integer_place(&c->plan, (int32_t)t, made)))
            return no_memory(c);
    }
    return true;
}

static bool insert_borders(struct conversion *c)
{
    for (size_t i = c->copy_count; i-- > 0;) {
        const struct copy *copy = &c->copies[i];
        const struct assay_operator op = {
            .code = copy->type == ASSAY_TENSOR_F32 ? ASSAY_OPERATOR_DEQUANTIZE : ASSAY_OPERATOR_QUANTIZE,
            .version = 1,
            .input_count = 1,
            .output_count = 1,
            .inputs = &copy->of,
            .outputs = &copy->tensor,
        };
        if (!copy->constant && !assay_draft_insert(c->plan.draft, copy->before, &op))
            return no_memory(c);
    }
    return true;
}

static bool convert(struct conversion *c)
{
    struct assay_draft *draft = c->plan.draft;
    size_t most = draft->output_count;
    for (size_t op = 0; op < draft->operator_count; op++)
        most += draft->operators[op].input_count;
    c->copies = assay_draft_take(draft, most, sizeof(*c->copies));
    if (!c->copies)
        return no_memory(c);
    for (size_t op = 0; op < draft->operator_count; op++)
        if (!convert_operator(c, op))
            return false;
    for (size_t i = 0; i < c->copy_count; i++)
        if (c->copies[i].constant && !fill_constant(c, &c->copies[i]))
            return false;
    return convert_outputs(c) && set_types(c) && insert_borders(c);
}

bool assay_convert_integer(struct assay_draft *draft, const struct assay_layer_choice *choices,
                           const struct assay_ranges *ranges, bool integer_io, const struct assay_notes *notes,
                           struct assay_model_error *error)
{
    struct conversion c = {.tensor_count = draft->tensor_count,
                           .plan = {.draft = draft,
                                    .choices = choices,
                                    .ranges = ranges,
                                    .integer_io = integer_io,
                                    .notes = notes,
                                    .error = error}};
    return assay_integer_plan_make(&c.plan) && convert(&c);
}
