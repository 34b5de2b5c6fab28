/* QUANTIZE and DEQUANTIZE through a kernel of kernels/quantize, over all elements as one row. */
#ifndef ASSAY_MODELS_OPS_CONVERSION_H
#define ASSAY_MODELS_OPS_CONVERSION_H

#include "models/ops/call.h"

/* Prepares the call; none where there is nothing to convert. multiplier and shift: of a requantization, else NULL. */
bool assay_op_conversion_prepare(struct assay_node *node, struct assay_op_call *call, enum assay_conversion conversion,
                                 struct assay_quantization quantization, const int32_t *multiplier,
                                 const int32_t *shift, struct assay_arena *arena, struct assay_model_error *error);

#endif
