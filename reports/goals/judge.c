#include "reports/goals/goal.h"
#include "reports/record/index.h"

#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool has_word(const struct assay_words *words, const char *word)
{
    for (size_t i = 0; i < words->count; i++)
        if (strcmp(words->items[i], word) == 0)
            return true;
    return words->count == 0;
}

static bool has_glob(const struct assay_words *globs, const char *text)
{
    for (size_t i = 0; i < globs->count; i++)
        if (fnmatch(globs->items[i], text, 0) == 0)
            return true;
    return false;
}

/* Shares of zeros are asked for in hundredths. */
static bool same_sparsity(double a, double b)
{
    return fabs(a - b) < 1e-6;
}

enum { ASSAY_PAIR_NAME = 256 };

/* The name of the case that a pair tells `name` against. False: it is not the pair's. */
static bool other_of_pair(const struct assay_pair *pair, const char *name, char other[ASSAY_PAIR_NAME])
{
    const char *star = strchr(pair->cases, '*'), *place = strchr(pair->other, '*');
    const size_t before = star ? (size_t)(star - pair->cases) : strlen(pair->cases);
    const size_t after = star ? strlen(star + 1) : 0, all = strlen(name);
    if (all < before + after || (!star && all > before) || strncmp(name, pair->cases, before) != 0 ||
        strcmp(name + all - after, star ? star + 1 : "") != 0)
        return false;
    if (place)
        snprintf(other, ASSAY_PAIR_NAME, "%.*s%.*s%s", (int)(place - pair->other), pair->other,
                 (int)(all - before - after), name + before, place + 1);
    else
        snprintf(other, ASSAY_PAIR_NAME, "%s", pair->other);
    return true;
}

static bool other_case(const struct assay_goal *goal, const char *name, char other[ASSAY_PAIR_NAME])
{
    for (size_t i = 0; i < goal->pair_count; i++)
        if (other_of_pair(&goal->pairs[i], name, other))
            return true;
    return false;
}

static bool picks(const struct assay_goal *goal, const struct assay_record *r)
{
    char other[ASSAY_PAIR_NAME];
    /* Of networks the whole alone, and only where it is asked for. */
    if (r->network && (r->layer >= 0 || goal->ops.count == 0))
        return false;
    if (strcmp(r->role, "best") != 0 || !has_word(&goal->ops, r->op) || !has_word(&goal->modes, r->mode) ||
        !has_word(&goal->structures, r->structure) ||
        (goal->cases.count > 0 && !has_glob(&goal->cases, r->case_name)) || has_glob(&goal->except, r->case_name))
        return false;
    if (goal->against == ASSAY_AGAINST_CASE && !other_case(goal, r->case_name, other))
        return false;
    for (size_t i = 0; i < goal->sparsity_count; i++)
        if (same_sparsity(goal->sparsities[i], r->sparsity))
            return true;
    return goal->sparsity_count == 0;
}

static bool answered(const struct assay_record *r)
{
    return (r->kernel || r->network) && strcmp(r->outcome, "pass") == 0 && r->value > 0;
}

/* Of the same case, target and layer. */
static bool same_case(const struct assay_record *a, const struct assay_record *b)
{
    return strcmp(a->case_name, b->case_name) == 0 && strcmp(a->target, b->target) == 0 && !a->network == !b->network &&
           a->layer == b->layer;
}

static bool is_peer_of(const struct assay_goal *goal, const struct assay_record *ours, const struct assay_record *r)
{
    return strcmp(r->role, "peer") == 0 && same_case(ours, r) && strcmp(r->op, ours->op) == 0 &&
           strcmp(r->mode, goal->of_mode ? goal->of_mode : ours->mode) == 0 &&
           strcmp(r->structure, ours->structure) == 0 && same_sparsity(r->sparsity, ours->sparsity) &&
           has_word(&goal->origins, r->origin ? r->origin : "") && (r->kernel || r->network) && r->value > 0;
}

static bool is_dense_of(const struct assay_goal *goal, const struct assay_record *ours, const struct assay_record *r)
{
    return strcmp(r->role, "best") == 0 && same_case(ours, r) && strcmp(r->structure, "dense") == 0 &&
           strcmp(r->mode, goal->of_mode ? goal->of_mode : ours->mode) == 0 && answered(r);
}

