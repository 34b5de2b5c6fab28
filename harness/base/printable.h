/* Names out of files, which may hold anything. */
#ifndef ASSAY_HARNESS_BASE_PRINTABLE_H
#define ASSAY_HARNESS_BASE_PRINTABLE_H

/* A copy, that lives as long as the process, that a terminal and JSON can take: control characters, and all beyond
 * ASCII if it is not UTF-8, become '?'. */
const char *assay_printable(const char *name);

#endif
