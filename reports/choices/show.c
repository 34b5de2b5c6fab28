#include "reports/choices/choices.h"

#include "reports/render/text_table.h"

#include <math.h>
#include <string.h>

#define TOLERANCE 1.05

typedef bool print_table(const struct text_table *table, const char *right, FILE *out);

static void add_heading(struct text_table *table, const char *const *names)
{
    for (size_t i = 0; i < table->columns; i++)
        text_table_add(table, "%s", names[i]);
}

static bool groups(const struct assay_choices *c, print_table *print, FILE *out)
{
    static const char *const heading[] = {"target",     "op",          "mode",  "cases",
                                          "within 5 %", "mean regret", "worst", "case"};
    struct text_table table = {.columns = sizeof(heading) / sizeof(heading[0])};
    add_heading(&table, heading);
    for (size_t i = 0; i < c->group_count; i++) {
        const struct assay_choice_group *g = &c->groups[i];
        text_table_add(&table, "%s", g->target);
        text_table_add(&table, "%s", g->op);
        text_table_add(&table, "%s", g->mode);
        text_table_add(&table, "%zu", g->count);
        text_table_add(&table, "%zu", g->right);
        text_table_add(&table, "%.3f", g->mean);
        text_table_add(&table, "%.2f", g->worst->regret);
        text_table_add(&table, "%s", g->worst->chosen->case_name);
    }
    const bool good = print(&table, "<<<>>>><", out);
    text_table_free(&table);
    return good;
}

static void add_cost(struct text_table *table, double cost)
{
    if (isnan(cost))
        text_table_add(table, "–");
    else
        text_table_add(table, "%.0f", cost);
}

static bool cases(const struct assay_choices *c, bool all, print_table *print, FILE *out)
{
    static const char *const heading[] = {"case", "mode", "chosen", "ns", "cost", "fastest instead",
                                          "ns",   "cost", "regret"};
    struct text_table table = {.columns = sizeof(heading) / sizeof(heading[0])};
    size_t shown = 0;
    add_heading(&table, heading);
    for (size_t i = 0; i < c->case_count; i++) {
        const struct assay_choice_case *one = &c->cases[i];
        const struct assay_record *r = one->chosen;
        if (!all && one->regret <= TOLERANCE)
            continue;
        shown++;
        text_table_add(&table, "%s", r->case_name);
        if (strcmp(r->structure, "dense") == 0)
            text_table_add(&table, "%s", r->mode);
        else
            text_table_add(&table, "%s %s %.0f%%", r->mode, r->structure, 100 * r->sparsity);
        text_table_add(&table, "%s", r->kernel);
        text_table_add(&table, "%.0f", r->value);
        add_cost(&table, one->chosen_cost);
        text_table_add(&table, "%s", one->fastest == r ? "–" : one->fastest->kernel);
        text_table_add(&table, "%.0f", one->fastest->value);
        add_cost(&table, one->fastest_cost);
        text_table_add(&table, "%.2f", one->regret);
    }
    bool good = true;
    if (shown > 0) {
        fputs(all ? "\nEvery case, the worst first\n\n" : "\nCases in which another kernel is more than 5 % faster\n\n",
              out);
        good = print(&table, "<<<>><>>>", out);
    }
    text_table_free(&table);
    return good;
}

static bool show(const struct assay_choices *c, bool all, print_table *print, FILE *out)
{
    if (c->case_count == 0) {
        fputs("No case was measured by more than one kernel: assay run SUITE --kernels best,every\n", out);
        return !ferror(out);
    }
    fprintf(out, "The choice among our kernels: %zu cases, geometric mean of chosen / fastest %.3f, worst %.2f\n\n",
            c->case_count, c->mean, c->cases[0].regret);
    return groups(c, print, out) && cases(c, all, print, out) && !ferror(out);
}

bool assay_choices_table(const struct assay_choices *c, bool all, FILE *out)
{
    return show(c, all, text_table_print, out);
}

bool assay_choices_markdown(const struct assay_choices *c, bool all, FILE *out)
{
    return show(c, all, text_table_markdown, out);
}

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

bool assay_choices_json(const struct assay_choices *c, FILE *out)
{
    json_t *list = json_array();
    for (size_t i = 0; i < c->case_count; i++) {
        const struct assay_choice_case *one = &c->cases[i];
        const struct assay_record *r = one->chosen;
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:s, s:f, s:s, s:f, s:o, s:s, s:f, s:o, s:f}",
                                              "target", r->target, "case", r->case_name, "op", r->op, "mode", r->mode,
                                              "structure", r->structure, "sparsity", r->sparsity, "chosen", r->kernel,
                                              "value", r->value, "cost", number(one->chosen_cost), "fastest",
                                              one->fastest->kernel, "fastest_value", one->fastest->value,
                                              "fastest_cost", number(one->fastest_cost), "regret", one->regret));
    }
    json_t *document = json_pack("{s:i, s:o, s:o}", "schema_version", ASSAY_RECORD_SCHEMA, "mean_regret",
                                 number(c->mean), "cases", list);
    const bool good = document && json_dumpf(document, out, JSON_INDENT(1) | JSON_REAL_PRECISION(9)) == 0;
    fputc('\n', out);
    json_decref(document);
    return good && !ferror(out);
}
