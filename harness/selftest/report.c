#include "harness/selftest/report.h"

#include "reports/render/text_table.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

static const double MOST_FALSE = 0.01, LEAST_POWER = 0.95, PROMISED_AT = 0.03;

static double value_of(struct assay_share s)
{
    return s.of > 0 ? (double)s.count / (double)s.of : NAN;
}

/* Instructions are found in every series; wrong numbers where the layer's numbers show them, so in one at least. Of
 * what is no fault, and in other series, nothing is. */
static bool fault_holds(const struct assay_fault_result *fault)
{
    const bool none = strcmp(fault->name, "twin") == 0 || strcmp(fault->name, "nothing") == 0;
    const size_t least = none ? 0 : isfinite(fault->effect) ? fault->planted : 1;
    return fault->others == 0 && (none ? fault->detected == 0 : fault->planted > 0 && fault->detected >= least);
}

bool assay_proof_holds(const struct assay_proof *proof)
{
    bool holds = proof->timed && value_of(proof->false_alarms.reports) <= MOST_FALSE;
    for (size_t i = 1; holds && i < ASSAY_NOISE_KERNELS; i++)
        holds = assay_noise_kernels[i].share < PROMISED_AT || value_of(proof->power.regressed[i]) >= LEAST_POWER;
    for (size_t i = 0; i < proof->faults.count; i++)
        holds = holds && fault_holds(&proof->faults.items[i]);
    return holds && proof->faults.count > 0;
}

static void print_times(const struct assay_proof *p, FILE *out)
{
    const struct assay_false_alarms *f = &p->false_alarms;
    fprintf(out, "Noise: %zu series, %zu sweeps of %zu processes.\n\n", p->series, p->sweeps, p->processes);
    fprintf(
        out,
        "False alarms: %zu of %zu nights without a change say anything (%.2f %%; with 95 %% confidence at most %.2f "
        "%%, if nights were independent).\nOf the two runs alone, without measuring again: %zu. Measured again in "
        "a night: %.0f series. Inconclusive: %.1f %% of series.\n\n",
        f->reports.count, f->reports.of, 100 * value_of(f->reports), 100 * assay_share_upper(f->reports),
        f->alone.count, f->remeasured, 100 * value_of(f->inconclusive));
    struct text_table table = {.columns = 5};
    static const char *const heads[] = {"planted", "measured", "detected", "at least (95 %)",
                                        "nights with a false one"};
    for (size_t i = 0; i < 5; i++)
        text_table_add(&table, "%s", heads[i]);
    for (size_t i = 1; i < ASSAY_NOISE_KERNELS; i++) {
        text_table_add(&table, "%s slower", assay_noise_kernels[i].name);
        text_table_add(&table, "%+.2f %%", 100 * (p->power.median[i] - 1));
        text_table_add(&table, "%zu of %zu (%.1f %%)", p->power.regressed[i].count, p->power.regressed[i].of,
                       100 * value_of(p->power.regressed[i]));
        text_table_add(&table, "%.1f %%", 100 * assay_share_lower(p->power.regressed[i]));
        text_table_add(&table, "%zu", p->power.others[i].count);
    }
    text_table_print(&table, "<>>>>", out);
    text_table_free(&table);
}

/* Precision, recall and F1 of a rival. */
static void score(const struct assay_contest *c, size_t rival, double scores[3])
{
    const double hits = (double)c->hits[rival], named = hits + (double)c->false_hits[rival];
    scores[0] = named > 0 ? hits / named : NAN;
    scores[1] = c->planted > 0 ? hits / (double)c->planted : NAN;
    scores[2] = 2 * hits / (named + (double)c->planted);
}

static void print_contest(const struct assay_contest *c, FILE *out)
{
    struct text_table table = {.columns = 6};
    static const char *const heads[] = {
        "method", "precision", "recall", "F1", "false alarms a night", "nights without one"};
    fprintf(out, "\nAgainst others, on the same %zu nights with one planted series each:\n", c->planted);
    for (size_t i = 0; i < 6; i++)
        text_table_add(&table, "%s", heads[i]);
    for (size_t rival = 0; rival < ASSAY_RIVALS; rival++) {
        double scores[3];
        score(c, rival, scores);
        text_table_add(&table, "%s", assay_rival_names[rival]);
        for (size_t i = 0; i < 3; i++)
            text_table_add(&table, "%.3f", scores[i]);
        text_table_add(&table, "%.2f", (double)c->false_hits[rival] / (double)c->planted);
        text_table_add(&table, "%.1f %%", 100 * value_of(c->quiet[rival]));
    }
    text_table_print(&table, "<>>>>>", out);
    text_table_free(&table);
}

