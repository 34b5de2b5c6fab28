/* Scales that the fixed-point arithmetic of operators can do with, and whether operators take the plan as it is. */
#include "models/ops/op.h"
#include "models/optimize/integer_layer.h"
#include "models/optimize/integer_plan.h"

#include <math.h>

static double scale_of(const struct assay_integer_plan *plan, size_t op, size_t k)
{
    return (double)assay_integer_operand(plan, op, k).scale;
}

static double output_scale(const struct assay_integer_plan *plan, size_t op)
{
    return (double)assay_integer_place(plan, plan->draft->operators[op].outputs[0], plan->types[op]).scale;
}

static double largest_weight_scale(const struct assay_integer_plan *plan, size_t op, float *scales)
{
    assay_integer_layer_scales(plan->draft, op, plan->types[op], (float)scale_of(plan, op, 0), 0, scales);
    double largest = 0;
    for (size_t c = 0; c < assay_integer_layer_scale_count(plan->draft, op); c++)
        largest = fmax(largest, (double)scales[c]);
    return largest;
}

/* The least scale of the output that the operator's fixed-point factors can express. A rescale goes up to 2^7
 * (kernels/core/problem.h); ADD and SUB shift their inputs left, by 20 bits or 15, and must not shift the sum left;
 * HARD_SWISH has 7 bits more than its input; MUL's product of two int16 leaves no bit in an int32 to shift to. */
static double least_output_scale(const struct assay_integer_plan *plan, size_t op, float *scales)
{
    const struct assay_operator *o = &plan->draft->operators[op];
    switch (o->code) {
    case ASSAY_OPERATOR_CONV_2D:
    case ASSAY_OPERATOR_DEPTHWISE_CONV_2D:
    case ASSAY_OPERATOR_FULLY_CONNECTED:
        return scale_of(plan, op, 0) * largest_weight_scale(plan, op, scales) / 127;
    case ASSAY_OPERATOR_ADD:
    case ASSAY_OPERATOR_SUB:
        return ldexp(fmax(scale_of(plan, op, 0), scale_of(plan, op, 1)),
                     plan->types[op] == ASSAY_TENSOR_I8 ? -18 : -13);
    case ASSAY_OPERATOR_MUL:
        return scale_of(plan, op, 0) * scale_of(plan, op, 1) / (plan->types[op] == ASSAY_TENSOR_I8 ? 127 : 1);
    case ASSAY_OPERATOR_BATCH_MATMUL:
        return scale_of(plan, op, 0) * scale_of(plan, op, 1) / 127;
    case ASSAY_OPERATOR_HARD_SWISH:
        return scale_of(plan, op, 0) / 127;
    case ASSAY_OPERATOR_LEAKY_RELU:
        return scale_of(plan, op, 0) * fmax(1, fabs((double)o->leaky_relu.alpha)) / 127;
    case ASSAY_OPERATOR_MEAN:
    case ASSAY_OPERATOR_RELU:
    case ASSAY_OPERATOR_RELU_N1_TO_1:
        return scale_of(plan, op, 0) / 127;
    default:
        return 0;
    }
}

/* A coarser scale is a wider range: the arithmetic would not give the finer steps anyway. */
static bool raise_scale(struct assay_integer_plan *plan, size_t op, float *scales)
{
    const enum assay_tensor_type type = plan->types[op];
    struct assay_group *group = &plan->groups[assay_integer_group(plan, plan->draft->operators[op].outputs[0], type)];
    const double least = least_output_scale(plan, op, scales);
    if (group->fixed || (double)group->parameters.scale >= least)
        return false;
    const double factor = least / (double)group->parameters.scale * (1 + 1e-6);
    group->low *= factor;
    group->high *= factor;
    if (group->low < group->high)
        group->parameters = assay_integer_parameters(type, group->low, group->high);
    else
        group->parameters.scale = (float)(least * (1 + 1e-6));
    return true;
}

/* Raising one scale may ask for more behind it; in the order of execution that is done in one walk, but for groups that
 * an operator joins to its own input. What is still wrong after a few is found below. */
bool assay_integer_raise_scales(struct assay_integer_plan *plan)
{
    bool raised = true;
    for (int walk = 0; raised && walk < 4; walk++) {
        raised = false;
        for (size_t op = 0; op < plan->draft->operator_count; op++) {
            if (!assay_integer_becomes(plan, op))
                continue;
            const struct assay_operator *o = &plan->draft->operators[op];
            const bool layer = assay_integer_form_of(o->code) == ASSAY_INTEGER_LAYER;
            float *scales =
                layer ? assay_draft_take(plan->draft, assay_integer_layer_scale_count(plan->draft, op), sizeof(float))
                      : NULL;
            if (layer && !scales)
                return assay_pass_memory(plan->draft, plan->error);
            raised |= raise_scale(plan, op, scales);
        }
    }
    return true;
}

