/* What records of whole networks say of their accuracy (docs/records.md). */
#ifndef ASSAY_HARNESS_EVALUATE_RECORD_H
#define ASSAY_HARNESS_EVALUATE_RECORD_H

#include "harness/evaluate/accuracy.h"
#include "models/data/dataset.h"

/* Adds to the record of a whole network what the evaluation found. `sum`: the dataset's SHA-256. */
void assay_evaluation_record(const struct assay_evaluation *evaluation, const struct assay_dataset *dataset,
                             const char *sum, json_t *record);

#endif
