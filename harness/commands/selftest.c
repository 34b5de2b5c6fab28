#include "harness/base/memory.h"
#include "harness/base/paths.h"
#include "harness/base/say.h"
#include "harness/base/suggest.h"
#include "harness/commands/commands.h"
#include "harness/commands/selection.h"
#include "harness/selftest/report.h"

#include <argp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEY_QUICK = 0x100, KEY_JSON, KEY_POOL };

/* Sweeps and processes of the noise, and nights. */
static const struct size {
    size_t sweeps, processes, quiet, planted, contest;
} whole = {6, 16, 2000, 400, 500}, quick = {5, 16, 1000, 200, 100};

struct options {
    const char *what, *out, *pool;
    const struct size *size;
    bool json;
    struct assay_selection selection;
};

static const char doc[] =
    "Prove what the gate promises: how often it cries wolf, and what it finds. Only 'gates' can be tested yet.\v"
    "Records the noise of this machine by real kernels (some seven minutes on an idle machine; with --quick five), "
    "plays nights from it, "
    "and plants faults in kernels: slower ones, wrong ones, on emulated targets such with more instructions. All of it "
    "goes to DIR; nothing is left in the tree. Exit status 1 if a promise is not kept. Without --target: this machine "
    "and "
    "the first lane of every emulated target.";

static const struct argp_option options[] = {
    {"quick", KEY_QUICK, NULL, 0, "Less noise, fewer nights", 0},
    {"json", KEY_JSON, NULL, 0, "Print figures as JSON", 0},
    {"out", 'o', "DIR", 0, "Where what is measured goes (default: out/selftest)", 0},
    {"pool", KEY_POOL, "FILE", 0, "Noise that was recorded before: the records.jsonl of an earlier DIR's noise", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    static const char *const names[] = {"gates"};
    struct options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->selection;
        return 0;
    case KEY_QUICK:
        o->size = &quick;
        return 0;
    case KEY_JSON:
        o->json = true;
        return 0;
    case 'o':
        o->out = argument;
        return 0;
    case KEY_POOL:
        o->pool = argument;
        return 0;
    case ARGP_KEY_ARG:
        if (o->what)
            argp_error(state, "'%s' is too much: one thing at a time", argument);
        if (strcmp(argument, names[0]) != 0)
            argp_error(state, "cannot test '%s'; %s", argument, assay_suggestion(argument, names, 1));
        o->what = argument;
        return 0;
    case ARGP_KEY_END:
        if (!o->what)
            argp_error(state, "say what to test: gates");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* The noise is of one machine in one state, so an older recording is never added to. */
static bool record(const struct options *o, struct assay_planting *planting, const char **pool)
{
    const char *folder = assay_format("%s/noise", o->out);
    *pool = assay_format("%s/records.jsonl", folder);
    if (access(*pool, F_OK) == 0) {
        assay_say("%s is there: use it by --pool %s, or name another folder by --out", *pool, *pool);
        return false;
    }
    planting->folder = folder;
    return assay_make_folder(folder) && assay_noise_record(planting, o->size->sweeps, o->size->processes);
}

static bool prove_times(const struct options *o, struct assay_planting *planting, struct assay_proof *proof)
{
    const char *pool = o->pool;
    struct assay_noise noise;
    if ((!pool && !record(o, planting, &pool)) || !assay_noise_read(pool, &noise))
        return false;
    proof->timed = true;
    proof->series = noise.count;
    proof->sweeps = noise.sweeps;
    proof->processes = noise.processes;
    const bool good = assay_prove_false_alarms(&noise, o->size->quiet, &proof->false_alarms) &&
                      assay_prove_power(&noise, o->size->planted, &proof->power) &&
                      assay_prove_contest(&noise, o->size->contest, &proof->contest);
    assay_noise_free(&noise);
    return good;
}

static bool prove_on(const struct options *o, const struct assay_stand *stand, struct assay_proof *proof)
{
    struct assay_planting planting = {.stand = stand};
    const bool emulated = assay_target_emulated(stand->target);
    bool good = assay_planting_open(&planting);
    if (good && !emulated && !proof->timed)
        good = prove_times(o, &planting, proof);
    planting.folder = assay_format("%s/%s", o->out, stand->label);
    good = good && assay_make_folder(planting.folder) && assay_prove_accuracy(&planting, &proof->faults) &&
           (!emulated || assay_prove_counts(&planting, &proof->faults));
    assay_planting_close(&planting);
    return good;
}

int assay_command_selftest(int argc, char **argv)
{
    static const struct argp_child children[] = {{&assay_selection_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {options, parse, "gates", doc, children, NULL, NULL};
    struct options o = {.out = "out/selftest", .size = &whole};
    argp_parse(&argp, argc, argv, 0, NULL, &o);

    struct assay_target_list targets;
    struct assay_stand *stands;
    size_t count;
    if (!assay_selection_resolve(&o.selection, ASSAY_FIRST_LANES, &targets, &stands, &count))
        return ASSAY_EXIT_USAGE;
    struct assay_proof *proof = assay_keep(sizeof(*proof));
    for (size_t i = 0; i < count; i++)
        if (!prove_on(&o, &stands[i], proof))
            return ASSAY_EXIT_USAGE;
    if (!o.json)
        assay_proof_print(proof, stdout);
    else if (!assay_proof_json(proof, stdout))
        return ASSAY_EXIT_USAGE;
    return assay_proof_holds(proof) ? ASSAY_EXIT_FINE : ASSAY_EXIT_FAILED;
}