/* Multipliers that a kernel's fixed point can express, and scales of the bias that f32 can. */
static const char *wrong_multiplier(const struct assay_integer_plan *plan, size_t op, const float *scales)
{
    const double in = scale_of(plan, op, 0), out = output_scale(plan, op);
    for (size_t c = 0; c < assay_integer_layer_scale_count(plan->draft, op); c++) {
        const double bias_scale = in * (double)scales[c];
        if (!(bias_scale > 1e-37 && bias_scale < 1e38))
            return "the scale of its bias is out of the range of f32";
        if (bias_scale / out >= 127.9)
            return "its weights are too large for the scale of its output";
    }
    return NULL;
}

/* Tensor k of an operator, inputs before outputs, as it is planned. */
static void plan_tensor(const struct assay_integer_plan *plan, size_t op, size_t k, struct assay_parameters *parameters,
                        struct assay_tensor *tensor)
{
    const struct assay_operator *o = &plan->draft->operators[op];
    const enum assay_tensor_type type = plan->types[op];
    const bool output = k >= o->input_count;
    const int32_t index = output ? o->outputs[k - o->input_count] : o->inputs[k];
    *tensor = plan->draft->tensors[index];
    if (output || assay_integer_is_operand(plan, op, k)) {
        *parameters = output ? assay_integer_place(plan, index, type) : assay_integer_operand(plan, op, k);
        tensor->type = type;
    } else if (assay_integer_form_of(o->code) == ASSAY_INTEGER_LAYER) {
        *parameters = (struct assay_parameters){1, 0}; /* of weights and bias, which are not made yet */
        tensor->type = k == 1 ? ASSAY_TENSOR_I8 : type == ASSAY_TENSOR_I16 ? ASSAY_TENSOR_I64 : ASSAY_TENSOR_I32;
    } else {
        return; /* a shape, axes … */
    }
    tensor->quantization = (struct assay_tensor_quantization){1, &parameters->scale, &parameters->zero, 0};
}

/* A node of tensors as they are planned. False: no memory. */
static bool plan_node(struct assay_integer_plan *plan, size_t op, struct assay_node *node)
{
    const struct assay_operator *o = &plan->draft->operators[op];
    const size_t count = o->input_count + o->output_count;
    struct assay_value *values = assay_draft_take(plan->draft, count, sizeof(*values));
    struct assay_value **links = assay_draft_take(plan->draft, count, sizeof(*links));
    struct assay_tensor *tensors = assay_draft_take(plan->draft, count, sizeof(*tensors));
    struct assay_parameters *parameters = assay_draft_take(plan->draft, count, sizeof(*parameters));
    if (!values || !links || !tensors || !parameters)
        return assay_pass_memory(plan->draft, plan->error);
    for (size_t k = 0; k < count; k++) {
        if (k < o->input_count && o->inputs[k] < 0)
            continue;
        plan_tensor(plan, op, k, &parameters[k], &tensors[k]);
        values[k] =
            (struct assay_value){.tensor = &tensors[k], .shape = tensors[k].shape, .data = (void *)tensors[k].data};
        links[k] = &values[k];
    }
    *node = (struct assay_node){.op = o, .in = links, .out = links + o->input_count};
    return true;
}

/* False: no memory. *wrong: what is; NULL: nothing. The operator's own check (models/ops) looks at no values but those
 * of shapes and axes, which are the network's own. */
static bool find_wrong(struct assay_integer_plan *plan, size_t op, struct assay_model_error *why, const char **wrong)
{
    struct assay_draft *draft = plan->draft;
    *wrong = NULL;
    if (assay_integer_form_of(draft->operators[op].code) == ASSAY_INTEGER_LAYER) {
        float *scales = assay_draft_take(draft, assay_integer_layer_scale_count(draft, op), sizeof(*scales));
        if (!scales)
            return assay_pass_memory(draft, plan->error);
        assay_integer_layer_scales(draft, op, plan->types[op], (float)scale_of(plan, op, 0),
                                   (float)output_scale(plan, op), scales);
        *wrong = wrong_multiplier(plan, op, scales);
    }
    struct assay_node node;
    if (!plan_node(plan, op, &node))
        return false;
    const struct assay_op_kind *kind = assay_op_kind(draft->operators[op].code);
    if (!*wrong && !kind->shape(&node, why))
        *wrong = why->text;
    return true;
}

bool assay_integer_check(struct assay_integer_plan *plan, bool *changed)
{
    *changed = false;
    for (size_t op = 0; op < plan->draft->operator_count; op++) {
        struct assay_model_error why;
        const char *wrong;
        if (!assay_integer_becomes(plan, op))
            continue;
        if (!find_wrong(plan, op, &why, &wrong))
            return false;
        if (wrong)
            assay_integer_stay(plan, op, wrong);
        *changed = *changed || wrong;
    }
    return true;
}
