/* The goals of a suite, read from YAML (docs/suites.md). */
#ifndef ASSAY_HARNESS_SUITE_GOALS_H
#define ASSAY_HARNESS_SUITE_GOALS_H

#include "harness/yaml/document.h"
#include "reports/goals/goal.h"

/* False, with a message. What is in *goals lives as long as the process. */
bool assay_goals_read(const struct assay_yaml *list, struct assay_goal_list *goals);

#endif
