#include "harness/base/memory.h"
#include "harness/base/names.h"
#include "harness/base/suggest.h"
#include "harness/commands/commands.h"
#include "harness/commands/run_parts.h"
#include "harness/suite/find.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEY_RESUME = 0x200, KEY_SEED, KEY_MODEL, KEY_ISA, KEY_KERNEL, KEY_NAME, KEY_THREADS, KEY_BATCH, KEY_GOALS };

static const char doc[] =
    "Measure the layers of a suite in every mode: one of those shipped (assay list suites), or a YAML file of yours; "
    "or, "
    "with --model, whole networks and each of their layers.\v"
    "Records are appended to DIR/records.jsonl as each case ends, so a run that was stopped or killed loses nothing "
    "that it measured: --resume DIR goes on with what is missing, and tries errors again. The speed-up is against the "
    "best dense fp32 kernel of the same case. On emulated targets instructions are counted; they are no times. "
    "Networks that are measured together are interleaved, and told against the first of them that is fp32 and has "
    "as many multiply-accumulates: name the same network in several modes, as --model fp32=a.tflite --model "
    "int8=b.tflite.";

static const struct argp_option options[] = {
    {"mode", 'm', "NAME", 0, "Only this mode (repeatable); fp32 is measured with it, as the baseline", 0},
    {"filter", 'f', "GLOB", 0, "Only cases whose name matches", 0},
    {"kernels", 'k', "LIST", 0,
     "Of best, auto, ref, peers, every, joined by commas: which to measure (default: all that the suite names). every: "
     "each kernel of ours, to judge the choice among them. Of a network, peers compute the layers that they can",
     0},
    {"out", 'o', "DIR", 0, "Where records go (default: out)", 0},
    {"resume", KEY_RESUME, "DIR", 0, "Go on with the run in DIR", 0},
    {"jobs", 'j', "N", 0, "Emulated cases at the same time (default: one for each core)", 0},
    {"processes", 'p', "N", 0, "Native: processes that measure each case (default: 3)", 0},
    {"threads", KEY_THREADS, "N", 0, "Native: threads that compute each layer (default: 1); peers have one", 0},
    {"seed", KEY_SEED, "N", 0, "Of inputs and weights (default: 1)", 0},
    {"require-goals", KEY_GOALS, NULL, 0, "Exit status 1 if a goal of the suite is missed", 0},
    {0, 0, 0, 0, "Networks in place of a suite:", 2},
    {"model", KEY_MODEL, "[MODE=]FILE", 0, "Measure this .tflite (repeatable); MODE: where the file leaves it open", 2},
    {"name", KEY_NAME, "NAME", 0, "What the networks are called (default: each as its file, without .tflite)", 2},
    {"kernel", KEY_KERNEL, "GLOB", 0,
     "Beside the best kernels, those whose names match, where one computes the layer (repeatable)", 2},
    {"isa", KEY_ISA, "ref|ISA", 0, "Beside the best kernels, those of one instruction set, or the scalar references",
     2},
    {"batch", KEY_BATCH, "N", 0, "First dimension of the inputs (default: as in the file)", 2},
    {0},
};

/* Adds the bit of `name` to *bits. */
static void add_name(struct argp_state *state, const char *what, const char *name, const char *const *names,
                     size_t count, unsigned *bits)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0) {
            *bits |= 1u << i;
            return;
        }
    argp_error(state, "unknown %s '%s'; %s", what, name, assay_suggestion(name, names, count));
}

static size_t number(struct argp_state *state, const char *name, const char *text, size_t most)
{
    char *end;
    const unsigned long value = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || value < 1 || value > most)
        argp_error(state, "%s must be a number from 1 to %zu, not '%s'", name, most, text);
    return value;
}

static void add_named(struct argp_state *state, struct assay_model_request *m, const char *pattern)
{
    if (m->named_count == ASSAY_MOST_NAMED)
        argp_error(state, "more than %d of --kernel and --isa", ASSAY_MOST_NAMED);
    m->named[m->named_count++] = pattern;
}

/* [MODE=]FILE. What stands before '=' is a mode only if it has no slash: files may have any name. */
static void add_model(struct argp_state *state, struct assay_model_request *m, const char *text)
{
    const struct assay_names modes = assay_mode_names();
    const char *equals = strchr(text, '='), *slash = strchr(text, '/');
    if (m->count == ASSAY_MOST_MODELS)
        argp_error(state, "more than %d networks", ASSAY_MOST_MODELS);
    if (equals && (!slash || equals < slash)) {
        const char *mode = assay_keep_bytes(text, (size_t)(equals - text));
        unsigned bits = 0;
        if (strcmp(mode, "mixed") != 0)
            add_name(state, "mode", mode, modes.names, modes.count, &bits);
        m->modes[m->count] = mode;
        text = equals + 1;
    }
    if (!*text)
        argp_error(state, "--model: the FILE is missing");
    m->files[m->count++] = text;
}

