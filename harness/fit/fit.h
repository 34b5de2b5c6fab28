/* Fitting what kernels state of their costs to what was measured (docs/selection.md). */
#ifndef ASSAY_HARNESS_FIT_FIT_H
#define ASSAY_HARNESS_FIT_FIT_H

#include "kernels/core/kernel.h"
#include "kernels/gemm/igemm.h"
#include "reports/record/record.h"

/* One measured run of a kernel. */
struct assay_fit_point {
    const struct assay_record *record;
    struct assay_problem problem;
    double cycles;
};

/* A micro-kernel with its points: of gemm and conv together. */
struct assay_fit {
    const char *signature;           /* "f32_avx512_12x32" */
    const struct assay_kernel *gemm; /* any of its two descriptors */
    struct assay_fit_point *points;
    size_t count, capacity;
    struct assay_igemm_cost cost; /* fitted */
    double typical, worst;        /* of the points: how far the fit is off, as a factor: root mean square, and most */
};

struct assay_fit_list {
    struct assay_fit *items;
    size_t count;
};

enum { ASSAY_FIT_LEAST_POINTS = 8 };

/* Sorts the measured series of our dense gemm and conv kernels by micro-kernel. `ghz`: the clock. False: out of
 * memory. */
bool assay_fit_gather(const struct assay_record_list *records, double ghz, struct assay_fit_list *list);

/* Fits the constants of one micro-kernel, that has enough points: least squares of the logarithms of cost / measured.
 */
void assay_fit_run(struct assay_fit *fit);

/* By the fitted constants of `fit`. */
double assay_fit_cost(const struct assay_fit *fit, const struct assay_problem *problem);

/* What would be chosen by the fitted constants: the geometric mean over all cases of its time / the fastest one's, and
 * the worst. Returns how many cases there are with more than one fitted kernel. */
size_t assay_fit_regret(const struct assay_fit_list *list, double *mean, double *worst);

void assay_fit_free(struct assay_fit_list *list);

#endif
