#include "reports/stats/judge.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Verdicts that need no figures: true if there was one. */
static bool judge_outcome(struct assay_comparison *c)
{
    const struct assay_record *base = c->base, *now = c->now;
    c->aspect = ASSAY_ASPECT_ANSWER;
    if (!base || !now) {
        c->aspect = ASSAY_ASPECT_PRESENCE;
        c->verdict = base ? ASSAY_GONE : ASSAY_NEW;
        ASSAY_REASON(c, "only in the %s run", base ? "base" : "new");
        return true;
    }
    if (strcmp(base->metric, now->metric) != 0) {
        c->verdict = ASSAY_ERROR;
        ASSAY_REASON(c, "measured in %s before and in %s now: they can't be compared", base->metric, now->metric);
        return true;
    }
    if (!assay_passed(now)) {
        const bool same = strcmp(base->outcome, now->outcome) == 0;
        c->verdict = same ? ASSAY_UNCHANGED : strcmp(now->outcome, "fail") == 0 ? ASSAY_REGRESSED : ASSAY_ERROR;
        ASSAY_REASON(c, "%s%s now: %.120s", same ? "still " : "", now->outcome,
                     now->message ? now->message : "no reason given");
        return true;
    }
    if (!assay_passed(base)) {
        c->verdict = ASSAY_IMPROVED;
        ASSAY_REASON(c, "passes now, was: %s", base->outcome);
        return true;
    }
    return false;
}

/* Half a unit in the last place of a float32 at 1: errors of fp32 are of this size, and another order of the same sum
 * moves them by a good part of themselves. */
static const double ROUNDING = 0x1p-24;

/* Accuracy of the mode, which no speed makes up for. */
static bool judge_accuracy(struct assay_comparison *c, double effect)
{
    const double before = c->base->mode_error, after = c->now->mode_error;
    if (!(after > before * (1.0 + effect) && after - before > ROUNDING))
        return false;
    c->verdict = ASSAY_REGRESSED;
    c->aspect = ASSAY_ASPECT_ACCURACY;
    ASSAY_REASON(c, "less accurate: error relative to the reals %.3g, was %.3g", after, before);
    return true;
}

static const char *member(const struct assay_record *record, const char *object, const char *key)
{
    return json_string_value(json_object_get(json_object_get(record->json, object), key));
}

/* Both have it, and it is the same. */
static bool same_member(const struct assay_comparison *c, const char *object, const char *key)
{
    const char *base = member(c->base, object, key), *now = member(c->now, object, key);
    return base && now && strcmp(base, now) == 0;
}

static void judge_ratio(struct assay_comparison *c, double effect, const char *what)
{
    const struct assay_ratio r = c->ratio;
    const double slower = 1.0 + effect, faster = 1.0 / (1.0 + effect);
    c->verdict = r.low > slower                        ? ASSAY_REGRESSED
                 : r.high < faster                     ? ASSAY_IMPROVED
                 : r.low >= faster && r.high <= slower ? ASSAY_UNCHANGED
                                                       : ASSAY_INCONCLUSIVE;
    ASSAY_REASON(c, "%s ratio %.4f [%.4f, %.4f], relevant beyond %.4f", what, r.estimate, r.low, r.high, slower);
}

static void judge_count(struct assay_comparison *c, const struct assay_compare_options *options)
{
    if (!(c->base->value > 0.0 && isfinite(c->now->value))) {
        c->verdict = ASSAY_INCONCLUSIVE;
        ASSAY_REASON(c, "no count in one of the runs");
        return;
    }
    const double ratio = c->now->value / c->base->value;
    c->ratio = (struct assay_ratio){ratio, ratio, ratio};
    judge_ratio(c, options->count_effect, "instruction");
    if (options->baseline && c->verdict != ASSAY_UNCHANGED && !same_member(c, "machine", "compiler")) {
        const char *base = member(c->base, "machine", "compiler"), *now = member(c->now, "machine", "compiler");
        c->verdict = ASSAY_INCONCLUSIVE;
        ASSAY_REASON(c, "instruction ratio %.4f, but the baseline is of %.50s and this of %.50s", ratio,
                     base ? base : "an unknown compiler", now ? now : "an unknown compiler");
    }
}

static void judge_time(struct assay_comparison *c, const struct assay_compare_options *options,
                       const struct assay_timing *timing, double drift)
{
    c->verdict = options->baseline ? ASSAY_UNCHANGED : ASSAY_INCONCLUSIVE;
    if (options->baseline) {
        ASSAY_REASON(c, "right and as accurate as the baseline, which has no times");
        return;
    }
    ASSAY_REASON(c, "no usable samples of two processes or more in one of the runs");
    if (!timing->usable)
        return;
    c->ratio = assay_ratio_of(timing->shift, drift, assay_clock_share(c->base) + assay_clock_share(c->now));
    c->p = timing->p;
    judge_ratio(c, options->time_effect, "time");
}

void assay_judge(struct assay_comparison *c, const struct assay_compare_options *options,
                 const struct assay_timing *timing, double drift)
{
    c->ratio = (struct assay_ratio){NAN, NAN, NAN};
    c->p = NAN;
    if (judge_outcome(c) || judge_accuracy(c, options->error_effect) || assay_judge_task(c, options))
        return;
    c->aspect = assay_is_counted(c->now) ? ASSAY_ASPECT_COUNT : ASSAY_ASPECT_TIME;
    if (same_member(c, "code", "hash")) {
        c->verdict = ASSAY_UNCHANGED;
        const double ratio = c->base->value > 0 ? c->now->value / c->base->value : NAN;
        c->ratio = (struct assay_ratio){ratio, ratio, ratio};
        ASSAY_REASON(c, "the same machine code; %s ratio %.4f", assay_aspect_name(c->aspect), ratio);
    } else if (c->aspect == ASSAY_ASPECT_COUNT) {
        judge_count(c, options);
    } else {
        judge_time(c, options, timing, drift);
    }
}
