/* What records say of a .tflite file: read here, measured elsewhere. */
#ifndef ASSAY_HARNESS_MEASURE_NETWORK_H
#define ASSAY_HARNESS_MEASURE_NETWORK_H

#include "models/graph/facts.h"

struct assay_network_traits {
    const char *mode;      /* that of all layers with weights; "mixed" where they differ or have none of the modes' */
    const char *structure; /* of weights that are stored sparse: "random", "1x4" …, "mixed"; "dense" without such */
    double sparsity;       /* share of zeros in those weights, to the hundredth; 0 without such */
    const char *sum;       /* of the file's bytes: tells whether it is still the same */
};

/* Reads the file; what *traits holds lives as long as the process. False: *why is one line that names the file. */
bool assay_network_read(const char *path, struct assay_network_traits *traits, const char **why);

/* What a layer computes in whose weights are tensor `weights`; "other" for what is none of the modes. */
const char *assay_network_layer_mode(const struct assay_subgraph *graph, const struct assay_operator *op,
                                     int32_t weights);

#endif
