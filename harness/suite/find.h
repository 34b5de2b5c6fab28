/* Suites by name: those of suites/, and files of the user's. */
#ifndef ASSAY_HARNESS_SUITE_FIND_H
#define ASSAY_HARNESS_SUITE_FIND_H

#include "harness/suite/suite.h"

/* The names of the shipped suites, sorted; *names lives as long as the process. False, with a message. */
bool assay_suite_names(const char *const **names, size_t *count);

/* The file of a shipped suite, or the name itself if it is a path (it has a slash, or ends in .yaml or .yml). NULL,
 * with a suggestion. */
const char *assay_suite_path(const char *name);

#endif
