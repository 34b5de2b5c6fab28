/* What names a run. */
#ifndef ASSAY_REPORTS_STORE_REFERENCE_H
#define ASSAY_REPORTS_STORE_REFERENCE_H

#include "reports/store/database.h"

/* The row of the run that `reference` means, as assay_history_load() tells it. False, with a message that says what is
 * wrong with it. */
bool assay_reference_resolve(const struct assay_history *history, const char *reference, sqlite3_int64 *run,
                             char *message);

#endif
