/* Memory of a network: activations by plan, scratch, variables. For models/run alone. */
#ifndef ASSAY_MODELS_RUN_MEMORY_H
#define ASSAY_MODELS_RUN_MEMORY_H

#include "models/run/network.h"

/* Bytes of a value in this execution; false on overflow. */
bool assay_value_bytes(const struct assay_value *value, size_t *bytes);

/* Gives every value and every node's scratch its place. Shapes are known, nodes prepared. */
bool assay_network_place(struct assay_executor *executor, struct assay_network *network,
                         struct assay_model_error *error);

#endif
