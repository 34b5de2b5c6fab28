/* What was asked of a run, kept as OUT/run.json so that it can be gone on with. */
#ifndef ASSAY_HARNESS_MEASURE_REQUEST_H
#define ASSAY_HARNESS_MEASURE_REQUEST_H

#include "harness/commands/selection.h"
#include "harness/measure/plan.h"

struct assay_request {
    const char *run_id, *started;
    const char *suite_file; /* full path */
    json_int_t seed;
    struct assay_choice choice;
    struct assay_selection selection;
};

/* Writes OUT/run.json whole or not at all. False, with a message. */
bool assay_request_save(const char *folder, const struct assay_request *request);

/* Reads it back. False, with a message: there is none, it is damaged, or the suite's file changed since. */
bool assay_request_load(const char *folder, struct assay_request *request);

#endif
