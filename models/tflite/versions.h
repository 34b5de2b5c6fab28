/* Which version of an operator a file must ask for, so that a runtime that does not know it yet says so. */
#ifndef ASSAY_MODELS_TFLITE_VERSIONS_H
#define ASSAY_MODELS_TFLITE_VERSIONS_H

#include "models/graph/graph.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The lowest version that has the operator with these types and settings, by the format's public table
 * (GetBuiltinOperatorVersion in TensorFlow's lite/tools/versioning/op_version.cc). In two places the number is not from
 * there: with int16 activations and int8 weights CONV_2D is 4, DEPTHWISE_CONV_2D 5 and FULLY_CONNECTED 7, which are the
 * versions that the table gives to int16 kernels, though it looks for int16 weights. Of a graph that was checked. */
int32_t assay_tflite_version(const struct assay_subgraph *subgraph, const struct assay_operator *op);

/* Float input, int8 weights: rows of the input are quantized as it runs, in this project with a zero point of their
 * own, which the format has a setting for. */
bool assay_tflite_is_hybrid(const struct assay_subgraph *subgraph, const struct assay_operator *op);

#ifdef __cplusplus
}
#endif

#endif
