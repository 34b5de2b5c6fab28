/* One function a format, over the grid; render.c chooses. */
#ifndef ASSAY_REPORTS_RENDER_FORMATS_H
#define ASSAY_REPORTS_RENDER_FORMATS_H

#include "reports/render/grid.h"
#include "reports/render/render.h"

#include <stdio.h>

bool render_table(const struct grid *grid, size_t width, FILE *out);
bool render_markdown(const struct grid *grid, FILE *out);
bool render_csv(const struct grid *grid, FILE *out);
bool render_json(const struct grid *grid, FILE *out);
bool render_gbench(const struct grid *grid, FILE *out);
bool render_lnt(const struct grid *grid, FILE *out);
bool render_baseline(const struct grid *grid, FILE *out);

/* Verdicts as TABLE, MARKDOWN, JSON or CSV. */
bool render_verdicts(enum assay_format format, const struct assay_comparison_list *comparisons, bool all, FILE *out);

/* The networks' part of a table or of Markdown; nothing where there are none. */
bool render_networks(const struct grid *grid, bool markdown, FILE *out);

/* One CSV field, quoted where it must be (RFC 4180); NULL is an empty field. */
void csv_field(const char *text, FILE *out);
/* A number as a field, empty for NaN. */
void csv_number(double value, FILE *out);

#endif