static void print_faults(const struct assay_faults *faults, FILE *out)
{
    struct text_table table = {.columns = 6};
    static const char *const heads[] = {"target", "fault", "planted in", "detected", "others named", "least change"};
    fprintf(out, "\nWrong kernels and more instructions:\n");
    for (size_t i = 0; i < 6; i++)
        text_table_add(&table, "%s", heads[i]);
    for (size_t i = 0; i < faults->count; i++) {
        const struct assay_fault_result *f = &faults->items[i];
        text_table_add(&table, "%s", f->target);
        text_table_add(&table, "%s", f->name);
        text_table_add(&table, "%zu series", f->planted);
        text_table_add(&table, "%zu%s", f->detected, fault_holds(f) ? "" : " (NOT AS IT OUGHT TO BE)");
        text_table_add(&table, "%zu", f->others);
        if (isfinite(f->effect))
            text_table_add(&table, "%+.3f %%", 100 * f->effect);
        else
            text_table_add(&table, "–");
    }
    text_table_print(&table, "<<>>>>", out);
    text_table_free(&table);
}

void assay_proof_print(const struct assay_proof *proof, FILE *out)
{
    if (proof->timed) {
        print_times(proof, out);
        print_contest(&proof->contest, out);
    }
    if (proof->faults.count > 0)
        print_faults(&proof->faults, out);
    fprintf(out, "\n%s\n",
            assay_proof_holds(proof) ? "The gate keeps what docs/gates.md promises."
                                     : "The gate does NOT keep what docs/gates.md promises.");
}

static json_t *share_json(struct assay_share s)
{
    return json_pack("{sI sI sf sf}", "count", (json_int_t)s.count, "of", (json_int_t)s.of, "lower95",
                     assay_share_lower(s), "upper95", assay_share_upper(s));
}

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *times_json(const struct assay_proof *p)
{
    json_t *power = json_array(), *contest = json_array();
    for (size_t i = 1; i < ASSAY_NOISE_KERNELS; i++)
        json_array_append_new(power,
                              json_pack("{sf so so so}", "planted", assay_noise_kernels[i].share, "measured",
                                        number(p->power.median[i]), "detected", share_json(p->power.regressed[i]),
                                        "nights_with_false", share_json(p->power.others[i])));
    for (size_t rival = 0; rival < ASSAY_RIVALS; rival++) {
        double scores[3];
        score(&p->contest, rival, scores);
        json_array_append_new(contest,
                              json_pack("{ss so so so so}", "method", assay_rival_names[rival], "precision",
                                        number(scores[0]), "recall", number(scores[1]), "f1", number(scores[2]),
                                        "quiet_nights", share_json(p->contest.quiet[rival])));
    }
    return json_pack("{sI sI sI so so so sf so so}", "series", (json_int_t)p->series, "sweeps", (json_int_t)p->sweeps,
                     "processes", (json_int_t)p->processes, "false_alarms", share_json(p->false_alarms.reports),
                     "without_measuring_again", share_json(p->false_alarms.alone), "inconclusive",
                     share_json(p->false_alarms.inconclusive), "remeasured", p->false_alarms.remeasured, "power", power,
                     "contest", contest);
}

bool assay_proof_json(const struct assay_proof *proof, FILE *out)
{
    json_t *faults = json_array();
    for (size_t i = 0; i < proof->faults.count; i++) {
        const struct assay_fault_result *f = &proof->faults.items[i];
        json_array_append_new(faults, json_pack("{ss ss sI sI sI so}", "target", f->target, "fault", f->name, "planted",
                                                (json_int_t)f->planted, "detected", (json_int_t)f->detected, "others",
                                                (json_int_t)f->others, "change", number(f->effect)));
    }
    json_t *document = json_pack("{sb so so}", "holds", (int)assay_proof_holds(proof), "times",
                                 proof->timed ? times_json(proof) : json_null(), "faults", faults);
    const bool good = document && json_dumpf(document, out, JSON_INDENT(1) | JSON_REAL_PRECISION(9)) == 0;
    fputc('\n', out);
    json_decref(document);
    return good;
}
