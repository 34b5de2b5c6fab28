#include "harness/base/memory.h"
#include "harness/base/names.h"
#include "harness/base/paths.h"
#include "harness/base/suggest.h"
#include "harness/commands/commands.h"
#include "harness/measure/measure.h"
#include "harness/measure/request.h"
#include "harness/process/interrupt.h"
#include "harness/process/pool.h"
#include "harness/suite/find.h"
#include "harness/target/build.h"
#include "reports/record/index.h"
#include "reports/render/render.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { KEY_RESUME = 0x200, KEY_SEED };

struct options {
    const char *suite, *out, *resume;
    size_t jobs, passes;
    bool asked; /* an option was given that --resume takes from the run */
    struct assay_request request;
};

static const char doc[] =
    "Measure the layers of a suite in every mode: one of those shipped (assay list suites), or a YAML file of yours.\v"
    "Records are appended to DIR/records.jsonl as each case ends, so a run that was stopped or killed loses nothing "
    "that it measured: --resume DIR goes on with what is missing, and tries errors again. The speed-up is against the "
    "best dense fp32 kernel of the same case. On emulated targets instructions are counted; they are no times.";

static const struct argp_option options[] = {
    {"mode", 'm', "NAME", 0, "Only this mode (repeatable); fp32 is measured with it, as the baseline", 0},
    {"filter", 'f', "GLOB", 0, "Only cases whose name matches", 0},
    {"kernels", 'k', "LIST", 0, "Of best, auto, ref, peers, joined by commas: which to measure (default: all)", 0},
    {"out", 'o', "DIR", 0, "Where records go (default: out)", 0},
    {"resume", KEY_RESUME, "DIR", 0, "Go on with the run in DIR", 0},
    {"jobs", 'j', "N", 0, "Emulated cases at the same time (default: one for each core)", 0},
    {"processes", 'p', "N", 0, "Native: processes that measure each case (default: 3)", 0},
    {"seed", KEY_SEED, "N", 0, "Of inputs and weights (default: 1)", 0},
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

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct options *o = state->input;
    const struct assay_names modes = assay_mode_names();
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->request.selection;
        return 0;
    case 'm':
        add_name(state, "mode", argument, modes.names, modes.count, &o->request.choice.modes);
        o->asked = true;
        return 0;
    case 'f':
        o->request.choice.filter = argument;
        o->asked = true;
        return 0;
    case 'k':
        for (const char *part = argument; part; part = strchr(part, ',') ? strchr(part, ',') + 1 : NULL)
            add_name(state, "kind of kernel", assay_keep_bytes(part, strcspn(part, ",")), assay_role_names,
                     ASSAY_ROLE_COUNT, &o->request.choice.roles);
        o->asked = true;
        return 0;
    case 'o':
        o->out = argument;
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
    case ARGP_KEY_ARG:
        if (o->suite)
            argp_error(state, "'%s' is too much: one suite at a time", argument);
        o->suite = argument;
        return 0;
    case ARGP_KEY_END:
        if (o->resume && (o->suite || o->asked || o->request.selection.name_count + o->request.selection.file_count))
            argp_error(state, "--resume goes on with what was asked before; leave the suite and other options out");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const char *full_path(const char *path)
{
    char *full = realpath(path, NULL);
    const char *kept = full ? assay_keep_string(full) : path;
    free(full);
    return kept;
}

/* What was asked, from the command line or from the run that is gone on with. */
static bool make_request(struct options *o)
{
    struct assay_request *r = &o->request;
    if (o->resume) {
        o->out = o->resume;
        return assay_request_load(o->resume, r);
    }
    const char *path = assay_suite_path(o->suite ? o->suite : "quick");
    if (!path)
        return false;
    const time_t time_now = time(NULL);
    struct tm utc;
    char text[32];
    gmtime_r(&time_now, &utc);
    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
    r->started = assay_keep_string(text);
    r->run_id = assay_format("%s-%ld", text, (long)getpid());
    r->suite_file = full_path(path);
    for (size_t i = 0; i < r->selection.file_count; i++)
        r->selection.files[i] = full_path(r->selection.files[i]);
    if (r->choice.modes == 0)
        r->choice.modes = (1u << ASSAY_MODE_COUNT) - 1;
    if (r->choice.roles == 0)
        r->choice.roles = (1u << ASSAY_ROLE_COUNT) - 1;
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

/* The commit that the tree is at, where git knows it. */
static void identify_code(struct assay_run_identity *identity)
{
    const char *git = assay_find_program("git");
    char *output = NULL;
    int status;
    if (!git)
        return;
    const char *const commit[] = {git, "-C", assay_root(), "rev-parse", "--verify", "HEAD", NULL};
    if (assay_run_program(commit, NULL, &output, NULL, &status) && status == 0 && output[0])
        identity->commit = assay_keep_bytes(output, strcspn(output, "\n"));
    free(output);
    output = NULL;
    const char *const changes[] = {git, "-C", assay_root(), "status", "--porcelain", "--untracked-files=no", NULL};
    if (identity->commit && assay_run_program(changes, NULL, &output, NULL, &status))
        identity->dirty = output[0] != '\0';
    free(output);
}

struct done {
    const struct assay_record **index;
    size_t count;
};

static bool is_done(void *context, const char *id)
{
    const struct done *done = context;
    const struct assay_record *record = assay_record_find(done->index, done->count, id);
    return record && strcmp(record->outcome, "error") != 0;
}

/* Leaves out of the benches what the run has measured already. */
static bool skip_done(struct assay_store *store, const char *run_id, struct assay_bench *benches, size_t count)
{
    struct assay_record_list records;
    if (!assay_store_read(store, run_id, &records))
        return false;
    struct done done = {0};
    done.index = assay_record_index(&records, &done.count);
    size_t left = 0, measured = 0;
    for (size_t i = 0; i < done.count; i++)
        measured += strcmp(done.index[i]->outcome, "error") != 0;
    for (size_t i = 0; i < count; i++) {
        struct assay_job_list *jobs = &benches[i].jobs;
        size_t kept = 0;
        for (size_t j = 0; j < jobs->count; j++) {
            const struct assay_job rest = assay_job_remaining(&jobs->items[j], is_done, &done);
            if (rest.count > 0)
                jobs->items[kept++] = rest;
        }
        jobs->count = kept;
        left += kept;
    }
    free(done.index);
    assay_say("going on with %s: %zu series are measured, %zu jobs are left", run_id, measured, left);
    assay_record_list_free(&records);
    return true;
}

static bool prepare(const struct assay_suite *suite, const struct assay_choice *choice, const struct assay_stand *stand,
                    struct assay_bench *bench)
{
    if (!assay_build(stand->target) || !assay_link_open(stand, &bench->link))
        return false;
    if (assay_target_emulated(stand->target) && !bench->link.plugin) {
        assay_say("%s: the plugin that counts instructions is not built: run scripts/setup and cmake --build "
                  "build/host",
                  stand->target->name);
        return false;
    }
    json_t *environment = assay_link_ask(&bench->link, "env");
    json_t *kernels = environment ? assay_link_ask(&bench->link, "list") : NULL;
    bench->machine = json_incref(json_array_get(environment, 0));
    if (kernels)
        bench->jobs = assay_plan(suite, choice, stand, kernels);
    const bool good = kernels && json_is_object(bench->machine);
    if (kernels && !good)
        assay_say("%s: the probe does not say what machine it is on; build it anew", stand->label);
    json_object_del(bench->machine, "type");
    json_decref(environment);
    json_decref(kernels);
    return good;
}

static bool write_html(void *context, FILE *out)
{
    return assay_render_records(ASSAY_FORMAT_HTML, context, 0, out);
}

/* The table, the page, and where everything is. */
static bool show(struct assay_store *store, const char *run_id)
{
    struct assay_record_list records;
    if (!assay_store_read(store, run_id, &records))
        return false;
    const char *page = assay_format("%s/report.html", store->folder);
    const bool good = assay_render_records(ASSAY_FORMAT_TABLE, &records, assay_terminal_width(stdout), stdout) &&
                      fflush(stdout) == 0 && assay_store_replace(page, write_html, &records);
    if (good)
        printf("\nrecords: %s\nreport:  %s\n", store->path, page);
    assay_record_list_free(&records);
    return good;
}

static int finish(const struct assay_measuring *m, bool complete)
{
    if (!complete) {
        if (assay_interrupted())
            assay_say("interrupted; what was measured is kept: go on with assay run --resume %s", m->store->folder);
        return ASSAY_EXIT_FAILED;
    }
    if (!show(m->store, m->identity.run_id))
        return ASSAY_EXIT_FAILED;
    if (m->failed + m->errors == 0)
        return ASSAY_EXIT_FINE;
    assay_say("%zu series failed and %zu could not be measured (outcome fail and error in %s); "
              "assay run --resume %s tries the errors again",
              m->failed, m->errors, m->store->path, m->store->folder);
    return ASSAY_EXIT_FAILED;
}

/* Measures with everything ready. */
static int measure(const struct options *o, const struct assay_suite *suite, struct assay_bench *benches, size_t count)
{
    const struct assay_request *r = &o->request;
    struct assay_store store;
    if (!assay_store_open(o->out, &store))
        return ASSAY_EXIT_USAGE;
    int result = ASSAY_EXIT_USAGE;
    if (o->resume ? skip_done(&store, r->run_id, benches, count) : assay_request_save(o->out, r)) {
        struct assay_measuring m = {
            .suite = suite,
            .identity = {.run_id = r->run_id, .suite = suite->name, .started = r->started, .seed = r->seed},
            .store = &store,
            .benches = benches,
            .bench_count = count,
            .width = o->jobs,
            .passes = o->passes,
        };
        identify_code(&m.identity);
        const bool complete = assay_measure(&m);
        result = finish(&m, complete);
    }
    assay_store_close(&store);
    return result;
}

int assay_command_run(int argc, char **argv)
{
    static const struct argp_child children[] = {{&assay_selection_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {options, parse, "[SUITE.yaml|NAME]", doc, children, NULL, NULL};
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    struct options o = {.jobs = cores > 0 ? (size_t)cores : 1, .passes = 3};
    argp_parse(&argp, argc, argv, 0, NULL, &o);

    struct assay_target_list targets;
    struct assay_stand *stands;
    size_t count;
    const struct assay_suite *suite = make_request(&o) ? assay_suite_read(o.request.suite_file) : NULL;
    if (!suite || !check_filter(suite, &o.request.choice) ||
        !assay_selection_resolve(&o.request.selection, ASSAY_FIRST_LANES, &targets, &stands, &count))
        return ASSAY_EXIT_USAGE;
    struct assay_bench *benches = assay_keep(count * sizeof(*benches));
    int result = ASSAY_EXIT_FINE;
    for (size_t i = 0; i < count && result == ASSAY_EXIT_FINE; i++)
        if (!prepare(suite, &o.request.choice, &stands[i], &benches[i]))
            result = ASSAY_EXIT_USAGE;
    if (result == ASSAY_EXIT_FINE)
        result = measure(&o, suite, benches, count);
    for (size_t i = 0; i < count; i++)
        json_decref(benches[i].machine);
    return result;
}
