/* A table of strings, printed aligned for a terminal or as Markdown. */
#ifndef ASSAY_REPORTS_RENDER_TEXT_TABLE_H
#define ASSAY_REPORTS_RENDER_TEXT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct text_table {
    char **cells; /* rows x columns, owned; the first row is the heading */
    size_t columns, count, capacity;
    bool failed; /* memory ran out: printing will say so */
};

/* Appends one cell; after `columns` of them a new row begins. */
__attribute__((format(printf, 2, 3))) void text_table_add(struct text_table *table, const char *format, ...);

/* Aligned columns, two spaces apart; columns from the first number on are for the reader to compare: right-aligned
 * where `right` (a string of '<' and '>', one a column) says so. False: memory had run out. */
bool text_table_print(const struct text_table *table, const char *right, FILE *out);
bool text_table_markdown(const struct text_table *table, const char *right, FILE *out);

/* Columns that text_table_print() takes. */
size_t text_table_width(const struct text_table *table);

void text_table_free(struct text_table *table);

#endif
