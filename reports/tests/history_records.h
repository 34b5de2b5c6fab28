/* Records of runs that never were, for the tests of the history. */
#ifndef ASSAY_REPORTS_TESTS_HISTORY_RECORDS_H
#define ASSAY_REPORTS_TESTS_HISTORY_RECORDS_H

#include "reports/record/record.h"

/* Series `series` of run `run`, which started that many hours after the year did; the value is NaN for a null. */
json_t *history_record(int run, int series, double value);

/* Appends it, and drops the caller's reference. False: it is no record. */
bool history_append(struct assay_record_list *list, json_t *json);

/* `count` series of a run, with values that are the run's number and the series'. */
bool history_append_run(struct assay_record_list *list, int run, int count);

/* The id and commit of a run. */
const char *history_run_id(int run, char text[64]);
const char *history_commit(int run, char text[64]);

#endif
