#include "reports/render/render.h"

#include "reports/page/page.h"
#include "reports/render/alarms.h"
#include "reports/render/formats.h"
#include "reports/render/packing.h"

#include <string.h>

static const char *const names[ASSAY_FORMAT_COUNT] = {"table", "json",  "csv",    "markdown", "html",    "gbench",
                                                      "junit", "sarif", "github", "lnt",      "baseline"};

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

bool assay_format_of_verdicts(enum assay_format format)
{
    return format != ASSAY_FORMAT_HTML && format != ASSAY_FORMAT_GBENCH && format != ASSAY_FORMAT_LNT &&
           format != ASSAY_FORMAT_BASELINE;
}

size_t assay_format_names(bool of_verdicts, const char *list[ASSAY_FORMAT_COUNT])
{
    size_t count = 0;
    for (int i = 0; i < ASSAY_FORMAT_COUNT; i++)
        if (!of_verdicts || assay_format_of_verdicts((enum assay_format)i))
            list[count++] = names[i];
    return count;
}

static bool render_alarms(enum assay_format format, struct finding_list *list, FILE *out)
{
    switch (format) {
    case ASSAY_FORMAT_JUNIT:
        return alarms_junit(list, out);
    case ASSAY_FORMAT_SARIF:
        return alarms_sarif(list, out);
    case ASSAY_FORMAT_GITHUB:
        return alarms_github(list, out);
    default:
        return false;
    }
}

static bool is_of_alarms(enum assay_format format)
{
    return format == ASSAY_FORMAT_JUNIT || format == ASSAY_FORMAT_SARIF || format == ASSAY_FORMAT_GITHUB;
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
    case ASSAY_FORMAT_LNT:
        return render_lnt(grid, out);
    case ASSAY_FORMAT_BASELINE:
        return render_baseline(grid, out);
    default:
        return false;
    }
}

bool assay_render_records(enum assay_format format, const struct assay_record_list *records, size_t width, FILE *out)
{
    if (format == ASSAY_FORMAT_HTML)
        return assay_page_write(&(struct assay_page){.records = records}, out);
    if (is_of_alarms(format)) {
        struct finding_list findings;
        if (!findings_of_records(records, &findings))
            return false;
        const bool written = render_alarms(format, &findings, out);
        findings_free(&findings);
        return written && !ferror(out);
    }
    struct grid grid;
    if (!grid_make(records, &grid))
        return false;
    const bool ok = render_grid(format, &grid, width, out);
    grid_free(&grid);
    return ok && !ferror(out);
}

bool assay_render_packing(enum assay_format format, const struct assay_record_list *records, FILE *out)
{
    struct grid grid;
    if (!grid_make(records, &grid))
        return false;
    const bool ok = render_packing(format, &grid, out);
    grid_free(&grid);
    return ok && !ferror(out);
}

bool assay_render_comparison(enum assay_format format, const struct assay_comparison_list *comparisons, bool all,
                             FILE *out)
{
    if (!is_of_alarms(format))
        return render_verdicts(format, comparisons, all, out) && !ferror(out);
    struct finding_list findings;
    if (!findings_of_comparisons(comparisons, &findings))
        return false;
    const bool written = render_alarms(format, &findings, out);
    findings_free(&findings);
    return written && !ferror(out);
}
