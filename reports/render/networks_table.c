/* Networks for a terminal, and as Markdown. */
#include "reports/render/cells.h"
#include "reports/render/formats.h"
#include "reports/render/text_table.h"

#include <string.h>

/* With a column for the bound, where one is known. */
static const char *alignment_of(const struct grid_target *target)
{
    return target->bounded ? "<<<>>>>>>><" : "<<<>>>>>><";
}

static const char legend[] =
    "Whole networks, and what each layer takes in rounds of their own. share: of the whole. "
    "vs fp32, auto, ref, peer: the "
    "fp32 network,\nwhat a compiler alone makes of it, the scalar references, and the best "
    "peer's kernels in this one's executor / this one (above 1: this one is better).\nof "
    "bound: the least time that this core needs / this one; of the whole: the sum of what is known of "
    "its layers.\n";

static void add_heading(const struct grid_target *target, struct text_table *table)
{
    const char *const headings[] = {"network", "mode",    "layer",   target->emulated ? "instructions" : "time",
                                    "share",   "vs fp32", "vs auto", "vs ref",
                                    "vs peer"};
    table->columns = strlen(alignment_of(target));
    for (size_t i = 0; i < sizeof(headings) / sizeof(headings[0]); i++)
        text_table_add(table, "%s", headings[i]);
    if (target->bounded)
        text_table_add(table, "of bound");
    text_table_add(table, "kernel");
}

static void add_network(const struct grid *grid, const struct grid_target *target, const struct network *network,
                        bool blanks, struct text_table *table)
{
    char mode[CELL_TEXT];
    struct network_text text;
    network_mode_label(network, mode, sizeof(mode));
    for (size_t line = 0; network_line(&grid->networks, network, line, &text); line++) {
        text_table_add(table, "%s", blanks && line > 0 ? "" : network->whole->network);
        text_table_add(table, "%s", blanks && line > 0 ? "" : mode);
        const char *const cells[] = {text.layer,     text.value,    text.share,    text.speedup,
                                     text.over_auto, text.over_ref, text.over_peer};
        for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++)
            text_table_add(table, "%s", cells[i]);
        if (target->bounded)
            text_table_add(table, "%s", text.bound);
        text_table_add(table, "%s", text.kernel);
    }
}

static void print_captions(const struct grid *grid, const struct grid_target *target, const char *before, FILE *out)
{
    for (size_t i = 0; i < grid->networks.count; i++) {
        const struct network *network = &grid->networks.items[i];
        char mode[CELL_TEXT], caption[512];
        if (!network->shown || strcmp(network->whole->target, target->name) != 0)
            continue;
        network_mode_label(network, mode, sizeof(mode));
        network_caption(network, caption, sizeof(caption));
        fprintf(out, "%s%s %s: %s\n", before, network->whole->network, mode, caption);
    }
}

bool render_networks(const struct grid *grid, bool markdown, FILE *out)
{
    bool good = true;
    for (size_t t = 0; good && t < grid->target_count; t++) {
        struct text_table table = {0};
        add_heading(&grid->targets[t], &table);
        for (size_t i = 0; i < grid->networks.count; i++) {
            const struct network *network = &grid->networks.items[i];
            if (network->shown && strcmp(network->whole->target, grid->targets[t].name) == 0)
                add_network(grid, &grid->targets[t], network, !markdown, &table);
        }
        if (table.count > table.columns) {
            fprintf(out, "\n%s%s%s: %s\n%s", markdown ? "**" : "", grid->targets[t].name, markdown ? "**" : "",
                    target_caption(&grid->targets[t]), markdown ? "\n" : "");
            const char *alignment = alignment_of(&grid->targets[t]);
            good = markdown ? text_table_markdown(&table, alignment, out) : text_table_print(&table, alignment, out);
            fputs(markdown ? "\n" : "", out);
            print_captions(grid, &grid->targets[t], markdown ? "- " : "", out);
        }
        text_table_free(&table);
    }
    if (grid->networks.count > 0)
        fprintf(out, "\n%s", legend);
    return good;
}
