/* The table for a terminal, and the same as Markdown. */
#include "reports/render/cells.h"
#include "reports/render/formats.h"
#include "reports/render/text_table.h"

#include <string.h>

enum { ROW_COLUMNS = 2, MOST_TARGET_COLUMNS = 6 };

/* Without operation and signature, which the row says already: "avx512_14x32". */
static const char *short_kernel(const char *name)
{
    const char *first = strchr(name, '_'), *second = first ? strchr(first + 1, '_') : NULL;
    return second ? second + 1 : name;
}

/* Targets from `first` on, `count` of them, beside one another. */
struct span {
    size_t first, count;
};

static void add_heading(const struct grid *grid, struct span span, struct text_table *table)
{
    text_table_add(table, "case");
    text_table_add(table, "mode");
    for (size_t t = span.first; t < span.first + span.count; t++) {
        text_table_add(table, "%s: %s fp32", grid->targets[t].name,
                       grid->targets[t].emulated ? "instr. vs" : "time vs");
        text_table_add(table, "kernel");
        if (grid->targets[t].bounded)
            text_table_add(table, "of bound");
        text_table_add(table, "vs peer");
        text_table_add(table, "oracle");
        text_table_add(table, "error");
    }
}

static void add_row(const struct grid *grid, struct span span, const struct grid_row *row, const char *last_case,
                    struct text_table *table)
{
    char mode[CELL_TEXT];
    grid_mode_label(row->key, mode, sizeof(mode));
    text_table_add(table, "%s", last_case && strcmp(last_case, row->key->case_name) == 0 ? "" : row->key->case_name);
    text_table_add(table, "%s", mode);
    for (size_t t = span.first; t < span.first + span.count; t++) {
        struct cell_text text;
        cell_describe(&row->cells[t], &text);
        text_table_add(table, "%s", text.speedup);
        text_table_add(table, "%s", short_kernel(text.kernel));
        if (grid->targets[t].bounded)
            text_table_add(table, "%s", text.bound);
        text_table_add(table, "%s", text.peer);
        text_table_add(table, "%s", text.oracle);
        text_table_add(table, "%s", text.error);
    }
}

enum { MOST_TARGETS = 64, ALIGNMENT = ROW_COLUMNS + MOST_TARGET_COLUMNS * MOST_TARGETS + 1 };

/* Alignment of the columns, a character each. */
static void align(const struct grid *grid, struct span span, char *alignment)
{
    strcpy(alignment, "<<");
    for (size_t t = span.first; t < span.first + span.count; t++)
        strcat(alignment, grid->targets[t].bounded ? "><>>>>" : "><>>>");
}

/* `blanks`: a case is named in the first of its rows alone. Free the table, whatever became of it. */
static struct text_table table_of(const struct grid *grid, struct span span, bool blanks)
{
    char alignment[ALIGNMENT];
    align(grid, span, alignment);
    struct text_table table = {.columns = strlen(alignment)};
    add_heading(grid, span, &table);
    for (size_t r = 0; r < grid->row_count; r++)
        add_row(grid, span, &grid->rows[r], r > 0 && blanks ? grid->rows[r - 1].key->case_name : NULL, &table);
    return table;
}

static bool is_bounded(const struct grid *grid)
{
    bool bounded = false;
    for (size_t t = 0; t < grid->target_count; t++)
        bounded = bounded || grid->targets[t].bounded;
    return bounded;
}

bool render_markdown(const struct grid *grid, FILE *out)
{
    char alignment[ALIGNMENT];
    if (grid->target_count > MOST_TARGETS)
        return false;
    if (grid->row_count == 0)
        return render_networks(grid, true, out);
    for (size_t t = 0; t < grid->target_count; t++)
        fprintf(out, "- **%s** – %s\n", grid->targets[t].name, target_caption(&grid->targets[t]));
    fputs("\n*vs fp32*: the best dense fp32 kernel of the case / this one; *vs peer*: the best peer / this one (above "
          "1: this one is better); *oracle*: the kernel against exact arithmetic, as a share of its bound; *error*: "
          "the mode against the unquantized layer, relative root mean square.",
          out);
    fprintf(out, "%s\n\n",
            is_bounded(grid)
                ? " *of bound*: the least time that this core needs / the kernel's; mem: memory is what bounds it."
                : "");
    struct text_table table = table_of(grid, (struct span){0, grid->target_count}, false);
    align(grid, (struct span){0, grid->target_count}, alignment);
    const bool ok = text_table_markdown(&table, alignment, out);
    text_table_free(&table);
    return ok && render_networks(grid, true, out);
}

/* Each target's own table, under its heading. */
static bool print_blocks(const struct grid *grid, FILE *out)
{
    char alignment[ALIGNMENT];
    bool ok = true;
    for (size_t t = 0; ok && t < grid->target_count; t++) {
        align(grid, (struct span){t, 1}, alignment);
        fprintf(out, "%s%s: %s\n", t > 0 ? "\n" : "", grid->targets[t].name, target_caption(&grid->targets[t]));
        struct text_table table = table_of(grid, (struct span){t, 1}, true);
        ok = text_table_print(&table, alignment, out);
        text_table_free(&table);
    }
    return ok;
}

bool render_table(const struct grid *grid, size_t width, FILE *out)
{
    char alignment[ALIGNMENT];
    if (grid->target_count > MOST_TARGETS)
        return false;
    if (grid->row_count == 0)
        return render_networks(grid, false, out);
    struct text_table table = table_of(grid, (struct span){0, grid->target_count}, true);
    const bool fits = width == 0 || grid->target_count < 2 || text_table_width(&table) <= width;
    for (size_t t = 0; fits && t < grid->target_count; t++)
        fprintf(out, "%s: %s\n", grid->targets[t].name, target_caption(&grid->targets[t]));
    fputs("vs fp32: best dense fp32 kernel of the case / this one. vs peer: best peer / this one (above 1: this one is "
          "better).\noracle: the kernel against exact arithmetic, as a share of its bound. error: the mode against the "
          "unquantized layer, relative RMS.\n",
          out);
    fputs(is_bounded(grid)
              ? "of bound: the least time that this core needs / the kernel's; mem: memory is what bounds it.\n\n"
              : "\n",
          out);
    align(grid, (struct span){0, grid->target_count}, alignment);
    const bool ok = fits ? text_table_print(&table, alignment, out) : print_blocks(grid, out);
    text_table_free(&table);
    return ok && render_networks(grid, false, out);
}
