/* A float network in f64, each number with a bound of what f32 arithmetic, in any order of its sums, and constants that
 * are known only so well, can make of it. Written from the definitions of the operators, without the executor's code.
 */
#ifndef ASSAY_MODELS_OPTIMIZE_TESTS_EXACT_H
#define ASSAY_MODELS_OPTIMIZE_TESTS_EXACT_H

#include "models/graph/graph.h"

struct real {
    double value, error;
};

/* How far constants may be from what they are: relative to each, and in absolute terms. */
struct uncertainty {
    double relative, absolute;
};

/* An array for each tensor of the network, with the constants (f32, or int8 with scales) filled in. */
struct real **exact_tensors(const struct assay_subgraph *network, struct uncertainty constants);
void exact_free(const struct assay_subgraph *network, struct real **tensors);

/* The operator's output from its inputs. False: an operator that is not known here. */
bool exact_operator(const struct assay_subgraph *network, const struct assay_operator *op, struct real **tensors);

/* All tensors of the network, given its first input. NULL: it has an operator that is not known here. */
struct real **exact_run(const struct assay_subgraph *network, const float *input, struct uncertainty constants);

#endif
