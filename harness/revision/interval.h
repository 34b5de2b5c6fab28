/* The median of a few numbers, and how sure of it one may be. */
#ifndef ASSAY_HARNESS_REVISION_INTERVAL_H
#define ASSAY_HARNESS_REVISION_INTERVAL_H

#include <stddef.h>

struct assay_interval {
    double median, low, high; /* NaN without values */
};

/* Low and high are the k-th least and the k-th greatest value, with the greatest k for which they hold the
 * distribution's median with a probability of `confidence` or more, whatever the distribution (by the binomial
 * distribution of how many values lie below it). With too few values, the least and the greatest. Sorts the values. */
struct assay_interval assay_interval_of(double *values, size_t count, double confidence);

#endif
