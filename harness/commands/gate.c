#include "reports/gate/gate.h"

#include "harness/base/output.h"
#include "harness/base/say.h"
#include "harness/commands/commands.h"
#include "harness/commands/format_option.h"
#include "harness/commands/selection.h"
#include "harness/commands/verdict_files.h"
#include "harness/gate/policy.h"
#include "harness/revision/remeasure.h"
#include "reports/render/render.h"
#include "reports/store/history.h"

#include <argp.h>
#include <stdlib.h>

enum { KEY_DB = 0x100, KEY_BASE, KEY_NEW, KEY_BASELINE, KEY_POLICY, KEY_WRITE, KEY_REMEASURE, KEY_TARGETS };

enum { PROCESSES = 8 }; /* of each revision, when something is measured again */

struct options {
    const char *db, *base, *now, *baseline, *policy;
    enum assay_format format;
    struct assay_verdict_files files;
    bool all, remeasure;
    const char *targets[ASSAY_MOST_TARGETS];
    size_t target_count;
};

static const char doc[] =
    "The nightly verdict: what got slower, less accurate or wrong since the base, by a policy.\v"
    "REF is a run of the history FILE: its id or the beginning of one, the beginning of a commit, latest, or latest~N; "
    "without --db a file of records, or a folder that holds a records.jsonl. Records of --baseline are a reviewed "
    "file: "
    "counts and accuracy are compared with it, times are not. With both, the worse verdict counts. Exit status 1 if "
    "anything regressed, no longer runs, or is required and gone.";

static const struct argp_option options[] = {
    {"db", KEY_DB, "FILE", 0, "The history that REF is in", 0},
    {"base", KEY_BASE, "REF", 0, "What to compare with (default with --db: latest)", 0},
    {"new", KEY_NEW, "RECORDS", 0, "The run to judge", 0},
    {"baseline", KEY_BASELINE, "RECORDS", 0, "Also compare counts and accuracy with these", 0},
    {"policy", KEY_POLICY, "FILE.yaml", 0, "What matters in which series (default: the same in all)", 0},
    {"remeasure", KEY_REMEASURE, NULL, 0,
     "Measure what seems slower or faster again before it is said: both revisions, built beside the tree, in turn", 0},
    {"targets", KEY_TARGETS, "FILE", 0, "With --remeasure: read more targets from a YAML file (repeatable)", 0},
    {"format", 'f', "NAME", 0, "table, json, csv, markdown, junit, sarif or github (default: table)", 0},
    {"write", KEY_WRITE, "FORMAT=FILE", 0, "Also write the verdicts to this file (repeatable)", 0},
    {"all", 'a', NULL, 0, "List unchanged series, too", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct options *o = state->input;
    switch (key) {
    case KEY_DB:
        o->db = argument;
        return 0;
    case KEY_BASE:
        o->base = argument;
        return 0;
    case KEY_NEW:
        o->now = argument;
        return 0;
    case KEY_BASELINE:
        o->baseline = argument;
        return 0;
    case KEY_POLICY:
        o->policy = argument;
        return 0;
    case KEY_WRITE:
        assay_verdict_files_add(state, argument, &o->files);
        return 0;
    case KEY_REMEASURE:
        o->remeasure = true;
        return 0;
    case KEY_TARGETS:
        if (o->target_count == ASSAY_MOST_TARGETS)
            argp_error(state, "more than %d files of targets", ASSAY_MOST_TARGETS);
        o->targets[o->target_count++] = argument;
        return 0;
    case 'f':
        o->format = assay_parse_format(state, argument, true);
        return 0;
    case 'a':
        o->all = true;
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "'%s' is too much: name records by --new and --base", argument);
        return 0;
    case ARGP_KEY_END:
        if (!o->now)
            argp_error(state, "say which run to judge: --new RECORDS");
        if (!o->base && !o->db && !o->baseline)
            argp_error(state, "say what to compare with: --db FILE, --base REF or --baseline RECORDS");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static bool read_history(const char *path, const char *reference, struct assay_record_list *base)
{
    char message[ASSAY_HISTORY_MESSAGE];
    struct assay_history *history = assay_history_open(path, ASSAY_HISTORY_READ, message);
    const bool good = history && assay_history_load(history, reference, base, message);
    if (!good)
        assay_say("%s", message);
    if (history)
        assay_history_close(history);
    return good;
}

static bool read_base(const struct options *o, struct assay_record_list *base)
{
    return o->db ? read_history(o->db, o->base ? o->base : "latest", base) : assay_read_records(o->base, base);
}

struct runs {
    struct assay_record_list base, baseline, now;
};

static bool read_all(const struct options *o, struct runs *runs)
{
    return assay_read_records(o->now, &runs->now) && ((!o->db && !o->base) || read_base(o, &runs->base)) &&
           (!o->baseline || assay_read_records(o->baseline, &runs->baseline));
}

static bool judge(const struct options *o, const struct runs *runs, const struct assay_gate_policy *policy,
                  struct assay_comparison_list *result)
{
    struct assay_comparison_list more = {0};
    struct assay_target_list targets;
    struct assay_remeasure again = {.targets = &targets, .processes = PROCESSES};
    struct assay_gate gate = {.policy = policy};
    const struct assay_gate reviewed = {.policy = policy, .baseline = true};
    if (o->remeasure) {
        if (!assay_targets_read(o->targets, o->target_count, &targets))
            return false;
        gate.remeasure = assay_revision_remeasure;
        gate.context = &again;
    }
    bool good = (!o->db && !o->base) || assay_gate_judge(&gate, &runs->base, &runs->now, result);
    if (good && o->baseline)
        good = assay_gate_judge(&reviewed, &runs->baseline, &runs->now, &more) && assay_gate_merge(result, &more);
    return good;
}

int assay_command_gate(int argc, char **argv)
{
    const struct argp argp = {options, parse, NULL, doc, NULL, NULL, NULL};
    struct options o = {0};
    argp_parse(&argp, argc, argv, 0, NULL, &o);

    struct assay_gate_policy policy = assay_gate_defaults();
    if (o.policy && !assay_policy_read(o.policy, &policy))
        return ASSAY_EXIT_USAGE;
    struct runs runs = {0};
    struct assay_comparison_list result = {0};
    int status = ASSAY_EXIT_USAGE;
    if (read_all(&o, &runs)) {
        if (judge(&o, &runs, &policy, &result) && assay_verdict_files_write(&o.files, &result, o.all) &&
            (assay_render_comparison(o.format, &result, o.all, stdout) || assay_reader_left()))
            status = assay_gate_fails(&result) ? ASSAY_EXIT_FAILED : ASSAY_EXIT_FINE;
        else
            assay_say("no verdict: out of memory, or the disk is full");
    }
    assay_comparison_list_free(&result);
    assay_record_list_free(&runs.base);
    assay_record_list_free(&runs.baseline);
    assay_record_list_free(&runs.now);
    return status;
}
