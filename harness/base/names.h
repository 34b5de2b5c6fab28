/* The names of kernels/core/types.h as lists, for suites, suggestions and `assay list`. */
#ifndef ASSAY_HARNESS_BASE_NAMES_H
#define ASSAY_HARNESS_BASE_NAMES_H

#include <stddef.h>

/* names[i] is the name of the enumerator with value i. */
struct assay_names {
    const char *names[16];
    size_t count;
};

struct assay_names assay_op_names(void);
struct assay_names assay_mode_names(void);
struct assay_names assay_structure_names(void);
struct assay_names assay_activation_names(void);
struct assay_names assay_conversion_names(void);

#endif
