#include "reports/stats/compare.h"

#include "reports/record/index.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *assay_verdict_name(enum assay_verdict verdict)
{
    static const char *const names[ASSAY_VERDICT_COUNT] = {
        [ASSAY_REGRESSED] = "regressed", [ASSAY_ERROR] = "error", [ASSAY_INCONCLUSIVE] = "inconclusive",
        [ASSAY_IMPROVED] = "improved",   [ASSAY_NEW] = "new",     [ASSAY_GONE] = "gone",
        [ASSAY_UNCHANGED] = "unchanged",
    };
    return (unsigned)verdict < ASSAY_VERDICT_COUNT ? names[verdict] : NULL;
}

const char *assay_aspect_name(enum assay_aspect aspect)
{
    static const char *const names[ASSAY_ASPECTS] = {
        [ASSAY_ASPECT_PRESENCE] = "presence", [ASSAY_ASPECT_ANSWER] = "answer",     [ASSAY_ASPECT_TIME] = "time",
        [ASSAY_ASPECT_COUNT] = "count",       [ASSAY_ASPECT_ACCURACY] = "accuracy", [ASSAY_ASPECT_TASK] = "task",
    };
    return (unsigned)aspect < ASSAY_ASPECTS ? names[aspect] : NULL;
}

struct assay_compare_options assay_compare_defaults(void)
{
    return (struct assay_compare_options){
        .time_effect = 0.03,
        .count_effect = 0.001,
        .error_effect = 0.01,
    };
}

static bool passed(const struct assay_record *record)
{
    return strcmp(record->outcome, "pass") == 0;
}

#define REASON(c, ...) snprintf((c)->reason, sizeof((c)->reason), __VA_ARGS__)

/* Verdicts that need no figures: true if there was one. */
static bool judge_outcome(struct assay_comparison *c)
{
    const struct assay_record *base = c->base, *now = c->now;
    c->aspect = ASSAY_ASPECT_ANSWER;
    if (!base || !now) {
        c->aspect = ASSAY_ASPECT_PRESENCE;
        c->verdict = base ? ASSAY_GONE : ASSAY_NEW;
        REASON(c, "only in the %s run", base ? "base" : "new");
        return true;
    }
    if (strcmp(base->metric, now->metric) != 0) {
        c->verdict = ASSAY_ERROR;
        REASON(c, "measured in %s before and in %s now: they can't be compared", base->metric, now->metric);
        return true;
    }
    if (!passed(now)) {
        const bool same = strcmp(base->outcome, now->outcome) == 0;
        c->verdict = same ? ASSAY_UNCHANGED : strcmp(now->outcome, "fail") == 0 ? ASSAY_REGRESSED : ASSAY_ERROR;
        REASON(c, "%s%s now: %.120s", same ? "still " : "", now->outcome,
               now->message ? now->message : "no reason given");
        return true;
    }
    if (!passed(base)) {
        c->verdict = ASSAY_IMPROVED;
        REASON(c, "passes now, was: %s", base->outcome);
        return true;
    }
    return false;
}

/* Accuracy of the mode, which no speed makes up for. */
static bool judge_accuracy(struct assay_comparison *c, double effect)
{
    const double before = c->base->mode_error, after = c->now->mode_error;
    if (!(after > before * (1.0 + effect)))
        return false;
    c->verdict = ASSAY_REGRESSED;
    c->aspect = ASSAY_ASPECT_ACCURACY;
    REASON(c, "less accurate: error relative to the reals %.3g, was %.3g", after, before);
    return true;
}

static void judge_ratio(struct assay_comparison *c, double effect, const char *what)
{
    const struct assay_ratio r = c->ratio;
    const double slower = 1.0 + effect, faster = 1.0 / (1.0 + effect);
    c->verdict = r.low > slower                        ? ASSAY_REGRESSED
                 : r.high < faster                     ? ASSAY_IMPROVED
                 : r.low >= faster && r.high <= slower ? ASSAY_UNCHANGED
                                                       : ASSAY_INCONCLUSIVE;
    REASON(c, "%s ratio %.4f [%.4f, %.4f], relevant beyond %.4f", what, r.estimate, r.low, r.high, slower);
}

/* The record's samples as arrays; false if it has none. The caller frees both. */
static bool samples_of(const struct assay_record *record, double **value, size_t **process, size_t *count)
{
    const json_t *performance = json_object_get(record->json, "performance");
    const json_t *samples = json_object_get(performance, "samples");
    const json_t *processes = json_object_get(performance, "processes");
    *count = json_array_size(samples);
    *value = malloc((*count + 1) * sizeof(**value));
    *process = malloc((*count + 1) * sizeof(**process));
    if (!*value || !*process || *count == 0)
        return false;
    json_int_t last = -1;
    for (size_t i = 0; i < *count; i++) {
        const json_int_t number = json_integer_value(json_array_get(processes, i));
        /* Renumbered without gaps, so that a process that failed leaves none. */
        (*process)[i] = i == 0 ? 0 : (*process)[i - 1] + (number != last);
        (*value)[i] = json_number_value(json_array_get(samples, i));
        last = number;
    }
    return true;
}

/* What is known of a series' time before its neighbours are looked at. */
struct timing {
    bool usable;
    struct assay_shift shift;
};

static bool is_counted(const struct assay_record *record)
{
    return strcmp(record->metric, "instructions") == 0;
}

