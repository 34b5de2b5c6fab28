/* The report as one self-contained page. Template, style and script are made by the build (docs/report-page.md); what
 * is written here is the data that they show, between the template's halves. */
#ifndef ASSAY_REPORTS_PAGE_PAGE_H
#define ASSAY_REPORTS_PAGE_PAGE_H

#include "reports/record/record.h"
#include "reports/stats/compare.h"
#include "reports/store/history.h"

#include <stdio.h>

struct assay_page {
    const struct assay_record_list *records;         /* of each series the newest is shown */
    const struct assay_comparison_list *comparisons; /* against an earlier run; NULL: none was made */
    const struct assay_history_trends *trends;       /* of the series over time; NULL: no history */
};

/* False: out of memory, or `out` failed. */
bool assay_page_write(const struct assay_page *page, FILE *out);

#endif
