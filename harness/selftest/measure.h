/* Measuring with planted kernels (suites/plant) or without. */
#ifndef ASSAY_HARNESS_SELFTEST_MEASURE_H
#define ASSAY_HARNESS_SELFTEST_MEASURE_H

#include "harness/measure/measure.h"
#include "reports/record/record.h"

/* A target that was reached, and where its records go. */
struct assay_planting {
    const struct assay_stand *stand;
    const char *folder; /* gets records.jsonl */
    struct assay_bench bench;
};

/* Builds and reaches the target. False, with a message. */
bool assay_planting_open(struct assay_planting *planting);
void assay_planting_close(struct assay_planting *planting);

struct assay_planted_run {
    const char *suite, *filter; /* a shipped suite; filter of cases, NULL: all */
    unsigned roles;             /* a bit for each enum assay_role */
    const char *planted;        /* the plugin's variable, "": as without it; NULL: without the plugin */
    const char *run_id;
    size_t processes;
};

/* Measures, stores, and appends the records to `records` unless that is NULL. False, with a message. */
bool assay_planted_measure(struct assay_planting *planting, const struct assay_planted_run *run,
                           struct assay_record_list *records);

#endif
