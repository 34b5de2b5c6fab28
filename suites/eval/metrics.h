/* How far values are from what they should be, and how well scores tell two classes apart. Sums are in f64. What has no
 * answer is NaN or infinite, and becomes null in the probe's lines. */
#ifndef ASSAY_SUITES_EVAL_METRICS_H
#define ASSAY_SUITES_EVAL_METRICS_H

#include <stddef.h>
#include <stdint.h>

/* Differences of values and what they are compared with, as they come. Zeroed: none yet. */
struct metrics_error {
    size_t count;
    double sum, absolute, squared; /* of value - reference */
    double most;                   /* the largest magnitude of a difference; NaN once there was one */
    double reference_squared;
};

void metrics_add(struct metrics_error *error, const double *values, const double *references, size_t count);

/* All are NaN if nothing was compared. */
double metrics_mean(const struct metrics_error *error);
double metrics_mean_absolute(const struct metrics_error *error);
double metrics_mean_squared(const struct metrics_error *error);
double metrics_reference_rms(const struct metrics_error *error);
/* 10 log10(sum reference^2 / sum difference^2), in dB; infinite where all are equal. */
double metrics_sqnr(const struct metrics_error *error);

/* The index of the largest value, the first of equal ones; NaN is never the largest. 0 if all are NaN. */
size_t metrics_largest(const double *values, size_t count);

/* The area under the ROC curve: the chance that a positive (label 1) scores above a negative (label 0), ties counting
 * half; by ranks (Mann and Whitney 1947). A NaN ranks below all numbers. NaN if one of the classes is absent;
 * `scratch` has room for `count`. */
double metrics_auc(const double *scores, const int32_t *labels, size_t count, size_t *scratch);

#endif
