/* The verdict on one series. */
#ifndef ASSAY_REPORTS_STATS_JUDGE_H
#define ASSAY_REPORTS_STATS_JUDGE_H

#include "reports/stats/compare.h"
#include "reports/stats/timing.h"

/* By what speaks first: presence and answers, accuracy of the mode, accuracy of the network, then speed. Its p is that
 * of one test. `drift`: how much its neighbours moved (assay_drift_of). */
void assay_judge(struct assay_comparison *comparison, const struct assay_compare_options *options,
                 const struct assay_timing *timing, double drift);

/* What networks' answers are worth on labelled samples: true if that decided the verdict. */
bool assay_judge_task(struct assay_comparison *comparison, const struct assay_compare_options *options);

#define ASSAY_REASON(c, ...) snprintf((c)->reason, sizeof((c)->reason), __VA_ARGS__)

#endif
