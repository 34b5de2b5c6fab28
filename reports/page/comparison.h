/* Verdicts, for the page. */
#ifndef ASSAY_REPORTS_PAGE_COMPARISON_H
#define ASSAY_REPORTS_PAGE_COMPARISON_H

#include "reports/page/json.h"
#include "reports/stats/compare.h"

/* An object: columns with an item for each of `records`, and "gone", the series that these lack. */
bool page_comparison(const struct assay_comparison_list *list, const struct assay_record *const *records, size_t count,
                     struct page_pool *pool, FILE *out);

#endif
