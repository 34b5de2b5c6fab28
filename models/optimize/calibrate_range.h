/* The range of one tensor, from what calibration sees of it. For calibrate.c alone.
 *
 * A watched tensor is given a sample's values at a time. Percentile and mse need the distribution: they take a second
 * pass over the samples, in which the values fall into the bins of a histogram over the range that the first pass found
 * (GSL's: equal bins, and its search for a bin is exact at the borders). */
#ifndef ASSAY_MODELS_OPTIMIZE_CALIBRATE_RANGE_H
#define ASSAY_MODELS_OPTIMIZE_CALIBRATE_RANGE_H

#include "models/optimize/passes.h"

#include <gsl/gsl_histogram.h>

enum { ASSAY_CALIBRATION_BINS = 2048 };

struct assay_watched {
    bool seen;
    double least, most;             /* of all samples */
    double low, high;               /* by the method; until then the same, or the samples' moving averages */
    gsl_histogram *histogram;       /* NULL: none (yet) */
    double sample_low, sample_high; /* of the sample at hand; low > high: nothing yet */
};

/* Takes values of the sample at hand; false: one of them is NaN or infinite. */
bool assay_watched_take(struct assay_watched *watched, const float *values, size_t count);

/* The sample is over: its range goes into that of all. momentum 0: the widest; else the share of the old average. */
void assay_watched_end_sample(struct assay_watched *watched, double momentum);

/* Between the passes: bins over the range that was found, unless it is a single point. False: no memory. */
bool assay_watched_start_histogram(struct assay_watched *watched);
void assay_watched_count(struct assay_watched *watched, const float *values, size_t count);

/* What lies outside of `percentile` of the values is cut off, half of it at each end. */
void assay_watched_cut_percentile(struct assay_watched *watched, double percentile);

/* The range, always with 0 in it, that 8 bits quantize the values of the histogram with in the least squared error. */
void assay_watched_cut_mse(struct assay_watched *watched);

#endif
