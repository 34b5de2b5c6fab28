#include "harness/commands/format_option.h"

#include "harness/base/suggest.h"

enum assay_format assay_parse_format(struct argp_state *state, const char *name, bool of_verdicts)
{
    enum assay_format format = ASSAY_FORMAT_TABLE;
    if (!assay_format_parse(name, &format) || (of_verdicts && !assay_format_of_verdicts(format))) {
        const char *names[ASSAY_FORMAT_COUNT];
        const size_t count = assay_format_names(of_verdicts, names);
        argp_error(state, "unknown format '%s'; %s", name, assay_suggestion(name, names, count));
    }
    return format;
}
