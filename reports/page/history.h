/* Series over time, for the page. */
#ifndef ASSAY_REPORTS_PAGE_HISTORY_H
#define ASSAY_REPORTS_PAGE_HISTORY_H

#include "reports/store/history.h"

#include <stdio.h>

/* An object: "runs", and "series" with their values and change points. What is more than a page has room for is left
 * out, series without change points first, and counted in "omitted". */
bool page_history(const struct assay_history_trends *trends, FILE *out);

#endif
