/* Weights and bias of CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED in integers. For integer*.c alone.
 *
 * Weights are int8, symmetric, in [-127, 127], with one scale for each output channel; FULLY_CONNECTED has one for all:
 * kernels that know scales by channel there are younger than many runtimes in use (the format gave them a version of
 * the operator of their own), and older ones take the first scale for all without a word. A bias is int32 (int64 beside
 * int16 activations) at scale s_in * s_w[c].
 *
 * A channel's scale is max|w| / 127, but not so small that
 *   its bias would not fit: |b| / (s_in * s_w) stays below 2^30 (int16x8: 2^46, of which rescaling takes no more);
 *   its multiplier s_in * s_w / s_out would vanish: it stays above 2^-24, where weights rounded to 0 are far below a
 *   step of the output. */
#ifndef ASSAY_MODELS_OPTIMIZE_INTEGER_LAYER_H
#define ASSAY_MODELS_OPTIMIZE_INTEGER_LAYER_H

#include "models/optimize/integer_form.h"
#include "models/optimize/layers.h"

/* NULL: `layer` is filled; else why operator `at`, of form LAYER, cannot be integer. */
const char *assay_integer_layer_unfit(const struct assay_draft *draft, size_t at, struct assay_float_layer *layer);

/* How many scales the weights get. */
size_t assay_integer_layer_scale_count(const struct assay_draft *draft, size_t at);
/* Those scales, for activations of `type`. out_scale 0: not known yet. */
void assay_integer_layer_scales(const struct assay_draft *draft, size_t at, enum assay_tensor_type type, float in_scale,
                                float out_scale, float *scales);

/* Puts integer weights and bias in the place of the float ones. False: no memory. */
bool assay_integer_layer_convert(struct assay_draft *draft, size_t at, enum assay_tensor_type type, float in_scale,
                                 float out_scale);

#endif
