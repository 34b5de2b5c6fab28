/* Whether two networks hold the same: what a round trip through a file or a draft must not change. */
#ifndef ASSAY_MODELS_GRAPH_EQUAL_H
#define ASSAY_MODELS_GRAPH_EQUAL_H

#include "models/graph/graph.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Member by member: the bytes of constants and which of them share one copy, texts, every setting that the operator's
 * code gives a meaning to. Not the versions of operators, which a writer raises to what types and settings need; nor
 * the axis of a quantization that has only one scale. Both are graphs that assay_graph_check() finds right. False: the
 * difference names the first one. The time grows with the square of the number of tensors. */
bool assay_graph_equal(const struct assay_graph *a, const struct assay_graph *b, struct assay_model_error *difference);

#ifdef __cplusplus
}
#endif

#endif
