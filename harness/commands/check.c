#include "harness/base/memory.h"
#include "harness/base/suggest.h"
#include "harness/commands/commands.h"
#include "harness/commands/selection.h"
#include "harness/process/interrupt.h"
#include "harness/process/pool.h"
#include "harness/target/build.h"
#include "harness/target/reach.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    SHOWN_FAILURES = 2, /* of each kernel on each lane; the count says how many there are */
    SILENCE = 600,      /* seconds */
};

struct options {
    const char *filter, *depth;
    size_t jobs;
    struct assay_selection selection;
};

static const char doc[] =
    "Check every kernel that a target can run: against the oracle, at adversarial shapes and values, between guard "
    "pages, with hostile vector state.\v"
    "A target named without a lane is checked on all of its lanes: cores, vector lengths, and features switched off. "
    "`assay list targets` shows them.";

static const struct argp_option options[] = {
    {"filter", 'f', "GLOB", 0, "Only kernels whose name matches, as 'gemm_*_neon*'", 0},
    {"depth", 'd', "quick|full", 0, "How many shapes and values (default: quick)", 0},
    {"jobs", 'j', "N", 0, "Lanes to check at the same time (default: one for each core)", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    static const char *const depths[] = {"quick", "full"};
    struct options *o = state->input;
    char *end;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->selection;
        return 0;
    case 'f':
        o->filter = argument;
        return 0;
    case 'd':
        if (strcmp(argument, depths[0]) != 0 && strcmp(argument, depths[1]) != 0)
            argp_error(state, "unknown depth '%s'; %s", argument, assay_suggestion(argument, depths, 2));
        o->depth = argument;
        return 0;
    case 'j':
        o->jobs = strtoul(argument, &end, 10);
        if (*end != '\0' || *argument == '-' || o->jobs < 1 || o->jobs > 64)
            argp_error(state, "--jobs must be a number from 1 to 64, not '%s'", argument);
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "'%s' is too much: targets are named by --target, kernels by --filter", argument);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* What came of one lane. */
struct lane {
    struct assay_link link;
    struct assay_arguments arguments;
    json_int_t ran, passed, failed, unsupported, errors;
    size_t lines;
    char *kernel; /* the one that failed last, */
    size_t fails; /* and how often */
    bool summed;  /* its last line came */
    bool good;
    size_t *done;
    size_t count;
};

static const char *text_of(const json_t *line, const char *key)
{
    const char *text = json_string_value(json_object_get(line, key));
    return text ? text : "";
}

/* Failures of a kernel come one after the other: the first are shown, then how many there were. */
static void end_failures(struct lane *lane)
{
    if (lane->fails > SHOWN_FAILURES) {
        assay_progress_end();
        printf("%s: %s: and %zu more cases\n", lane->link.stand.label, lane->kernel, lane->fails - SHOWN_FAILURES);
        fflush(stdout);
    }
    free(lane->kernel);
    lane->kernel = NULL;
    lane->fails = 0;
}

static void show_failure(struct lane *lane, const json_t *line)
{
    if (!lane->kernel || strcmp(lane->kernel, text_of(line, "kernel")) != 0) {
        end_failures(lane);
        lane->kernel = strdup(text_of(line, "kernel"));
    }
    if (lane->fails++ >= SHOWN_FAILURES)
        return;
    assay_progress_end();
    printf("%s: %s: %s [%s] %s\n", lane->link.stand.label, text_of(line, "outcome"), text_of(line, "kernel"),
           text_of(line, "case"), text_of(line, "message"));
    fflush(stdout);
}

static void check_line(void *context, const char *text, size_t length)
{
    struct lane *lane = context;
    json_t *line = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
    const char *type = text_of(line, "type"), *outcome = text_of(line, "outcome");
    if (strcmp(type, "check") == 0) {
        if (strcmp(outcome, "fail") == 0 || strcmp(outcome, "error") == 0)
            show_failure(lane, line);
        if (++lane->lines % 100 == 0)
            assay_progress(true, "checking: %zu of %zu lanes done; %s: %zu cases, now %s", *lane->done, lane->count,
                           lane->link.stand.label, lane->lines, text_of(line, "kernel"));
    } else if (strcmp(type, "summary") == 0) {
        lane->summed = true;
        lane->ran = json_integer_value(json_object_get(line, "ran"));
        lane->passed = json_integer_value(json_object_get(line, "passed"));
        lane->failed = json_integer_value(json_object_get(line, "failed"));
        lane->unsupported = json_integer_value(json_object_get(line, "unsupported"));
        lane->errors = json_integer_value(json_object_get(line, "errors"));
    } else if (!line) {
        assay_say("%s: the probe printed what is no JSON: %.100s", lane->link.stand.label, text);
    }
    json_decref(line);
}

static void check_end(void *context, int status, int err)
{
    struct lane *lane = context;
    const char *label = lane->link.stand.label;
    ++*lane->done;
    lane->good = lane->summed && lane->failed == 0 && lane->errors == 0;
    if (!lane->summed)
        assay_say("%s: the probe ended early (%s) after %zu cases: %s", label, assay_status_text(status), lane->lines,
                  assay_last_line(err));
    end_failures(lane);
    assay_progress(false, "checked %s: %" JSON_INTEGER_FORMAT " cases", label, lane->ran);
}

static void print_summary(const struct lane *lanes, size_t count)
{
    json_int_t ran = 0, failed = 0;
    printf("%-24s %9s %9s %9s %12s %9s\n", "target", "ran", "passed", "failed", "unsupported", "errors");
    for (size_t i = 0; i < count; i++) {
        const struct lane *l = &lanes[i];
        printf("%-24s %9" PRId64 " %9" PRId64 " %9" PRId64 " %12" PRId64 " %9" PRId64 "%s\n", l->link.stand.label,
               (int64_t)l->ran, (int64_t)l->passed, (int64_t)l->failed, (int64_t)l->unsupported, (int64_t)l->errors,
               l->summed ? "" : "  ended early");
        ran += l->ran;
        failed += l->failed + l->errors;
    }
    printf("%" PRId64 " combinations of kernel, case and lane ran, %" PRId64 " failed\n", (int64_t)ran,
           (int64_t)failed);
}

/* Whether all is well: every lane ended, and something ran (with a filter, on one lane at least). */
static bool judge(const struct options *o, const struct lane *lanes, size_t count)
{
    bool good = true;
    json_int_t ran = 0;
    for (size_t i = 0; i < count; i++) {
        good = good && lanes[i].good;
        ran += lanes[i].ran;
        if (lanes[i].summed && lanes[i].ran == 0 && !o->filter) {
            assay_say("%s: nothing was checked, which counts as a failure", lanes[i].link.stand.label);
            good = false;
        }
    }
    if (ran == 0 && o->filter)
        assay_say("no kernel matches '%s', so nothing was checked; see assay list kernels", o->filter);
    return good && ran > 0;
}

int assay_command_check(int argc, char **argv)
{
    static const struct argp_child children[] = {{&assay_selection_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {options, parse, NULL, doc, children, NULL, NULL};
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    struct options o = {.jobs = cores > 0 ? (size_t)cores : 1};
    argp_parse(&argp, argc, argv, 0, NULL, &o);

    struct assay_target_list targets;
    struct assay_stand *stands;
    size_t count, done = 0;
    if (!assay_selection_resolve(&o.selection, ASSAY_EVERY_LANE, &targets, &stands, &count))
        return ASSAY_EXIT_USAGE;
    struct lane *lanes = assay_keep(count * sizeof(*lanes));
    struct assay_pool *pool = assay_pool_new(o.jobs);
    for (size_t i = 0; i < count; i++) {
        struct lane *lane = &lanes[i];
        /* Lanes of one target stand together and share its probe. */
        if ((i == 0 || stands[i - 1].target != stands[i].target) && !assay_build(stands[i].target))
            return assay_interrupted() ? ASSAY_EXIT_FAILED : ASSAY_EXIT_USAGE;
        if (!assay_link_open(&stands[i], &lane->link))
            return ASSAY_EXIT_USAGE;
        lane->done = &done;
        lane->count = count;
        lane->arguments = assay_link_arguments(&lane->link, "check", NULL);
        if (o.filter) {
            assay_arguments_add(&lane->arguments, "--filter");
            assay_arguments_add(&lane->arguments, o.filter);
        }
        assay_arguments_add(&lane->arguments, "--depth");
        assay_arguments_add(&lane->arguments, o.depth ? o.depth : "quick");
        assay_pool_add(pool, (struct assay_task){.arguments = lane->arguments.items,
                                                 .silence = SILENCE,
                                                 .line = check_line,
                                                 .end = check_end,
                                                 .context = lane});
    }
    const bool complete = assay_pool_run(pool);
    assay_pool_free(pool);
    assay_progress_end();
    for (size_t i = 0; i < count; i++) {
        free(lanes[i].arguments.items);
        free(lanes[i].kernel);
    }
    if (!complete) {
        assay_say("interrupted: %zu of %zu lanes were checked", done, count);
        return ASSAY_EXIT_FAILED;
    }
    print_summary(lanes, count);
    return judge(&o, lanes, count) ? ASSAY_EXIT_FINE : ASSAY_EXIT_FAILED;
}
