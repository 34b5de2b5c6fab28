#include "reports/render/finding.h"

#include "reports/record/index.h"
#include "reports/render/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "004 CONV_2D" of a network's layer, "" of all else. */
static void layer_of(const struct assay_record *record, char *text, size_t size)
{
    const json_t *network = json_object_get(record->json, "network");
    const char *operator= json_string_value(json_object_get(network, "operator"));
    text[0] = '\0';
    if (record->network && record->layer >= 0)
        snprintf(text, size, "; layer %03lld %s", (long long)record->layer, operator? operator: record->op);
}

/* What was said of it, and who is at fault. */
static bool describe(struct finding *finding, const char *said)
{
    enum { LONGEST = 2048 };
    const struct assay_record *record = finding->record;
    const struct assay_record *base = finding->comparison ? finding->comparison->base : NULL;
    char text[LONGEST], layer[256];
    if (!record) {
        finding->series_id = finding->comparison->series_id;
        finding->target = finding->case_name = "";
        finding->series = text_clean(finding->series_id);
        finding->text = text_clean(said);
        return finding->series && finding->text;
    }
    finding->series_id = record->series_id;
    finding->target = record->target;
    finding->case_name = record->case_name;
    layer_of(record, layer, sizeof(layer));
    const bool other = base && base->kernel && record->kernel && strcmp(base->kernel, record->kernel) != 0;
    snprintf(text, sizeof(text), "%s%s; %s %s%s%s%s", said, layer, record->kernel ? "kernel" : "no kernel",
             record->kernel ? record->kernel : "", other ? ", was " : "", other ? base->kernel : "",
             record->network && record->layer < 0 ? "; whole network" : "");
    finding->series = text_clean(finding->series_id);
    finding->text = text_clean(text);
    return finding->series && finding->text;
}

static bool allocate(struct finding_list *list, size_t count)
{
    *list = (struct finding_list){.items = calloc(count + 1, sizeof(struct finding))};
    return list->items;
}

static bool keep(struct finding_list *list, struct finding finding, const char *said)
{
    const bool ok = describe(&finding, said);
    list->kinds[finding.kind]++;
    list->items[list->count++] = finding;
    return ok;
}

static enum finding_kind kind_of_outcome(const char *outcome)
{
    return strcmp(outcome, "fail") == 0          ? FINDING_FAILURE
           : strcmp(outcome, "error") == 0       ? FINDING_ERROR
           : strcmp(outcome, "unsupported") == 0 ? FINDING_OPEN
                                                 : FINDING_FINE;
}

bool findings_of_records(const struct assay_record_list *records, struct finding_list *list)
{
    size_t count = 0;
    const struct assay_record **newest = assay_record_index(records, &count);
    bool ok = allocate(list, count) && newest;
    for (size_t i = 0; ok && i < count; i++) {
        const struct assay_record *r = newest[i];
        char said[ASSAY_RECORD_MESSAGE];
        if (r->message)
            snprintf(said, sizeof(said), "%s", r->message);
        else
            snprintf(said, sizeof(said), "%.9g %s", r->value, r->metric);
        ok = keep(
            list,
            (struct finding){
                .record = r, .kind = kind_of_outcome(r->outcome), .aspect = ASSAY_ASPECT_ANSWER, .word = r->outcome},
            said);
    }
    free(newest);
    if (!ok)
        findings_free(list);
    return ok;
}

bool findings_of_comparisons(const struct assay_comparison_list *comparisons, struct finding_list *list)
{
    static const enum finding_kind kinds[ASSAY_VERDICT_COUNT] = {
        [ASSAY_REGRESSED] = FINDING_FAILURE, [ASSAY_ERROR] = FINDING_ERROR,    [ASSAY_INCONCLUSIVE] = FINDING_OPEN,
        [ASSAY_IMPROVED] = FINDING_BETTER,   [ASSAY_UNCHANGED] = FINDING_FINE, [ASSAY_NEW] = FINDING_FINE,
        [ASSAY_GONE] = FINDING_OPEN,
    };
    bool ok = allocate(list, comparisons->count);
    for (size_t i = 0; ok && i < comparisons->count; i++) {
        const struct assay_comparison *c = &comparisons->items[i];
        ok = keep(list,
                  (struct finding){.record = c->now ? c->now : c->base,
                                   .comparison = c,
                                   .kind = kinds[c->verdict],
                                   .aspect = c->aspect,
                                   .word = assay_verdict_name(c->verdict)},
                  c->reason);
    }
    if (!ok)
        findings_free(list);
    return ok;
}

