/* Verdicts on goals for people and programs. */
#include "reports/goals/goal.h"
#include "reports/render/text_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const outcome_names[] = {"yes", "NO", "not measured"};

/* Writes a table as the reader wants it. */
typedef bool print_table(const struct text_table *table, const char *right, FILE *out);

static void add_number(struct text_table *table, const char *format, double value)
{
    char text[32];
    /* NOLINTNEXTLINE(clang-diagnostic-format-nonliteral): the callers' formats are below, each of one double */
    snprintf(text, sizeof(text), format, value);
    text_table_add(table, "%s", isnan(value) ? "–" : text);
}

static void add_percent(struct text_table *table, double share)
{
    add_number(table, "%.0f %%", 100 * share);
}

/* What is asked: "mean >= 1.00, each >= 0.90". */
static void add_asked(struct text_table *table, const struct assay_goal *goal)
{
    char text[96];
    size_t length = 0;
    text[0] = '\0';
    if (!isnan(goal->mean))
        length += (size_t)snprintf(text + length, sizeof(text) - length, "mean >= %.2f", goal->mean);
    if (!isnan(goal->least))
        length += (size_t)snprintf(text + length, sizeof(text) - length, "%seach >= %.2f", length > 0 ? ", " : "",
                                   goal->least);
    if (!isnan(goal->breakeven))
        snprintf(text + length, sizeof(text) - length, "%seven at <= %.0f %%", length > 0 ? ", " : "",
                 100 * goal->breakeven);
    text_table_add(table, "%s", text);
}

static void add_even(struct text_table *table, double share, const char *where)
{
    if (isinf(share))
        text_table_add(table, "never even%s%s", *where ? " " : "", where);
    else
        text_table_add(table, "even at %.0f %%%s%s", 100 * share, *where ? " " : "", where);
}

static void add_label(struct text_table *table, const struct assay_record *r)
{
    if (strcmp(r->structure, "dense") == 0)
        text_table_add(table, "%s", r->mode);
    else
        text_table_add(table, "%s %s %.0f%%", r->mode, r->structure, 100 * r->sparsity);
}

/* The mean, the weakest suite and the worst case; of a goal of break-even the sparsities. */
static void add_ratios(struct text_table *table, const struct assay_goal_verdict *v)
{
    const char *worst = v->worst ? v->worst->ours->case_name : "";
    if (v->count == 0) {
        for (int i = 0; i < 3; i++)
            text_table_add(table, "–");
    } else if (!isnan(v->goal->breakeven)) {
        add_even(table, v->breakeven, "");
        text_table_add(table, "–");
        add_even(table, v->worst_breakeven, worst);
    } else {
        add_number(table, "%.2f", v->mean);
        if (v->weakest_length > 0)
            text_table_add(table, "%.2f %.*s", v->weakest, (int)v->weakest_length, v->weakest_suite);
        else
            add_number(table, "%.2f", v->weakest);
        text_table_add(table, "%.2f %s %s", v->worst->ratio, worst, v->worst->ours->mode);
    }
}

static bool summary(const struct assay_goal_verdicts *verdicts, size_t first, size_t end, print_table *print, FILE *out)
{
    enum { FIXED = 9 };
    struct text_table table = {.columns = FIXED + verdicts->peer_count};
    char right[FIXED + ASSAY_GOAL_PEERS + 1] = "<>>";
    text_table_add(&table, "goal");
    text_table_add(&table, "cases");
    text_table_add(&table, "Gop/s");
    for (size_t p = 0; p < verdicts->peer_count; p++) {
        text_table_add(&table, "vs %s", verdicts->peers[p]);
        strcat(right, ">");
    }
    strcat(right, "><<><<");
    static const char *const rest[] = {"mean", "weakest suite", "worst case", "of bound", "asked", "met"};
    for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]); i++)
        text_table_add(&table, "%s", rest[i]);
    for (size_t i = first; i < end; i++) {
        const struct assay_goal_verdict *v = &verdicts->items[i];
        text_table_add(&table, "%s", v->goal->name);
        text_table_add(&table, "%zu", v->count);
        add_number(&table, v->rate < 10 ? "%.1f" : "%.0f", v->rate);
        for (size_t p = 0; p < verdicts->peer_count; p++)
            add_number(&table, "%.2f", v->versus[p]);
        add_ratios(&table, v);
        add_percent(&table, v->bound);
        add_asked(&table, v->goal);
        text_table_add(&table, "%s", outcome_names[v->outcome]);
    }
    const bool good = print(&table, right, out);
    text_table_free(&table);
    return good;
}

