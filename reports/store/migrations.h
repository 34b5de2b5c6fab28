/* The schema of a history, as the steps that lead to it: step i makes version i + 1 of version i. A step that was
 * released is never edited; a change of the schema is another step. */
#ifndef ASSAY_REPORTS_STORE_MIGRATIONS_H
#define ASSAY_REPORTS_STORE_MIGRATIONS_H

#include <stddef.h>

/* In the file's header, as SQLite's application_id: "ASAY". */
enum { ASSAY_HISTORY_APPLICATION = 0x41534159 };

extern const char *const assay_history_steps[];
extern const int assay_history_version; /* of this program: the number of steps */

#endif
