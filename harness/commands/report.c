#include "harness/base/memory.h"
#include "harness/base/output.h"
#include "harness/base/say.h"
#include "harness/commands/commands.h"
#include "harness/commands/format_option.h"
#include "harness/commands/goals.h"
#include "harness/measure/store.h"
#include "harness/suite/find.h"
#include "reports/page/page.h"
#include "reports/page/verdicts.h"
#include "reports/render/render.h"

#include <argp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct options {
    const char *records, *target, *output, *base, *verdicts, *history, *goals;
    enum assay_format format;
    bool all, brief, require_goals, choices, packing;
};

enum {
    KEY_COMPARE = 0x100,
    KEY_VERDICTS,
    KEY_HISTORY,
    KEY_GOALS,
    KEY_ALL,
    KEY_BRIEF,
    KEY_REQUIRE,
    KEY_CHOICES,
    KEY_PACKING
};

/* Of a series over time, for a page: more would be too small to see. */
enum { MOST_RUNS = 90 };

static const char doc[] =
    "Show records: of each series the newest. RECORDS is a file, or a folder that holds a records.jsonl.\v"
    "gbench is Google Benchmark's own JSON, for its tools; it knows times alone, so emulated targets are left out. "
    "html is one page that needs nothing else; with --compare its first screen is what regressed and improved. "
    "junit, sarif, github and lnt are for services that run tests every night; lnt is of one target. baseline is for "
    "assay gate --baseline. "
    "--goals judges the records by the goals that a suite declares, whatever suite they were measured by.";