/* The cases of a goal, or those of them that fall short. */
static bool cases(const struct assay_goal_verdicts *verdicts, const struct assay_goal_verdict *v, bool all,
                  print_table *print, FILE *out)
{
    const bool peers = v->goal->against == ASSAY_AGAINST_PEERS;
    enum { FIXED = 6, MOST_SHORT = 15 };
    struct text_table table = {.columns = FIXED + (peers ? verdicts->peer_count : 1)};
    char right[FIXED + ASSAY_GOAL_PEERS + 1] = "<<<>";
    static const char *const heading[] = {"case", "mode", "kernel", "ours ns"};
    size_t shown = 0, few = 0;
    for (size_t i = 0; i < sizeof(heading) / sizeof(heading[0]); i++)
        text_table_add(&table, "%s", heading[i]);
    for (size_t p = 0; peers && p < verdicts->peer_count; p++) {
        text_table_add(&table, "%s ns", verdicts->peers[p]);
        strcat(right, ">");
    }
    if (!peers) {
        text_table_add(&table, "other ns");
        strcat(right, ">");
    }
    text_table_add(&table, "ratio");
    text_table_add(&table, "of bound");
    strcat(right, ">>");
    for (size_t i = 0; i < v->count; i++) {
        const struct assay_goal_item *item = &v->items[i];
        if (!all && !assay_goal_item_short(v->goal, item))
            continue;
        if (!all && ++few > MOST_SHORT)
            continue;
        shown++;
        text_table_add(&table, "%s", item->ours->case_name);
        add_label(&table, item->ours);
        text_table_add(&table, "%s", item->ours->kernel ? item->ours->kernel : "–");
        add_number(&table, "%.0f", item->ours->value);
        for (size_t p = 0; peers && p < verdicts->peer_count; p++) {
            const struct assay_record *peer = assay_goal_peer(verdicts, v->goal, item->ours, verdicts->peers[p]);
            add_number(&table, "%.0f", peer ? peer->value : NAN);
        }
        if (!peers)
            add_number(&table, "%.0f", item->other ? item->other->value : NAN);
        add_number(&table, "%.2f", item->ratio);
        add_percent(&table, assay_goal_bound(item->ours));
    }
    bool good = true;
    if (shown > 0) {
        fprintf(out, "\n%s%s: %s\n", v->goal->name, all ? "" : ", cases that fall short", v->goal->description);
        fputs(print == text_table_markdown ? "\n" : "", out);
        good = print(&table, right, out);
        if (few > shown)
            fprintf(out, "%s… and %zu more: assay report RECORDS --goals SUITE --all\n",
                    print == text_table_markdown ? "\n" : "", few - shown);
    }
    text_table_free(&table);
    return good;
}

/* ": AMD EPYC …", or nothing. */
static const char *machine_of(const struct assay_goal_verdict *first)
{
    static char text[128];
    const json_t *machine = json_object_get(first->any->json, "machine");
    const char *cpu = json_string_value(json_object_get(machine, "cpu"));
    snprintf(text, sizeof(text), "%s%s", cpu ? ": " : "", cpu ? cpu : "");
    return text;
}

static const char legend[] = "Ratios are the other's time / ours: above 1, ours is faster. vs: geometric means against "
                             "one peer alone; mean, weakest "
                             "suite, worst case: against what the goal says, of peers the fastest of each case. Gop/s: "
                             "2 x multiply-accumulates of "
                             "the dense layers. of bound: the least time that the core needs / ours.";

