/* Where a run is kept: OUT/records.jsonl, which only ever grows, and OUT/run.json, what was asked. */
#ifndef ASSAY_HARNESS_MEASURE_STORE_H
#define ASSAY_HARNESS_MEASURE_STORE_H

#include "reports/record/record.h"

#include <jansson.h>

struct assay_store {
    const char *folder, *path; /* path: of records.jsonl */
    int fd;
};

/* Makes the folder and opens the records for appending. A last line that a killed writer left unfinished is cut off,
 * and said. Only one run at a time may hold a store. False, with a message. */
bool assay_store_open(const char *folder, struct assay_store *store);
void assay_store_close(struct assay_store *store);

/* Appends the records (a JSON array), one write() a line, and brings them to the disk. On failure the file is as it was
 * before the line that could not be written, and false, with a message. */
bool assay_store_append(struct assay_store *store, const json_t *records);

/* The records of run `run_id` that are stored. False, with a message, if the file is damaged. */
bool assay_store_read(const struct assay_store *store, const char *run_id, struct assay_record_list *list);

/* Writes a file whole or not at all: `write` fills it. A device or a pipe is written to as it is. False, with a
 * message. */
bool assay_store_replace(const char *path, bool (*write)(void *context, FILE *out), void *context);

#endif
