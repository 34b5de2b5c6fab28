#include "reports/page/page.h"

#include "reports/page/columns.h"
#include "reports/page/comparison.h"
#include "reports/page/history.h"
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

static bool write_data(const struct assay_page *page, const struct assay_record **newest, size_t count, FILE *out)
{
    struct page_pool pool;
    bool good = page_pool_make(&pool);
    fputs("{\"format\":1,\n\"records\":", out);
    good = good && page_columns(newest, count, &pool, out);
    fputs(",\n\"comparisons\":", out);
    if (page->comparisons)
        good = good && page_comparison(page->comparisons, newest, count, &pool, out);
    else
        fputs("null", out);
    fputs(",\n\"history\":", out);
    if (page->trends)
        good = good && page_history(page->trends, out);
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
