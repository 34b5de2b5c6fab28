/* The command `assay`: finds the subcommand and hands over to it. */
#include "harness/base/output.h"
#include "harness/base/say.h"
#include "harness/base/suggest.h"
#include "harness/commands/commands.h"
#include "harness/process/interrupt.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *argp_program_version = "assay " ASSAY_VERSION;

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv);
} commands[] = {
    {"list", assay_command_list},         {"build", assay_command_build},     {"check", assay_command_check},
    {"run", assay_command_run},           {"compare", assay_command_compare}, {"report", assay_command_report},
    {"inspect", assay_command_inspect},   {"infer", assay_command_infer},     {"data", assay_command_data},
    {"gate", assay_command_gate},         {"zoo", assay_command_zoo},         {"optimize", assay_command_optimize},
    {"eval", assay_command_eval},         {"history", assay_command_history}, {"bisect", assay_command_bisect},
    {"selftest", assay_command_selftest},
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

static const char doc[] =
    "Measure what an optimization mode of a neural network's layers gives and costs on a target.\n\n"
    "Subcommands (each has its own --help):\n"
    "  list       what there is: kernels, targets, suites, modes, peers\n"
    "  build      cross-build the program that runs on a target\n"
    "  check      test every kernel that a target can run\n"
    "  run        measure the layers of a suite\n"
    "  compare    two runs: what got slower or less accurate\n"
    "  gate       the nightly verdict on a run, by a policy\n"
    "  report     records as a table, JSON, CSV, Markdown or HTML\n"
    "  inspect    what a network in a .tflite file is, and which modes it can take\n"
    "  infer      run a network on raw tensors\n"
    "  data       the samples that networks are calibrated on and judged by\n"
    "  zoo        make a built-in network and its dataset\n"
    "  optimize   convert a float network: narrower numbers, zeros in its weights\n"
    "  selftest   prove what the gate promises\n"
    "  eval       what each mode of a network gives and costs: accuracy, size, speed\n"
    "  history    all runs in one file: what changed since when\n"
    "  bisect     the commit that made a series slower or faster\n"
    "\vExit status: 0 fine; 1 ran, and something failed or regressed; 2 bad usage or input.";

static error_t parse(int key, char *argument, struct argp_state *state)
{
    const char **name = state->input;
    switch (key) {
    case ARGP_KEY_ARG:
        *name = argument;
        state->next = state->argc; /* the rest is the subcommand's */
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_state_help(state, stderr, ARGP_HELP_SHORT_USAGE | ARGP_HELP_SEE);
        exit(ASSAY_EXIT_USAGE);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int main(int argc, char **argv)
{
    argp_err_exit_status = ASSAY_EXIT_USAGE;
    assay_interrupt_catch();
    const char *name = NULL;
    const struct argp argp = {NULL, parse, "SUBCOMMAND [ARGUMENT...]", doc, NULL, NULL, NULL};
    argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &name);

    const char *names[COMMAND_COUNT];
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        names[i] = commands[i].name;
        if (strcmp(name, names[i]) != 0)
            continue;
        int skip = 1;
        while (argv[skip] != name)
            skip++;
        /* argp names the program by argv[0] in usage and errors. */
        char full[64];
        snprintf(full, sizeof(full), "assay %s", name);
        argv[skip] = full;
        int status = commands[i].run(argc - skip, argv + skip);
        if (status == ASSAY_EXIT_USAGE && assay_interrupted()) { /* nothing was wrong with the call */
            assay_say("interrupted");
            status = ASSAY_EXIT_FAILED;
        }
        if ((fflush(stdout) != 0 || ferror(stdout)) && !assay_reader_left()) {
            assay_say("cannot write the output: is the disk full?");
            return ASSAY_EXIT_USAGE;
        }
        return status;
    }
    assay_say("unknown subcommand '%s'; %s", name, assay_suggestion(name, names, COMMAND_COUNT));
    return ASSAY_EXIT_USAGE;
}
