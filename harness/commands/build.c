#include "harness/target/build.h"

#include "harness/commands/commands.h"
#include "harness/commands/selection.h"
#include "harness/process/interrupt.h"

#include <stdio.h>
#include <string.h>

static const char doc[] = "Cross-build assay-probe, the program that checks and measures on the target.\v"
                          "The other subcommands do it by themselves when a probe is missing or older than the tree.";

static error_t parse(int key, char *argument, struct argp_state *state)
{
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = state->input;
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "'%s' is too much: targets are named by --target", argument);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int assay_command_build(int argc, char **argv)
{
    static const struct argp_child children[] = {{&assay_selection_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {NULL, parse, NULL, doc, children, NULL, NULL};
    struct assay_selection selection = {0};
    struct assay_target_list targets;
    struct assay_stand *stands;
    size_t count;
    argp_parse(&argp, argc, argv, 0, NULL, &selection);
    if (!assay_selection_resolve(&selection, ASSAY_FIRST_LANES, &targets, &stands, &count))
        return ASSAY_EXIT_USAGE;
    bool good = true;
    for (size_t i = 0; i < count && !assay_interrupted(); i++) {
        if (assay_build(stands[i].target))
            printf("%s: %s\n", stands[i].target->name, assay_probe_path(stands[i].target));
        else
            good = false;
    }
    return good && !assay_interrupted() ? ASSAY_EXIT_FINE : ASSAY_EXIT_FAILED;
}
