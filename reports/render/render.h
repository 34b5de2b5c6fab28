/* Records and comparisons for people and programs. All functions write to `out` and leave checking it (ferror, fclose)
 * to the caller; false: out of memory, or `out` failed. */
#ifndef ASSAY_REPORTS_RENDER_RENDER_H
#define ASSAY_REPORTS_RENDER_RENDER_H

#include "reports/record/record.h"
#include "reports/stats/compare.h"

#include <stdio.h>

enum assay_format {
    ASSAY_FORMAT_TABLE,
    ASSAY_FORMAT_JSON,
    ASSAY_FORMAT_CSV,
    ASSAY_FORMAT_MARKDOWN,
    ASSAY_FORMAT_HTML,
    ASSAY_FORMAT_GBENCH,   /* Google Benchmark's own JSON: native series alone, since it knows only times */
    ASSAY_FORMAT_JUNIT,    /* XML that continuous-integration services read (docs/ci.md) */
    ASSAY_FORMAT_SARIF,    /* 2.1.0: what failed or regressed alone */
    ASSAY_FORMAT_GITHUB,   /* workflow commands of GitHub Actions */
    ASSAY_FORMAT_LNT,      /* a report file of LNT: of one target */
    ASSAY_FORMAT_BASELINE, /* records for assay gate --baseline (docs/ci.md) */
    ASSAY_FORMAT_COUNT,
};

const char *assay_format_name(enum assay_format format);
bool assay_format_parse(const char *name, enum assay_format *format);
/* Whether verdicts can be written in it. */
bool assay_format_of_verdicts(enum assay_format format);
/* The names of all formats, or of those of verdicts, into `names`; returns how many. */
size_t assay_format_names(bool of_verdicts, const char *names[ASSAY_FORMAT_COUNT]);

/* A report of the newest record of each series. `width`: the columns of the reader's terminal, 0 for any number; a
 * TABLE that is wider becomes a block for each target, one under the other. */
bool assay_render_records(enum assay_format format, const struct assay_record_list *records, size_t width, FILE *out);

/* What packing weights costs, of the newest record of each series: TABLE or MARKDOWN. */
bool assay_render_packing(enum assay_format format, const struct assay_record_list *records, FILE *out);

/* Verdicts, in a format of verdicts. Unchanged series are counted; a TABLE and MARKDOWN list them only with `all`. */
bool assay_render_comparison(enum assay_format format, const struct assay_comparison_list *comparisons, bool all,
                             FILE *out);

#endif
