#include "reports/gate/gate.h"

#include "reports/gate/stages.h"
#include "reports/stats/judge.h"

#include <fnmatch.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct assay_compare_options options_of(void *context, const char *series_id)
{
    const struct assay_gate *gate = context;
    const struct assay_gate_effects effects = assay_gate_effects_of(gate->policy, series_id);
    return (struct assay_compare_options){
        .time_effect = effects.time,
        .count_effect = effects.count,
        .error_effect = effects.accuracy,
        .task_effect = effects.task,
        .time_alpha = gate->policy->alpha,
        .task_alpha = gate->policy->alpha,
        .baseline = gate->baseline,
    };
}

/* The records that the policy looks at: a list that owns none of them, and where each is in `all`. */
struct looked_at {
    struct assay_record_list list;
    const struct assay_record **place;
};

static bool looked_at(const struct assay_gate_policy *policy, const struct assay_record_list *all,
                      struct looked_at *some)
{
    some->list.items = malloc((all->count + 1) * sizeof(*some->list.items));
    some->place = malloc((all->count + 1) * sizeof(*some->place));
    const bool ok = some->list.items && some->place;
    for (size_t i = 0; ok && i < all->count; i++) {
        if (assay_gate_ignores(policy, all->items[i].series_id))
            continue;
        some->place[some->list.count] = &all->items[i];
        some->list.items[some->list.count++] = all->items[i];
    }
    return ok;
}

static void looked_at_free(struct looked_at *some)
{
    free(some->list.items);
    free(some->place);
}

/* Comparisons outlive the lists of what was looked at: they point into the caller's. */
static void point_into(const struct looked_at *before, const struct looked_at *after,
                       struct assay_comparison_list *result)
{
    for (size_t i = 0; i < result->count; i++) {
        struct assay_comparison *c = &result->items[i];
        c->base = c->base ? before->place[c->base - before->list.items] : NULL;
        c->now = c->now ? after->place[c->now - after->list.items] : NULL;
    }
}

static bool judge_times(const struct assay_gate *gate, struct assay_comparison_list *list)
{
    struct assay_comparison **candidates = calloc(list->count + 1, sizeof(struct assay_comparison *));
    size_t count = 0;
    for (size_t i = 0; candidates && i < list->count; i++) {
        struct assay_comparison *c = &list->items[i];
        const struct assay_gate_effects effects = assay_gate_effects_of(gate->policy, c->series_id);
        /* Of the same machine code there is no p: nothing was tested. */
        if (c->aspect == ASSAY_ASPECT_TIME && !isnan(c->p) && assay_gate_looks_changed(c, &effects))
            candidates[count++] = c;
    }
    const bool good = candidates && assay_gate_confirm(gate, candidates, count);
    free(candidates);
    return good;
}

/* What must be there and is gone is no small matter. */
static void demand(const struct assay_gate_policy *policy, struct assay_comparison_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct assay_comparison *c = &list->items[i];
        const struct assay_gate_rule *rule = assay_gate_requires(policy, c->series_id);
        if (c->verdict != ASSAY_GONE || !rule)
            continue;
        c->verdict = ASSAY_ERROR;
        ASSAY_REASON(c, "gone, and line %zu of the policy requires %.80s", rule->line, rule->series);
    }
}

/* A rule that requires what neither run has: its glob stands for the series. */
static bool demand_missing(const struct assay_gate_policy *policy, struct assay_comparison_list *list)
{
    for (size_t r = 0; r < policy->count; r++) {
        const struct assay_gate_rule *rule = &policy->rules[r];
        bool found = !rule->required;
        for (size_t i = 0; i < list->count && !found; i++)
            found = fnmatch(rule->series, list->items[i].series_id, 0) == 0;
        if (found)
            continue;
        struct assay_comparison *grown = realloc(list->items, (list->count + 1) * sizeof(*grown));
        if (!grown)
            return false;
        list->items = grown;
        struct assay_comparison *c = &grown[list->count++];
        *c = (struct assay_comparison){
            .series_id = rule->series,
            .verdict = ASSAY_ERROR,
            .aspect = ASSAY_ASPECT_PRESENCE,
            .p = NAN,
            .ratio = {NAN, NAN, NAN},
        };
        ASSAY_REASON(c, "no series matches, and line %zu of the policy requires one", rule->line);
    }
    return true;
}

bool assay_gate_judge(const struct assay_gate *gate, const struct assay_record_list *base,
                      const struct assay_record_list *now, struct assay_comparison_list *result)
{
    struct looked_at before = {0}, after = {0};
    struct assay_gate copy = *gate;
    *result = (struct assay_comparison_list){0};
    bool good = looked_at(gate->policy, base, &before) && looked_at(gate->policy, now, &after) &&
                assay_compare_by(&before.list, &after.list, options_of, &copy, result) &&
                (!gate->remeasure || judge_times(gate, result));
    if (good) {
        point_into(&before, &after, result);
        demand(gate->policy, result);
        good = demand_missing(gate->policy, result);
        assay_comparison_list_settle(result);
    }
    looked_at_free(&before);
    looked_at_free(&after);
    if (!good)
        assay_comparison_list_free(result);
    return good;
}

static int by_series(const void *a, const void *b)
{
    const struct assay_comparison *x = a, *y = b;
    const int order = strcmp(x->series_id, y->series_id);
    return order ? order : (x->verdict > y->verdict) - (x->verdict < y->verdict);
}

bool assay_gate_merge(struct assay_comparison_list *result, struct assay_comparison_list *more)
{
    struct assay_comparison *grown = realloc(result->items, (result->count + more->count + 1) * sizeof(*grown));
    if (!grown)
        return false;
    if (more->count > 0)
        memcpy(grown + result->count, more->items, more->count * sizeof(*grown));
    const size_t all = result->count + more->count;
    qsort(grown, all, sizeof(*grown), by_series);
    size_t kept = 0;
    for (size_t i = 0; i < all; i++)
        if (kept == 0 || strcmp(grown[kept - 1].series_id, grown[i].series_id) != 0)
            grown[kept++] = grown[i];
    result->items = grown;
    result->count = kept;
    assay_comparison_list_settle(result);
    assay_comparison_list_free(more);
    return true;
}

bool assay_gate_fails(const struct assay_comparison_list *result)
{
    return result->verdicts[ASSAY_REGRESSED] + result->verdicts[ASSAY_ERROR] > 0;
}
