/* What a network's answers are worth on a target: `assay-probe eval` (docs/probe-protocol.md). */
#ifndef ASSAY_HARNESS_EVALUATE_ACCURACY_H
#define ASSAY_HARNESS_EVALUATE_ACCURACY_H

#include "harness/evaluate/variant.h"
#include "harness/measure/model.h"

/* One network on one target. */
struct assay_evaluation {
    const struct assay_variant *variant;
    json_t *answer;      /* the probe's line; NULL: there is none */
    const char *failure; /* why; NULL: there is one */
    struct assay_model_result measured;
    double speedup; /* NaN: not known */
};

struct assay_accuracy_settings {
    const char *data;      /* the dataset */
    const char *reference; /* the float network that all are compared with; NULL: none */
    size_t samples;        /* the first so many */
    size_t width;          /* processes at a time */
};

/* Sets `answer` or `failure` of each evaluation whose variant is there. False: interrupted, or the files could not be
 * sent, or the probe could not be started (which was said). The caller releases the answers. */
bool assay_accuracy_judge(const struct assay_link *link, const struct assay_accuracy_settings *settings,
                          struct assay_evaluation *evaluations, size_t count);

#endif
