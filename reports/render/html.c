/* The report as one self-contained page: no network, no dependency. Its style and script are files beside this one,
 * taken in at build time. */
#include "reports/render/cells.h"
#include "reports/render/formats.h"

#include <math.h>
#include <string.h>

extern const char report_css[], report_js[]; /* html_assets.c, made by the build */

void html_escaped(const char *text, FILE *out)
{
    for (; text && *text; text++) {
        switch (*text) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        default:
            fputc(*text, out);
        }
    }
}

static void print_target(const struct grid_target *target, FILE *out)
{
    const char *cpu = json_string_value(json_object_get(target->machine, "cpu"));
    fputs("<li><strong>", out);
    html_escaped(target->name, out);
    fputs("</strong> ", out);
    html_escaped(cpu ? cpu : "", out);
    size_t i;
    const json_t *feature;
    json_array_foreach(json_object_get(target->machine, "features"), i, feature)
    {
        fputs(i > 0 ? ", " : " <small>", out);
        html_escaped(json_string_value(feature), out);
    }
    fprintf(out, "%s<br><span class=\"%s\">%s</span></li>\n", i > 0 ? "</small>" : "",
            target->emulated ? "emulated" : "native", target_caption(target));
}

/* Which run this is: of its newest record, if the page shows several. */
static void print_run(const struct grid *grid, FILE *out)
{
    const json_t *run = NULL;
    for (size_t i = 0; i < grid->series_count; i++) {
        const json_t *other = json_object_get(grid->newest[i]->json, "identity");
        const char *newest = json_string_value(json_object_get(run, "started"));
        const char *started = json_string_value(json_object_get(other, "started"));
        if (started && (!newest || strcmp(started, newest) > 0))
            run = other;
    }
    const char *commit = json_string_value(json_object_get(run, "commit"));
    fputs("<p class=\"run\">suite ", out);
    html_escaped(json_string_value(json_object_get(run, "suite")), out);
    fputs(", ", out);
    html_escaped(json_string_value(json_object_get(run, "started")), out);
    if (commit) {
        fputs(", commit ", out);
        html_escaped(commit, out);
        fputs(json_is_true(json_object_get(run, "dirty")) ? " with changes" : "", out);
    }
    fputs("</p>\n", out);
}

static void print_head(const struct grid *grid, FILE *out)
{
    fputs("<thead>\n<tr><th scope=\"col\" rowspan=\"2\">case</th><th scope=\"col\" rowspan=\"2\">op</th>"
          "<th scope=\"col\" rowspan=\"2\">mode</th>",
          out);
    for (size_t t = 0; t < grid->target_count; t++) {
        fprintf(out, "<th scope=\"colgroup\" colspan=\"6\" class=\"first %s\">",
                grid->targets[t].emulated ? "emulated" : "native");
        html_escaped(grid->targets[t].name, out);
        fprintf(out, "<br><small>%s</small></th>", grid->targets[t].emulated ? "instruction ratios" : "time ratios");
    }
    fputs("</tr>\n<tr>", out);
    for (size_t t = 0; t < grid->target_count; t++)
        fputs(
            "<th scope=\"col\" class=\"first\">vs fp32</th><th scope=\"col\">kernel</th><th scope=\"col\">vs auto</th>"
            "<th scope=\"col\">vs peer</th><th scope=\"col\">oracle</th><th scope=\"col\">error</th>",
            out);
    fputs("</tr>\n</thead>\n", out);
}

void html_cell(const char *text, const char *kind, FILE *out)
{
    fprintf(out, "<td class=\"%s\">", kind);
    html_escaped(text, out);
    fputs("</td>", out);
}

/* A bar behind the speed-up: full at 8 times; another colour for what is below 1.00 as it is printed. */
static void print_speedup(const struct grid_cell *cell, const char *text, FILE *out)
{
    const double speedup = cell->best ? cell->best->speedup : NAN;
    const bool failed =
        cell->best && strcmp(cell->best->outcome, "pass") != 0 && strcmp(cell->best->outcome, "unsupported") != 0;
    fprintf(out, "<td class=\"n speedup%s\"", failed ? " failed" : !isnan(speedup) && speedup < 0.995 ? " slower" : "");
    if (!isnan(speedup))
        fprintf(out, " style=\"--share:%.1f%%\"", 100.0 * fmin(speedup / 8.0, 1.0));
    if (cell->best && cell->best->message) {
        fputs(" title=\"", out);
        html_escaped(cell->best->message, out);
        fputc('"', out);
    }
    fputc('>', out);
    html_escaped(text, out);
    fputs("</td>", out);
}

static void print_row(const struct grid *grid, const struct grid_row *row, FILE *out)
{
    char mode[CELL_TEXT];
    grid_mode_label(row->key, mode, sizeof(mode));
    fputs("<tr><th scope=\"row\">", out);
    html_escaped(row->key->case_name, out);
    fputs("</th>", out);
    html_cell(row->key->op, "t", out);
    html_cell(mode, "t", out);
    for (size_t t = 0; t < grid->target_count; t++) {
        struct cell_text text;
        cell_describe(&row->cells[t], &text);
        print_speedup(&row->cells[t], text.speedup, out);
        html_cell(text.kernel, "t kernel", out);
        html_cell(text.over_auto, "n", out);
        html_cell(text.peer, "n", out);
        html_cell(text.oracle, "n", out);
        html_cell(text.error, "n", out);
    }
    fputs("</tr>\n", out);
}

static void print_rows(const struct grid *grid, FILE *out)
{
    fputs("<table id=\"grid\">\n", out);
    print_head(grid, out);
    fputs("<tbody>\n", out);
    for (size_t r = 0; r < grid->row_count; r++)
        print_row(grid, &grid->rows[r], out);
    fputs("</tbody>\n</table>\n", out);
}

bool render_html(const struct grid *grid, FILE *out)
{
    fputs("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>assay "
          "report</title>\n<style>\n",
          out);
    fputs(report_css, out);
    fputs("</style>\n</head>\n<body>\n<header><h1>assay report</h1>\n", out);
    print_run(grid, out);
    fputs("<ul class=\"targets\">\n", out);
    for (size_t t = 0; t < grid->target_count; t++)
        print_target(&grid->targets[t], out);
    fputs("</ul>\n<p><b>vs fp32</b>: the best dense fp32 kernel of the case / this one. <b>vs auto</b>: what a "
          "compiler alone "
          "gives / this one. <b>vs peer</b>: the best peer / this one. Above 1, this one is better. <b>oracle</b>: the "
          "kernel against exact arithmetic, as a share of its bound. <b>error</b>: the mode against the unquantized "
          "layer, "
          "relative root mean square. <b>share</b>: of the whole network, which is timed without looking between its "
          "layers.</p>\n"
          "<label>Show rows that contain <input id=\"filter\" type=\"search\" placeholder=\"int8 conv\"></label> "
          "<output id=\"shown\"></output>\n</header>\n<main>\n",
          out);
    if (grid->row_count > 0 || grid->networks.count == 0)
        print_rows(grid, out);
    render_networks_html(grid, out);
    fputs("</main>\n<script>\n", out);
    fputs(report_js, out);
    fputs("</script>\n</body>\n</html>\n", out);
    return true;
}
