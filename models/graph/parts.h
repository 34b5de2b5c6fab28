/* Parts of assay_graph_check(), a file each. All write the error without the name of the tensor or operator at fault:
 * whoever calls them knows where they are. */
#ifndef ASSAY_MODELS_GRAPH_PARTS_H
#define ASSAY_MODELS_GRAPH_PARTS_H

#include "models/graph/graph.h"

bool assay_graph_check_tensor(const struct assay_tensor *tensor, struct assay_model_error *error);

/* The encoding fits the tensor's shape; *stored is the number of values that its data holds. */
bool assay_graph_check_sparsity(const struct assay_tensor *tensor, size_t *stored, struct assay_model_error *error);

/* How many tensors the operator takes and gives, and that its settings mean something. */
bool assay_graph_check_operator(const struct assay_operator *op, struct assay_model_error *error);

#endif
