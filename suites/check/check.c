/* assay-probe check: every kernel that can run here, on cases made to break it (docs/probe-protocol.md). */
#include "kernels/core/select.h"
#include "suites/check/call.h"
#include "suites/check/cases.h"
#include "suites/check/check_mutants.h"
#include "suites/check/trial.h"
#include "suites/probe/fault.h"
#include "suites/probe/options.h"
#include "suites/probe/output.h"
#include "suites/probe/plugins.h"
#include "suites/probe/probe.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_FILTER = 0x200, KEY_SEED, KEY_DEPTH, KEY_SHARD, KEY_LIMIT, KEY_ORIGIN, KEY_MUTANTS };

static struct {
    const char *filter, *origin, *mutants_file;
    bool mutants;
    uint64_t seed;
    enum cases_depth depth;
    unsigned long shard, shards;
    unsigned seconds;
} options = {.seed = 1, .shards = 1, .seconds = 20};

static struct {
    unsigned long combination, ran, passed, failed, unsupported, errors;
} counts;

static const struct argp_option option_list[] = {
    {"filter", KEY_FILTER, "GLOB", 0, "Only kernels whose name matches", 1},
    {"origin", KEY_ORIGIN, "NAME", 0, "Only kernels of this origin (assay, openblas, …)", 1},
    {"seed", KEY_SEED, "N", 0, "Of shapes and numbers (default 1)", 1},
    {"depth", KEY_DEPTH, "quick|full", 0, "How many cases (default full)", 1},
    {"shard", KEY_SHARD, "I/N", 0, "Only the I-th (from 0) of N parts of the work", 1},
    {"limit", KEY_LIMIT, "SECONDS", 0, "CPU time after which a call counts as endless (default 20)", 1},
    {"mutants", KEY_MUTANTS, "FILE", OPTION_ARG_OPTIONAL,
     "Check the checks: each kernel of assay-mutants.so, wrong on purpose, must be caught", 2},
    {0},
};

/* The whole of `text` as a number, or an argp error. */
static unsigned long long number(const char *text, const char *option, struct argp_state *state)
{
    char *end;
    errno = 0;
    const unsigned long long value = strtoull(text, &end, 10);
    if (errno || end == text || *end || text[0] == '-')
        argp_error(state, "--%s: '%s' is not a whole number", option, text);
    return value;
}

