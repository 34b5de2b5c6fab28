#include "harness/commands/format_option.h"

#include "harness/base/say.h"
#include "harness/base/suggest.h"

#include <string.h>

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

bool assay_format_takes(enum assay_format format, const struct assay_record_list *records)
{
    for (size_t i = 1; format == ASSAY_FORMAT_LNT && i < records->count; i++)
        if (strcmp(records->items[i].target, records->items[0].target) != 0) {
            assay_say("lnt takes the records of one target, and here are %s and %s: choose by assay report --target",
                      records->items[0].target, records->items[i].target);
            return false;
        }
    return true;
}
