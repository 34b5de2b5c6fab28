/* assay-probe: checks and measures kernels on the machine it runs on (docs/probe-protocol.md). */
#include "suites/probe/probe.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *purpose;
    int (*run)(int argc, char **argv);
} commands[] = {
    {"bench", "measure the jobs of a plan", probe_bench},
    {"explain", "why a kernel is chosen for the layers of a plan", probe_explain},
    {"env", "the machine", probe_env},
    {"list", "the kernels, and which of them can run here", probe_list},
    {"check", "correctness of every kernel that can run here", probe_check},
    {"infer", "run a network on raw tensors", probe_infer},
    {"eval", "judge a network by a dataset", probe_eval},
};
enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static void usage(FILE *file)
{
    fputs(
        "usage: assay-probe COMMAND [OPTION...]\n\nJSON Lines on standard output (docs/probe-protocol.md). Commands:\n",
        file);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(file, "  %-8s%s\n", commands[i].name, commands[i].purpose);
    fputs("assay-probe COMMAND --help tells the options of a command.\n", file);
}

int main(int argc, char **argv)
{
    argp_err_exit_status = PROBE_BAD_INPUT;
    if (argc < 2 || strcmp(argv[1], "--help") == 0) {
        usage(argc < 2 ? stderr : stdout);
        return argc < 2 ? PROBE_BAD_INPUT : PROBE_FINE;
    }
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(argv[1], commands[i].name) != 0)
            continue;
        char *name;
        if (asprintf(&name, "assay-probe %s", commands[i].name) < 0)
            return PROBE_FAILED;
        argv[1] = name;
        const int status = commands[i].run(argc - 1, argv + 1);
        free(name);
        return status;
    }
    fprintf(stderr, "assay-probe: there is no command '%s'\n", argv[1]);
    usage(stderr);
    return PROBE_BAD_INPUT;
}
