/* From a trained network to a graph that can be written as a .tflite file. It is a float network as training leaves it:
 * batch normalization is a MUL and an ADD behind its convolution, with a constant for each channel, and most
 * activations are operators of their own. */
#ifndef ASSAY_MODELS_ZOO_EXPORT_H
#define ASSAY_MODELS_ZOO_EXPORT_H

#include "models/graph/graph.h"
#include "models/zoo/network.h"

/* The caller frees it. NULL: the error says why. */
struct assay_graph *zoo_export(const struct zoo_network *network, struct assay_model_error *error);

#endif
