/* The times of a record: of each process its least, and what two runs' say of how much a series moved. */
#ifndef ASSAY_REPORTS_STATS_TIMING_H
#define ASSAY_REPORTS_STATS_TIMING_H

#include "reports/record/record.h"
#include "reports/stats/ratio.h"

struct assay_timing {
    bool usable; /* both passed, were timed, and have samples of two processes or more */
    struct assay_shift shift;
    double p; /* of Mann and Whitney's test on the processes' least times */
};

struct assay_timing assay_timing_of(const struct assay_record *base, const struct assay_record *now);

/* The least sample of each process, in their order; the caller frees *least. 0 processes: there are no samples, one of
 * them is not positive, or no memory. */
size_t assay_process_minima(const struct assay_record *record, double **least);

/* Instructions, not a time. */
bool assay_is_counted(const struct assay_record *record);
bool assay_passed(const struct assay_record *record);

/* A layer of a network is what two looks at the clock are apart, less what a look takes; so small layers are not known
 * better than to the share that such a look is of them: in logarithms. */
double assay_clock_share(const struct assay_record *record);

#endif
