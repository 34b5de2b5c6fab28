/* A against B, measured interleaved: process by process in turn, so that a slow spell of the machine hits both. */
#ifndef ASSAY_REPORTS_STATS_PAIRS_H
#define ASSAY_REPORTS_STATS_PAIRS_H

#include "reports/stats/ratio.h"

/* The least time of each process; base[i] and now[i] ran one after the other. */
struct assay_pairs {
    double *base, *now;
    size_t count;
};

struct assay_pairs_result {
    struct assay_ratio minima; /* of the least time of all, now / base, with its interval */
    double median;             /* of the pairs' own ratios */
    double p;                  /* Mann and Whitney's, of the processes' times */
};

/* The interval: 95 % percentile bootstrap (Efron, Ann. Stat. 7, 1979) over pairs of processes, 1,000 times, with GSL's
 * generator from a fixed seed: the same numbers give the same interval. False: fewer than two pairs, a time that is
 * not positive and finite, or no memory. */
bool assay_pairs_judge(const struct assay_pairs *pairs, struct assay_pairs_result *result);

#endif
