/* Verdicts that were written as JSON (assay gate, assay compare), read again: what a page shows is then what was said.
 */
#ifndef ASSAY_REPORTS_PAGE_VERDICTS_H
#define ASSAY_REPORTS_PAGE_VERDICTS_H

#include "reports/stats/compare.h"

enum { PAGE_VERDICTS_MESSAGE = 512 };

struct page_verdicts {
    struct assay_comparison_list list; /* points into the records and into `json` */
    json_t *json;
};

/* The series must be those of `now`, but for what is gone; `base` may be empty: what was before is then not shown.
 * False: the message says file and reason. Free with page_verdicts_free(). */
bool page_verdicts_read(const char *path, const struct assay_record_list *base, const struct assay_record_list *now,
                        struct page_verdicts *verdicts, char *message);
void page_verdicts_free(struct page_verdicts *verdicts);

#endif