static bool is_pair_of(const struct assay_goal *goal, const struct assay_record *ours, const struct assay_record *r)
{
    char other[ASSAY_PAIR_NAME];
    return strcmp(r->role, "best") == 0 && other_case(goal, ours->case_name, other) &&
           strcmp(r->case_name, other) == 0 && strcmp(r->target, ours->target) == 0 &&
           strcmp(r->mode, ours->mode) == 0 && strcmp(r->structure, ours->structure) == 0 &&
           same_sparsity(r->sparsity, ours->sparsity) && !r->network == !ours->network && r->layer == ours->layer &&
           answered(r);
}

static double number_at(const struct assay_record *r, const char *object, const char *member)
{
    const json_t *value = json_object_get(json_object_get(r->json, object), member);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

double assay_goal_bound(const struct assay_record *r)
{
    return r->bound_share;
}

/* 1e9 operations per second of the dense layer. */
static double rate_of(const struct assay_record *r)
{
    const double macs = number_at(r, "performance", "macs");
    return macs > 0 && !r->emulated ? 2.0 * macs / r->value : NAN;
}

/* Our rate as a share of the peak here, against a share of the peak there. */
static double versus_published(const struct assay_goal *goal, const struct assay_record *r)
{
    const double peak = number_at(r, "bound", "macs_per_ns");
    for (size_t i = 0; i < goal->published_count; i++) {
        const struct assay_published *p = &goal->published[i];
        if (same_sparsity(p->sparsity, r->sparsity) && fnmatch(p->cases, r->case_name, 0) == 0)
            return rate_of(r) / (2.0 * peak) / p->share;
    }
    return NAN;
}

static bool is_other(const struct assay_goal *goal, const struct assay_record *ours, const struct assay_record *r)
{
    switch (goal->against) {
    case ASSAY_AGAINST_PEERS:
        return is_peer_of(goal, ours, r);
    case ASSAY_AGAINST_DENSE:
        return is_dense_of(goal, ours, r);
    case ASSAY_AGAINST_CASE:
        return is_pair_of(goal, ours, r);
    default:
        return false;
    }
}

/* What `ours` is told against; an item with a ratio of NaN if there is nothing. */
static struct assay_goal_item item_of(const struct assay_goal_verdicts *v, const struct assay_goal *goal,
                                      const struct assay_record *ours)
{
    struct assay_goal_item item = {.ours = ours, .ratio = NAN};
    for (size_t i = 0; goal->against <= ASSAY_AGAINST_CASE && i < v->series_count; i++) {
        const struct assay_record *r = v->newest[i];
        if (is_other(goal, ours, r) && (!item.other || r->value < item.other->value))
            item.other = r;
    }
    if (item.other)
        item.ratio = item.other->value / ours->value;
    else if (goal->against == ASSAY_AGAINST_BOUND)
        item.ratio = assay_goal_bound(ours);
    else if (goal->against == ASSAY_AGAINST_STREAM)
        item.ratio = number_at(ours, "bound", "stream_ns") / ours->value;
    else if (goal->against == ASSAY_AGAINST_PUBLISHED)
        item.ratio = versus_published(goal, ours);
    /* A kernel of ours that gave no or a wrong answer is told as the slowest there can be. */
    if (!answered(ours))
        item.ratio = item.other || goal->against != ASSAY_AGAINST_PEERS ? 0 : NAN;
    return item;
}

struct mean {
    double logarithms;
    size_t count;
};

static void mean_add(struct mean *m, double value)
{
    if (isnan(value))
        return;
    m->logarithms += log(value);
    m->count++;
}

static double mean_of(const struct mean *m)
{
    return m->count > 0 ? exp(m->logarithms / (double)m->count) : NAN;
}

/* Included cases are named SUITE.CASE. */
static size_t suite_length(const char *name)
{
    const char *dot = strchr(name, '.');
    return dot ? (size_t)(dot - name) : 0;
}

static bool same_suite(const char *a, const char *b)
{
    const size_t length = suite_length(a);
    return length == suite_length(b) && strncmp(a, b, length) == 0;
}

static void judge_suites(struct assay_goal_verdict *verdict)
{
    verdict->weakest = NAN;
    for (size_t i = 0; i < verdict->count; i++) {
        const char *name = verdict->items[i].ours->case_name;
        struct mean mean = {0};
        for (size_t j = 0; j < verdict->count; j++)
            if (same_suite(name, verdict->items[j].ours->case_name))
                mean_add(&mean, verdict->items[j].ratio);
        if (!(mean_of(&mean) >= verdict->weakest)) {
            verdict->weakest = mean_of(&mean);
            verdict->weakest_suite = name;
            verdict->weakest_length = suite_length(name);
            if (verdict->weakest_length == 0) { /* the measured suite's own cases */
                const json_t *identity = json_object_get(verdict->items[i].ours->json, "identity");
                verdict->weakest_suite = json_string_value(json_object_get(identity, "suite"));
                verdict->weakest_length = strlen(verdict->weakest_suite);
            }
        }
    }
}

/* One series of sparsities: of a case, or of all cases together. */
static bool same_curve(const struct assay_record *a, const struct assay_record *b, bool cases_too)
{
    return strcmp(a->mode, b->mode) == 0 && strcmp(a->structure, b->structure) == 0 &&
           (!cases_too || strcmp(a->case_name, b->case_name) == 0);
}

/* The mean ratio of the curve of `key` at a sparsity. */
static double curve_at(const struct assay_goal_verdict *v, const struct assay_record *key, bool cases_too,
                       double sparsity)
{
    struct mean mean = {0};
    for (size_t i = 0; i < v->count; i++)
        if (same_curve(v->items[i].ours, key, cases_too) && same_sparsity(v->items[i].ours->sparsity, sparsity))
            mean_add(&mean, v->items[i].ratio);
    return mean_of(&mean);
}

/* The least sparsity of the curve that is larger than `above`; infinity: none. */
static double next_sparsity(const struct assay_goal_verdict *v, const struct assay_record *key, bool cases_too,
                            double above)
{
    double next = INFINITY;
    for (size_t i = 0; i < v->count; i++) {
        const double s = v->items[i].ours->sparsity;
        if (same_curve(v->items[i].ours, key, cases_too) && s > above + 1e-6 && s < next)
            next = s;
    }
    return next;
}

/* Where the curve goes through 1 for good: between two sparsities that were measured, the logarithm of the ratio is
 * taken for a line. The first sparsity if it is never below 1. */
static double breakeven_of(const struct assay_goal_verdict *v, const struct assay_record *key, bool cases_too)
{
    double even = INFINITY, last = NAN, last_ratio = NAN;
    for (double s = next_sparsity(v, key, cases_too, -1); isfinite(s); s = next_sparsity(v, key, cases_too, s)) {
        const double ratio = curve_at(v, key, cases_too, s);
        if (!(ratio >= 1))
            even = INFINITY;
        else if (isinf(even))
            even = last_ratio > 0 ? last + (s - last) * -log(last_ratio) / (log(ratio) - log(last_ratio)) : s;
        last = s;
        last_ratio = ratio;
    }
    return even;
}

static void judge_breakeven(struct assay_goal_verdict *v)
{
    v->breakeven = v->worst_breakeven = v->count > 0 ? 0 : NAN;
    for (size_t i = 0; i < v->count; i++) {
        const double mean = breakeven_of(v, v->items[i].ours, false), own = breakeven_of(v, v->items[i].ours, true);
        if (mean > v->breakeven)
            v->breakeven = mean;
        if (own > v->worst_breakeven) {
            v->worst_breakeven = own;
            v->worst = &v->items[i];
        }
    }
}

bool assay_goal_item_short(const struct assay_goal *goal, const struct assay_goal_item *item)
{
    return item->ratio == 0 || item->ratio < goal->least;
}

static enum assay_goal_outcome outcome_of(const struct assay_goal_verdict *v)
{
    const struct assay_goal *goal = v->goal;
    if (v->count == 0)
        return ASSAY_GOAL_OPEN;
    for (size_t i = 0; i < v->count; i++)
        if (assay_goal_item_short(goal, &v->items[i]))
            return ASSAY_GOAL_MISSED;
    return v->weakest < goal->mean || v->breakeven > goal->breakeven ? ASSAY_GOAL_MISSED : ASSAY_GOAL_MET;
}

const struct assay_record *assay_goal_peer(const struct assay_goal_verdicts *verdicts, const struct assay_goal *goal,
                                           const struct assay_record *ours, const char *origin)
{
    const struct assay_goal alone = {.against = ASSAY_AGAINST_PEERS, .of_mode = goal->of_mode, .origins = {&origin, 1}};
    return item_of(verdicts, &alone, ours).other;
}

/* The geometric mean of one peer's time / ours. */
static double versus_peer(const struct assay_goal_verdicts *all, const struct assay_goal_verdict *v, const char *origin)
{
    struct mean mean = {0};
    for (size_t i = 0; i < v->count; i++) {
        const struct assay_record *peer = assay_goal_peer(all, v->goal, v->items[i].ours, origin);
        mean_add(&mean, peer && v->items[i].ratio > 0 ? peer->value / v->items[i].ours->value : NAN);
    }
    return mean_of(&mean);
}

/* The worst first. */
static int by_ratio(const void *left, const void *right)
{
    const struct assay_goal_item *a = left, *b = right;
    return (a->ratio > b->ratio) - (a->ratio < b->ratio);
}

static bool judge(const struct assay_goal_verdicts *all, const char *target, struct assay_goal_verdict *v)
{
    struct mean rate = {0}, bound = {0}, ratio = {0};
    v->target = target;
    v->items = calloc(all->series_count + 1, sizeof(*v->items));
    if (!v->items)
        return false;
    for (size_t i = 0; i < all->series_count; i++) {
        const struct assay_record *r = all->newest[i];
        if (strcmp(r->target, target) != 0)
            continue;
        v->any = r;
        if (!picks(v->goal, r))
            continue;
        const struct assay_goal_item item = item_of(all, v->goal, r);
        if (isnan(item.ratio)) {
            v->alone++;
            continue;
        }
        v->items[v->count++] = item;
        mean_add(&ratio, item.ratio);
        mean_add(&rate, rate_of(r));
        mean_add(&bound, assay_goal_bound(r));
    }
    qsort(v->items, v->count, sizeof(*v->items), by_ratio);
    v->worst = v->count > 0 ? &v->items[0] : NULL;
    v->mean = mean_of(&ratio);
    v->rate = mean_of(&rate);
    v->bound = mean_of(&bound);
    v->breakeven = v->worst_breakeven = NAN;
    judge_suites(v);
    if (!isnan(v->goal->breakeven))
        judge_breakeven(v);
    for (size_t p = 0; p < ASSAY_GOAL_PEERS; p++)
        v->versus[p] =
            p < all->peer_count && v->goal->against == ASSAY_AGAINST_PEERS ? versus_peer(all, v, all->peers[p]) : NAN;
    v->outcome = outcome_of(v);
    return true;
}

/* Adds `name` to a list of different ones, as long as there is room. */
static void add_name(const char **names, size_t *count, size_t most, const char *name)
{
    for (size_t i = 0; i < *count; i++)
        if (strcmp(names[i], name) == 0)
            return;
    if (*count < most)
        names[(*count)++] = name;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool assay_goals_judge(const struct assay_goal_list *goals, const struct assay_record_list *records,
                       struct assay_goal_verdicts *verdicts)
{
    enum { MOST_TARGETS = 64 };
    const char *targets[MOST_TARGETS];
    size_t target_count = 0;
    *verdicts = (struct assay_goal_verdicts){0};
    verdicts->newest = assay_record_index(records, &verdicts->series_count);
    for (size_t i = 0; i < records->count; i++) {
        add_name(targets, &target_count, MOST_TARGETS, records->items[i].target);
        const struct assay_record *r = &records->items[i];
        if (strcmp(r->role, "peer") == 0 && r->origin && (r->network ? r->layer < 0 : r->kernel != NULL))
            add_name(verdicts->peers, &verdicts->peer_count, ASSAY_GOAL_PEERS, r->origin);
    }
    qsort(verdicts->peers, verdicts->peer_count, sizeof(*verdicts->peers), by_text);
    verdicts->items = calloc(target_count * goals->count + 1, sizeof(*verdicts->items));
    bool good = verdicts->newest && verdicts->items;
    for (size_t t = 0; good && t < target_count; t++)
        for (size_t g = 0; good && g < goals->count; g++) {
            verdicts->items[verdicts->count].goal = &goals->items[g];
            good = judge(verdicts, targets[t], &verdicts->items[verdicts->count++]);
        }
    if (!good)
        assay_goals_free(verdicts);
    return good;
}

void assay_goals_free(struct assay_goal_verdicts *verdicts)
{
    for (size_t i = 0; i < verdicts->count; i++)
        free(verdicts->items[i].items);
    free(verdicts->items);
    free(verdicts->newest);
    *verdicts = (struct assay_goal_verdicts){0};
}

size_t assay_goals_missed(const struct assay_goal_verdicts *verdicts)
{
    size_t missed = 0;
    for (size_t i = 0; i < verdicts->count; i++)
        missed += verdicts->items[i].outcome == ASSAY_GOAL_MISSED;
    return missed;
}
