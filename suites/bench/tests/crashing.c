/* `assay-probe bench` with networks that crash: of those that take three inputs at once, the run of number $CRASH_AT
 * writes to nowhere. The linker puts this in place of the executor's own run (--wrap). */
#include "models/run/executor.h"
#include "suites/probe/probe.h"

#include <stdlib.h>

enum { DOOMED_BATCH = 3 };

void __real_assay_executor_run(struct assay_executor *executor);
void __wrap_assay_executor_run(struct assay_executor *executor);

void __wrap_assay_executor_run(struct assay_executor *executor)
{
    static long runs;
    const char *crash_at = getenv("CRASH_AT");
    if (crash_at && assay_executor_input(executor, 0)->shape.dims[0] == DOOMED_BATCH &&
        ++runs == strtol(crash_at, NULL, 10)) {
        volatile int *nowhere = NULL;
        *nowhere = 1;
    }
    __real_assay_executor_run(executor);
}

int main(int argc, char **argv)
{
    return probe_bench(argc - 1, argv + 1); /* behind the word "bench" */
}
