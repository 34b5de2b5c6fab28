#include "reports/render/render.h"

#include "reports/page/page.h"
#include "reports/render/formats.h"

#include <string.h>

static const char *const names[ASSAY_FORMAT_COUNT] = {"table", "json", "csv", "markdown", "html", "gbench"};

const char *assay_format_name(enum assay_format format)
{
    return (unsigned)format < ASSAY_FORMAT_COUNT ? names[format] : NULL;
}

bool assay_format_parse(const char *name, enum assay_format *format)
{
    for (int i = 0; i < ASSAY_FORMAT_COUNT; i++) {
        if (strcmp(names[i], name) == 0) {
            *format = (enum assay_format)i;
            return true;
        }
    }
    return false;
}

static bool render_grid(enum assay_format format, const struct grid *grid, size_t width, FILE *out)
{
    switch (format) {
    case ASSAY_FORMAT_TABLE:
        return render_table(grid, width, out);
    case ASSAY_FORMAT_MARKDOWN:
        return render_markdown(grid, out);
    case ASSAY_FORMAT_CSV:
        return render_csv(grid, out);
    case ASSAY_FORMAT_JSON:
        return render_json(grid, out);
    case ASSAY_FORMAT_GBENCH:
        return render_gbench(grid, out);
    default:
        return false;
    }
}

bool assay_render_records(enum assay_format format, const struct assay_record_list *records, size_t width, FILE *out)
{
    if (format == ASSAY_FORMAT_HTML)
        return assay_page_write(&(struct assay_page){.records = records}, out);
    struct grid grid;
    if (!grid_make(records, &grid))
        return false;
    const bool ok = render_grid(format, &grid, width, out);
    grid_free(&grid);
    return ok && !ferror(out);
}
