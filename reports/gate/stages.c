#include "reports/gate/stages.h"

#include "reports/stats/judge.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* What looks changed by this share of the effect is measured again: a real change must not be lost to the first look.
 */
static const double FIRST_LOOK = 0.5;
/* False alarms of a report that may be expected by the noise that it shows itself. */
static const double MOST_EXPECTED = 0.2;

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
    double first;             /* relevance of the first look, of separate runs */
    struct assay_pairs all;   /* of all looks */
    bool confirmed, contrary; /* by the newest look: the same change, or one as large the other way */
};

/* Adds a look's pairs to those of the looks before; they are freed. False: no memory. */
static bool gather(struct assay_pairs *all, struct assay_pairs *look)
{
    const size_t count = all->count + look->count;
    double *base = realloc(all->base, (count + 1) * sizeof(*base));
    all->base = base ? base : all->base;
    double *now = realloc(all->now, (count + 1) * sizeof(*now));
    all->now = now ? now : all->now;
    const bool good = base && now;
    for (size_t i = 0; good && i < look->count; i++) {
        base[all->count + i] = look->base[i];
        now[all->count + i] = look->now[i];
    }
    all->count = good ? count : all->count;
    free(look->base);
    free(look->now);
    *look = (struct assay_pairs){0};
    return good;
}

static void look_at(struct suspect *s, const struct assay_pairs *look)
{
    s->confirmed = s->contrary = false;
    if (look->count == 0)
        return;
    const double ratio = gsl_stats_min(look->now, 1, look->count) / gsl_stats_min(look->base, 1, look->count);
    const double change = relevance(ratio, s->effects.time);
    s->confirmed = fabs(change) > 1 && change * s->first > 0;
    s->contrary = fabs(change) > 1 && change * s->first < 0;
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
    for (size_t i = 0; pairs && i < count; i++) {
        look_at(&suspects[i], &pairs[i]);
        good = gather(&suspects[i].all, &pairs[i]) && good;
    }
    free(pairs);
    free(candidates);
    return good;
}

/* The last word on a suspect that was looked at `looks` times, and confirmed each time or not. */
static void conclude(struct suspect *s, size_t looks, bool noisy)
{
    struct assay_comparison *c = s->c;
    struct assay_pairs_result all;
    if (!assay_pairs_judge(&s->all, &all)) {
        c->verdict = ASSAY_INCONCLUSIVE;
        ASSAY_REASON(c, "time ratio %.4f [%.4f, %.4f], which could not be measured again", c->ratio.estimate,
                     c->ratio.low, c->ratio.high);
        return;
    }
    const double minima = relevance(all.minima.estimate, s->effects.time);
    const double median = relevance(all.median, s->effects.time);
    const bool beyond_one = all.minima.low > 1 || all.minima.high < 1;
    c->remeasured = true;
    c->ratio = all.minima;
    c->p = all.p;
    char how[80];
    snprintf(how, sizeof(how), ", of pairs %.4f: measured again %zu times, %s", all.median, looks,
             !s->confirmed ? "not confirmed"
             : noisy       ? "but so did noise the other way"
                           : "not clear");
    settle(c, &s->effects, how);
    if (!s->confirmed || noisy || fabs(minima) <= 1 || median * minima <= 0 || !beyond_one)
        return;
    c->verdict = minima > 0 ? ASSAY_REGRESSED : ASSAY_IMPROVED;
    ASSAY_REASON(c, "time ratio %.4f [%.4f, %.4f], of pairs %.4f, p %.2g: measured again %zu times, each confirmed it",
                 c->ratio.estimate, c->ratio.low, c->ratio.high, all.median, all.p, looks);
}

/* A change the other way than the first look's is noise, and noise is as likely either way. So the share of suspects
 * that a look moved the other way is the chance that it confirms what is none, and all looks do that by chance in
 * count * share ^ looks of the series. */
static bool too_noisy(size_t contrary, size_t count)
{
    return (double)count * pow((double)contrary / (double)count, ASSAY_GATE_LOOKS) > MOST_EXPECTED;
}

bool assay_gate_confirm(const struct assay_gate *gate, struct assay_comparison **candidates, size_t count)
{
    struct suspect *suspects = calloc(count + 1, sizeof(*suspects));
    bool good = suspects != NULL, noisy = false;
    for (size_t i = 0; good && i < count; i++) {
        const struct assay_gate_effects effects = assay_gate_effects_of(gate->policy, candidates[i]->series_id);
        suspects[i] = (struct suspect){
            .c = candidates[i], .effects = effects, .first = relevance(candidates[i]->ratio.estimate, effects.time)};
    }
    size_t left = count;
    for (size_t look = 0; good && left > 0 && look < ASSAY_GATE_LOOKS; look++) {
        good = look_once(gate, look, suspects, left);
        size_t contrary = 0, kept = 0;
        for (size_t i = 0; i < left; i++)
            contrary += suspects[i].contrary;
        noisy = look == 0 ? too_noisy(contrary, count) : noisy;
        for (size_t i = 0; i < left; i++) {
            if (!suspects[i].confirmed || look + 1 == ASSAY_GATE_LOOKS)
                conclude(&suspects[i], look + 1, noisy);
            else { /* swapped, so that each keeps what it owns */
                const struct suspect passed = suspects[i];
                suspects[i] = suspects[kept];
                suspects[kept++] = passed;
            }
        }
        left = kept;
    }
    for (size_t i = 0; suspects && i < count; i++) {
        free(suspects[i].all.base);
        free(suspects[i].all.now);
    }
    free(suspects);
    return good;
}
