/* Formats of services that count tests and show alarms, over findings. */
#ifndef ASSAY_REPORTS_RENDER_ALARMS_H
#define ASSAY_REPORTS_RENDER_ALARMS_H

#include "reports/render/finding.h"

#include <stdio.h>

/* Sorts the list by target and series. */
bool alarms_junit(struct finding_list *list, FILE *out);
/* Failures and errors alone: a code-scanning service closes the alarm that is no longer among the results. */
bool alarms_sarif(struct finding_list *list, FILE *out);
/* Verdicts: failures and errors, what is open, and what is better; records: failures and errors. */
bool alarms_github(struct finding_list *list, FILE *out);

#endif
