/* The schema as data: each member that a record must have, and of what kind. */
#ifndef ASSAY_REPORTS_RECORD_SCHEMA_H
#define ASSAY_REPORTS_RECORD_SCHEMA_H

#include "reports/record/record.h"

/* True if `json` follows the schema; else the message says which member does not, and why. */
bool assay_schema_check(const json_t *json, char *message);

#endif
