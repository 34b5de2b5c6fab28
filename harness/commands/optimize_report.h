/* What `assay optimize` says it did. */
#ifndef ASSAY_HARNESS_COMMANDS_OPTIMIZE_REPORT_H
#define ASSAY_HARNESS_COMMANDS_OPTIMIZE_REPORT_H

#include "models/graph/graph.h"

#include <jansson.h>
#include <stdbool.h>

/* A file and the network in it: {"file", "bytes", "constant_bytes", "operators": [...]}. NULL, with a message, without
 * memory. */
json_t *assay_optimize_describe(const struct assay_graph *graph, const char *path, uint64_t bytes);

/* For people: layers with weights (all_operators: the others too), notes, sizes before and after. */
void assay_optimize_print(const json_t *before, const json_t *after, const json_t *notes, bool all_operators);

#endif
