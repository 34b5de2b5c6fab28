/* Which layers of a converted network hurt, by what `assay-probe eval` says of each. */
#ifndef ASSAY_HARNESS_EVALUATE_LAYERS_H
#define ASSAY_HARNESS_EVALUATE_LAYERS_H

#include "harness/evaluate/accuracy.h"
#include "models/data/dataset.h"

/* The layers of an answer, what hurts most first: those whose own error is known, by its share of the layer's signal;
 * then the others, by the error gathered up to them. The caller releases the array. */
json_t *assay_layers_sorted(const json_t *answer);

/* Squared error that the layer makes itself, as a share of its output's squares; NaN: not known. */
double assay_layer_own_noise(const json_t *layer);

/* A line of advice for a network that loses more than chance explains: which layers to keep as they were. `network`:
 * the float one as it was read. NULL: it does not lose that much, or nothing is known of its layers. Lives as long as
 * the process. */
const char *assay_layers_advice(const struct assay_evaluation *evaluation, const struct assay_subgraph *network,
                                const struct assay_dataset *dataset);

#endif
