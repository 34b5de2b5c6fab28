/* `assay report --packing`. */
#ifndef ASSAY_REPORTS_RENDER_PACKING_H
#define ASSAY_REPORTS_RENDER_PACKING_H

#include "reports/render/grid.h"
#include "reports/render/render.h"

/* TABLE or MARKDOWN. */
bool render_packing(enum assay_format format, const struct grid *grid, FILE *out);

#endif
