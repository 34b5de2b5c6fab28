/* Faults that need no statistics: wrong numbers, and more instructions. */
#ifndef ASSAY_HARNESS_SELFTEST_FAULTS_H
#define ASSAY_HARNESS_SELFTEST_FAULTS_H

#include "harness/selftest/measure.h"

enum { ASSAY_MOST_FAULTS = 64 };

struct assay_fault_result {
    const char *name, *target;
    size_t planted;  /* series that ran the planted kernel */
    size_t detected; /* of them, that the gate said regressed */
    size_t others;   /* series with another kernel that it said anything of */
    double effect;   /* counts: the least change of a planted series, a share; NaN for wrong numbers */
};
struct assay_faults {
    struct assay_fault_result items[ASSAY_MOST_FAULTS];
    size_t count;
};

/* Wrong kernels one at a time, on a target of any kind, against correct ones of the same making ("twin"). Appends. A
 * fault need not show in every layer: where there is no tie to round, rounding is right. False, with a message. */
bool assay_prove_accuracy(struct assay_planting *planting, struct assay_faults *faults);

/* 0.1, 0.5 and 1 % more instructions; the target is emulated. */
bool assay_prove_counts(struct assay_planting *planting, struct assay_faults *faults);

#endif
