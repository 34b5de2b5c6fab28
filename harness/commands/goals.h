/* What records are held to: the goals that a suite declares. */
#ifndef ASSAY_HARNESS_COMMANDS_GOALS_H
#define ASSAY_HARNESS_COMMANDS_GOALS_H

#include "harness/suite/suite.h"
#include "reports/goals/goal.h"
#include "reports/render/render.h"

/* Judges records by the suite's goals and writes the verdicts as TABLE, MARKDOWN or JSON. *missed: how many goals are.
 * False: out of memory, or `out` failed. */
bool assay_show_goals(const struct assay_suite *suite, const struct assay_record_list *records,
                      enum assay_format format, enum assay_goal_detail detail, size_t *missed, FILE *out);

/* Judges the choice among our kernels (reports/choices/choices.h). */
bool assay_show_choices(const struct assay_record_list *records, enum assay_format format, bool all, FILE *out);

#endif
