/* The lines of the emulator's plugin, joined to what the probe says of its regions (toolchains/qemu/markers.h). */
#ifndef ASSAY_HARNESS_MEASURE_COUNTS_H
#define ASSAY_HARNESS_MEASURE_COUNTS_H

#include <jansson.h>

/* A file that the plugin may write to, another for each `owner`; it is not there. Lives as long as the process. */
const char *assay_counts_path(const void *owner);

/* Reads the file and removes it. The caller releases the answer, which is empty if there is no such file. */
json_t *assay_counts_take(const char *path);

/* The plugin's line for a region; NULL if there is none. `region`, `pid`: members of the probe's line; a pid may be
 * absent. */
json_t *assay_counts_find(const json_t *counts, const json_t *region, const json_t *pid);

/* Why a line tells nothing; NULL: it is a count. */
const char *assay_counts_flaw(const json_t *line);

/* The line as records have it: without what it was joined by. The caller releases it. */
json_t *assay_counts_record(const json_t *line);

#endif
