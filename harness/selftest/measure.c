#include "harness/selftest/measure.h"

#include "harness/base/memory.h"
#include "harness/base/paths.h"
#include "harness/commands/run_parts.h"
#include "harness/process/interrupt.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VARIABLE "ASSAY_PLANT"

bool assay_planting_open(struct assay_planting *planting)
{
    return assay_run_reach(planting->stand, &planting->bench);
}

void assay_planting_close(struct assay_planting *planting)
{
    json_decref(planting->bench.machine);
}

/* The planted kernels take the peers' place, so that they are measured with ours in the same rounds. */
static bool choose_plugins(struct assay_link *link, const char *planted)
{
    const char *slash = strrchr(link->probe, '/');
    link->peers = NULL;
    unsetenv(VARIABLE);
    if (!planted)
        return true;
    link->peers = assay_format("%.*s/planted", slash ? (int)(slash - link->probe) : 1, slash ? link->probe : ".");
    if (access(link->peers, R_OK) == 0)
        return setenv(VARIABLE, planted, 1) == 0;
    assay_say("%s is missing: the planted kernels are built with the probe; build it anew", link->peers);
    return false;
}

static bool measure(struct assay_planting *planting, const struct assay_planted_run *run,
                    const struct assay_suite *suite, struct assay_store *store)
{
    struct assay_request request = {.seed = 1};
    assay_run_begin(&request);
    request.run_id = run->run_id;
    struct assay_measuring m = {
        .suite = suite,
        .identity = assay_run_identify(&request, suite->name),
        .store = store,
        .benches = &planting->bench,
        .bench_count = 1,
        .width = 1,
        .passes = run->processes,
    };
    const bool complete = assay_measure(&m);
    if (!complete && assay_interrupted())
        assay_say("interrupted");
    if (complete && m.errors > 0)
        assay_say("%zu series could not be measured (outcome error in %s)", m.errors, store->path);
    return complete && m.errors == 0;
}

bool assay_planted_measure(struct assay_planting *planting, const struct assay_planted_run *run,
                           struct assay_record_list *records)
{
    struct assay_bench *bench = &planting->bench;
    const struct assay_suite *suite = assay_suite_read(assay_in_root(assay_format("suites/%s.yaml", run->suite)));
    const struct assay_choice choice = {
        .filter = run->filter, .modes = (1u << ASSAY_MODE_COUNT) - 1, .roles = run->roles};
    struct assay_store store;
    if (!suite || !choose_plugins(&bench->link, run->planted))
        return false;
    json_t *kernels = assay_link_ask(&bench->link, "list");
    bool good = kernels && assay_store_open(planting->folder, &store);
    if (good) {
        bench->jobs = assay_plan(suite, &choice, planting->stand, kernels);
        good = measure(planting, run, suite, &store) && (!records || assay_store_read(&store, run->run_id, records));
        assay_store_close(&store);
    }
    json_decref(kernels);
    unsetenv(VARIABLE);
    return good;
}
