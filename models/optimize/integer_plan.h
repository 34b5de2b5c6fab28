/* Which operators become integer, and with which parameters: all that is decided before a network is changed. For
 * integer*.c alone.
 *
 * Each tensor may be needed as i8, as i16, or as both: a *place* is a tensor in one of these types. Places whose
 * parameters must be equal are joined to a group, of the ranges of all of them; where parameters that the specification
 * fixes stand against that, the operator's input is *parted*: it gets a copy of the tensor with the parameters of the
 * operator's output. */
#ifndef ASSAY_MODELS_OPTIMIZE_INTEGER_PLAN_H
#define ASSAY_MODELS_OPTIMIZE_INTEGER_PLAN_H

#include "models/optimize/integer_form.h"
#include "models/optimize/layers.h"

struct assay_group {
    int32_t parent; /* itself: it stands for its group, and what follows is the group's */
    bool fixed;
    double low, high;
    struct assay_parameters parameters;
};

struct assay_integer_plan {
    struct assay_draft *draft;
    const struct assay_layer_choice *choices;
    const struct assay_ranges *ranges;
    bool integer_io;
    const struct assay_notes *notes;
    struct assay_model_error *error;

    enum assay_tensor_type *types; /* of each operator: i8, i16, or f32: it stays as it is */
    enum assay_tensor_type *made;  /* of each f32 tensor: what it is made as */
    enum assay_tensor_type io;     /* of inputs and outputs that no integer operator sets a type for; f32: none does */
    struct assay_group *groups;    /* of each place */
    bool **parted;                 /* of each operator's inputs */
};

/* Fills types, made, groups and parted; the arrays are the draft's memory. Tells what stays float, and why. */
bool assay_integer_plan_make(struct assay_integer_plan *plan);

/* Its steps beyond types and groups (integer_scales.c). Groups of outputs get coarser scales where operators have no
 * fixed-point factors for finer ones. False: no memory. */
bool assay_integer_raise_scales(struct assay_integer_plan *plan);
/* Operators that do not take their parameters stay float: *changed, and the plan is to be made anew. False: no memory.
 */
bool assay_integer_check(struct assay_integer_plan *plan, bool *changed);

static inline bool assay_integer_becomes(const struct assay_integer_plan *plan, size_t op)
{
    return plan->types[op] != ASSAY_TENSOR_F32;
}

/* The operator stays float after all. */
static inline void assay_integer_stay(struct assay_integer_plan *plan, size_t op, const char *why)
{
    plan->types[op] = ASSAY_TENSOR_F32;
    assay_note_at(plan->notes, plan->draft, op, "stays float: %s", why);
}

/* Input k of an operator that becomes integer is a tensor that becomes integer with it: f32, and neither weights nor
 * bias. */
bool assay_integer_is_operand(const struct assay_integer_plan *plan, size_t op, size_t k);

static inline bool assay_integer_is_constant(const struct assay_integer_plan *plan, int32_t tensor)
{
    return plan->draft->tensors[tensor].data && !plan->draft->tensors[tensor].variable;
}

/* The group of a tensor in a type (i8, i16); of what input k of an integer operator is to be. */
int32_t assay_integer_group(const struct assay_integer_plan *plan, int32_t tensor, enum assay_tensor_type type);
int32_t assay_integer_operand_group(const struct assay_integer_plan *plan, size_t op, size_t k);

static inline struct assay_parameters assay_integer_place(const struct assay_integer_plan *plan, int32_t tensor,
                                                          enum assay_tensor_type type)
{
    return plan->groups[assay_integer_group(plan, tensor, type)].parameters;
}

static inline struct assay_parameters assay_integer_operand(const struct assay_integer_plan *plan, size_t op, size_t k)
{
    return plan->groups[assay_integer_operand_group(plan, op, k)].parameters;
}

#endif
