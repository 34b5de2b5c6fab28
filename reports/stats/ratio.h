/* How much slower: the ratio of two sets of timings, and how sure of it one may be. */
#ifndef ASSAY_REPORTS_STATS_RATIO_H
#define ASSAY_REPORTS_STATS_RATIO_H

#include <stdbool.h>
#include <stddef.h>

/* Samples of one series in one run; process[i] is the number (0, 1, …) of the process that took value[i]. Processes are
 * taken in order, without gaps. */
struct assay_samples {
    const double *value;
    const size_t *process;
    size_t count;
};

struct assay_ratio {
    double estimate; /* minimum of b / minimum of a */
    double low, high;
};

struct assay_ratio_options {
    double confidence; /* of the interval, for example 0.99 */
    size_t resamples;
    unsigned long seed;
};

/* b against a. The interval is a percentile bootstrap in two stages, processes and then samples within them, since a
 * slow spell may last a whole process. What is resampled is the ratio of lower deciles: the minimum itself can't be
 * bootstrapped (a resample never falls below it), and the lower decile is next to it. False: a set is empty, holds a
 * value that is not positive and finite, or memory ran out. */
bool assay_ratio_of(struct assay_samples a, struct assay_samples b, struct assay_ratio_options options,
                    struct assay_ratio *ratio);

#endif
