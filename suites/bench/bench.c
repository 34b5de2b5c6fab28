/* assay-probe bench: measures the jobs of a plan (docs/probe-protocol.md, docs/measuring.md). */
#include "suites/bench/jobs.h"
#include "suites/probe/env.h"
#include "suites/probe/fault.h"
#include "suites/probe/options.h"
#include "suites/probe/output.h"
#include "suites/probe/probe.h"

#include <argp.h>
#include <stdio.h>

static bool measure(const struct plan_job *job, void *context)
{
    struct tally *tally = context;
    const bool written = job->kind == PLAN_NETWORKS ? networks_measure(job, tally) : layers_measure(job, tally);
    return written && output_line(json_pack("{ss sI}", "type", "done", "id", job->id));
}

int probe_bench(int argc, char **argv)
{
    const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {.children = children,
                              .doc = "Measure the jobs of a plan, read from standard input, one JSON object a line. "
                                     "Without --cpu the program pins itself to the last of the fastest cores."};
    argp_parse(&argp, argc, argv, 0, NULL, NULL);
    if (options_emulate()) {
        fputs(
            "assay-probe bench: instructions of --emulate take no time that means anything: check, infer and eval run "
            "with it\n",
            stderr);
        return PROBE_BAD_INPUT;
    }
    if (!options_start() || (options_cpu() < 0 && !env_pin(-1)))
        return PROBE_BAD_INPUT;
    if (!fault_install()) {
        fputs("assay-probe bench: cannot install its signal handlers\n", stderr);
        return PROBE_FAILED;
    }
    struct tally tally = {0};
    const int status = plan_read(stdin, "bench", measure, &tally);
    if (status != PROBE_FINE)
        return status;
    if (tally.measured == 0)
        fputs("assay-probe bench: nothing was measured\n", stderr);
    return tally.measured == 0 || tally.wrong > 0 ? PROBE_FAILED : PROBE_FINE;
}
