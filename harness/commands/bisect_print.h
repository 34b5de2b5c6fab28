/* What `assay bisect` tells people. */
#ifndef ASSAY_HARNESS_COMMANDS_BISECT_PRINT_H
#define ASSAY_HARNESS_COMMANDS_BISECT_PRINT_H

#include "harness/revision/bisect.h"

#include <stdio.h>

/* A line, as soon as a revision was judged. */
void assay_bisect_print_step(const json_t *step, FILE *out);

/* The answer of an outcome other than FAILED. */
void assay_bisect_print(const json_t *answer, enum assay_bisect_outcome outcome, FILE *out);

#endif
