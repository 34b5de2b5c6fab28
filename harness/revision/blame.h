/* Which layers of a network changed. */
#ifndef ASSAY_HARNESS_REVISION_BLAME_H
#define ASSAY_HARNESS_REVISION_BLAME_H

#include <jansson.h>

/* Of a network's records by two revisions, the three layers whose values differ most, the greatest difference first: an
 * array of {"series_id", "layer", "before", "after" (values), "change" (after less before), "kernel": {"before",
 * "after"}, "same_code" (null: not known)}. Empty where `series_id` is no whole network. The caller releases it. */
json_t *assay_blame_layers(const json_t *before, const json_t *after, const char *series_id);

#endif
