#include "reports/page/comparison.h"

#include "reports/page/columns.h"
#include "reports/render/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct comparisons {
    const struct assay_comparison *const *items; /* of each record; NULL: it was not compared */
    struct page_pool *pool;
};

static int by_id(const void *a, const void *b)
{
    const struct assay_comparison *const *x = a, *const *y = b;
    return strcmp((*x)->series_id, (*y)->series_id);
}

static bool put_text(const char *text, struct page_pool *pool, FILE *out)
{
    const json_int_t number = page_pool_text(pool, text);
    fprintf(out, "%" JSON_INTEGER_FORMAT, number);
    return number >= 0;
}

static bool verdict_cell(const void *context, size_t i, FILE *out)
{
    const struct comparisons *c = context;
    return put_text(c->items[i] ? assay_verdict_name(c->items[i]->verdict) : NULL, c->pool, out);
}

static bool aspect_cell(const void *context, size_t i, FILE *out)
{
    const struct comparisons *c = context;
    return put_text(c->items[i] ? assay_aspect_name(c->items[i]->aspect) : NULL, c->pool, out);
}

/* A reason is cut to its buffer, maybe in the middle of a character. */
static bool put_reason(const char *reason, FILE *out)
{
    char *clean = text_clean(reason);
    const bool good = clean && page_string(clean, out);
    free(clean);
    return good;
}

/* Of what is unchanged, the numbers tell all. */
static bool reason_cell(const void *context, size_t i, FILE *out)
{
    const struct comparisons *c = context;
    const bool told = c->items[i] && c->items[i]->verdict != ASSAY_UNCHANGED;
    return told ? put_reason(c->items[i]->reason, out) : fputc('0', out) != EOF;
}

static bool kernel_cell(const void *context, size_t i, FILE *out)
{
    const struct comparisons *c = context;
    return put_text(c->items[i] && c->items[i]->base ? c->items[i]->base->kernel : NULL, c->pool, out);
}

static bool number_cell(double value, FILE *out)
{
    if (!isfinite(value))
        return fputs("null", out) != EOF;
    return fprintf(out, value == floor(value) ? "%.15g" : "%.6g", value) > 0;
}

static bool value_cell(const void *context, size_t i, FILE *out)
{
    const struct comparisons *c = context;
    return number_cell(c->items[i] && c->items[i]->base ? c->items[i]->base->value : NAN, out);
}

static bool ratio_cell(const void *context, size_t i, FILE *out)
{
    const struct comparisons *c = context;
    if (!c->items[i] || isnan(c->items[i]->ratio.estimate))
        return fputc('0', out) != EOF;
    const struct assay_ratio *ratio = &c->items[i]->ratio;
    fputc('[', out);
    number_cell(ratio->estimate, out);
    if (ratio->low != ratio->high) { /* else it is exact */
        fputc(',', out);
        number_cell(ratio->low, out);
        fputc(',', out);
        number_cell(ratio->high, out);
    }
    fputc(']', out);
    return true;
}

static bool p_cell(const void *context, size_t i, FILE *out)
{
    const struct comparisons *c = context;
    return number_cell(c->items[i] ? c->items[i]->p : NAN, out);
}

static bool remeasured_cell(const void *context, size_t i, FILE *out)
{
    const struct comparisons *c = context;
    return fputc(c->items[i] && c->items[i]->remeasured ? '1' : '0', out) != EOF;
}

static const struct column {
    const char *name;
    bool (*write)(const void *context, size_t i, FILE *out);
} table[] = {
    {"verdict", verdict_cell}, {"aspect", aspect_cell}, {"ratio", ratio_cell},           {"p", p_cell},
    {"reason", reason_cell},   {"kernel", kernel_cell}, {"remeasured", remeasured_cell}, {"value", value_cell},
};

static bool write_gone(const struct assay_comparison_list *list, FILE *out)
{
    bool good = true, first = true;
    fputs("\"gone\":[", out);
    for (size_t i = 0; good && i < list->count; i++) {
        const struct assay_comparison *gone = &list->items[i];
        if (gone->now)
            continue;
        fputs(first ? "[" : ",[", out);
        first = false;
        good = page_string(gone->series_id, out);
        fprintf(out, ",\"%s\",\"%s\",", assay_verdict_name(gone->verdict), assay_aspect_name(gone->aspect));
        good = good && put_reason(gone->reason, out);
        fputc(']', out);
    }
    fputc(']', out);
    return good;
}

/* Of each record its comparison. NULL: out of memory. */
static const struct assay_comparison **match(const struct assay_comparison_list *list,
                                             const struct assay_record *const *records, size_t count)
{
    const struct assay_comparison **sorted = calloc(list->count + 1, sizeof(*sorted));
    const struct assay_comparison **items = calloc(count + 1, sizeof(*items));
    for (size_t i = 0; sorted && i < list->count; i++)
        sorted[i] = &list->items[i];
    if (sorted)
        qsort((void *)sorted, list->count, sizeof(*sorted), by_id);
    for (size_t i = 0; sorted && items && i < count; i++) {
        const struct assay_comparison key = {.series_id = records[i]->series_id}, *wanted = &key;
        const struct assay_comparison *const *found =
            bsearch(&wanted, (const void *)sorted, list->count, sizeof(*sorted), by_id);
        items[i] = found ? *found : NULL;
    }
    if (!sorted) {
        free((void *)items);
        items = NULL;
    }
    free((void *)sorted);
    return items;
}

bool page_comparison(const struct assay_comparison_list *list, const struct assay_record *const *records, size_t count,
                     struct page_pool *pool, FILE *out)
{
    const struct assay_comparison **items = match(list, records, count);
    const struct comparisons comparisons = {items, pool};
    bool good = items;
    fputc('{', out);
    for (size_t i = 0; good && i < sizeof(table) / sizeof(table[0]); i++) {
        fprintf(out, "\n\"%s\":", table[i].name);
        good = page_array(count, table[i].write, &comparisons, out);
        fputc(',', out);
    }
    good = good && write_gone(list, out);
    fputc('}', out);
    free((void *)items);
    return good;
}
