/* Finding series in a list of records. */
#ifndef ASSAY_REPORTS_RECORD_INDEX_H
#define ASSAY_REPORTS_RECORD_INDEX_H

#include "reports/record/record.h"

/* The newest record of each series (a series that was tried again has several), in the order of series_id. The caller
 * frees the array; the records stay the list's. NULL: out of memory. */
const struct assay_record **assay_record_index(const struct assay_record_list *list, size_t *count);

/* The record of a series in such an index, or NULL. */
const struct assay_record *assay_record_find(const struct assay_record *const *index, size_t count,
                                             const char *series_id);

#endif
