/* The test of the tests: kernels wrong on purpose (suites/check/mutants), each of which the checks must catch. */
#ifndef ASSAY_SUITES_CHECK_CHECK_MUTANTS_H
#define ASSAY_SUITES_CHECK_CHECK_MUTANTS_H

#include "suites/check/cases.h"

/* Tries all kernels of the plugin `file` (NULL: assay-mutants.so beside the program); a line for each, and a summary.
 * Exit status of the program. */
int check_mutants(const char *file, uint64_t seed);

#endif
