/* Verdicts of a comparison. */
#include "reports/render/formats.h"
#include "reports/render/text.h"
#include "reports/render/text_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool shown(const struct assay_comparison *c, bool all)
{
    return all || c->verdict != ASSAY_UNCHANGED;
}

/* What is of a file must not drive the reader's terminal. */
static void add_clean(struct text_table *table, const char *text)
{
    char *clean = text_clean(text);
    text_table_add(table, "%s", clean ? clean : "");
    free(clean);
}

/* The kernel that runs now, and the one that did if it was another; "–" of whole networks and of what none computes. */
static const char *kernel_of(const struct assay_comparison *c, char *text, size_t size)
{
    const char *now = c->now ? c->now->kernel : NULL, *base = c->base ? c->base->kernel : NULL;
    const bool other = now && base && strcmp(now, base) != 0;
    snprintf(text, size, "%s%s%s", now ? now : base ? base : "–", other ? ", was " : "", other ? base : "");
    return text;
}

static bool as_text(const struct assay_comparison_list *list, bool all, bool markdown, FILE *out)
{
    struct text_table table = {.columns = 5};
    text_table_add(&table, "verdict");
    text_table_add(&table, "new/base");
    text_table_add(&table, "series");
    text_table_add(&table, "kernel");
    text_table_add(&table, "why");
    for (size_t i = 0; i < list->count; i++) {
        const struct assay_comparison *c = &list->items[i];
        char kernel[256];
        if (!shown(c, all))
            continue;
        text_table_add(&table, "%s", assay_verdict_name(c->verdict));
        if (isnan(c->ratio.estimate))
            text_table_add(&table, "–");
        else
            text_table_add(&table, "%.4f", c->ratio.estimate);
        add_clean(&table, c->series_id);
        add_clean(&table, kernel_of(c, kernel, sizeof(kernel)));
        add_clean(&table, c->reason);
    }
    bool ok = true;
    if (table.count > table.columns)
        ok = markdown ? text_table_markdown(&table, "<><<<", out) : text_table_print(&table, "<><<<", out);
    text_table_free(&table);
    if (markdown)
        fputc('\n', out);
    fprintf(out, "%zu series:", list->count);
    for (int v = 0; v < ASSAY_VERDICT_COUNT; v++)
        fprintf(out, "%s %zu %s", v ? "," : "", list->verdicts[v], assay_verdict_name((enum assay_verdict)v));
    fputc('\n', out);
    return ok;
}

static json_t *number(double value)
{
    return !isfinite(value) ? json_null() : json_real(value);
}

/* A reason is cut to its buffer, maybe in the middle of a character. */
static json_t *clean_string(const char *text)
{
    char *clean = text_clean(text);
    json_t *string = json_string(clean);
    free(clean);
    return string;
}

static json_t *verdict_json(const struct assay_comparison *c)
{
    return json_pack("{s:s, s:s, s:s, s:s?, s:s?, s:o, s:o, s:o, s:o, s:b, s:o}", "series_id", c->series_id, "verdict",
                     assay_verdict_name(c->verdict), "aspect", assay_aspect_name(c->aspect), "kernel",
                     c->now ? c->now->kernel : NULL, "base_kernel", c->base ? c->base->kernel : NULL, "ratio",
                     number(c->ratio.estimate), "low", number(c->ratio.low), "high", number(c->ratio.high), "p",
                     number(c->p), "remeasured", (int)c->remeasured, "reason", clean_string(c->reason));
}

static bool as_json(const struct assay_comparison_list *list, FILE *out)
{
    json_t *series = json_array(), *counts = json_object();
    bool ok = series && counts;
    for (size_t i = 0; ok && i < list->count; i++)
        ok = json_array_append_new(series, verdict_json(&list->items[i])) == 0;
    for (int v = 0; v < ASSAY_VERDICT_COUNT; v++)
        json_object_set_new(counts, assay_verdict_name((enum assay_verdict)v),
                            json_integer((json_int_t)list->verdicts[v]));
    json_t *document = json_pack("{s:o, s:o}", "verdicts", counts, "series", series);
    ok = ok && document && json_dumpf(document, out, JSON_INDENT(1) | JSON_REAL_PRECISION(9)) == 0;
    fputc('\n', out);
    json_decref(document);
    return ok;
}

static bool as_csv(const struct assay_comparison_list *list, FILE *out)
{
    fputs("series_id,verdict,ratio,low,high,reason\r\n", out);
    for (size_t i = 0; i < list->count; i++) {
        const struct assay_comparison *c = &list->items[i];
        csv_field(c->series_id, out);
        fprintf(out, ",%s,", assay_verdict_name(c->verdict));
        csv_number(c->ratio.estimate, out);
        fputc(',', out);
        csv_number(c->ratio.low, out);
        fputc(',', out);
        csv_number(c->ratio.high, out);
        fputc(',', out);
        csv_field(c->reason, out);
        fputs("\r\n", out);
    }
    return true;
}

bool render_verdicts(enum assay_format format, const struct assay_comparison_list *comparisons, bool all, FILE *out)
{
    switch (format) {
    case ASSAY_FORMAT_TABLE:
    case ASSAY_FORMAT_MARKDOWN:
        return as_text(comparisons, all, format == ASSAY_FORMAT_MARKDOWN, out);
    case ASSAY_FORMAT_JSON:
        return as_json(comparisons, out);
    case ASSAY_FORMAT_CSV:
        return as_csv(comparisons, out);
    default:
        return false;
    }
}
