/* What a record or a verdict means to a service that counts tests and shows alarms: the same for JUnit, SARIF and
 * GitHub's annotations. */
#ifndef ASSAY_REPORTS_RENDER_FINDING_H
#define ASSAY_REPORTS_RENDER_FINDING_H

#include "reports/record/record.h"
#include "reports/stats/compare.h"

enum finding_kind {
    FINDING_FAILURE, /* wrong, slower, less accurate */
    FINDING_ERROR,   /* it crashed, or can't be measured */
    FINDING_OPEN,    /* unsupported here, inconclusive, gone: nothing can be said */
    FINDING_BETTER,
    FINDING_FINE,
    FINDING_KINDS,
};

struct finding {
    const char *series_id, *target, *case_name; /* as they are; target and case are "" without a record */
    const struct assay_record *record; /* the newest: of a series that is gone its last; NULL: a policy requires a
                                          series that no run has */
    const struct assay_comparison *comparison; /* NULL: of a record alone */
    enum finding_kind kind;
    enum assay_aspect aspect;
    const char *word;    /* its verdict, or outcome */
    char *series, *text; /* clean (reports/render/text.h); the text names the kernel, and a network's layer */
};

struct finding_list {
    struct finding *items;
    size_t count, kinds[FINDING_KINDS];
};

/* Of the newest record of each series. They point into `records`. False: out of memory. Free with findings_free(). */
bool findings_of_records(const struct assay_record_list *records, struct finding_list *list);
/* One a comparison, in their order. */
bool findings_of_comparisons(const struct assay_comparison_list *comparisons, struct finding_list *list);
void findings_free(struct finding_list *list);

/* Its figures by name, none of them null: strings (clean) and numbers. NULL: out of memory. */
json_t *finding_figures(const struct finding *finding);

enum { FINDING_SOURCE = 256 };
/* The file that the kernel is made from, or the folder of who computes it, below the tree's root. By the grammar of
 * names (docs/adding-a-kernel.md): records don't know files. */
void finding_source(const struct finding *finding, char *path);

#endif
