/* Records as columns: a member of all of them after the other, which is short, and written without holding it. */
#ifndef ASSAY_REPORTS_PAGE_COLUMNS_H
#define ASSAY_REPORTS_PAGE_COLUMNS_H

#include "reports/page/json.h"
#include "reports/record/record.h"

/* An object: a name and an array a column. The script's src/data.js is its reader. */
bool page_columns(const struct assay_record *const *records, size_t count, struct page_pool *pool, FILE *out);

/* Writes an array: `write` its `count` items. */
bool page_array(size_t count, bool (*write)(const void *context, size_t i, FILE *out), const void *context, FILE *out);

#endif
