/* Networks on the page: a table for each target, for values of different targets are not for comparing. */
#include "reports/render/cells.h"
#include "reports/render/formats.h"

#include <string.h>

static void print_network(const struct grid *grid, const struct network *network, FILE *out)
{
    char mode[CELL_TEXT], caption[512];
    struct network_text text;
    network_mode_label(network, mode, sizeof(mode));
    network_caption(network, caption, sizeof(caption));
    for (size_t line = 0; network_line(&grid->networks, network, line, &text); line++) {
        fputs("<tr><th scope=\"row\"", out);
        if (line == 0) {
            fputs(" title=\"", out);
            html_escaped(caption, out);
            fputc('"', out);
        }
        fputc('>', out);
        html_escaped(network->whole->network, out);
        fputs("</th>", out);
        html_cell(mode, "t", out);
        html_cell(text.layer, "t", out);
        html_cell(text.value, "n", out);
        html_cell(text.share, "n", out);
        html_cell(text.speedup, "n", out);
        html_cell(text.over_auto, "n", out);
        html_cell(text.over_ref, "n", out);
        html_cell(text.kernel, "t kernel", out);
        fputs("</tr>\n", out);
    }
}

void render_networks_html(const struct grid *grid, FILE *out)
{
    for (size_t t = 0; t < grid->target_count; t++) {
        bool any = false;
        for (size_t i = 0; i < grid->networks.count; i++) {
            const struct network *network = &grid->networks.items[i];
            if (!network->shown || strcmp(network->whole->target, grid->targets[t].name) != 0)
                continue;
            if (!any) {
                fputs("<h2>Networks on ", out);
                html_escaped(grid->targets[t].name, out);
                fprintf(out,
                        "</h2>\n<table class=\"networks\">\n<thead><tr><th scope=\"col\">network</th>"
                        "<th scope=\"col\">mode</th><th scope=\"col\">layer</th><th scope=\"col\">%s</th>"
                        "<th scope=\"col\">share</th><th scope=\"col\">vs fp32</th><th scope=\"col\">vs auto</th>"
                        "<th scope=\"col\">vs ref</th><th scope=\"col\">kernel</th></tr></thead>\n<tbody>\n",
                        grid->targets[t].emulated ? "instructions" : "time");
            }
            any = true;
            print_network(grid, network, out);
        }
        fputs(any ? "</tbody>\n</table>\n" : "", out);
    }
}