static void parse_shard(const char *text, struct argp_state *state)
{
    char rest;
    if (sscanf(text, "%lu/%lu%c", &options.shard, &options.shards, &rest) != 2 || options.shard >= options.shards)
        argp_error(state, "--shard: '%s' is not I/N with I below N", text);
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    switch (key) {
    case KEY_FILTER:
        options.filter = text;
        return 0;
    case KEY_ORIGIN:
        options.origin = text;
        return 0;
    case KEY_SEED:
        options.seed = number(text, "seed", state);
        return 0;
    case KEY_LIMIT:
        options.seconds = (unsigned)number(text, "limit", state);
        return 0;
    case KEY_DEPTH:
        if (strcmp(text, "quick") != 0 && strcmp(text, "full") != 0)
            argp_error(state, "--depth: '%s' is neither quick nor full", text);
        options.depth = text[0] == 'q' ? CASES_QUICK : CASES_FULL;
        return 0;
    case KEY_MUTANTS:
        options.mutants = true;
        options.mutants_file = text;
        return 0;
    case KEY_SHARD:
        parse_shard(text, state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static bool report(const struct assay_kernel *kernel, const struct layer_case *c, const struct trial_result *result)
{
    static const char *const outcomes[] = {"pass", "fail", "unsupported", "error"};
    json_t *line =
        json_pack("{ss ss ss ss ss ss ss ss}", "type", "check", "kernel", kernel->name, "origin", kernel->origin, "op",
                  assay_op_name(kernel->op), "mode", assay_mode_name(kernel->mode), "structure",
                  assay_structure_name(kernel->structure), "case", c->name, "outcome", outcomes[result->outcome]);
    if (result->verdict.metric)
        json_object_set_new(line, "error",
                            json_pack("{ss so so}", "metric", result->verdict.metric, "value",
                                      output_number(result->verdict.value), "bound",
                                      output_number(result->verdict.bound)));
    if (!result->judged)
        json_object_set_new(line, "judged", json_false());
    if (result->message[0])
        json_object_set_new(line, "message", json_string(result->message));
    counts.ran += result->outcome != TRIAL_UNSUPPORTED;
    counts.passed += result->outcome == TRIAL_PASS;
    counts.failed += result->outcome == TRIAL_FAIL;
    counts.unsupported += result->outcome == TRIAL_UNSUPPORTED;
    counts.errors += result->outcome == TRIAL_ERROR;
    return output_line(line);
}

static bool visit(void *context, const struct layer_case *c, const struct layer_options *layer_options)
{
    const struct assay_kernel *kernel = context;
    if (counts.combination++ % options.shards != options.shard)
        return true;
    struct trial_result result = {.outcome = TRIAL_ERROR, .judged = strcmp(kernel->origin, "assay") == 0};
    const char *why;
    struct layer *layer = layer_make(c, layer_options, &why);
    if (!layer) {
        snprintf(result.message, sizeof(result.message), "the case can't be made: %s", why);
        return report(kernel, c, &result);
    }
    const char *refusal = assay_kernel_refuses(kernel, &layer->problem, plugins_features());
    if (refusal) {
        result.outcome = TRIAL_UNSUPPORTED;
        snprintf(result.message, sizeof(result.message), "%s", refusal);
    } else {
        trial_run(kernel, layer, options.seconds, &result);
    }
    layer_free(layer);
    return report(kernel, c, &result);
}

/* One line for a kernel that this CPU can't run. */
static bool report_unsupported(const struct assay_kernel *kernel)
{
    const struct layer_case none = {.name = "all"};
    struct trial_result result = {.outcome = TRIAL_UNSUPPORTED, .judged = strcmp(kernel->origin, "assay") == 0};
    snprintf(result.message, sizeof(result.message), "this CPU lacks a feature that it requires");
    return options.shard == 0 ? report(kernel, &none, &result) : true;
}

static bool is_wanted(const struct assay_kernel *kernel)
{
    return (!options.filter || fnmatch(options.filter, kernel->name, 0) == 0) &&
           (!options.origin || strcmp(options.origin, kernel->origin) == 0);
}

static bool check_all(void)
{
    size_t count;
    const struct assay_kernel *const *kernels = plugins_kernels(&count);
    const uint64_t features = plugins_features();
    for (size_t i = 0; i < count; i++) {
        if (!is_wanted(kernels[i]))
            continue;
        const bool runnable = (kernels[i]->features & features) == kernels[i]->features;
        if (!(runnable ? cases_visit(kernels[i], options.depth, options.seed, visit, (void *)(uintptr_t)kernels[i])
                       : report_unsupported(kernels[i])))
            return false;
    }
    return output_line(json_pack("{ss sI sI sI sI sI}", "type", "summary", "ran", (json_int_t)counts.ran, "passed",
                                 (json_int_t)counts.passed, "failed", (json_int_t)counts.failed, "unsupported",
                                 (json_int_t)counts.unsupported, "errors", (json_int_t)counts.errors));
}

int probe_check(int argc, char **argv)
{
    const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {option_list, parse, NULL, "Check all kernels that can run here; a JSON object a case.",
                              children,    NULL,  NULL};
    options.depth = CASES_FULL;
    argp_parse(&argp, argc, argv, 0, NULL, NULL);
    if (!options_start())
        return PROBE_BAD_INPUT;
    if (!call_start(plugins_features()) || !fault_install()) {
        fputs("assay-probe: no memory for the kernels' stack\n", stderr);
        return PROBE_FAILED;
    }
    if (options.mutants)
        return check_mutants(options.mutants_file, options.seed);
    const bool written = check_all();
    trial_release();
    return written && counts.ran > 0 && counts.failed == 0 && counts.errors == 0 ? PROBE_FINE : PROBE_FAILED;
}
