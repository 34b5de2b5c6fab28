#include "harness/base/memory.h"
#include "harness/base/say.h"
#include "harness/base/suggest.h"
#include "harness/commands/commands.h"
#include "harness/measure/store.h"
#include "reports/render/render.h"

#include <argp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct options {
    const char *records, *output;
    enum assay_format format;
};

static const char doc[] =
    "Show records: of each series the newest. RECORDS is a file, or a folder that holds a records.jsonl.\v"
    "gbench is Google Benchmark's own JSON, for its tools; it knows times alone, so emulated targets are left out.";

static const struct argp_option options[] = {
    {"format", 'f', "NAME", 0, "table, json, csv, markdown, html or gbench (default: table)", 0},
    {"output", 'o', "FILE", 0, "Write to this file (default: print)", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct options *o = state->input;
    switch (key) {
    case 'f':
        if (!assay_format_parse(argument, &o->format)) {
            const char *names[ASSAY_FORMAT_COUNT];
            for (int i = 0; i < ASSAY_FORMAT_COUNT; i++)
                names[i] = assay_format_name((enum assay_format)i);
            argp_error(state, "unknown format '%s'; %s", argument,
                       assay_suggestion(argument, names, ASSAY_FORMAT_COUNT));
        }
        return 0;
    case 'o':
        o->output = argument;
        return 0;
    case ARGP_KEY_ARG:
        if (o->records)
            argp_error(state, "'%s' is too much: one file of records at a time", argument);
        o->records = argument;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "say which records: a file, or the folder of a run");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

bool assay_read_records(const char *path, struct assay_record_list *list)
{
    char message[ASSAY_RECORD_MESSAGE];
    struct stat status;
    size_t cut = 0;
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        path = assay_format("%s/records.jsonl", path);
    if (!assay_record_read(path, list, &cut, message)) {
        assay_say("%s", message);
        return false;
    }
    if (cut > 0)
        assay_say("%s: the last line is unfinished (its writer was killed) and is left out", path);
    return true;
}

struct page {
    enum assay_format format;
    const struct assay_record_list *records;
};

static bool render(void *context, FILE *out)
{
    const struct page *page = context;
    return assay_render_records(page->format, page->records, assay_terminal_width(out), out);
}

int assay_command_report(int argc, char **argv)
{
    const struct argp argp = {options, parse, "RECORDS", doc, NULL, NULL, NULL};
    struct options o = {.format = ASSAY_FORMAT_TABLE};
    struct assay_record_list records = {0};
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    bool good = assay_read_records(o.records, &records);
    struct page page = {o.format, &records};
    if (good)
        good = o.output && strcmp(o.output, "-") != 0 ? assay_store_replace(o.output, render, &page)
                                                      : render(&page, stdout);
    assay_record_list_free(&records);
    return good ? ASSAY_EXIT_FINE : ASSAY_EXIT_USAGE;
}
