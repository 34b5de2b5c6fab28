/* What `assay eval` prints. */
#ifndef ASSAY_HARNESS_EVALUATE_TABLE_H
#define ASSAY_HARNESS_EVALUATE_TABLE_H

#include "harness/evaluate/accuracy.h"
#include "models/data/dataset.h"

struct assay_evaluated_target {
    const char *label, *cpu;
    bool emulated;
    struct assay_evaluation *items;
    size_t count;
};

struct assay_evaluated {
    const char *model, *data; /* files */
    const struct assay_subgraph *network;
    const struct assay_dataset *dataset;
    const struct assay_evaluated_target *targets;
    size_t target_count;
    const char *layers_of; /* the layers of this one on each target; NULL: of all but fp32 on the first */
    bool all_layers;       /* not only those that hurt most */
};

enum assay_evaluated_format {
    ASSAY_EVALUATED_TABLE,
    ASSAY_EVALUATED_MARKDOWN,
    ASSAY_EVALUATED_JSON,
    ASSAY_EVALUATED_CSV,
};

/* False: out of memory, or it cannot be written. */
bool assay_evaluated_print(const struct assay_evaluated *all, enum assay_evaluated_format format, FILE *out);

#endif
