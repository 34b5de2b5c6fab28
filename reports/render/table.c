/* The table for a terminal, and the same as Markdown. */
#include "reports/render/cells.h"
#include "reports/render/formats.h"
#include "reports/render/text_table.h"

#include <string.h>

enum { ROW_COLUMNS = 2, TARGET_COLUMNS = 5 };

/* Without operation and signature, which the row says already: "avx512_14x32". */
static const char *short_kernel(const char *name)
{
    const char *first = strchr(name, '_'), *second = first ? strchr(first + 1, '_') : NULL;
    return second ? second + 1 : name;
}

static void add_heading(const struct grid *grid, struct text_table *table)
{
    text_table_add(table, "case");
    text_table_add(table, "mode");
    for (size_t t = 0; t < grid->target_count; t++) {
        text_table_add(table, "%s: %s fp32", grid->targets[t].name,
                       grid->targets[t].emulated ? "instr. vs" : "time vs");
        text_table_add(table, "kernel");
        text_table_add(table, "vs peer");
        text_table_add(table, "oracle");
        text_table_add(table, "error");
    }
}

static void add_row(const struct grid *grid, const struct grid_row *row, const char *last_case,
                    struct text_table *table)
{
    char mode[CELL_TEXT];
    grid_mode_label(row->key, mode, sizeof(mode));
    text_table_add(table, "%s", last_case && strcmp(last_case, row->key->case_name) == 0 ? "" : row->key->case_name);
    text_table_add(table, "%s", mode);
    for (size_t t = 0; t < grid->target_count; t++) {
        struct cell_text text;
        cell_describe(&row->cells[t], &text);
        text_table_add(table, "%s", text.speedup);
        text_table_add(table, "%s", short_kernel(text.kernel));
        text_table_add(table, "%s", text.peer);
        text_table_add(table, "%s", text.oracle);
        text_table_add(table, "%s", text.error);
    }
}

static void print_captions(const struct grid *grid, bool markdown, FILE *out)
{
    for (size_t t = 0; t < grid->target_count; t++)
        fprintf(out, markdown ? "- **%s** – %s\n" : "%s: %s\n", grid->targets[t].name,
                target_caption(&grid->targets[t]));
    fprintf(
        out, "%s\n",
        markdown
            ? "\n*vs fp32*: the best dense fp32 kernel of the case / this one; *vs peer*: the best peer / this one "
              "(above 1: this one is better); *oracle*: the kernel against exact arithmetic, as a share of its "
              "bound; *error*: the mode against the unquantized layer, relative root mean square.\n"
            : "vs fp32: best dense fp32 kernel of the case / this one. vs peer: best peer / this one (above 1: this "
              "one is better).\noracle: the kernel against exact arithmetic, as a share of its bound. error: the "
              "mode against the unquantized layer, relative RMS.\n");
}

bool render_table(const struct grid *grid, bool markdown, FILE *out)
{
    struct text_table table = {.columns = ROW_COLUMNS + TARGET_COLUMNS * grid->target_count};
    char alignment[ROW_COLUMNS + TARGET_COLUMNS * 64 + 1] = "<<";
    if (grid->target_count > 64)
        return false;
    for (size_t t = 0; t < grid->target_count; t++)
        strcat(alignment, "><>>>");
    add_heading(grid, &table);
    for (size_t r = 0; r < grid->row_count; r++)
        add_row(grid, &grid->rows[r], r > 0 && !markdown ? grid->rows[r - 1].key->case_name : NULL, &table);
    print_captions(grid, markdown, out);
    const bool ok = markdown ? text_table_markdown(&table, alignment, out) : text_table_print(&table, alignment, out);
    text_table_free(&table);
    return ok;
}
