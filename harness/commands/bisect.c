#include "harness/revision/bisect.h"

#include "harness/base/memory.h"
#include "harness/base/names.h"
#include "harness/commands/bisect_print.h"
#include "harness/commands/commands.h"
#include "harness/commands/selection.h"
#include "harness/measure/network.h"
#include "harness/process/interrupt.h"
#include "harness/suite/find.h"
#include "reports/stats/compare.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_GOOD = 0x300, KEY_BAD, KEY_SUITE, KEY_MODEL, KEY_EFFECT, KEY_SEED, KEY_JSON };

struct options {
    const char *good, *bad, *series, *suite, *model;
    double effect; /* 0: the usual one */
    size_t processes, seed;
    bool json;
    struct assay_selection selection;
};

static const char doc[] =
    "Find the commit that made a series slower or faster: builds the probes of other revisions, measures them against "
    "the good one, their processes in turn, and halves what is left.\v"
    "The series is named as in records, by its series_id. Layers are found in the shipped suites, or in the one that "
    "--suite names; for a network, or a layer of one, name its file by --model. Builds are kept below "
    "$ASSAY_CACHE/revisions; the working tree is left as it is. Revisions that do not build, or cannot be told, are "
    "skipped. Exit status: 0 the commit was found; 1 good and bad do not differ, or several commits are left; 2 bad "
    "usage, or an end could not be built or measured.";

static const struct argp_option options[] = {
    {"good", KEY_GOOD, "REV", 0, "Revision before the change", 0},
    {"bad", KEY_BAD, "REV", 0, "Revision after it (default: HEAD)", 0},
    {"series", 's', "ID", 0, "What changed: a record's series_id", 0},
    {"suite", KEY_SUITE, "NAME|FILE", 0, "The suite that has the series' case", 0},
    {"model", KEY_MODEL, "FILE", 0, "The network that the series is of", 0},
    {"effect", KEY_EFFECT, "PERCENT", 0, "Smallest change that matters (default: 3 of a time, 0.1 of a count)", 0},
    {"processes", 'p', "N", 0, "Of each revision, in a batch; up to three batches are measured (default: 8)", 0},
    {"seed", KEY_SEED, "N", 0, "Of inputs and weights (default: 1)", 0},
    {"json", KEY_JSON, NULL, 0, "Print the answer as JSON", 0},
    {0},
};

static size_t number(struct argp_state *state, const char *name, const char *text, size_t least, size_t most)
{
    char *end;
    const unsigned long value = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || value < least || value > most)
        argp_error(state, "%s must be a number from %zu to %zu, not '%s'", name, least, most, text);
    return value;
}

static double percent(struct argp_state *state, const char *text)
{
    char *end;
    const double value = strtod(text, &end);
    if (end != text && *end == '%')
        end++;
    if (end == text || *end != '\0' || !(value > 0 && value <= 1000))
        argp_error(state, "'%s' is no percentage above 0, up to 1000", text);
    return value / 100;
}

