/* Nights put together from recorded noise, judged by the gate: what it says of them is known to be right or wrong. */
#ifndef ASSAY_HARNESS_SELFTEST_REPLAY_H
#define ASSAY_HARNESS_SELFTEST_REPLAY_H

#include "harness/selftest/noise.h"
#include "reports/gate/gate.h"

#include <gsl/gsl_rng.h>

/* One night against another, and where they were taken from. The base, the new run and each look at what is measured
 * again are of different sweeps: no sample is used twice. */
struct assay_replay {
    const struct assay_noise *noise;
    gsl_rng *rng;
    size_t base_sweep, base_start, now_sweep, now_start;
    size_t planted; /* the series that took the place of ours; noise->count: none */
    /* Of each layer and look, the sweep that its candidates are measured again in, and whether A and B swap. */
    size_t (*again)[ASSAY_GATE_LOOKS];
    bool (*swapped)[ASSAY_GATE_LOOKS];
    size_t remeasured; /* series, so far */
};

bool assay_replay_open(const struct assay_noise *noise, unsigned long seed, struct assay_replay *replay);
void assay_replay_close(struct assay_replay *replay);

/* Draws the next night; `planted` as above. */
void assay_replay_draw(struct assay_replay *replay, size_t planted);

/* What the gate says of it: with `alone` of the two runs alone, without measuring again. False: no memory. */
bool assay_replay_judge(struct assay_replay *replay, bool alone, struct assay_comparison_list *result);

/* A series of ours with a planted one of kernel `kernel` in its layer, at random; that planted one's index. */
size_t assay_replay_choose(struct assay_replay *replay, size_t kernel);

#endif
