/* What the proof of the gate found, for people and programs. */
#ifndef ASSAY_HARNESS_SELFTEST_REPORT_H
#define ASSAY_HARNESS_SELFTEST_REPORT_H

#include "harness/selftest/faults.h"
#include "harness/selftest/proof.h"

struct assay_proof {
    bool timed; /* there was a target that runs here, so that these are filled: */
    size_t series, sweeps, processes;
    struct assay_false_alarms false_alarms;
    struct assay_power power;
    struct assay_contest contest;
    struct assay_faults faults;
};

/* Whether all that docs/gates.md promises was kept. What was not measured keeps no promise. */
bool assay_proof_holds(const struct assay_proof *proof);

void assay_proof_print(const struct assay_proof *proof, FILE *out);
/* False: no memory, or `out` failed. */
bool assay_proof_json(const struct assay_proof *proof, FILE *out);

#endif
