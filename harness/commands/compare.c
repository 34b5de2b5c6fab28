#include "reports/stats/compare.h"

#include "harness/base/output.h"
#include "harness/base/say.h"
#include "harness/commands/commands.h"
#include "harness/commands/format_option.h"
#include "reports/render/render.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>

enum { KEY_TIME = 0x100, KEY_COUNT, KEY_ACCURACY };

struct options {
    const char *files[2];
    enum assay_format format;
    bool all;
    struct assay_compare_options compare;
};

static const char doc[] =
    "Compare two runs, series by series: the ratio of NEW to BASE with its confidence interval, and a verdict. "
    "BASE and NEW are files of records, or folders that hold a records.jsonl.\v"
    "A series regressed if it became slower by more than the effect that matters and the interval leaves no doubt, "
    "less accurate, or wrong. Exit status 1 if any did, or no longer runs.";

static const struct argp_option options[] = {
    {"format", 'f', "NAME", 0, "table, json, csv, markdown, junit, sarif or github (default: table)", 0},
    {"all", 'a', NULL, 0, "List unchanged series, too", 0},
    {"time-effect", KEY_TIME, "PERCENT", 0, "Smallest change of a time that matters", 0},
    {"count-effect", KEY_COUNT, "PERCENT", 0, "Smallest change of an instruction count that matters", 0},
    {"accuracy-effect", KEY_ACCURACY, "PERCENT", 0, "Smallest growth of a mode's error that matters", 0},
    {0},
};

static double percent(struct argp_state *state, const char *text)
{
    char *end;
    const double value = strtod(text, &end);
    if (end == text || *end != '\0' || !(value >= 0 && value <= 1000))
        argp_error(state, "'%s' is no percentage from 0 to 1000", text);
    return value / 100;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct options *o = state->input;
    switch (key) {
    case 'f':
        o->format = assay_parse_format(state, argument, true);
        return 0;
    case 'a':
        o->all = true;
        return 0;
    case KEY_TIME:
        o->compare.time_effect = percent(state, argument);
        return 0;
    case KEY_COUNT:
        o->compare.count_effect = percent(state, argument);
        return 0;
    case KEY_ACCURACY:
        o->compare.error_effect = percent(state, argument);
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num >= 2)
            argp_error(state, "'%s' is too much: give BASE and NEW", argument);
        else
            o->files[state->arg_num] = argument;
        return 0;
    case ARGP_KEY_END:
        if (state->arg_num < 2)
            argp_error(state, "give two files of records: BASE and NEW");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static bool compare(const struct options *o, const struct assay_record_list *base, const struct assay_record_list *now,
                    int *status)
{
    struct assay_comparison_list list;
    if (!assay_compare(base, now, o->compare, &list))
        return false;
    *status = list.verdicts[ASSAY_REGRESSED] + list.verdicts[ASSAY_ERROR] > 0 ? ASSAY_EXIT_FAILED : ASSAY_EXIT_FINE;
    const bool good = assay_render_comparison(o->format, &list, o->all, stdout);
    assay_comparison_list_free(&list);
    return good;
}

int assay_command_compare(int argc, char **argv)
{
    const struct argp argp = {options, parse, "BASE NEW", doc, NULL, NULL, NULL};
    struct options o = {.compare = assay_compare_defaults()};
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    struct assay_record_list base = {0}, now = {0};
    int status = ASSAY_EXIT_USAGE;
    if (assay_read_records(o.files[0], &base) && assay_read_records(o.files[1], &now) &&
        !compare(&o, &base, &now, &status) && !assay_reader_left()) {
        assay_say("the comparison cannot be printed: out of memory, or the disk is full");
        status = ASSAY_EXIT_USAGE;
    }
    assay_record_list_free(&base);
    assay_record_list_free(&now);
    return status;
}
