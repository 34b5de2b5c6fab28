/* Whether a file is still the same. */
#ifndef ASSAY_HARNESS_BASE_SUM_H
#define ASSAY_HARNESS_BASE_SUM_H

/* FNV-1a (64 bits) over the file's bytes, in hexadecimal; it tells changes, not forgeries. "" if it cannot be read.
 * Lives as long as the process. */
const char *assay_file_sum(const char *path);

#endif