/* The options that mean networks alone. */
static bool parse_model(int key, char *argument, struct argp_state *state, struct assay_model_request *m)
{
    enum { MOST_BATCH = 1 << 20 };
    switch (key) {
    case KEY_MODEL:
        add_model(state, m, argument);
        return true;
    case KEY_NAME:
        if (!*argument || strchr(argument, '/'))
            argp_error(state, "--name: '%s' must be a word without '/', which ends a name in the records", argument);
        m->name = argument;
        return true;
    case KEY_KERNEL:
        add_named(state, m, argument);
        return true;
    case KEY_ISA:
        add_named(state, m, strcmp(argument, "ref") == 0 ? argument : assay_format("*_%s_*", argument));
        return true;
    case KEY_BATCH:
        m->batch = number(state, "--batch", argument, MOST_BATCH);
        return true;
    default:
        return false;
    }
}

static void check_end(const struct assay_run_options *o, struct argp_state *state)
{
    const struct assay_model_request *m = &o->request.models;
    const bool model_asked = m->named_count + m->batch > 0 || m->name;
    if (o->resume && (o->suite || o->asked || o->request.selection.name_count + o->request.selection.file_count))
        argp_error(state, "--resume goes on with what was asked before; leave the suite and other options out");
    if (m->count > 0 && o->suite)
        argp_error(state, "'%s' and --model: measure a suite or networks, one at a time", o->suite);
    if (m->count > 0 && o->suite_asked)
        argp_error(state, "--mode and --filter choose among a suite's cases; a network is what its file is");
    if (m->count > 0 && o->require_goals)
        argp_error(state, "--require-goals: only suites have goals");
    if (m->count > 0 && o->request.choice.roles & 1u << ASSAY_ROLE_EVERY)
        argp_error(state, "--kernels: every is for suites; of a network choose of best, auto, ref, peers");
    if (m->count == 0 && model_asked)
        argp_error(state, "--name, --kernel, --isa and --batch are for networks: name one by --model");
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    enum { MOST_THREADS = 256 };
    struct assay_run_options *o = state->input;
    const struct assay_names modes = assay_mode_names();
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->request.selection;
        return 0;
    case 'm':
        add_name(state, "mode", argument, modes.names, modes.count, &o->request.choice.modes);
        o->asked = o->suite_asked = true;
        return 0;
    case 'f':
        o->request.choice.filter = argument;
        o->asked = o->suite_asked = true;
        return 0;
    case 'k':
        for (const char *part = argument; part; part = strchr(part, ',') ? strchr(part, ',') + 1 : NULL)
            add_name(state, "kind of kernel", assay_keep_bytes(part, strcspn(part, ",")), assay_role_names,
                     ASSAY_ROLE_COUNT + 1, &o->request.choice.roles);
        o->asked = true;
        return 0;
    case 'o':
        o->out = argument;
        o->asked = true;
        return 0;
    case KEY_THREADS:
        o->request.models.threads = o->request.choice.threads = number(state, "--threads", argument, MOST_THREADS);
        o->asked = true;
        return 0;
    case KEY_SEED:
        o->request.seed = (json_int_t)number(state, "--seed", argument, INT_MAX);
        o->asked = true;
        return 0;
    case KEY_RESUME:
        o->resume = argument;
        return 0;
    case 'j':
        o->jobs = number(state, "--jobs", argument, 64);
        return 0;
    case 'p':
        o->passes = number(state, "--processes", argument, 100);
        return 0;
    case KEY_GOALS:
        o->require_goals = true;
        return 0;
    case ARGP_KEY_ARG:
        if (o->suite)
            argp_error(state, "'%s' is too much: one suite at a time", argument);
        o->suite = argument;
        return 0;
    case ARGP_KEY_END:
        check_end(o, state);
        return 0;
    default:
        if (!parse_model(key, argument, state, &o->request.models))
            return ARGP_ERR_UNKNOWN;
        o->asked = true;
        return 0;
    }
}

static const char *full_path(const char *path)
{
    char *full = realpath(path, NULL);
    const char *kept = full ? assay_keep_string(full) : path;
    free(full);
    return kept;
}

/* Full, but as it was said: a link's own name is what a network is called by. */
static const char *said_path(const char *path)
{
    char *here = path[0] == '/' ? NULL : realpath(".", NULL);
    const char *full = here ? assay_format("%s/%s", here, path) : path;
    free(here);
    return full;
}

/* What was asked, from the command line or from the run that is gone on with. */
static bool make_request(struct assay_run_options *o)
{
    struct assay_request *r = &o->request;
    if (o->resume) {
        o->out = o->resume;
        return assay_request_load(o->resume, r);
    }
    const bool models = r->models.count > 0;
    const char *path = models ? "" : assay_suite_path(o->suite ? o->suite : "quick");
    if (!path)
        return false;
    assay_run_begin(r);
    r->suite_file = models ? "" : full_path(path);
    for (size_t i = 0; i < r->models.count; i++)
        r->models.files[i] = said_path(r->models.files[i]);
    for (size_t i = 0; i < r->selection.file_count; i++)
        r->selection.files[i] = full_path(r->selection.files[i]);
    if (r->choice.modes == 0)
        r->choice.modes = (1u << ASSAY_MODE_COUNT) - 1;
    if (r->choice.roles == 0) /* beside kernels that were named, only what they are told against */
        r->choice.roles = r->models.named_count > 0 ? 1u << ASSAY_ROLE_BEST : (1u << ASSAY_ROLE_COUNT) - 1;
    if (r->seed == 0)
        r->seed = 1;
    if (!o->out)
        o->out = "out";
    return true;
}

