/* Cases that a suite takes from other suites (docs/suites.md). */
#ifndef ASSAY_HARNESS_SUITE_INCLUDE_H
#define ASSAY_HARNESS_SUITE_INCLUDE_H

#include "harness/suite/suite.h"
#include "harness/yaml/document.h"

/* What of an included suite is taken: its cases keep what they say themselves, narrowed to this. */
struct assay_narrowing {
    unsigned modes, roles, structures; /* bits to keep */
    const double *sparsities;          /* in place of the case's own; count 0: the case's own stay */
    size_t sparsity_count;
    const char *cases; /* glob; NULL: all */
};

/* Adds the cases of `from` to a growing array, named SUITE.CASE; those of which nothing is left are left out. False,
 * with a message at `place`, if a name gets too long or nothing is left at all. */
bool assay_include(const struct assay_suite *from, const struct assay_narrowing *narrowing, struct assay_place place,
                   struct assay_case **cases, size_t *capacity, size_t *count);

#endif
