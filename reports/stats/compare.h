/* Two runs, series by series: what got slower, faster, less accurate, or can't be told. */
#ifndef ASSAY_REPORTS_STATS_COMPARE_H
#define ASSAY_REPORTS_STATS_COMPARE_H

#include "reports/record/record.h"
#include "reports/stats/ratio.h"

enum assay_verdict {
    ASSAY_REGRESSED,    /* slower, less accurate, or no longer right */
    ASSAY_ERROR,        /* it ran before, and now it crashes or can't be measured */
    ASSAY_INCONCLUSIVE, /* the data don't say */
    ASSAY_IMPROVED,
    ASSAY_NEW,
    ASSAY_GONE,
    ASSAY_UNCHANGED,
    ASSAY_VERDICT_COUNT,
};

const char *assay_verdict_name(enum assay_verdict verdict);

/* What of a series decided the verdict. */
enum assay_aspect {
    ASSAY_ASPECT_PRESENCE, /* new or gone */
    ASSAY_ASPECT_ANSWER,   /* wrong, or none: it crashed, or can't be measured */
    ASSAY_ASPECT_TIME,
    ASSAY_ASPECT_COUNT,
    ASSAY_ASPECT_ACCURACY, /* the mode's error against unquantized reals */
    ASSAY_ASPECT_TASK,     /* what a network's answers are worth on labelled samples */
    ASSAY_ASPECTS,
};

const char *assay_aspect_name(enum assay_aspect aspect);

struct assay_comparison {
    const char *series_id;
    const struct assay_record *base, *now; /* NULL where the series is new or gone */
    enum assay_verdict verdict;
    enum assay_aspect aspect;
    double p; /* of the change, adjusted for the number of series looked at; NaN where it is exact, or not tested */
    bool remeasured; /* the verdict comes from measuring both again, interleaved */
    struct assay_ratio
        ratio; /* now / base, above 1 is slower; NaN where there is none. Counts: low = high = estimate */
    char reason[192];
};

struct assay_compare_options {
    double time_effect;  /* smallest relevant change of a time, for example 0.03 */
    double count_effect; /* of a count, for example 0.001: counts repeat exactly */
    double error_effect; /* relative growth of the mode's own error that is a loss of accuracy, for example 0.01 */
    double task_effect;  /* smallest relevant change of a network's accuracy, for example 0.005: half a point */
    double time_alpha;   /* most p that a change of a time may have to be said; 1: the interval alone decides */
    double task_alpha;   /* of a network's accuracy, by McNemar's test */
    bool baseline;       /* the base is a reviewed file: times are not compared, nor counts of different compilers */
};

struct assay_compare_options assay_compare_defaults(void);

struct assay_comparison_list {
    struct assay_comparison *items;
    size_t count;
    size_t verdicts[ASSAY_VERDICT_COUNT];
};

/* What matters in a series. The answer is looked at before the next call. */
typedef struct assay_compare_options assay_compare_options_fn(void *context, const char *series_id);

/* One comparison for each series of either list, worst verdict first, then by series_id. They point into the lists.
 * The p of times, and those of networks' accuracies, are adjusted for their number (Holm). False: out of memory. Free
 * with assay_comparison_list_free(). */
bool assay_compare(const struct assay_record_list *base, const struct assay_record_list *now,
                   struct assay_compare_options options, struct assay_comparison_list *result);
/* The same with options for each series. */
bool assay_compare_by(const struct assay_record_list *base, const struct assay_record_list *now,
                      assay_compare_options_fn *options, void *context, struct assay_comparison_list *result);

/* Counts the verdicts and puts the worst first, after some were changed. */
void assay_comparison_list_settle(struct assay_comparison_list *list);

void assay_comparison_list_free(struct assay_comparison_list *list);

#endif
