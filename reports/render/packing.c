/* What packing the weights costs, once, beside what it is for: a table of its own, since few readers ask. */
#include "reports/render/packing.h"
#include "reports/render/cells.h"
#include "reports/render/text_table.h"

#include <math.h>
#include <string.h>

struct packing {
    const struct assay_record *record;
    double ns, packed_bytes, weight_bytes; /* NaN: not known */
};

static double number_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

/* Of what selection takes, and of peers; False: it packs nothing, or was not timed. */
static bool packing_of(const struct assay_record *record, struct packing *packing)
{
    const json_t *code = json_object_get(record->json, "code");
    *packing = (struct packing){record, number_of(code, "pack_ns"), number_of(code, "packed_bytes"),
                                number_of(code, "weight_bytes")};
    const bool shown = strcmp(record->role, "best") == 0 || strcmp(record->role, "peer") == 0;
    return shown && packing->ns > 0 && packing->weight_bytes > 0 && record->value > 0;
}

static void add_number(struct text_table *table, const char *format, double value)
{
    if (isnan(value))
        text_table_add(table, "–");
    else
        text_table_add(table, format, value);
}

static void add_row(const struct packing *p, struct text_table *table)
{
    const struct assay_record *r = p->record;
    char mode[CELL_TEXT];
    grid_mode_label(r, mode, sizeof(mode));
    text_table_add(table, "%s", r->target);
    text_table_add(table, "%s", r->case_name);
    text_table_add(table, "%s", mode);
    text_table_add(table, "%s", r->kernel ? r->kernel : r->origin ? r->origin : "–");
    add_number(table, "%.1f", p->weight_bytes / 1024);
    add_number(table, "%.1f", p->packed_bytes / 1024);
    add_number(table, "%.2f", p->ns / 1e3);
    add_number(table, "%.2f", p->weight_bytes / p->ns);
    add_number(table, "%.1f", p->ns / r->value);
}

bool render_packing(enum assay_format format, const struct grid *grid, FILE *out)
{
    static const char *const headings[] = {"target",     "case",       "mode",     "kernel", "weights KiB",
                                           "packed KiB", "packing us", "bytes/ns", "in runs"};
    static const char alignment[] = "<<<<>>>>>";
    struct text_table table = {.columns = sizeof(headings) / sizeof(headings[0])};
    for (size_t i = 0; i < table.columns; i++)
        text_table_add(&table, "%s", headings[i]);
    for (size_t i = 0; i < grid->series_count; i++) {
        struct packing packing;
        if (packing_of(grid->newest[i], &packing))
            add_row(&packing, &table);
    }
    const bool good = format == ASSAY_FORMAT_MARKDOWN ? text_table_markdown(&table, alignment, out)
                                                      : text_table_print(&table, alignment, out);
    text_table_free(&table);
    fputs("\nPacking happens once in a network's life; of a network it is reading and preparing the whole file. "
          "bytes/ns: "
          "weights as they are\nstored, in that time. in runs: as many runs of the layer take as long.\n",
          out);
    return good;
}
