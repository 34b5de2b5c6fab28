#include "reports/render/cells.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SET(member, ...) snprintf(text->member, CELL_TEXT, __VA_ARGS__)

static void describe_oracle(const struct assay_record *best, struct cell_text *text)
{
    if (!best->error_metric || isnan(best->error_value))
        SET(oracle, "–");
    else if (best->error_bound == 0.0)
        SET(oracle, best->error_value == 0.0 ? "exact" : "%g wrong", best->error_value);
    else if (best->error_bound == 1.0)
        SET(oracle, "%.2g", best->error_value);
    else
        SET(oracle, "%.2g of %.2g", best->error_value, best->error_bound);
}

void cell_bound(const struct assay_record *record, char *text)
{
    if (isnan(record->bound_share))
        return;
    const bool memory = record->bound_by && strcmp(record->bound_by, "memory") == 0;
    snprintf(text, CELL_TEXT, "%.0f %%%s", 100 * record->bound_share, memory ? " mem" : "");
}

void cell_describe(const struct grid_cell *cell, struct cell_text *text)
{
    const struct assay_record *best = cell->best;
    for (size_t i = 0; i < sizeof(*text) / CELL_TEXT; i++)
        strcpy((char *)text + i * CELL_TEXT, "–");
    if (!best)
        return;
    if (strcmp(best->outcome, "unsupported") == 0) {
        SET(speedup, "no kernel");
        return;
    }
    if (strcmp(best->outcome, "pass") != 0)
        SET(speedup, "%s", strcmp(best->outcome, "fail") == 0 ? "WRONG" : "ERROR");
    else if (!isnan(best->speedup))
        SET(speedup, "%.2f", best->speedup);
    if (best->kernel)
        SET(kernel, "%.80s", best->kernel);
    const double over_auto = grid_share(cell, cell->automatic), share = grid_share(cell, cell->peer);
    if (!isnan(over_auto))
        SET(over_auto, "%.2f", over_auto);
    cell_bound(best, text->bound);
    if (!isnan(share))
        SET(peer, "%.2f %.40s", share, cell->peer->origin ? cell->peer->origin : "?");
    describe_oracle(best, text);
    if (!isnan(best->mode_error))
        SET(error, "%.1e", best->mode_error);
}

const char *target_caption(const struct grid_target *target)
{
    return target->emulated ? "emulated: ratios of instructions executed, which say nothing of time"
                            : "measured: ratios of time";
}
