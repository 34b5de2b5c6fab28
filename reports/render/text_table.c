#include "reports/render/text_table.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void text_table_add(struct text_table *table, const char *format, ...)
{
    if (table->count == table->capacity) {
        const size_t capacity = table->capacity ? 2 * table->capacity : 256;
        char **cells = realloc(table->cells, capacity * sizeof(*cells));
        if (!cells) {
            table->failed = true;
            return;
        }
        table->cells = cells;
        table->capacity = capacity;
    }
    va_list arguments;
    va_start(arguments, format);
    char *cell = NULL;
    if (vasprintf(&cell, format, arguments) < 0)
        table->failed = true;
    else
        table->cells[table->count++] = cell;
    va_end(arguments);
}

/* Characters shown, not bytes: UTF-8 continuation bytes take no column. */
static size_t shown_width(const char *text)
{
    size_t width = 0;
    for (; *text; text++)
        width += ((unsigned char)*text & 0xC0) != 0x80;
    return width;
}

static size_t column_width(const struct text_table *table, size_t column)
{
    size_t widest = 0;
    for (size_t i = column; i < table->count; i += table->columns) {
        const size_t width = shown_width(table->cells[i]);
        widest = width > widest ? width : widest;
    }
    return widest;
}

size_t text_table_width(const struct text_table *table)
{
    size_t width = 0;
    for (size_t c = 0; c < table->columns; c++)
        width += column_width(table, c) + (c > 0 ? 2 : 0);
    return width;
}

static void print_cell(const char *text, size_t width, bool right, bool last, FILE *out)
{
    const int fill = (int)(width - shown_width(text));
    if (right)
        fprintf(out, "%*s%s", fill, "", text);
    else
        fprintf(out, "%s%*s", text, last ? 0 : fill, "");
}

bool text_table_print(const struct text_table *table, const char *right, FILE *out)
{
    size_t *widths = calloc(table->columns, sizeof(*widths));
    if (!widths || table->failed) {
        free(widths);
        return false;
    }
    for (size_t c = 0; c < table->columns; c++)
        widths[c] = column_width(table, c);
    for (size_t i = 0; i < table->count; i++) {
        const size_t c = i % table->columns;
        const bool last = c + 1 == table->columns;
        print_cell(table->cells[i], widths[c], right[c] == '>', last, out);
        fputs(last ? "\n" : "  ", out);
    }
    free(widths);
    return true;
}

static void print_escaped(const char *text, FILE *out)
{
    for (; *text; text++) {
        if (*text == '|' || *text == '\\')
            fputc('\\', out);
        fputc(*text == '\n' ? ' ' : *text, out);
    }
}

bool text_table_markdown(const struct text_table *table, const char *right, FILE *out)
{
    if (table->failed)
        return false;
    for (size_t i = 0; i < table->count; i++) {
        fputs(i % table->columns == 0 ? "| " : " | ", out);
        print_escaped(table->cells[i], out);
        if ((i + 1) % table->columns != 0)
            continue;
        fputs(" |\n", out);
        if (i + 1 == table->columns) { /* the heading's rule */
            for (size_t c = 0; c < table->columns; c++)
                fputs(right[c] == '>' ? "|--:" : "|---", out);
            fputs("|\n", out);
        }
    }
    return true;
}

void text_table_free(struct text_table *table)
{
    for (size_t i = 0; i < table->count; i++)
        free(table->cells[i]);
    free(table->cells);
    *table = (struct text_table){0};
}
