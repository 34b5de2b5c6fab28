/* Tests of whether two sets of numbers differ, and what many such tests together may say. GSL has neither the U test
 * nor McNemar's; its binomial distribution is used. */
#ifndef ASSAY_REPORTS_STATS_TESTS_H
#define ASSAY_REPORTS_STATS_TESTS_H

#include <stdbool.h>
#include <stddef.h>

/* The two-sided U test of Mann and Whitney (Ann. Math. Stat. 18, 1947): the chance that a split of all these numbers
 * into sets of these sizes is as uneven as this one. Exact for up to 60 numbers, ties included (every split is counted,
 * by sums of mid-ranks); above, the normal approximation with the correction for ties. NaN: a set is empty, a number is
 * not finite, or there is no memory. */
double assay_mann_whitney(const double *a, size_t a_count, const double *b, size_t b_count);

/* McNemar's exact test (Psychometrika 12, 1947) of two sets of answers to the same questions: `lost` were right before
 * and are wrong now, `won` the other way round. Two-sided: the chance of a split as uneven if either way is as likely.
 */
double assay_mcnemar(size_t lost, size_t won);

/* Holm's adjustment (Scand. J. Stat. 6, 1979), in place: what is at most alpha afterwards is so with a chance of at
 * most alpha that any of it is chance, however the tests depend on each other. NaNs are no tests and stay. False: no
 * memory. */
bool assay_holm(double *p, size_t count);

#endif
