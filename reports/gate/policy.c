#include "reports/gate/policy.h"

#include <fnmatch.h>
#include <math.h>

struct assay_gate_policy assay_gate_defaults(void)
{
    return (struct assay_gate_policy){
        .effects = {.time = 0.015, .count = 0.001, .accuracy = 0.01, .task = 0.005, .noise = 0.05},
        .alpha = 0.005,
    };
}

static bool matches(const struct assay_gate_rule *rule, const char *series_id)
{
    return fnmatch(rule->series, series_id, 0) == 0;
}

static void override(double *value, double by)
{
    if (!isnan(by))
        *value = by;
}

struct assay_gate_effects assay_gate_effects_of(const struct assay_gate_policy *policy, const char *series_id)
{
    struct assay_gate_effects effects = policy->effects;
    for (size_t i = 0; i < policy->count; i++) {
        const struct assay_gate_effects *by = &policy->rules[i].effects;
        if (!matches(&policy->rules[i], series_id))
            continue;
        override(&effects.time, by->time);
        override(&effects.count, by->count);
        override(&effects.accuracy, by->accuracy);
        override(&effects.task, by->task);
        override(&effects.noise, by->noise);
    }
    return effects;
}

bool assay_gate_ignores(const struct assay_gate_policy *policy, const char *series_id)
{
    for (size_t i = policy->count; i-- > 0;)
        if (policy->rules[i].ignore && matches(&policy->rules[i], series_id))
            return true;
    return false;
}

const struct assay_gate_rule *assay_gate_requires(const struct assay_gate_policy *policy, const char *series_id)
{
    for (size_t i = policy->count; i-- > 0;)
        if (policy->rules[i].required && matches(&policy->rules[i], series_id))
            return &policy->rules[i];
    return NULL;
}
