/* What must hold of every network that was read or made: nothing is lost through a draft, or through a file. */
#ifndef ASSAY_MODELS_TFLITE_TESTS_ROUND_TRIP_H
#define ASSAY_MODELS_TFLITE_TESTS_ROUND_TRIP_H

#include "models/graph/graph.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Written, read and written again, `graph` is equal and its bytes are the same; finished from a draft, likewise, once
 * the tensors that nobody uses are gone. False: the error says which of these does not hold. */
bool round_trip(const struct assay_graph *graph, struct assay_model_error *error);

/* The graph of a draft to which nothing was done; NULL: the error says why. */
struct assay_graph *through_draft(const struct assay_graph *graph, struct assay_model_error *error);

#ifdef __cplusplus
}
#endif

#endif