static const struct argp_option options[] = {
    {"format", 'f', "NAME", 0,
     "table, json, csv, markdown, html, gbench, junit, sarif, github, lnt or baseline (default: table)", 0},
    {"target", 't', "NAME", 0, "Only the records of this target", 0},
    {"output", 'o', "FILE", 0, "Write to this file (default: print)", 0},
    {"compare", KEY_COMPARE, "BASE", 0, "html: also against these records, as assay compare does", 0},
    {"verdicts", KEY_VERDICTS, "FILE", 0,
     "html: those that assay gate wrote as JSON; the records of --compare then only tell what was before", 0},
    {"db", KEY_HISTORY, "FILE", 0, "html: also the series over time, from a history", 0},
    {"goals", KEY_GOALS, "SUITE", 0, "Verdicts on this suite's goals; table, markdown or json", 0},
    {"choices", KEY_CHOICES, NULL, 0,
     "How good the choice among our kernels is, of records of assay run --kernels best,every; table, markdown or json",
     0},
    {"packing", KEY_PACKING, NULL, 0, "What packing the weights costs; table or markdown", 0},
    {"all", KEY_ALL, NULL, 0, "With --goals and --choices: every case, not only those that fall short", 0},
    {"brief", KEY_BRIEF, NULL, 0, "With --goals: the table alone, no cases", 0},
    {"require-goals", KEY_REQUIRE, NULL, 0, "With --goals: exit status 1 if one is missed", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct options *o = state->input;
    switch (key) {
    case 'f':
        o->format = assay_parse_format(state, argument, false);
        return 0;
    case 't':
        o->target = argument;
        return 0;
    case 'o':
        o->output = argument;
        return 0;
    case KEY_COMPARE:
        o->base = argument;
        return 0;
    case KEY_VERDICTS:
        o->verdicts = argument;
        return 0;
    case KEY_HISTORY:
        o->history = argument;
        return 0;
    case KEY_GOALS:
        o->goals = argument;
        return 0;
    case KEY_CHOICES:
        o->choices = true;
        return 0;
    case KEY_PACKING:
        o->packing = true;
        return 0;
    case KEY_ALL:
        o->all = true;
        return 0;
    case KEY_BRIEF:
        o->brief = true;
        return 0;
    case KEY_REQUIRE:
        o->require_goals = true;
        return 0;
    case ARGP_KEY_ARG:
        if (o->records)
            argp_error(state, "'%s' is too much: one file of records at a time", argument);
        o->records = argument;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "say which records: a file, or the folder of a run");
        return 0;
    case ARGP_KEY_END:
        if (o->format != ASSAY_FORMAT_HTML && (o->base || o->verdicts || o->history))
            argp_error(state, "%s is for --format html", o->base ? "--compare" : o->verdicts ? "--verdicts" : "--db");
        if (!o->goals && ((o->all && !o->choices) || o->brief || o->require_goals))
            argp_error(state, "%s goes with --goals", o->all ? "--all" : o->brief ? "--brief" : "--require-goals");
        if (o->all && o->brief)
            argp_error(state, "--all and --brief are opposites");
        if ((o->goals != NULL) + o->choices + o->packing > 1)
            argp_error(state, "--goals, --choices or --packing, one at a time");
        if (o->packing && o->format != ASSAY_FORMAT_TABLE && o->format != ASSAY_FORMAT_MARKDOWN)
            argp_error(state, "--packing is shown as table or markdown");
        if ((o->goals || o->choices) && o->format != ASSAY_FORMAT_TABLE && o->format != ASSAY_FORMAT_MARKDOWN &&
            o->format != ASSAY_FORMAT_JSON)
            argp_error(state, "--goals and --choices are shown as table, markdown or json");
        if (o->target && o->verdicts)
            argp_error(state, "--verdicts are of all targets: leave out --target");
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

/* Leaves the records of `target` alone. False, with a message, if there is none. */
static bool keep_target(const char *target, struct assay_record_list *records)
{
    size_t kept = 0;
    for (size_t i = 0; i < records->count; i++) {
        if (strcmp(records->items[i].target, target) == 0)
            records->items[kept++] = records->items[i];
        else
            json_decref(records->items[i].json);
    }
    records->count = kept;
    if (kept == 0)
        assay_say("there are no records of target '%s': those are named TARGET or TARGET@LANE", target);
    return kept > 0;
}

struct report {
    enum assay_format format;
    struct assay_page page;
    const struct assay_suite *suite; /* whose goals; NULL: none asked for */
    bool choices, packing, all, brief;
    size_t missed; /* out: goals */
};

static bool render(void *context, FILE *out)
{
    struct report *report = context;
    if (report->suite)
        return assay_show_goals(report->suite, report->page.records, report->format,
                                report->all     ? ASSAY_GOAL_ALL
                                : report->brief ? ASSAY_GOAL_BRIEF
                                                : ASSAY_GOAL_SHORT,
                                &report->missed, out);
    if (report->choices)
        return assay_show_choices(report->page.records, report->format, report->all, out);
    if (report->packing)
        return assay_render_packing(report->format, report->page.records, out);
    if (report->format == ASSAY_FORMAT_HTML)
        return assay_page_write(&report->page, out);
    return assay_render_records(report->format, report->page.records, assay_terminal_width(out), out);
}

static bool read_trends(const struct options *o, struct assay_history_trends *trends)
{
    char message[ASSAY_HISTORY_MESSAGE];
    const char *glob = o->target ? assay_format("%s/*", o->target) : "*";
    struct assay_history *history = assay_history_open(o->history, ASSAY_HISTORY_READ, message);
    const bool good = history && assay_history_trend(history, glob, MOST_RUNS, trends, message);
    if (!good)
        assay_say("%s", message);
    assay_history_close(history);
    return good;
}

static bool read_goals(const struct options *o, struct report *report)
{
    const char *path = assay_suite_path(o->goals);
    report->suite = path ? assay_suite_read(path) : NULL;
    if (report->suite && report->suite->goals.count == 0)
        assay_say("the suite %s declares no goals", report->suite->name);
    return report->suite && report->suite->goals.count > 0;
}

/* Verdicts of --verdicts, else by comparing; none where neither was asked for. */
static bool read_verdicts(const struct options *o, const struct assay_record_list *records,
                          struct assay_record_list *base, struct page_verdicts *verdicts)
{
    char message[PAGE_VERDICTS_MESSAGE] = "out of memory";
    if (o->base && (!assay_read_records(o->base, base) || (o->target && !keep_target(o->target, base))))
        return false;
    const bool good = o->verdicts ? page_verdicts_read(o->verdicts, base, records, verdicts, message)
                                  : !o->base || assay_compare(base, records, assay_compare_defaults(), &verdicts->list);
    if (!good)
        assay_say("%s", message);
    return good;
}

int assay_command_report(int argc, char **argv)
{
    const struct argp argp = {options, parse, "RECORDS", doc, NULL, NULL, NULL};
    struct options o = {.format = ASSAY_FORMAT_TABLE};
    struct assay_record_list records = {0}, base = {0};
    struct page_verdicts verdicts = {0};
    struct assay_history_trends trends = {0};
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    struct report report = {
        .format = o.format,
        .page = {&records, o.base || o.verdicts ? &verdicts.list : NULL, o.history ? &trends : NULL},
        .choices = o.choices,
        .packing = o.packing,
        .all = o.all,
        .brief = o.brief,
    };
    bool good = assay_read_records(o.records, &records) && (!o.target || keep_target(o.target, &records)) &&
                assay_format_takes(o.format, &records) && read_verdicts(&o, &records, &base, &verdicts) &&
                (!o.history || read_trends(&o, &trends)) && (!o.goals || read_goals(&o, &report));
    if (good)
        good = o.output && strcmp(o.output, "-") != 0 ? assay_store_replace(o.output, render, &report)
                                                      : render(&report, stdout) || assay_reader_left();
    assay_history_trends_free(&trends);
    page_verdicts_free(&verdicts);
    assay_record_list_free(&base);
    assay_record_list_free(&records);
    if (!good)
        return ASSAY_EXIT_USAGE;
    return o.require_goals && report.missed > 0 ? ASSAY_EXIT_FAILED : ASSAY_EXIT_FINE;
}