static struct timing timing_of(const struct assay_record *before, const struct assay_record *after)
{
    struct timing timing = {.usable = false};
    double *value[2] = {NULL, NULL};
    size_t *process[2] = {NULL, NULL}, count[2] = {0, 0};
    if (!before || !after || is_counted(before) || is_counted(after) || !passed(before) || !passed(after))
        return timing;
    const bool have_base = samples_of(before, &value[0], &process[0], &count[0]);
    const bool have_now = samples_of(after, &value[1], &process[1], &count[1]);
    const struct assay_samples base = {value[0], process[0], count[0]}, now = {value[1], process[1], count[1]};
    timing.usable = have_base && have_now && assay_shift_of(base, now, &timing.shift);
    for (int i = 0; i < 2; i++) {
        free(value[i]);
        free(process[i]);
    }
    return timing;
}

enum { ENOUGH_NEIGHBOURS = 4 };

/* How much the other series of the same case moved against each other, which were measured in the same minutes; where
 * they are too few, those of all the target's cases. `changes` has room for all. */
static double drift_about(const struct assay_comparison *items, const struct timing *timings, size_t count, size_t at,
                          double *changes)
{
    for (int whole_target = 0; whole_target < 2; whole_target++) {
        size_t neighbours = 0;
        for (size_t i = 0; i < count; i++)
            if (i != at && timings[i].usable && strcmp(items[i].now->target, items[at].now->target) == 0 &&
                (whole_target || strcmp(items[i].now->case_name, items[at].now->case_name) == 0))
                changes[neighbours++] = timings[i].shift.change;
        if (neighbours >= ENOUGH_NEIGHBOURS || whole_target)
            return assay_drift_of(changes, neighbours);
    }
    return 0.0;
}

/* A layer of a network is what two looks at the clock are apart, less what a look takes; so small layers are not known
 * better than to the share that such a look is of them. */
static double clock_share(const struct assay_record *record)
{
    const double look = json_number_value(json_object_get(json_object_get(record->json, "performance"), "clock_ns"));
    return look > 0.0 && record->value > 0.0 ? log1p(look / record->value) : 0.0;
}

static void judge(struct assay_comparison *c, const struct assay_compare_options *options, const struct timing *timing,
                  double drift)
{
    c->ratio = (struct assay_ratio){NAN, NAN, NAN};
    c->p = NAN;
    if (judge_outcome(c) || judge_accuracy(c, options->error_effect))
        return;
    c->aspect = is_counted(c->now) ? ASSAY_ASPECT_COUNT : ASSAY_ASPECT_TIME;
    if (!is_counted(c->now)) {
        c->verdict = ASSAY_INCONCLUSIVE;
        REASON(c, "no usable samples of two processes or more in one of the runs");
        if (!timing->usable)
            return;
        c->ratio = assay_ratio_of(timing->shift, drift, clock_share(c->base) + clock_share(c->now));
        judge_ratio(c, options->time_effect, "time");
        return;
    }
    if (!(c->base->value > 0.0 && isfinite(c->now->value))) {
        c->verdict = ASSAY_INCONCLUSIVE;
        REASON(c, "no count in one of the runs");
        return;
    }
    const double ratio = c->now->value / c->base->value;
    c->ratio = (struct assay_ratio){ratio, ratio, ratio};
    judge_ratio(c, options->count_effect, "instruction");
}

/* All of them, after what each one's neighbours did. False: out of memory. */
static bool judge_all(struct assay_comparison_list *list, const struct assay_compare_options *options)
{
    struct timing *timings = calloc(list->count + 1, sizeof(*timings));
    double *changes = calloc(list->count + 1, sizeof(*changes));
    const bool ok = timings && changes;
    for (size_t i = 0; ok && i < list->count; i++)
        timings[i] = timing_of(list->items[i].base, list->items[i].now);
    for (size_t i = 0; ok && i < list->count; i++) {
        const double drift = timings[i].usable ? drift_about(list->items, timings, list->count, i, changes) : 0.0;
        judge(&list->items[i], options, &timings[i], drift);
        list->verdicts[list->items[i].verdict]++;
    }
    free(timings);
    free(changes);
    return ok;
}

static int by_verdict(const void *a, const void *b)
{
    const struct assay_comparison *x = a, *y = b;
    return x->verdict != y->verdict ? (x->verdict > y->verdict) - (x->verdict < y->verdict)
                                    : strcmp(x->series_id, y->series_id);
}

bool assay_compare(const struct assay_record_list *base, const struct assay_record_list *now,
                   struct assay_compare_options options, struct assay_comparison_list *result)
{
    size_t base_count, now_count, count = 0;
    const struct assay_record **b = assay_record_index(base, &base_count);
    const struct assay_record **n = assay_record_index(now, &now_count);
    struct assay_comparison *items = calloc(base_count + now_count + 1, sizeof(*items));
    *result = (struct assay_comparison_list){.items = items};
    bool ok = items && b && n;
    /* Both are sorted by series_id: walk them side by side. */
    for (size_t i = 0, j = 0; ok && (i < base_count || j < now_count); count++) {
        const int order = i == base_count ? 1 : j == now_count ? -1 : strcmp(b[i]->series_id, n[j]->series_id);
        struct assay_comparison *c = &items[count];
        c->base = order <= 0 ? b[i++] : NULL;
        c->now = order >= 0 ? n[j++] : NULL;
        c->series_id = c->base ? c->base->series_id : c->now->series_id;
    }
    result->count = count;
    ok = ok && judge_all(result, &options);
    free(b);
    free(n);
    if (!ok) {
        assay_comparison_list_free(result);
        return false;
    }
    qsort(items, count, sizeof(*items), by_verdict);
    return true;
}

void assay_comparison_list_free(struct assay_comparison_list *list)
{
    free(list->items);
    *list = (struct assay_comparison_list){0};
}
