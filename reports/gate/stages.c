#include "reports/gate/stages.h"

#include "reports/stats/judge.h"
#include "reports/stats/swaps.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* A candidate and what the looks at it gave so far. */
struct suspect {
    struct assay_comparison *c;
    struct assay_gate_effects effects;
    double first; /* relevance of the first look, of separate runs */
    struct assay_pairs looks[ASSAY_GATE_LOOKS];
    size_t count;   /* of looks */
    bool confirmed; /* by the newest look */
};

static void look_at(struct suspect *s, const struct assay_pairs *look)
{
    s->looks[s->count++] = *look;
    s->confirmed = false;
    if (look->count == 0)
        return;
    const double ratio = gsl_stats_min(look->now, 1, look->count) / gsl_stats_min(look->base, 1, look->count);
    const double change = relevance(ratio, s->effects.time);
    s->confirmed = fabs(change) > 1 && change * s->first > 0;
}

/* Measures the suspects once more. False: out of memory, or nothing could be measured. */
static bool look_once(const struct assay_gate *gate, size_t look, struct suspect *suspects, size_t count)
{
    struct assay_pairs *pairs = calloc(count + 1, sizeof(*pairs));
    const struct assay_comparison **candidates = calloc(count + 1, sizeof(const struct assay_comparison *));
    bool good = pairs && candidates;
    for (size_t i = 0; good && i < count; i++)
        candidates[i] = suspects[i].c;
    good = good && gate->remeasure(gate->context, look, candidates, count, pairs);
    for (size_t i = 0; pairs && i < count; i++)
        look_at(&suspects[i], &pairs[i]);
    free(pairs);
    free(candidates);
    return good;
}

/* The pairs of all looks. False: no memory. */
static bool gather(const struct suspect *s, struct assay_pairs *all)
{
    size_t count = 0;
    for (size_t i = 0; i < s->count; i++)
        count += s->looks[i].count;
    *all = (struct assay_pairs){calloc(count + 1, sizeof(double)), calloc(count + 1, sizeof(double)), 0};
    for (size_t i = 0; all->base && all->now && i < s->count; i++)
        for (size_t j = 0; j < s->looks[i].count; j++) {
            all->base[all->count] = s->looks[i].base[j];
            all->now[all->count++] = s->looks[i].now[j];
        }
    return all->base && all->now;
}

/* The last word on a suspect, by all pairs. alpha: of a single series, so that the report keeps its own. */
static void conclude_by(struct suspect *s, const struct assay_pairs_result *all, double alpha)
{
    struct assay_comparison *c = s->c;
    const double minima = relevance(all->minima.estimate, s->effects.time);
    const double median = relevance(all->median, s->effects.time);
    c->remeasured = true;
    c->ratio = all->minima;
    c->p = assay_swap_test(s->looks, s->count, s->first > 0 ? 1 : -1);
    const bool chance = !(c->p <= alpha), beyond_one = all->minima.low > 1 || all->minima.high < 1;
    char how[120];
    if (!s->confirmed)
        snprintf(how, sizeof(how), ", of pairs %.4f: measured again %zu times, not confirmed", all->median, s->count);
    else if (chance)
        snprintf(how, sizeof(how), ", of pairs %.4f: measured again %zu times, but p %.2g is above %.2g: may be chance",
                 all->median, s->count, c->p, alpha);
    else
        snprintf(how, sizeof(how), ", of pairs %.4f: measured again %zu times, not clear", all->median, s->count);
    settle(c, &s->effects, how);
    if (!s->confirmed || chance || fabs(minima) <= 1 || median * minima <= 0 || !beyond_one)
        return;
    c->verdict = minima > 0 ? ASSAY_REGRESSED : ASSAY_IMPROVED;
    ASSAY_REASON(c, "time ratio %.4f [%.4f, %.4f], of pairs %.4f, p %.2g: measured again %zu times, each confirmed it",
                 c->ratio.estimate, c->ratio.low, c->ratio.high, all->median, c->p, s->count);
}

/* False: no memory. */
static bool conclude(struct suspect *s, double alpha)
{
    struct assay_pairs all;
    struct assay_pairs_result result;
    const bool good = gather(s, &all);
    if (good && assay_pairs_judge(&all, &result)) {
        conclude_by(s, &result, alpha);
    } else { /* then the two runs alone have the word, as without measuring again */
        const size_t length = strlen(s->c->reason);
        snprintf(s->c->reason + length, sizeof(s->c->reason) - length, "; could not be measured again");
    }
    free(all.base);
    free(all.now);
    return good;
}

static void forget(struct suspect *s)
{
    for (size_t i = 0; i < s->count; i++) {
        free(s->looks[i].base);
        free(s->looks[i].now);
    }
}

bool assay_gate_confirm(const struct assay_gate *gate, struct assay_comparison **candidates, size_t count)
{
    struct suspect *suspects = calloc(count + 1, sizeof(*suspects));
    bool good = suspects != NULL;
    for (size_t i = 0; good && i < count; i++) {
        const struct assay_gate_effects effects = assay_gate_effects_of(gate->policy, candidates[i]->series_id);
        suspects[i] = (struct suspect){
            .c = candidates[i], .effects = effects, .first = relevance(candidates[i]->ratio.estimate, effects.time)};
    }
    /* Bonferroni's, over the suspects: other samples than those of the looks made them such. */
    const double alpha = gate->policy->alpha / (double)(count > 0 ? count : 1);
    size_t left = count;
    for (size_t look = 0; good && left > 0 && look < ASSAY_GATE_LOOKS; look++) {
        good = look_once(gate, look, suspects, left);
        size_t kept = 0;
        for (size_t i = 0; good && i < left; i++) {
            if (!suspects[i].confirmed || look + 1 == ASSAY_GATE_LOOKS) {
                good = conclude(&suspects[i], alpha);
            } else { /* swapped, so that each keeps what it owns */
                const struct suspect passed = suspects[i];
                suspects[i] = suspects[kept];
                suspects[kept++] = passed;
            }
        }
        left = kept;
    }
    for (size_t i = 0; suspects && i < count; i++)
        forget(&suspects[i]);
    free(suspects);
    return good;
}
