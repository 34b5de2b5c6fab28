/* Records out of rows. */
#ifndef ASSAY_REPORTS_STORE_LOAD_H
#define ASSAY_REPORTS_STORE_LOAD_H

#include "reports/store/database.h"

/* The machine of the row before: records of one machine share its object. Begins as zero; the caller drops `json`. */
struct assay_machine {
    sqlite3_int64 row;
    json_t *json;
};

/* Appends the record of a row whose first columns are document, row of the machine, machine. False, with a message, if
 * it holds none. */
bool assay_load_row(const struct assay_history *history, sqlite3_stmt *row, struct assay_machine *machine,
                    struct assay_record_list *records, char *message);

#endif
