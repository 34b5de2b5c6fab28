/* How good the choice among our own kernels is: where every kernel was measured beside the one that selection took
 * (assay run --kernels best,every), the regret is the chosen one's time / the fastest one's. docs/selection.md. */
#ifndef ASSAY_REPORTS_CHOICES_CHOICES_H
#define ASSAY_REPORTS_CHOICES_CHOICES_H

#include "reports/record/record.h"

#include <stdio.h>

struct assay_choice_case {
    const struct assay_record *chosen, *fastest; /* of roles best and named; the same kernel if the choice is right */
    double regret;                               /* 1 or more */
    double chosen_cost, fastest_cost;            /* as they state them; NaN: not */
    size_t rivals;                               /* kernels that computed it */
};

/* The cases of one target, operation and mode. */
struct assay_choice_group {
    const char *target, *op, *mode;
    size_t count, right; /* right: within 5 % of the fastest */
    double mean;         /* geometric mean of the regrets */
    const struct assay_choice_case *worst;
};

struct assay_choices {
    struct assay_choice_case *cases; /* of which there was more than one kernel to choose from */
    struct assay_choice_group *groups;
    size_t case_count, group_count;
    double mean; /* of all */
    const struct assay_record **newest;
    size_t series_count;
};

/* Points into `records`. False: out of memory. */
bool assay_choices_judge(const struct assay_record_list *records, struct assay_choices *choices);
void assay_choices_free(struct assay_choices *choices);

/* As a table for a terminal, Markdown or JSON. `all`: every case, not only those that are more than 5 % off. False: out
 * of memory, or `out` failed. */
bool assay_choices_table(const struct assay_choices *choices, bool all, FILE *out);
bool assay_choices_markdown(const struct assay_choices *choices, bool all, FILE *out);
bool assay_choices_json(const struct assay_choices *choices, FILE *out);

#endif
