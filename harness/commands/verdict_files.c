#include "harness/commands/verdict_files.h"

#include "harness/base/memory.h"
#include "harness/commands/format_option.h"
#include "harness/measure/store.h"

#include <string.h>

void assay_verdict_files_add(struct argp_state *state, const char *text, struct assay_verdict_files *files)
{
    const char *equals = strchr(text, '=');
    if (!equals || !equals[1])
        argp_error(state, "--write takes FORMAT=FILE, as junit=verdicts.xml, not '%s'", text);
    else if (files->count == ASSAY_MOST_VERDICT_FILES)
        argp_error(state, "more than %d of --write", ASSAY_MOST_VERDICT_FILES);
    else {
        const char *name = assay_keep_bytes(text, (size_t)(equals - text));
        files->items[files->count].format = assay_parse_format(state, name, true);
        files->items[files->count++].path = equals + 1;
    }
}

struct verdicts {
    enum assay_format format;
    const struct assay_comparison_list *list;
    bool all;
};

static bool render(void *context, FILE *out)
{
    const struct verdicts *verdicts = context;
    return assay_render_comparison(verdicts->format, verdicts->list, verdicts->all, out);
}

bool assay_verdict_files_write(const struct assay_verdict_files *files, const struct assay_comparison_list *verdicts,
                               bool all)
{
    bool good = true;
    for (size_t i = 0; good && i < files->count; i++) {
        struct verdicts one = {files->items[i].format, verdicts, all};
        good = assay_store_replace(files->items[i].path, render, &one);
    }
    return good;
}
