/* How much slower: the ratio of two sets of timings, and how sure of it one may be (docs/measuring.md, "Comparing"). */
#ifndef ASSAY_REPORTS_STATS_RATIO_H
#define ASSAY_REPORTS_STATS_RATIO_H

#include <stdbool.h>
#include <stddef.h>

struct assay_ratio {
    double estimate; /* minimum of b / minimum of a */
    double low, high;
};

/* Of one series, b against a, in logarithms. */
struct assay_shift {
    double change; /* of the minimum */
    double spread; /* how far the second best process of each run stayed behind the best, both runs together */
};

/* Of the least times of each process of two runs. False: a value is not positive and finite, or a run had one process
 * alone, which may have been slow as a whole. */
bool assay_shift_of(const double *a, size_t a_count, const double *b, size_t b_count, struct assay_shift *shift);

/* The scaled median absolute deviation (an estimate of the standard deviation) of changes about their median: how much
 * neighbours moved against each other. Reorders `changes`. 0 for fewer than two. */
double assay_drift_of(double *changes, size_t count);

/* The interval about a shift where its neighbours drifted so. `resolution`: the share of both minima that the way of
 * measuring leaves in doubt, 0 where it is none but that of all timings. */
struct assay_ratio assay_ratio_of(struct assay_shift shift, double drift, double resolution);

#endif
