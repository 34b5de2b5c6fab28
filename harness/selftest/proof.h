/* The proof of the gate: figures, and whether each is what was promised. */
#ifndef ASSAY_HARNESS_SELFTEST_PROOF_H
#define ASSAY_HARNESS_SELFTEST_PROOF_H

#include "harness/selftest/noise.h"

struct assay_share {
    size_t count, of;
};
/* The one-sided 95 % bounds of a share (Clopper and Pearson, Biometrika 26, 1934). */
double assay_share_upper(struct assay_share share);
double assay_share_lower(struct assay_share share);

struct assay_false_alarms {
    struct assay_share reports, alone; /* that said anything; alone: without measuring again */
    struct assay_share inconclusive;   /* of all series */
    double remeasured;                 /* series in a report, on average */
};
/* Nights without any change. False: no memory, or interrupted. */
bool assay_prove_false_alarms(const struct assay_noise *noise, size_t reports, struct assay_false_alarms *result);

struct assay_power {
    struct assay_share regressed[ASSAY_NOISE_KERNELS]; /* of reports with one planted series, that one was named */
    struct assay_share others[ASSAY_NOISE_KERNELS];    /* reports that said anything of another series */
    double median[ASSAY_NOISE_KERNELS];                /* measured: planted / ours, of the least times of a sweep */
};
bool assay_prove_power(const struct assay_noise *noise, size_t reports, struct assay_power *result);

/* Ways to find what regressed: the gate's and those that others use. */
enum {
    ASSAY_RIVAL_GATE,
    ASSAY_RIVAL_FIXED_2,
    ASSAY_RIVAL_FIXED_5,
    ASSAY_RIVAL_FIXED_10,
    ASSAY_RIVAL_U_TEST,
    ASSAY_RIVAL_FENCE,
    ASSAY_RIVALS,
};
extern const char *const assay_rival_names[ASSAY_RIVALS];
struct assay_contest {
    size_t hits[ASSAY_RIVALS], false_hits[ASSAY_RIVALS], planted;
    struct assay_share quiet[ASSAY_RIVALS]; /* reports in which nothing but the planted series was named */
};
/* The same nights for all of them, each with one planted series of 282 or so: of every share alike. */
bool assay_prove_contest(const struct assay_noise *noise, size_t reports, struct assay_contest *result);

#endif