static bool show(const struct assay_goal_verdicts *verdicts, enum assay_goal_detail detail, print_table *print,
                 FILE *out)
{
    bool good = fprintf(out, "%s\n\n", legend) > 0;
    for (size_t first = 0, end; good && first < verdicts->count; first = end) {
        const char *target = verdicts->items[first].target;
        for (end = first; end < verdicts->count && strcmp(verdicts->items[end].target, target) == 0; end++)
            ;
        fprintf(out, "%s%s%s\n\n", first > 0 ? "\n" : "", target, machine_of(&verdicts->items[first]));
        good = summary(verdicts, first, end, print, out);
        for (size_t i = first; good && detail != ASSAY_GOAL_BRIEF && i < end; i++)
            good = cases(verdicts, &verdicts->items[i], detail == ASSAY_GOAL_ALL, print, out);
    }
    return good && !ferror(out);
}

bool assay_goals_table(const struct assay_goal_verdicts *verdicts, enum assay_goal_detail detail, FILE *out)
{
    return show(verdicts, detail, text_table_print, out);
}

bool assay_goals_markdown(const struct assay_goal_verdicts *verdicts, enum assay_goal_detail detail, FILE *out)
{
    return show(verdicts, detail, text_table_markdown, out);
}

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *item_json(const struct assay_goal_verdicts *verdicts, const struct assay_goal_verdict *v,
                         const struct assay_goal_item *item)
{
    const struct assay_record *r = item->ours;
    json_t *peers = json_object();
    for (size_t p = 0; v->goal->against == ASSAY_AGAINST_PEERS && p < verdicts->peer_count; p++) {
        const struct assay_record *peer = assay_goal_peer(verdicts, v->goal, r, verdicts->peers[p]);
        if (peer)
            json_object_set_new(peers, verdicts->peers[p], json_real(peer->value));
    }
    return json_pack("{s:s, s:s, s:s, s:f, s:s?, s:o, s:s?, s:o, s:o, s:o, s:b}", "case", r->case_name, "mode", r->mode,
                     "structure", r->structure, "sparsity", r->sparsity, "kernel", r->kernel, "value", number(r->value),
                     "against", item->other ? item->other->kernel : NULL, "peers", peers, "ratio", number(item->ratio),
                     "bound_share", number(assay_goal_bound(r)), "short", (int)assay_goal_item_short(v->goal, item));
}

static json_t *verdict_json(const struct assay_goal_verdicts *verdicts, const struct assay_goal_verdict *v)
{
    static const char *const names[] = {"met", "missed", "open"};
    json_t *items = json_array(), *versus = json_object();
    for (size_t i = 0; i < v->count; i++)
        json_array_append_new(items, item_json(verdicts, v, &v->items[i]));
    for (size_t p = 0; p < verdicts->peer_count; p++)
        if (!isnan(v->versus[p]))
            json_object_set_new(versus, verdicts->peers[p], json_real(v->versus[p]));
    json_t *asked = json_pack("{s:o, s:o, s:o}", "mean", number(v->goal->mean), "least", number(v->goal->least),
                              "breakeven", number(v->goal->breakeven));
    json_t *json =
        json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o}", "goal", v->goal->name,
                  "description", v->goal->description, "target", v->target, "outcome", names[v->outcome], "asked",
                  asked, "mean", number(v->mean), "weakest_mean", number(v->weakest), "worst",
                  number(v->worst ? v->worst->ratio : NAN), "breakeven", number(v->breakeven), "gops", number(v->rate),
                  "bound_share", number(v->bound), "versus", versus, "alone", (json_int_t)v->alone, "cases", items);
    json_object_set_new(json, "weakest_suite",
                        v->weakest_length > 0 ? json_stringn(v->weakest_suite, v->weakest_length) : json_null());
    json_object_set_new(json, "worst_case", v->worst ? json_string(v->worst->ours->case_name) : json_null());
    return json;
}

bool assay_goals_json(const struct assay_goal_verdicts *verdicts, FILE *out)
{
    json_t *goals = json_array();
    for (size_t i = 0; i < verdicts->count; i++)
        json_array_append_new(goals, verdict_json(verdicts, &verdicts->items[i]));
    json_t *document = json_pack("{s:i, s:o}", "schema_version", ASSAY_RECORD_SCHEMA, "goals", goals);
    const bool good = document && json_dumpf(document, out, JSON_INDENT(1) | JSON_REAL_PRECISION(9)) == 0;
    fputc('\n', out);
    json_decref(document);
    return good && !ferror(out);
}
