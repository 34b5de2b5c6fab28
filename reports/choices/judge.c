#include "reports/choices/choices.h"

#include "reports/record/index.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Worse choices than this are told. */
#define TOLERANCE 1.05

static bool answered(const struct assay_record *r)
{
    return r->kernel && !r->network && strcmp(r->outcome, "pass") == 0 && r->value > 0;
}

static bool same_layer(const struct assay_record *a, const struct assay_record *b)
{
    return strcmp(a->case_name, b->case_name) == 0 && strcmp(a->target, b->target) == 0 && strcmp(a->op, b->op) == 0 &&
           strcmp(a->mode, b->mode) == 0 && strcmp(a->structure, b->structure) == 0 &&
           fabs(a->sparsity - b->sparsity) < 1e-6;
}

static double cost_of(const struct assay_record *r)
{
    const json_t *cost = json_object_get(json_object_get(r->json, "code"), "cost");
    return json_is_number(cost) ? json_number_value(cost) : NAN;
}

/* The chosen kernel was measured twice, as the best and by its name: the lesser counts. */
static struct assay_choice_case case_of(const struct assay_choices *c, const struct assay_record *best)
{
    struct assay_choice_case made = {.chosen = best, .fastest = best};
    for (size_t i = 0; i < c->series_count; i++) {
        const struct assay_record *r = c->newest[i];
        if (strcmp(r->role, "named") != 0 || !answered(r) || !same_layer(best, r))
            continue;
        made.rivals++;
        if (strcmp(r->kernel, best->kernel) == 0 && r->value < made.chosen->value)
            made.chosen = r;
        if (r->value < made.fastest->value)
            made.fastest = r;
    }
    if (made.chosen->value <= made.fastest->value)
        made.fastest = made.chosen;
    made.regret = made.chosen->value / made.fastest->value;
    made.chosen_cost = cost_of(made.chosen);
    made.fastest_cost = cost_of(made.fastest);
    return made;
}

static struct assay_choice_group *group_of(struct assay_choices *c, const struct assay_record *r)
{
    for (size_t i = 0; i < c->group_count; i++) {
        struct assay_choice_group *g = &c->groups[i];
        if (strcmp(g->target, r->target) == 0 && strcmp(g->op, r->op) == 0 && strcmp(g->mode, r->mode) == 0)
            return g;
    }
    c->groups[c->group_count] = (struct assay_choice_group){.target = r->target, .op = r->op, .mode = r->mode};
    return &c->groups[c->group_count++];
}

static void judge_groups(struct assay_choices *c)
{
    double all = 0;
    for (size_t i = 0; i < c->case_count; i++) {
        const struct assay_choice_case *one = &c->cases[i];
        struct assay_choice_group *g = group_of(c, one->chosen);
        g->count++;
        g->right += one->regret <= TOLERANCE;
        g->mean += log(one->regret);
        all += log(one->regret);
        if (!g->worst || one->regret > g->worst->regret)
            g->worst = one;
    }
    for (size_t i = 0; i < c->group_count; i++)
        c->groups[i].mean = exp(c->groups[i].mean / (double)c->groups[i].count);
    c->mean = c->case_count > 0 ? exp(all / (double)c->case_count) : NAN;
}

/* The worst first. */
static int by_regret(const void *left, const void *right)
{
    const struct assay_choice_case *a = left, *b = right;
    return (a->regret < b->regret) - (a->regret > b->regret);
}

bool assay_choices_judge(const struct assay_record_list *records, struct assay_choices *c)
{
    *c = (struct assay_choices){0};
    c->newest = assay_record_index(records, &c->series_count);
    c->cases = calloc(c->series_count + 1, sizeof(*c->cases));
    c->groups = calloc(c->series_count + 1, sizeof(*c->groups));
    if (!c->newest || !c->cases || !c->groups) {
        assay_choices_free(c);
        return false;
    }
    for (size_t i = 0; i < c->series_count; i++) {
        if (strcmp(c->newest[i]->role, "best") != 0 || !answered(c->newest[i]))
            continue;
        const struct assay_choice_case one = case_of(c, c->newest[i]);
        if (one.rivals > 1)
            c->cases[c->case_count++] = one;
    }
    qsort(c->cases, c->case_count, sizeof(*c->cases), by_regret);
    judge_groups(c);
    return true;
}

void assay_choices_free(struct assay_choices *c)
{
    free(c->cases);
    free(c->groups);
    free(c->newest);
    *c = (struct assay_choices){0};
}