void findings_free(struct finding_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].series);
        free(list->items[i].text);
    }
    free(list->items);
    *list = (struct finding_list){0};
}

static void set_text(json_t *figures, const char *name, const char *value)
{
    char *clean = value ? text_clean(value) : NULL;
    if (clean)
        json_object_set_new(figures, name, json_string(clean));
    free(clean);
}

static void set_number(json_t *figures, const char *name, double value)
{
    if (isfinite(value))
        json_object_set_new(figures, name, json_real(value));
}

json_t *finding_figures(const struct finding *finding)
{
    const struct assay_record *record = finding->record;
    const struct assay_comparison *c = finding->comparison;
    json_t *figures = json_object();
    set_text(figures, c ? "verdict" : "outcome", finding->word);
    if (c) {
        set_text(figures, "aspect", assay_aspect_name(c->aspect));
        set_number(figures, "ratio", c->ratio.estimate);
        set_number(figures, "low", c->ratio.low);
        set_number(figures, "high", c->ratio.high);
        set_number(figures, "p", c->p);
        set_number(figures, "base", c->base ? c->base->value : NAN);
        set_text(figures, "base_kernel", c->base ? c->base->kernel : NULL);
    }
    if (!record)
        return figures;
    set_text(figures, "metric", record->metric);
    set_number(figures, "value", c && !c->now ? NAN : record->value);
    set_number(figures, "speedup", record->speedup);
    set_text(figures, "kernel", record->kernel);
    set_text(figures, "origin", record->origin);
    set_number(figures, "error", record->error_value);
    set_number(figures, "error_bound", record->error_bound);
    set_number(figures, "mode_error", record->mode_error);
    return figures;
}

static bool ends_with(const char *name, const char *end)
{
    const size_t have = strlen(name), want = strlen(end);
    return have > want && strcmp(name + have - want, end) == 0;
}

/* Letters, digits and '_', so that it can stand in a path and in a URI. */
static bool is_plain(const char *name)
{
    return *name && name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] == '\0';
}

void finding_source(const struct finding *finding, char *path)
{
    const struct assay_record *record = finding->record;
    if (!record) {
        snprintf(path, FINDING_SOURCE, "kernels");
        return;
    }
    const char *kernel = record->kernel;
    const char *arch = json_string_value(json_object_get(json_object_get(record->json, "machine"), "arch"));
    if (record->origin && strcmp(record->origin, "assay") != 0) {
        snprintf(path, FINDING_SOURCE, "suites/peers");
        return;
    }
    if (!kernel || !is_plain(kernel) || strlen(kernel) > FINDING_SOURCE / 2 || !strchr(kernel, '_')) {
        snprintf(path, FINDING_SOURCE, record->network ? "models/run" : "kernels");
        return;
    }
    const int op = (int)strcspn(kernel, "_");
    int length = (int)strlen(kernel);
    if (ends_with(kernel, "_ref") || ends_with(kernel, "_auto")) {
        /* One source, compiled for each ISA: OP_SIGNATURE[_LAYOUT]_ref, or …_ISA_auto. */
        const bool automatic = ends_with(kernel, "_auto");
        for (int cut = automatic ? 2 : 1; cut > 0 && length > op; cut--)
            do
                length--;
            while (length > op && kernel[length] != '_');
        snprintf(path, FINDING_SOURCE, "kernels/%.*s/reference/%.*s.c", op, kernel, length, kernel);
        return;
    }
    /* Convolutions gather rows for the tiles of gemm. */
    const bool gathered = strncmp(kernel, "conv_", 5) == 0;
    const char *folder = arch && is_plain(arch) ? arch : "reference";
    if (gathered)
        snprintf(path, FINDING_SOURCE, "kernels/gemm/%.32s/gemm_%s.c", folder, kernel + 5);
    else
        snprintf(path, FINDING_SOURCE, "kernels/%.*s/%.32s/%s.c", op, kernel, folder, kernel);
}
