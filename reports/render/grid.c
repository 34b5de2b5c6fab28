#include "reports/render/grid.h"

#include "reports/record/index.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The row's identity: what its records have in common. */
static bool same_row(const struct assay_record *a, const struct assay_record *b)
{
    return strcmp(a->case_name, b->case_name) == 0 && strcmp(a->op, b->op) == 0 && strcmp(a->mode, b->mode) == 0 &&
           strcmp(a->structure, b->structure) == 0 && a->sparsity == b->sparsity;
}

static size_t target_of(struct grid *grid, const struct assay_record *record)
{
    size_t t = 0;
    while (t < grid->target_count && strcmp(grid->targets[t].name, record->target) != 0)
        t++;
    if (t == grid->target_count)
        grid->targets[grid->target_count++] = (struct grid_target){
            .name = record->target,
            .emulated = record->emulated,
            .machine = json_object_get(record->json, "machine"),
        };
    grid->targets[t].bounded = grid->targets[t].bounded || !isnan(record->bound_share);
    return t;
}

static size_t row_of(struct grid *grid, const struct assay_record *record)
{
    /* Records of a row stand together: look back from the newest row. */
    size_t r = grid->row_count;
    while (r > 0 && !same_row(grid->rows[r - 1].key, record))
        r--;
    if (r > 0)
        return r - 1;
    /* Emulated jobs end in any order; a case's rows stay together. */
    size_t at = grid->row_count;
    while (at > 0 && strcmp(grid->rows[at - 1].key->case_name, record->case_name) != 0)
        at--;
    if (at == 0)
        at = grid->row_count;
    memmove(&grid->rows[at + 1], &grid->rows[at], (grid->row_count - at) * sizeof(*grid->rows));
    grid->rows[at].key = record;
    grid->row_count++;
    return at;
}

static bool answered(const struct assay_record *record)
{
    return record->kernel && !isnan(record->value);
}

static void place(struct grid_cell *cell, const struct assay_record *record)
{
    if (strcmp(record->role, "best") == 0)
        cell->best = record;
    else if (strcmp(record->role, "auto") == 0)
        cell->automatic = record;
    else if (strcmp(record->role, "ref") == 0)
        cell->reference = record;
    else if (strcmp(record->role, "peer") == 0 && answered(record) &&
             (!cell->peer || record->value < cell->peer->value))
        cell->peer = record;
}

bool grid_make(const struct assay_record_list *records, struct grid *grid)
{
    *grid = (struct grid){0};
    grid->newest = assay_record_index(records, &grid->series_count);
    grid->targets = calloc(records->count + 1, sizeof(*grid->targets));
    grid->rows = calloc(records->count + 1, sizeof(*grid->rows));
    if (!grid->newest || !grid->targets || !grid->rows ||
        !networks_make(records, grid->newest, grid->series_count, &grid->networks)) {
        grid_free(grid);
        return false;
    }
    for (size_t i = 0; i < records->count; i++) {
        target_of(grid, &records->items[i]);
        if (!records->items[i].network)
            row_of(grid, &records->items[i]);
    }
    for (size_t r = 0; r < grid->row_count; r++) {
        grid->rows[r].cells = calloc(grid->target_count, sizeof(*grid->rows[r].cells));
        if (!grid->rows[r].cells) {
            grid_free(grid);
            return false;
        }
    }
    for (size_t i = 0; i < grid->series_count; i++) {
        const struct assay_record *record = grid->newest[i];
        if (record->network)
            continue;
        place(&grid->rows[row_of(grid, record)].cells[target_of(grid, record)], record);
    }
    return true;
}

void grid_free(struct grid *grid)
{
    networks_free(&grid->networks);
    for (size_t r = 0; r < grid->row_count; r++)
        free(grid->rows[r].cells);
    free(grid->rows);
    free(grid->targets);
    free(grid->newest);
    *grid = (struct grid){0};
}

double grid_share(const struct grid_cell *cell, const struct assay_record *of)
{
    return cell->best && of && answered(cell->best) && answered(of) ? of->value / cell->best->value : NAN;
}

void grid_mode_label(const struct assay_record *key, char *text, size_t size)
{
    if (strcmp(key->structure, "dense") == 0)
        snprintf(text, size, "%s", key->mode);
    else
        snprintf(text, size, "%s %s %g%%", key->mode, key->structure, 100.0 * key->sparsity);
}
