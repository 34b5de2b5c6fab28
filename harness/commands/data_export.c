#include "harness/base/say.h"
#include "harness/commands/data_parts.h"
#include "models/data/exchange.h"

struct options {
    const char *path, *out;
};

static const char doc[] = "Write a dataset as NumPy has it: an archive with x (x0, x1 and so on, if there are several "
                          "inputs) and the labels y, or the only input as an array.";

static const struct argp_option options[] = {
    {"output", 'o', "OUT.npz|OUT.npy", 0, "The archive or array to write", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct options *o = state->input;
    switch (key) {
    case 'o':
        o->out = argument;
        return 0;
    case ARGP_KEY_ARG:
        if (o->path)
            argp_error(state, "'%s' is too much: one dataset at a time", argument);
        o->path = argument;
        return 0;
    case ARGP_KEY_END:
        if (!o->path || !o->out)
            argp_error(state, "%s is missing", o->path ? "-o OUT" : "the dataset");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int assay_data_export(int argc, char **argv)
{
    const struct argp argp = {options, parse, "SET.assay -o OUT.npz", doc, NULL, NULL, NULL};
    struct options o = {0};
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    struct assay_model_error error;
    struct assay_dataset *dataset = assay_dataset_open(o.path, &error);
    const bool written = dataset && assay_dataset_export(dataset, o.out, &error);
    if (!written)
        assay_say("%s", error.text);
    assay_dataset_close(dataset);
    return written ? ASSAY_EXIT_FINE : ASSAY_EXIT_USAGE;
}
