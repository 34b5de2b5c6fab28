#include "reports/page/page.h"

#include "reports/page/columns.h"
#include "reports/record/index.h"

#include <stdlib.h>
#include <string.h>

extern const char page_template[], page_template_end[]; /* template.c: the file that the build made */

static const char mark[] = "{{data}}"; /* once in the template */

/* Of each series the newest record, in the order of the file: that of the suite. */
static bool choose(const struct assay_record_list *list, const struct assay_record ***chosen, size_t *count)
{
    size_t known;
    const struct assay_record **index = assay_record_index(list, &known);
    const struct assay_record **newest = calloc(known > 0 ? known : 1, sizeof(*newest));
    *count = 0;
    for (size_t i = 0; index && newest && i < list->count; i++)
        if (assay_record_find(index, known, list->items[i].series_id) == &list->items[i])
            newest[(*count)++] = &list->items[i];
    free((void *)index);
    if (!index) {
        free((void *)newest);
        return false;
    }
    *chosen = newest;
    return newest;
}

static bool comparison_item(const void *context, size_t i, FILE *out)
{
    const struct assay_comparison *c = &((const struct assay_comparison_list *)context)->items[i];
    const struct assay_record *shown = c->now ? c->now : c->base;
    fputs("\n[", out);
    bool good = page_string(c->series_id, out);
    fprintf(out, ",\"%s\",\"%s\",", assay_verdict_name(c->verdict), assay_aspect_name(c->aspect));
    page_number(c->ratio.estimate, out);
    fputc(',', out);
    page_number(c->ratio.low, out);
    fputc(',', out);
    page_number(c->ratio.high, out);
    fputc(',', out);
    page_number(c->p, out);
    fprintf(out, ",%d,", c->remeasured);
    good = good && page_string(c->reason, out);
    fputc(',', out);
    good = good && page_string(shown->target, out);
    fputc(',', out);
    good = good && page_string(c->base ? c->base->kernel : NULL, out);
    fputc(',', out);
    if (c->base)
        page_number(c->base->value, out);
    else
        fputs("null", out);
    fputc(']', out);
    return good;
}

static bool write_data(const struct assay_page *page, const struct assay_record **newest, size_t count, FILE *out)
{
    struct page_pool pool;
    bool good = page_pool_make(&pool);
    fputs("{\"format\":1,\n\"records\":", out);
    good = good && page_columns(newest, count, &pool, out);
    fputs(",\n\"comparisons\":", out);
    if (page->comparisons)
        good = good && page_array(page->comparisons->count, comparison_item, page->comparisons, out);
    else
        fputs("null", out);
    fputs(",\n\"pool\":", out);
    good = good && page_json(pool.values, out);
    fputs("}\n", out);
    page_pool_free(&pool);
    return good;
}

bool assay_page_write(const struct assay_page *page, FILE *out)
{
    const struct assay_record **newest = NULL;
    size_t count;
    const size_t length = (size_t)(page_template_end - page_template);
    const char *gap = memmem(page_template, length, mark, strlen(mark));
    if (!gap || !choose(page->records, &newest, &count))
        return false;
    fwrite(page_template, 1, (size_t)(gap - page_template), out);
    const bool good = write_data(page, newest, count, out);
    gap += strlen(mark);
    fwrite(gap, 1, (size_t)(page_template_end - gap), out);
    free((void *)newest);
    return good && !ferror(out);
}
