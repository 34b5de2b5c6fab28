/* ReLU, ReLU6 and ReLU-1-to-1 behind an operator that can end in one: it does, and a pass over memory is saved. */
#include "models/optimize/layers.h"

static bool takes_activation(enum assay_operator_code code)
{
    switch (code) {
    case ASSAY_OPERATOR_CONV_2D:
    case ASSAY_OPERATOR_DEPTHWISE_CONV_2D:
    case ASSAY_OPERATOR_FULLY_CONNECTED:
    case ASSAY_OPERATOR_ADD:
    case ASSAY_OPERATOR_SUB:
    case ASSAY_OPERATOR_MUL:
    case ASSAY_OPERATOR_AVERAGE_POOL_2D:
    case ASSAY_OPERATOR_MAX_POOL_2D:
        return true;
    default:
        return false;
    }
}

static enum assay_fused fused_of(enum assay_operator_code code)
{
    switch (code) {
    case ASSAY_OPERATOR_RELU:
        return ASSAY_FUSED_RELU;
    case ASSAY_OPERATOR_RELU6:
        return ASSAY_FUSED_RELU6;
    case ASSAY_OPERATOR_RELU_N1_TO_1:
        return ASSAY_FUSED_RELU_N1_TO_1;
    default:
        return ASSAY_FUSED_NONE;
    }
}

bool assay_fuse_activations(struct assay_draft *draft, const struct assay_notes *notes, struct assay_model_error *error)
{
    (void)notes;
    (void)error;
    for (size_t at = 0; at < draft->operator_count; at++) {
        struct assay_operator *op = &draft->operators[at];
        if (!takes_activation(op->code) || op->fused != ASSAY_FUSED_NONE ||
            draft->tensors[op->outputs[0]].type != ASSAY_TENSOR_F32)
            continue;
        const size_t user = assay_draft_only_user(draft, op->outputs[0]);
        if (user == draft->operator_count || fused_of(draft->operators[user].code) == ASSAY_FUSED_NONE)
            continue;
        op->fused = fused_of(draft->operators[user].code);
        assay_absorb_user(draft, at, user);
    }
    return true;
}
