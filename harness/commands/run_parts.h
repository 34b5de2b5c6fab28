/* What `assay run` does alike for suites and for networks. */
#ifndef ASSAY_HARNESS_COMMANDS_RUN_PARTS_H
#define ASSAY_HARNESS_COMMANDS_RUN_PARTS_H

#include "harness/measure/measure.h"
#include "harness/measure/request.h"
#include "reports/record/index.h"

/* What the command line says, or the run that is gone on with. */
struct assay_run_options {
    const char *suite, *out, *resume;
    size_t jobs, passes;
    bool asked;       /* an option was given that --resume takes from the run */
    bool suite_asked; /* an option was given that means a suite alone */
    bool require_goals;
    struct assay_request request;
};

/* Whether a target can run several threads; what is counted cannot, which is said. */
bool assay_run_takes_threads(const struct assay_stand *stand, size_t threads);

/* Builds the probe, reaches it and asks for its machine. False, with a message. */
bool assay_run_reach(const struct assay_stand *stand, struct assay_bench *bench);

/* Plans and records are UTF-8; `what` is what `text` (or NULL) names. False, with a message. */
bool assay_run_is_utf8(const char *what, const char *text);

/* Gives a new run its name and time. */
void assay_run_begin(struct assay_request *request);

/* The run's own names, and the commit that the tree is at, where git knows it. */
struct assay_run_identity assay_run_identify(const struct assay_request *request, const char *suite);

/* The records that the run has stored already. */
struct assay_run_done {
    struct assay_record_list records;
    const struct assay_record **index; /* by series */
    size_t count;
};
bool assay_run_read_done(struct assay_store *store, const char *run_id, struct assay_run_done *done);
/* Whether a series needs no further measuring: it has a record, and that is no error. `context`: the struct. */
bool assay_run_is_done(void *context, const char *series_id);
void assay_run_free_done(struct assay_run_done *done);

/* The table (of a suite with goals: the verdicts on them) and the page, and the exit status: from the outcomes of the
 * measuring and, with `require_goals`, from the goals. `complete`: it was not cut short. */
int assay_run_finish(const struct assay_measuring *measuring, bool complete, bool require_goals);

/* Measures the networks of options->request.models. The exit status. */
int assay_run_models(const struct assay_run_options *options);

#endif
