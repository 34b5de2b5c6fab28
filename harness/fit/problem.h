/* From a record back to the problem that it measured: what a kernel's cost is a function of. */
#ifndef ASSAY_HARNESS_FIT_PROBLEM_H
#define ASSAY_HARNESS_FIT_PROBLEM_H

#include "kernels/core/problem.h"
#include "reports/record/record.h"

/* gemm and conv alone. False: the record is of something else, or its shape is incomplete. Scales are 1. */
bool assay_problem_of_record(const struct assay_record *record, struct assay_problem *problem);

#endif
