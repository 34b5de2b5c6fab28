/* QUANTIZE and DEQUANTIZE through a kernel of kernels/quantize, over all elements as one row. */
#ifndef ASSAY_MODELS_OPS_CONVERSION_H
#define ASSAY_MODELS_OPS_CONVERSION_H

#include "kernels/core/kernel.h"
#include "models/ops/operands.h"

struct assay_op_conversion {
    const struct assay_kernel *kernel; /* NULL: there is no such kernel, or nothing to convert */
    struct assay_problem problem;
    void *packed;
};

/* Chooses and packs; scratch is asked for. multiplier and shift: of a requantization, else NULL. */
bool assay_op_conversion_prepare(struct assay_node *node, struct assay_op_conversion *c,
                                 enum assay_conversion conversion, struct assay_quantization quantization,
                                 const int32_t *multiplier, const int32_t *shift, struct assay_arena *arena,
                                 struct assay_model_error *error);
bool assay_op_conversion_bind(struct assay_node *node, const struct assay_op_conversion *c,
                              struct assay_model_error *error);
void assay_op_conversion_run(struct assay_node *node, const struct assay_op_conversion *c);

#endif
