#include "harness/base/names.h"
#include "harness/base/say.h"
#include "harness/base/suggest.h"
#include "harness/commands/data_parts.h"
#include "models/data/generate.h"
#include "models/tflite/reader.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct options {
    const char *model, *out;
    struct assay_generate_options generate;
};

static const char doc[] =
    "Make samples without labels that fit a network's inputs, to compare networks on. The same seed gives the same "
    "samples, and fewer samples are the first of more.\v"
    "Without --range, reals are from -1 to 1, and a quantized input gets all values of its own type. With it, "
    "quantized "
    "inputs get reals as well, so that one dataset fits a network and what was converted from it.";

enum { KEY_LIKE = 0x100, KEY_SAMPLES, KEY_SEED, KEY_KIND, KEY_RANGE };

static const struct argp_option options[] = {
    {"like", KEY_LIKE, "MODEL", 0, "The .tflite network whose inputs the samples fit", 0},
    {"samples", KEY_SAMPLES, "N", 0, "How many (default: 500)", 0},
    {"seed", KEY_SEED, "S", 0, "Which ones (default: 1)", 0},
    {"kind", KEY_KIND, "noise|smooth|mixed", 0, "Noise, images of low frequency, or both in turns (default: mixed)", 0},
    {"range", KEY_RANGE, "LOW,HIGH", 0, "Reals within this range", 0},
    {"output", 'o', "SET", 0, "The dataset to write", 0},
    {0},
};

static enum assay_generate_kind kind_of(const char *text, struct argp_state *state)
{
    for (int i = 0; i < ASSAY_GENERATE_KINDS; i++)
        if (strcmp(text, assay_generate_kind_names[i]) == 0)
            return (enum assay_generate_kind)i;
    argp_error(state, "--kind: unknown '%s'; %s", text,
               assay_suggestion(text, assay_generate_kind_names, ASSAY_GENERATE_KINDS));
    return ASSAY_GENERATE_KINDS;
}

static void read_range(const char *text, struct assay_generate_options *generate, struct argp_state *state)
{
    char *comma, *end = NULL;
    generate->low = strtof(text, &comma);
    if (comma != text && *comma == ',')
        generate->high = strtof(comma + 1, &end);
    if (!end || end == comma + 1 || *end || !isfinite(generate->low) || !isfinite(generate->high) ||
        generate->low >= generate->high)
        argp_error(state, "--range: '%s' is no LOW,HIGH such as 0,255", text);
    generate->ranged = true;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct options *o = state->input;
    switch (key) {
    case KEY_LIKE:
        o->model = argument;
        return 0;
    case KEY_SAMPLES:
        o->generate.samples = assay_data_number(argument, 1, INT32_MAX, "--samples", state);
        return 0;
    case KEY_SEED:
        o->generate.seed = assay_data_number(argument, 0, UINT64_MAX, "--seed", state);
        return 0;
    case KEY_KIND:
        o->generate.kind = kind_of(argument, state);
        return 0;
    case KEY_RANGE:
        read_range(argument, &o->generate, state);
        return 0;
    case 'o':
        o->out = argument;
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "'%s' is too much: the network is named by --like", argument);
        return 0;
    case ARGP_KEY_END:
        if (!o->model || !o->out)
            argp_error(state, "%s is missing", o->model ? "-o SET" : "--like MODEL");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int assay_data_generate(int argc, char **argv)
{
    const struct argp argp = {options, parse, "--like MODEL.tflite -o SET.assay", doc, NULL, NULL, NULL};
    struct options o = {.generate = {.samples = 500, .seed = 1, .kind = ASSAY_GENERATE_MIXED}};
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    struct assay_model_error error;
    struct assay_graph *graph = assay_tflite_read_file(o.model, (size_t)4 << 30, &error);
    struct assay_dataset *dataset = graph ? assay_dataset_generate(graph->subgraphs, o.generate, &error) : NULL;
    if (!dataset)
        assay_say("%s%s%s", graph ? o.model : "", graph ? ": " : "", error.text);
    const bool written = dataset && assay_dataset_write(dataset, o.out, &error);
    if (dataset && !written)
        assay_say("%s", error.text);
    assay_generated_free(dataset);
    assay_graph_free(graph);
    return written ? ASSAY_EXIT_FINE : ASSAY_EXIT_USAGE;
}
