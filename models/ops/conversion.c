#include "models/ops/conversion.h"

bool assay_op_conversion_prepare(struct assay_node *node, struct assay_op_call *call, enum assay_conversion conversion,
                                 struct assay_quantization quantization, const int32_t *multiplier,
                                 const int32_t *shift, struct assay_arena *arena, struct assay_model_error *error)
{
    const size_t count = assay_op_elements(node->out[0]);
    if (count == 0)
        return true;
    const struct assay_problem problem = {.op = ASSAY_OP_QUANTIZE,
                                          .mode = assay_conversion_mode(conversion),
                                          .quantization = quantization,
                                          .quantize = {conversion, 1, count, count, count}};
    const struct assay_weights weights = {.multiplier = multiplier, .shift = shift};
    return assay_op_call_prepare(node, call, &problem, &weights, arena, error);
}
