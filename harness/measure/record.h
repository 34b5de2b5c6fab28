/* From the probe's measurements to records (docs/records.md). */
#ifndef ASSAY_HARNESS_MEASURE_RECORD_H
#define ASSAY_HARNESS_MEASURE_RECORD_H

#include "harness/measure/plan.h"

/* What all records of a run share. */
struct assay_run_identity {
    const char *run_id, *suite, *started;
    const char *commit; /* NULL: not known */
    bool dirty;
    json_int_t seed;
};

/* What the processes of a job said about one series. */
struct assay_measured {
    json_t *last;                /* the newest measurement line; NULL: none came */
    json_t *samples, *processes; /* native: of all processes, as numbers */
    json_t *counts;              /* emulated: the plugin's line */
    const char *failure;         /* why it could not be measured; NULL: it was */
};

/* The record's member `identity`. */
json_t *assay_identity_json(const struct assay_run_identity *run);

/* Nanoseconds of one run, or instructions; NaN if there is none. */
double assay_measured_value(const struct assay_measured *measured, bool emulated);

/* The record of a series. `baseline` is the value of the job's baseline, or NaN; `machine` the probe's env line. */
json_t *assay_record_make(const struct assay_run_identity *run, const struct assay_stand *stand, json_t *machine,
                          const struct assay_job *job, size_t series, const struct assay_measured *measured,
                          double baseline);

/* The record's code.hash (harness/code/code.h); NULL: not known. */
void assay_record_set_hash(json_t *record, const char *hash);

#endif
