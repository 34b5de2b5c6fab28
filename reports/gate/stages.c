#include "reports/gate/stages.h"

#include "reports/stats/judge.h"
#include "reports/stats/tests.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* What looks changed by this share of the effect is measured again: a real change must not be lost to the first look.
 */
static const double FIRST_LOOK = 0.5;

static double half_width(struct assay_ratio ratio)
{
    return sqrt(ratio.high / ratio.low) - 1;
}

/* A series of which no change can be said. */
static void settle(struct assay_comparison *c, const struct assay_gate_effects *effects, const char *how)
{
    const double width = half_width(c->ratio);
    const bool within = fabs(log(c->ratio.estimate)) <= log1p(effects->time), quiet = width <= effects->noise;
    c->verdict = within && quiet ? ASSAY_UNCHANGED : ASSAY_INCONCLUSIVE;
    ASSAY_REASON(c, "time ratio %.4f [%.4f, %.4f]%s%s", c->ratio.estimate, c->ratio.low, c->ratio.high, how,
                 quiet ? "" : ": the noise is larger than the policy allows");
}

bool assay_gate_looks_changed(struct assay_comparison *c, const struct assay_gate_effects *effects)
{
    if (fabs(log(c->ratio.estimate)) > FIRST_LOOK * log1p(effects->time))
        return true;
    settle(c, effects, "");
    return false;
}

/* The change of a ratio as a share of the effect that matters: below -1 or above 1 it does. */
static double relevance(double ratio, double effect)
{
    return log(ratio) / log1p(effect);
}

static void judge_again(struct assay_comparison *c, const struct assay_gate_policy *policy,
                        const struct assay_pairs_result *again)
{
    const struct assay_gate_effects effects = assay_gate_effects_of(policy, c->series_id);
    const double first = relevance(c->ratio.estimate, effects.time);
    const double minima = relevance(again->minima.estimate, effects.time);
    const double median = relevance(again->median, effects.time);
    const bool same_way = first * minima > 0 && minima * median > 0;
    const bool beyond_one = again->minima.low > 1 || again->minima.high < 1;
    c->remeasured = true;
    c->ratio = again->minima;
    if (!(same_way && fabs(minima) > 1 && fabs(median) > FIRST_LOOK && beyond_one && c->p <= policy->alpha)) {
        char how[80];
        snprintf(how, sizeof(how), ", of pairs %.4f, p %.2g: measured again, no change confirmed", again->median, c->p);
        settle(c, &effects, how);
        return;
    }
    c->verdict = minima > 0 ? ASSAY_REGRESSED : ASSAY_IMPROVED;
    ASSAY_REASON(c, "time ratio %.4f [%.4f, %.4f], of pairs %.4f, p %.2g: measured again and confirmed",
                 c->ratio.estimate, c->ratio.low, c->ratio.high, again->median, c->p);
}

struct again {
    struct assay_pairs_result result;
    bool usable;
};

static bool judge_pairs(const struct assay_gate *gate, struct assay_comparison **candidates,
                        const struct assay_pairs *pairs, size_t count)
{
    struct again *again = calloc(count + 1, sizeof(*again));
    double *p = calloc(count + 1, sizeof(*p));
    bool good = again && p;
    for (size_t i = 0; good && i < count; i++) {
        again[i].usable = assay_pairs_judge(&pairs[i], &again[i].result);
        p[i] = again[i].usable ? again[i].result.p : NAN;
    }
    good = good && assay_holm(p, count);
    for (size_t i = 0; good && i < count; i++) {
        candidates[i]->p = p[i];
        if (again[i].usable) {
            judge_again(candidates[i], gate->policy, &again[i].result);
        } else {
            candidates[i]->verdict = ASSAY_INCONCLUSIVE;
            ASSAY_REASON(candidates[i], "time ratio %.4f [%.4f, %.4f], which could not be measured again",
                         candidates[i]->ratio.estimate, candidates[i]->ratio.low, candidates[i]->ratio.high);
        }
    }
    free(again);
    free(p);
    return good;
}

bool assay_gate_confirm(const struct assay_gate *gate, struct assay_comparison **candidates, size_t count)
{
    struct assay_pairs *pairs = calloc(count + 1, sizeof(*pairs));
    const bool good = pairs &&
                      (count == 0 || gate->remeasure(gate->context, (const struct assay_comparison *const *)candidates,
                                                     count, pairs)) &&
                      judge_pairs(gate, candidates, pairs, count);
    for (size_t i = 0; pairs && i < count; i++) {
        free(pairs[i].base);
        free(pairs[i].now);
    }
    free(pairs);
    return good;
}
