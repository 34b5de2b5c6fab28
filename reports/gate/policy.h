/* What a gate lets pass: for globs of series the changes that matter. Later rules add to and override earlier ones. */
#ifndef ASSAY_REPORTS_GATE_POLICY_H
#define ASSAY_REPORTS_GATE_POLICY_H

#include <stdbool.h>
#include <stddef.h>

/* Effects are shares: 0.02 is 2 %. */
struct assay_gate_effects {
    double time, count, accuracy, task; /* smallest change that matters; task: of a network's accuracy, absolute */
    double noise; /* half the widest interval of a time that still tells something; wider is inconclusive */
};

struct assay_gate_rule {
    const char *series;                /* glob of series ids; '*' matches '/', too */
    struct assay_gate_effects effects; /* NaN: as before */
    bool ignore;                       /* not looked at */
    bool required;                     /* one at least must be there now, and none of them may be gone */
    size_t line;                       /* in the policy's file */
};

struct assay_gate_policy {
    struct assay_gate_effects effects;
    double alpha; /* chance that a report says anything of times, or of networks' accuracies, that is chance */
    struct assay_gate_rule *rules;
    size_t count;
};

/* Without rules. docs/gates.md tells where the numbers come from. */
struct assay_gate_policy assay_gate_defaults(void);

struct assay_gate_effects assay_gate_effects_of(const struct assay_gate_policy *policy, const char *series_id);
bool assay_gate_ignores(const struct assay_gate_policy *policy, const char *series_id);
/* The last rule that requires the series; NULL: none does. */
const struct assay_gate_rule *assay_gate_requires(const struct assay_gate_policy *policy, const char *series_id);

#endif