static bool check_filter(const struct assay_suite *suite, const struct assay_choice *choice)
{
    const char *list = "";
    for (size_t i = 0; i < suite->case_count; i++) {
        if (assay_choice_takes(choice, &suite->cases[i]) && suite->cases[i].modes & choice->modes)
            return true;
        list = assay_format("%s%s%s", list, i > 0 ? ", " : "", suite->cases[i].name);
    }
    assay_say("no case of the suite %s has a name like '%s' and a mode that was asked for; cases: %s", suite->name,
              choice->filter ? choice->filter : "*", list);
    return false;
}

/* Leaves out of the benches what the run has measured already. */
static bool skip_done(struct assay_store *store, const char *run_id, struct assay_bench *benches, size_t count)
{
    struct assay_run_done done;
    if (!assay_run_read_done(store, run_id, &done))
        return false;
    size_t left = 0, measured = 0;
    for (size_t i = 0; i < done.count; i++)
        measured += strcmp(done.index[i]->outcome, "error") != 0;
    for (size_t i = 0; i < count; i++) {
        struct assay_job_list *jobs = &benches[i].jobs;
        size_t kept = 0;
        for (size_t j = 0; j < jobs->count; j++) {
            const struct assay_job rest = assay_job_remaining(&jobs->items[j], assay_run_is_done, &done);
            if (rest.count > 0)
                jobs->items[kept++] = rest;
        }
        jobs->count = kept;
        left += kept;
    }
    assay_say("going on with %s: %zu series are measured, %zu jobs are left", run_id, measured, left);
    assay_run_free_done(&done);
    return true;
}

static bool prepare(const struct assay_suite *suite, const struct assay_choice *choice, const struct assay_stand *stand,
                    struct assay_bench *bench)
{
    const bool reached = assay_run_takes_threads(stand, choice->threads) && assay_run_reach(stand, bench);
    json_t *kernels = reached ? assay_link_ask(&bench->link, "list") : NULL;
    if (kernels)
        bench->jobs = assay_plan(suite, choice, stand, kernels);
    const bool good = kernels != NULL;
    json_decref(kernels);
    return good;
}

/* Measures with everything ready. */
static int measure(const struct assay_run_options *o, const struct assay_suite *suite, struct assay_bench *benches,
                   size_t count)
{
    const struct assay_request *r = &o->request;
    struct assay_store store;
    if (!assay_store_open(o->out, &store))
        return ASSAY_EXIT_USAGE;
    int result = ASSAY_EXIT_USAGE;
    if (o->resume ? skip_done(&store, r->run_id, benches, count) : assay_request_save(o->out, r)) {
        struct assay_measuring m = {
            .suite = suite,
            .identity = assay_run_identify(r, suite->name),
            .store = &store,
            .benches = benches,
            .bench_count = count,
            .width = o->jobs,
            .passes = o->passes,
        };
        const bool complete = assay_measure(&m);
        result = assay_run_finish(&m, complete, o->require_goals);
    }
    assay_store_close(&store);
    return result;
}

static int run_suite(struct assay_run_options *o)
{
    struct assay_target_list targets;
    struct assay_stand *stands;
    size_t count;
    const struct assay_suite *suite = assay_suite_read(o->request.suite_file);
    if (!suite || !check_filter(suite, &o->request.choice) ||
        !assay_selection_resolve(&o->request.selection, ASSAY_FIRST_LANES, &targets, &stands, &count))
        return ASSAY_EXIT_USAGE;
    o->request.included = suite->included;
    o->request.included_count = suite->included_count;
    struct assay_bench *benches = assay_keep(count * sizeof(*benches));
    int result = ASSAY_EXIT_FINE;
    for (size_t i = 0; i < count && result == ASSAY_EXIT_FINE; i++)
        if (!prepare(suite, &o->request.choice, &stands[i], &benches[i]))
            result = ASSAY_EXIT_USAGE;
    if (result == ASSAY_EXIT_FINE)
        result = measure(o, suite, benches, count);
    for (size_t i = 0; i < count; i++)
        json_decref(benches[i].machine);
    return result;
}

int assay_command_run(int argc, char **argv)
{
    static const struct argp_child children[] = {{&assay_selection_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {options, parse, "[SUITE.yaml|NAME]", doc, children, NULL, NULL};
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    struct assay_run_options o = {.jobs = cores > 0 ? (size_t)cores : 1, .passes = 3};
    argp_parse(&argp, argc, argv, 0, NULL, &o);

    if (!make_request(&o))
        return ASSAY_EXIT_USAGE;
    return o.request.models.count > 0 ? assay_run_models(&o) : run_suite(&o);
}
