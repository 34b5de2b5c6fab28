#include "reports/stats/compare.h"

#include "reports/record/index.h"
#include "reports/stats/judge.h"
#include "reports/stats/tests.h"
#include "reports/stats/timing.h"

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
        .task_effect = 0.005,
        .time_alpha = 1.0,
        .task_alpha = 0.05,
    };
}

enum { ENOUGH_NEIGHBOURS = 4 };

/* How much the other series of the same case moved against each other, which were measured in the same minutes; where
 * they are too few, those of all the target's cases. `changes` has room for all. */
static double drift_about(const struct assay_comparison *items, const struct assay_timing *timings, size_t count,
                          size_t at, double *changes)
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

/* A change that as many tests as these would show by chance is not said. */
static void hold_back(struct assay_comparison *c, double alpha)
{
    const bool said = c->verdict == ASSAY_REGRESSED || c->verdict == ASSAY_IMPROVED;
    if (!said || isnan(c->p) || c->p <= alpha)
        return;
    c->verdict = ASSAY_INCONCLUSIVE;
    const size_t length = strlen(c->reason);
    snprintf(c->reason + length, sizeof(c->reason) - length, "; may be chance: p %.2g, needs %.2g", c->p, alpha);
}

/* Adjusts the p of one aspect for their number. */
static bool adjust(struct assay_comparison_list *list, enum assay_aspect aspect, double *work)
{
    for (size_t i = 0; i < list->count; i++)
        work[i] = list->items[i].aspect == aspect ? list->items[i].p : NAN;
    if (!assay_holm(work, list->count))
        return false;
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].aspect == aspect)
            list->items[i].p = work[i];
    return true;
}

/* All of them, after what each one's neighbours did. False: out of memory. */
static bool judge_all(struct assay_comparison_list *list, assay_compare_options_fn *options_of, void *context)
{
    struct assay_timing *timings = calloc(list->count + 1, sizeof(*timings));
    double *work = calloc(list->count + 1, sizeof(*work));
    bool ok = timings && work;
    for (size_t i = 0; ok && i < list->count; i++)
        timings[i] = assay_timing_of(list->items[i].base, list->items[i].now);
    for (size_t i = 0; ok && i < list->count; i++) {
        const double drift = timings[i].usable ? drift_about(list->items, timings, list->count, i, work) : 0.0;
        const struct assay_compare_options options = options_of(context, list->items[i].series_id);
        assay_judge(&list->items[i], &options, &timings[i], drift);
    }
    ok = ok && adjust(list, ASSAY_ASPECT_TIME, work) && adjust(list, ASSAY_ASPECT_TASK, work);
    for (size_t i = 0; ok && i < list->count; i++) {
        const struct assay_compare_options options = options_of(context, list->items[i].series_id);
        hold_back(&list->items[i],
                  list->items[i].aspect == ASSAY_ASPECT_TASK ? options.task_alpha : options.time_alpha);
    }
    free(timings);
    free(work);
    return ok;
}

static int by_verdict(const void *a, const void *b)
{
    const struct assay_comparison *x = a, *y = b;
    return x->verdict != y->verdict ? (x->verdict > y->verdict) - (x->verdict < y->verdict)
                                    : strcmp(x->series_id, y->series_id);
}

void assay_comparison_list_settle(struct assay_comparison_list *list)
{
    memset(list->verdicts, 0, sizeof(list->verdicts));
    for (size_t i = 0; i < list->count; i++)
        list->verdicts[list->items[i].verdict]++;
    qsort(list->items, list->count, sizeof(*list->items), by_verdict);
}

static struct assay_compare_options the_same(void *context, const char *series_id)
{
    (void)series_id;
    return *(const struct assay_compare_options *)context;
}

bool assay_compare(const struct assay_record_list *base, const struct assay_record_list *now,
                   struct assay_compare_options options, struct assay_comparison_list *result)
{
    return assay_compare_by(base, now, the_same, &options, result);
}

bool assay_compare_by(const struct assay_record_list *base, const struct assay_record_list *now,
                      assay_compare_options_fn *options, void *context, struct assay_comparison_list *result)
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
    ok = ok && judge_all(result, options, context);
    free(b);
    free(n);
    if (!ok) {
        assay_comparison_list_free(result);
        return false;
    }
    assay_comparison_list_settle(result);
    return true;
}

void assay_comparison_list_free(struct assay_comparison_list *list)
{
    free(list->items);
    *list = (struct assay_comparison_list){0};
}
