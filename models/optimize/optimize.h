/* Post-training conversion: a float network in, a network in the modes asked for out. */
#ifndef ASSAY_MODELS_OPTIMIZE_OPTIMIZE_H
#define ASSAY_MODELS_OPTIMIZE_OPTIMIZE_H

#include "models/optimize/passes.h"

/* A rule for the layers that a glob matches: the name of an operator's first output, the operator's own name
 * ("CONV_2D"), or its index in the file ("12"). The last rule that matches a layer holds. */
struct assay_layer_rule {
    const char *glob;
    bool sets_mode, sets_pattern;
    struct assay_layer_choice choice;
};

struct assay_optimize_options {
    struct assay_layer_choice all; /* of every operator that no rule matches */
    const struct assay_layer_rule *rules;
    size_t rule_count;
    bool integer_io;
    const struct assay_dataset *samples; /* for calibration; may be NULL if nothing becomes integer */
    struct assay_calibration_options calibration;
    struct assay_notes notes;
    size_t memory_limit;
};

/* "random", "RxC", "N:M", "dense"; "int8", "hybrid@0.8:1x4", "0.5:2:4" … are for the command line. */
bool assay_pattern_parse(const char *text, struct assay_pattern *pattern);
/* "GLOB=mode", "GLOB=mode,0.8:1x4", "GLOB=0.8:1x4": rule->glob points into `text`, which is written to. */
bool assay_layer_rule_parse(char *text, struct assay_layer_rule *rule, struct assay_model_error *error);

/* Whether a rule means operator `at` of the network. */
bool assay_layer_rule_matches(const struct assay_layer_rule *rule, const struct assay_subgraph *network, size_t at);

/* The converted network, which the caller frees. A rule that matches nothing is an error. NULL: the error says why. */
struct assay_graph *assay_optimize(const struct assay_graph *graph, const struct assay_optimize_options *options,
                                   struct assay_model_error *error);

#endif