static void check_end(const struct options *o, struct argp_state *state)
{
    if (!o->good)
        argp_error(state, "--good is missing: a revision before the change");
    if (!o->series)
        argp_error(state, "--series is missing: the series_id of a record");
    if (o->suite && o->model)
        argp_error(state, "--suite and --model: a series is of one of them");
    if (o->selection.name_count > 1)
        argp_error(state, "one --target at a time");
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    enum { MOST_PROCESSES = 100, LEAST_PROCESSES = 8 };
    struct options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->selection;
        return 0;
    case KEY_GOOD:
        o->good = argument;
        return 0;
    case KEY_BAD:
        o->bad = argument;
        return 0;
    case 's':
        o->series = argument;
        return 0;
    case KEY_SUITE:
        o->suite = argument;
        return 0;
    case KEY_MODEL:
        o->model = argument;
        return 0;
    case KEY_EFFECT:
        o->effect = percent(state, argument);
        return 0;
    case 'p': /* with fewer, no interval of a median is as sure as the decisions are to be */
        o->processes = number(state, "--processes", argument, LEAST_PROCESSES, MOST_PROCESSES);
        return 0;
    case KEY_SEED:
        o->seed = number(state, "--seed", argument, 1, INT_MAX);
        return 0;
    case KEY_JSON:
        o->json = true;
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "'%s' is too much: everything is named by an option", argument);
        return 0;
    case ARGP_KEY_END:
        check_end(o, state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const char *not_a_series(const char *series)
{
    assay_say("'%s' is no series_id: it reads target/case/op/mode/structure@sparsity/role, as in a record", series);
    return NULL;
}

/* The series' target, unless --target named another; the series then is the same one there. */
static bool find_stand(struct options *o, struct assay_stand *stand)
{
    struct assay_target_list targets;
    struct assay_stand *stands;
    size_t count;
    const char *slash = strchr(o->series, '/');
    if (!slash || slash == o->series)
        return not_a_series(o->series);
    if (o->selection.name_count == 0)
        o->selection.names[o->selection.name_count++] = assay_keep_bytes(o->series, (size_t)(slash - o->series));
    if (!assay_selection_resolve(&o->selection, ASSAY_FIRST_LANES, &targets, &stands, &count))
        return false;
    *stand = stands[0];
    o->series = assay_format("%s%s", stand->label, slash);
    return true;
}

/* Part `index` of the series' id, counted from its target; NULL: it has fewer. */
static const char *part_of(const char *series, size_t index)
{
    for (; index > 0; index--) {
        series = strchr(series, '/');
        if (!series)
            return NULL;
        series++;
    }
    return assay_keep_bytes(series, strcspn(series, "/"));
}

static bool has_case(const struct assay_suite *suite, const char *name)
{
    for (size_t i = 0; i < suite->case_count; i++)
        if (strcmp(suite->cases[i].name, name) == 0)
            return true;
    return false;
}

/* The suite that was named, or the first of the shipped ones that has the case. NULL, with a message. */
static const struct assay_suite *find_suite(const struct options *o, const char *case_name)
{
    const char *const *names = &o->suite;
    size_t count = 1;
    if (!o->suite && !assay_suite_names(&names, &count))
        return NULL;
    for (size_t i = 0; i < count; i++) {
        const char *path = assay_suite_path(names[i]);
        const struct assay_suite *suite = path ? assay_suite_read(path) : NULL;
        if (!suite)
            return NULL;
        if (has_case(suite, case_name))
            return suite;
    }
    assay_say("%s a case '%s'; name the suite of the series by --suite, or its network by --model",
              o->suite ? assay_format("%s has not", o->suite) : "no shipped suite has", case_name);
    return NULL;
}

/* …/role, or …/named/PATTERN at its end. */
static void set_role(struct assay_model_case *c, const char *series)
{
    const char *named = strstr(series, "/named/"), *last = strrchr(series, '/') + 1;
    c->named = named ? named + strlen("/named/") : NULL;
    c->role = named ? "named" : last;
    c->kernel = named ? c->named : strcmp(last, "auto") == 0 ? "*_auto" : last;
}

/* The network as the run that made the series measured it: what the command line said then stands in the series. */
static bool find_network(const struct options *o, struct assay_model_case *c)
{
    const char *why, *mode = NULL;
    *c = (struct assay_model_case){.name = part_of(o->series, 1), .file = o->model};
    if (!assay_network_read(c->file, &c->traits, &why)) {
        assay_say("%s", why);
        return false;
    }
    for (size_t i = 3; i < 5; i++) { /* a layer has one part more before its mode */
        const struct assay_names modes = assay_mode_names();
        const char *part = part_of(o->series, i);
        for (size_t k = 0; part && k < modes.count; k++)
            mode = strcmp(part, modes.names[k]) == 0 ? part : mode;
    }
    c->half = mode && strcmp(mode, "fp16") == 0 && strcmp(c->traits.mode, "fp16w") == 0;
    if (mode && (c->half || strcmp(c->traits.mode, "mixed") == 0))
        c->traits.mode = mode;
    const char *batch = strstr(c->name, "+batch"), *threads = strstr(c->name, "+threads");
    c->batch = batch ? strtoul(batch + strlen("+batch"), NULL, 10) : 0;
    c->threads = threads ? strtoul(threads + strlen("+threads"), NULL, 10) : 0;
    set_role(c, o->series);
    return true;
}

static bool find_subject(const struct options *o, struct assay_ab_subject *subject)
{
    *subject = (struct assay_ab_subject){.name = "bisect", .seed = (json_int_t)o->seed};
    if (!part_of(o->series, 5))
        return not_a_series(o->series);
    if (strstr(o->series, "/peer/")) {
        assay_say("%s is of a peer, whose code is not in the tree: no revision changes it", o->series);
        return false;
    }
    if (o->model)
        return find_network(o, &subject->network);
    subject->suite = find_suite(o, part_of(o->series, 1));
    return subject->suite;
}

static void show_step(void *context, const json_t *step)
{
    const struct options *o = context;
    if (!o->json)
        assay_bisect_print_step(step, stdout);
}

int assay_command_bisect(int argc, char **argv)
{
    static const enum assay_exit statuses[] = {
        [ASSAY_BISECT_FOUND] = ASSAY_EXIT_FINE,
        [ASSAY_BISECT_NARROWED] = ASSAY_EXIT_FAILED,
        [ASSAY_BISECT_NO_CHANGE] = ASSAY_EXIT_FAILED,
        [ASSAY_BISECT_FAILED] = ASSAY_EXIT_USAGE,
    };
    static const struct argp_child children[] = {{&assay_selection_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {options, parse, NULL, doc, children, NULL, NULL};
    struct options o = {.bad = "HEAD", .processes = 8, .seed = 1};
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    struct assay_bisect_request request = {
        .good = o.good, .bad = o.bad, .processes = o.processes, .step = show_step, .context = &o};
    if (!find_stand(&o, &request.stand) || !find_subject(&o, &request.subject))
        return ASSAY_EXIT_USAGE;
    const struct assay_compare_options usual = assay_compare_defaults();
    const bool emulated = assay_target_emulated(request.stand.target);
    request.series_id = o.series;
    request.effect = o.effect > 0 ? o.effect : emulated ? usual.count_effect : usual.time_effect;
    json_t *answer;
    const enum assay_bisect_outcome outcome = assay_bisect(&request, &answer);
    if (answer && o.json) {
        json_dumpf(answer, stdout, JSON_INDENT(2));
        putchar('\n');
    } else if (answer) {
        assay_bisect_print(answer, outcome, stdout);
    }
    json_decref(answer);
    if (assay_interrupted()) {
        assay_say("interrupted; what was built is kept for the next time");
        return ASSAY_EXIT_FAILED;
    }
    return statuses[outcome];
}
