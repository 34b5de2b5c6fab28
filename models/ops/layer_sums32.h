/* int16x8 layers whose bias is int32 or absent: TFLite's reference kernels sum those in int32 and rescale them as int8
 * layers are, not as the int16x8 kernels of kernels/ do (int64, a multiplier of 16 bits). For CONV_2D and
 * FULLY_CONNECTED; DEPTHWISE_CONV_2D always sums in int64. For models/ops/layer.c. */
#ifndef ASSAY_MODELS_OPS_LAYER_SUMS32_H
#define ASSAY_MODELS_OPS_LAYER_SUMS32_H

#include "models/ops/layer.h"
#include "models/ops/layer_values.h"

/* Whether a node is such a layer. */
bool assay_layer_sums32(const struct assay_node *node, const struct assay_problem *problem);

struct assay_sums32;

/* In the arena; NULL: over its limit. The weights are copied if they were decoded. */
struct assay_sums32 *assay_sums32_make(const struct assay_node *node, const struct assay_problem *problem,
                                       const struct assay_layer_values *values, struct assay_arena *arena);

void assay_sums32_run(const struct assay_sums32 *layer, const int16_t *in, int16_t *out);

#endif
