#include "harness/base/memory.h"
#include "harness/base/printable.h"
#include "harness/base/say.h"
#include "harness/base/suggest.h"
#include "harness/commands/format_option.h"
#include "harness/commands/history_parts.h"
#include "harness/measure/store.h"
#include "reports/render/render.h"

#include <stdio.h>
#include <string.h>

struct options {
    const char *db, *run, *output;
    enum assay_format format;
    bool json;
};

static const char list_doc[] = "List the runs in the history, oldest first.";
static const char show_doc[] =
    "Show the records of a run, as assay report does.\v"
    "RUN is the id of a run or its beginning; the beginning of a commit, which means its newest run; latest; or "
    "latest~N, which is N runs before that.";

static const struct argp_option list_options[] = {
    {"json", 'j', NULL, 0, "Print JSON", 0},
    {0},
};

static const struct argp_option show_options[] = {
    {"format", 'f', "NAME", 0, "As of assay report, or jsonl: the records themselves (default: table)", 0},
    {"output", 'o', "FILE", 0, "Write to this file (default: print)", 0},
    {0},
};

/* The records themselves are no report; they come after all of those. */
enum { JSON_LINES = ASSAY_FORMAT_COUNT };

static enum assay_format parse_format(const char *name, struct argp_state *state)
{
    enum assay_format format = (enum assay_format)JSON_LINES;
    const char *names[ASSAY_FORMAT_COUNT + 1];
    if (strcmp(name, "jsonl") == 0 || assay_format_parse(name, &format))
        return format;
    for (int i = 0; i < ASSAY_FORMAT_COUNT; i++)
        names[i] = assay_format_name((enum assay_format)i);
    names[JSON_LINES] = "jsonl";
    argp_error(state, "unknown format '%s'; %s", name, assay_suggestion(name, names, JSON_LINES + 1));
    return format;
}

static error_t parse_list(int key, char *argument, struct argp_state *state)
{
    struct options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->db;
        return 0;
    case 'j':
        o->json = true;
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "'%s' is too much: all runs are listed", argument);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static error_t parse_show(int key, char *argument, struct argp_state *state)
{
    struct options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->db;
        return 0;
    case 'f':
        o->format = parse_format(argument, state);
        return 0;
    case 'o':
        o->output = argument;
        return 0;
    case ARGP_KEY_ARG:
        if (o->run)
            argp_error(state, "'%s' is too much: one run at a time", argument);
        o->run = argument;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "say which run: see assay history list, or take latest");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static void print_json(const struct assay_history_runs *runs)
{
    json_t *list = json_array();
    for (size_t i = 0; i < runs->count; i++) {
        const struct assay_history_run *run = &runs->items[i];
        json_array_append_new(list, json_pack("{ss ss ss ss? sb sI}", "run_id", run->run_id, "suite", run->suite,
                                              "started", run->started, "commit", run->commit, "dirty", run->dirty,
                                              "records", (json_int_t)run->records));
    }
    json_dumpf(list, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(list);
}

static int width_of(const char *const *texts, size_t count)
{
    size_t width = 0;
    for (size_t i = 0; i < count; i++)
        width = strlen(texts[i]) > width ? strlen(texts[i]) : width;
    return (int)width;
}

static void print_runs(const struct assay_history_runs *runs)
{
    const char **ids = assay_keep((runs->count + 1) * sizeof(*ids)),
               **suites = assay_keep((runs->count + 1) * sizeof(*ids));
    for (size_t i = 0; i < runs->count; i++) {
        ids[i] = assay_printable(runs->items[i].run_id);
        suites[i] = assay_printable(runs->items[i].suite);
    }
    ids[runs->count] = "run";
    suites[runs->count] = "suite";
    const int id_width = width_of(ids, runs->count + 1), suite_width = width_of(suites, runs->count + 1);
    printf("%-*s  %-*s  %-20s  %-13s  records\n", id_width, "run", suite_width, "suite", "started", "commit");
    for (size_t i = 0; i < runs->count; i++) {
        const struct assay_history_run *run = &runs->items[i];
        printf("%-*s  %-*s  %-20s  %-13s  %7zu\n", id_width, ids[i], suite_width, suites[i],
               assay_printable(run->started), assay_printable(assay_history_commit(run->commit, run->dirty)),
               run->records);
    }
}

int assay_history_word_list(int argc, char **argv)
{
    static const struct argp_child children[] = {{&assay_history_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {list_options, parse_list, "", list_doc, children, NULL, NULL};
    struct options o = {0};
    char message[ASSAY_HISTORY_MESSAGE];
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    struct assay_history *history = assay_history_of(o.db, ASSAY_HISTORY_READ);
    struct assay_history_runs runs;
    if (!history)
        return ASSAY_EXIT_USAGE;
    const bool good = assay_history_list(history, &runs, message);
    if (!good)
        assay_say("%s", message);
    else if (o.json)
        print_json(&runs);
    else
        print_runs(&runs);
    assay_history_runs_free(&runs);
    assay_history_close(history);
    return good ? ASSAY_EXIT_FINE : ASSAY_EXIT_USAGE;
}

struct page {
    enum assay_format format;
    const struct assay_record_list *records;
};

static bool write_page(void *context, FILE *out)
{
    const struct page *page = context;
    if ((int)page->format != JSON_LINES)
        return assay_render_records(page->format, page->records, assay_terminal_width(out), out);
    bool good = true;
    for (size_t i = 0; good && i < page->records->count; i++)
        good = json_dumpf(page->records->items[i].json, out, JSON_COMPACT | JSON_REAL_PRECISION(15)) == 0 &&
               fputc('\n', out) != EOF;
    return good;
}

int assay_history_word_show(int argc, char **argv)
{
    static const struct argp_child children[] = {{&assay_history_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {show_options, parse_show, "RUN", show_doc, children, NULL, NULL};
    struct options o = {.format = ASSAY_FORMAT_TABLE};
    char message[ASSAY_HISTORY_MESSAGE];
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    struct assay_history *history = assay_history_of(o.db, ASSAY_HISTORY_READ);
    if (!history)
        return ASSAY_EXIT_USAGE;
    struct assay_record_list records = {0};
    bool good = assay_history_load(history, o.run, &records, message);
    assay_history_close(history);
    struct page page = {o.format, &records};
    if (!good)
        assay_say("%s", message);
    good = good && assay_format_takes(o.format, &records);
    if (good)
        good = o.output && strcmp(o.output, "-") != 0 ? assay_store_replace(o.output, write_page, &page)
                                                      : write_page(&page, stdout);
    assay_record_list_free(&records);
    return good ? ASSAY_EXIT_FINE : ASSAY_EXIT_USAGE;
}
