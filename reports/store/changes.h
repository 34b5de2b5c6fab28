/* Since when a series stands where it does: the change points of what is followed of it. */
#ifndef ASSAY_REPORTS_STORE_CHANGES_H
#define ASSAY_REPORTS_STORE_CHANGES_H

#include "reports/stats/changepoint.h"
#include "reports/stats/compare.h"
#include "reports/store/history.h"

struct assay_history_change {
    enum assay_aspect aspect;       /* TIME, COUNT, ACCURACY or TASK */
    struct assay_changepoint point; /* its index is of the trend's points */
    bool worse;                     /* slower, or less accurate */
};

struct assay_history_changes {
    struct assay_history_change *items;
    size_t count;
};

/* In order of time. Times are looked at as noise, all else as exact; steps of a mode's error count from 1 % on, of a
 * task's value from the first digit on. False: out of memory. Free with assay_history_changes_free(). */
bool assay_history_changes_find(const struct assay_history_trend *trend, struct assay_history_changes *changes);

void assay_history_changes_free(struct assay_history_changes *changes);

#endif
