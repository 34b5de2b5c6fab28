/* What can be said of a network without running it. Only for graphs that assay_graph_check() finds right. Figures that
 * would overflow stay at INT64_MAX. */
#ifndef ASSAY_MODELS_GRAPH_FACTS_H
#define ASSAY_MODELS_GRAPH_FACTS_H

#include "models/graph/graph.h"

#ifdef __cplusplus
extern "C" {
#endif

struct assay_operator_facts {
    uint64_t macs;       /* multiply-accumulates of the shapes in the file; 0 where there are none */
    uint64_t parameters; /* elements of the constants it computes with; shapes and axes are none */
    uint64_t bytes;      /* of those constants, as they are stored */
    /* The weights: input 1 of a convolution, a fully connected layer or a product of matrices; or the constant from
     * which a DEQUANTIZE or DENSIFY makes that input. -1: it has none. */
    int32_t weights;
    uint64_t elements, zeros; /* of the weights; a zero is what stands for 0.0. Both 0: not looked at, after
                               4 GB of weights */
};

struct assay_graph_facts {
    uint64_t macs, parameters, constant_bytes; /* a constant that several operators use counts once */
    uint64_t activation_bytes;                 /* the most that is alive at any one operator: no memory plan without
                                                  tensors in place of others can do with less */
};

/* Of the first subgraph: operators[i] is filled for each of its operators. False: out of memory. */
bool assay_graph_find_facts(const struct assay_graph *graph, struct assay_operator_facts *operators,
                            struct assay_graph_facts *facts);

#ifdef __cplusplus
}
#endif

#endif
