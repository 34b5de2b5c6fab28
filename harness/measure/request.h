/* What was asked of a run, kept as OUT/run.json so that it can be gone on with. */
#ifndef ASSAY_HARNESS_MEASURE_REQUEST_H
#define ASSAY_HARNESS_MEASURE_REQUEST_H

#include "harness/commands/selection.h"
#include "harness/measure/plan.h"

enum { ASSAY_MOST_MODELS = 32, ASSAY_MOST_NAMED = 8 };

/* Networks to measure in place of a suite. */
struct assay_model_request {
    const char *files[ASSAY_MOST_MODELS]; /* full paths */
    const char *modes[ASSAY_MOST_MODELS]; /* NULL: what the file says */
    size_t count;
    const char *named[ASSAY_MOST_NAMED]; /* kernels, as globs */
    size_t named_count;
    const char *name;      /* of all the files; NULL: each has its own */
    size_t threads, batch; /* 0: as in the file */
};

struct assay_request {
    const char *run_id, *started;
    const char *suite_file;      /* full path; "" where networks are measured */
    const char *const *included; /* files of suites that it includes */
    size_t included_count;
    struct assay_model_request models;
    json_int_t seed;
    struct assay_choice choice;
    struct assay_selection selection;
};

/* Writes OUT/run.json whole or not at all. False, with a message. */
bool assay_request_save(const char *folder, const struct assay_request *request);

/* Reads it back. False, with a message: there is none, it is damaged, or the suite's file or a network's changed
 * since. */
bool assay_request_load(const char *folder, struct assay_request *request);

#endif
