/* What computing a layer cannot do without: its work, whoever computes it. */
#ifndef ASSAY_SUITES_PEAKS_WORK_H
#define ASSAY_SUITES_PEAKS_WORK_H

#include "suites/peaks/peaks.h"

struct peak_work {
    enum peak_arithmetic arithmetic;
    uint64_t macs;          /* with weights that are not zero, and not with padding */
    uint64_t read, written; /* bytes: what it needs of the input, weights that are not zero, bias; the output */
};

/* nonzero_weights: of all of the problem's; of dense weights all count, whatever their value. */
struct peak_work peak_work_of(const struct assay_problem *problem, uint64_t nonzero_weights);

#endif
