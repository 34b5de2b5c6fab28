/* The words and figures of one grid cell, the same in every format for people. */
#ifndef ASSAY_REPORTS_RENDER_CELLS_H
#define ASSAY_REPORTS_RENDER_CELLS_H

#include "reports/render/grid.h"

enum { CELL_TEXT = 96 };

struct cell_text {
    char speedup[CELL_TEXT];   /* against fp32 of the case; "no kernel", or the outcome, where there is none */
    char kernel[CELL_TEXT];    /* name */
    char over_auto[CELL_TEXT]; /* against what a compiler alone gives */
    char bound[CELL_TEXT];     /* of the least time that this core needs; whether memory is what bounds it */
    char peer[CELL_TEXT];      /* share of the best peer, and its name */
    char oracle[CELL_TEXT];    /* the kernel against the oracle: "exact", or its share of the bound */
    char error[CELL_TEXT];     /* the mode against unquantized reals */
};

void cell_describe(const struct grid_cell *cell, struct cell_text *text);

/* "92 %", "85 % mem"; text of CELL_TEXT bytes, left as it is where no bound is known. */
void cell_bound(const struct assay_record *record, char *text);

/* The heading over a target's columns; says of an emulated one what its numbers are. */
const char *target_caption(const struct grid_target *target);

#endif
