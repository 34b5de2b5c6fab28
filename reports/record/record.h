/* Records: one JSON object a line, one line a series of a run (docs/records.md is the schema's manual).
 * JSON is jansson's. A record keeps its whole JSON, so that members this program does not know survive being read. */
#ifndef ASSAY_REPORTS_RECORD_RECORD_H
#define ASSAY_REPORTS_RECORD_RECORD_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define ASSAY_RECORD_SCHEMA 2

enum { ASSAY_RECORD_MESSAGE = 512 }; /* bytes that hold any message below, its NUL included */

/* A view of one record. Strings live as long as `json`; numbers that are null in the record are NaN. */
struct assay_record {
    json_t *json; /* owned */
    const char *series_id, *target, *op, *mode, *structure, *case_name, *role, *metric, *outcome;
    const char *kernel, *origin, *message; /* NULL where the record has null or none */
    double sparsity, value, speedup;
    const char *error_metric; /* NULL: not compared with the oracle */
    double error_value, error_bound;
    double bound_share;   /* bound.share: of the time measured, the least that this core needs */
    const char *bound_by; /* "arithmetic", "memory", "layers"; NULL: no bound is known */
    double mode_error;    /* accuracy.rel_rms: of the mode against the unquantized layer */
    const char *network;  /* the network that it is, or is a layer of; NULL: it is of a suite */
    json_int_t layer;     /* -1: the whole network */
    bool emulated;
};

struct assay_record_list {
    struct assay_record *items;
    size_t count, capacity;
};

/* Makes a view of `json` and keeps a reference to it. False where it does not follow the schema: message (of
 * ASSAY_RECORD_MESSAGE bytes) names the member and what is wrong with it. */
bool assay_record_view(json_t *json, struct assay_record *record, char *message);

/* Appends the records of a file. An empty line is passed over. False: nothing was appended, and the message says file,
 * line and what is wrong. A file without any record is an error, too. With `cut` not NULL a last line without a newline
 * (a writer was killed) is left out and counted there; with NULL it is an error. */
bool assay_record_read(const char *path, struct assay_record_list *list, size_t *cut, char *message);

/* Takes over `record`; false: out of memory. */
bool assay_record_append(struct assay_record_list *list, struct assay_record record);

void assay_record_list_free(struct assay_record_list *list);

/* The record as one line with its newline; free() it. NULL: out of memory, or not a finite number. */
char *assay_record_line(const json_t *json);

#endif
