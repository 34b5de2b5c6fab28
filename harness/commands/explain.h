/* assay list kernels --explain: which kernel computes a layer, and why. */
#ifndef ASSAY_HARNESS_COMMANDS_EXPLAIN_H
#define ASSAY_HARNESS_COMMANDS_EXPLAIN_H

#include "harness/commands/selection.h"

#include <jansson.h>

/* An object for each kernel, with what it says of the layer `what`: SUITE/CASE, or a case as in a suite's file in
 * braces. `modes`: a bit for each enum assay_mode. NULL, with a message. The caller releases the array. */
json_t *assay_explain(const char *what, unsigned modes, const struct assay_selection *selection);

#endif
