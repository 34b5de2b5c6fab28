/* The report's main view: a row for each case, mode and structure, a cell for each target. */
#ifndef ASSAY_REPORTS_RENDER_GRID_H
#define ASSAY_REPORTS_RENDER_GRID_H

#include "reports/record/record.h"
#include "reports/render/networks.h"

struct grid_cell {
    const struct assay_record *best; /* what selection takes; NULL: not measured on this target */
    const struct assay_record *peer; /* the peer of lowest value among those that gave an answer; NULL: none */
    const struct assay_record *automatic, *reference; /* the two baselines; NULL: not measured */
};

struct grid_target {
    const char *name;
    bool emulated;
    bool bounded; /* for a series of it at least a bound is known */
    const json_t *machine;
};

struct grid_row {
    const struct assay_record *key; /* any record of the row: case, op, mode, structure, sparsity */
    struct grid_cell *cells;        /* one a target */
};

struct grid {
    struct grid_target *targets;
    struct grid_row *rows; /* in the order in which cases and modes first appear */
    size_t target_count, row_count;
    const struct assay_record **newest; /* the newest record of each series */
    size_t series_count;
    struct network_list networks; /* they and their layers are in no row */
};

/* The newest record of each series, arranged. Points into `records`. False: out of memory. Free with grid_free(). */
bool grid_make(const struct assay_record_list *records, struct grid *grid);
void grid_free(struct grid *grid);

/* value of `of` / value of the best kernel: above 1, the best kernel is faster. NaN where either is missing. */
double grid_share(const struct grid_cell *cell, const struct assay_record *of);

/* "mobilenet conv 1x1 … int8 1x4 80 %" in parts: mode with structure and sparsity, into `text` of `size` bytes. */
void grid_mode_label(const struct assay_record *key, char *text, size_t size);

#endif
