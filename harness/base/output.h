/* Standard output. */
#ifndef ASSAY_HARNESS_BASE_OUTPUT_H
#define ASSAY_HARNESS_BASE_OUTPUT_H

#include <stdbool.h>

/* Whether its reader has left, as `head` does when it has read enough: then nothing is wrong, and nothing to be said.
 */
bool assay_reader_left(void);

#endif
