#include "models/optimize/optimize.h"
#include "harness/base/memory.h"
#include "harness/base/printable.h"
#include "harness/base/say.h"
#include "harness/base/suggest.h"
#include "harness/commands/commands.h"
#include "harness/commands/convert_options.h"
#include "harness/commands/optimize_report.h"
#include "harness/process/interrupt.h"
#include "kernels/core/features.h"
#include "models/data/dataset.h"
#include "models/tflite/reader.h"
#include "models/tflite/writer.h"

#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Of a network, and of each copy that a conversion makes of it. */
static const size_t memory_limit = (size_t)4 << 30;

struct options {
    const char *model, *out;
    struct assay_optimize_options convert;
    struct assay_convert_options how;
    bool mode_given, sparsity_given, json, all_operators;
};

static const char doc[] =
    "Convert a float network: narrower numbers, zeros in its weights, layer by layer where asked for. What it writes "
    "is "
    "a .tflite file that other runtimes load, too.\v"
    "GLOB is the name of a layer's output, an operator (CONV_2D), or its index as `assay inspect` shows it; the last "
    "rule that matches a layer holds. CHOICE is a mode, zeros (0.8:1x4, 2:4, dense), or both: int8,0.8:1x4.\n"
    "int8 and int16x8 need samples of what the network will see (docs/optimizing.md): `assay data import` makes a "
    "dataset of arrays.";

enum { KEY_SAMPLES = 0x100, KEY_SPARSITY, KEY_STRUCTURE, KEY_JSON };

static const struct argp_option options[] = {
    {"mode", 'm', "MODE", 0, "fp32 (folded only), fp16w, hybrid, int8 or int16x8", 0},
    {"output", 'o', "FILE", 0, "The .tflite file to write", 0},
    {"samples", KEY_SAMPLES, "N", 0, "Calibrate on the first N samples (default: all)", 0},
    {"sparsity", KEY_SPARSITY, "S", 0, "Share of each layer's weights that become zero, from 0 to 1", 0},
    {"structure", KEY_STRUCTURE, "random|RxC|N:M", 0,
     "Where zeros may be: 1x4, 4x1, 1x16, 4x4, 2:4 … (default: random)", 0},
    {"json", KEY_JSON, NULL, 0, "Print JSON", 0},
    {"verbose", 'v', NULL, 0, "List operators without weights, too", 0},
    {0},
};

static enum assay_mode parse_mode(const char *text, struct argp_state *state)
{
    static const char *const names[] = {"fp32", "fp16w", "hybrid", "int8", "int16x8"};
    enum { COUNT = sizeof(names) / sizeof(names[0]) };
    enum assay_mode mode = ASSAY_MODE_FP32;
    for (size_t i = 0; i < COUNT; i++)
        if (strcmp(text, names[i]) == 0 && assay_mode_parse(text, &mode))
            return mode;
    argp_error(state, "--mode: unknown '%s'; %s", text, assay_suggestion(text, names, COUNT));
    return mode;
}

/* What options mean together. */
static void check(struct options *o, struct argp_state *state)
{
    struct assay_layer_choice *all = &o->convert.all;
    if (!o->model)
        argp_error(state, "name a .tflite file");
    if (!o->mode_given)
        argp_error(state, "say which --mode: fp32, fp16w, hybrid, int8 or int16x8");
    if (!o->out)
        argp_error(state, "say where the converted network goes: -o FILE");
    if (all->pattern.group > 0) {
        const double own = 1.0 - (double)all->pattern.keep / (double)all->pattern.group;
        if (o->sparsity_given && all->sparsity != own)
            argp_error(state, "--structure %zu:%zu makes a sparsity of %g: leave --sparsity away", all->pattern.keep,
                       all->pattern.group, own);
        all->sparsity = own;
    } else if (o->sparsity_given && all->pattern.rows == 0) {
        all->pattern = (struct assay_pattern){.rows = 1, .columns = 1};
    } else if (!o->sparsity_given && all->pattern.rows > 0) {
        argp_error(state, "--structure wants --sparsity: how many of the weights become zero?");
    }
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct options *o = state->input;
    switch (key) {
    case 'm':
        o->convert.all.mode = parse_mode(argument, state);
        o->mode_given = true;
        return 0;
    case 'o':
        o->out = argument;
        return 0;
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->how;
        return 0;
    case 'v':
        o->all_operators = true;
        return 0;
    case KEY_SAMPLES: {
        const double samples = assay_parse_number(argument, 1, 1e9, "--samples", state);
        o->how.calibration.samples = (size_t)samples;
        if ((double)o->how.calibration.samples != samples)
            argp_error(state, "--samples: '%s' is no whole number", argument);
        return 0;
    }
    case KEY_SPARSITY:
        o->convert.all.sparsity = assay_parse_number(argument, 0, 1, "--sparsity", state);
        o->sparsity_given = true;
        return 0;
    case KEY_STRUCTURE:
        if (!assay_pattern_parse(argument, &o->convert.all.pattern) || !assay_pattern_prunes(&o->convert.all.pattern))
            argp_error(state, "--structure: '%s' is none of random, RxC (1x4, 4x1, 1x16 …) and N:M (2:4)", argument);
        return 0;
    case KEY_JSON:
        o->json = true;
        return 0;
    case ARGP_KEY_ARG:
        if (o->model)
            argp_error(state, "'%s' is too much: one network is converted at a time", argument);
        o->model = argument;
        return 0;
    case ARGP_KEY_END:
        check(o, state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* --io and --calibrate against the modes. */
static bool check_integer(struct options *o)
{
    const enum assay_mode all = o->convert.all.mode;
    if (!assay_convert_check_data(&o->how, all))
        return false;
    o->convert.integer_io = assay_convert_integer_io(&o->how, all);
    if (!o->how.io || strcmp(o->how.io, "float") == 0 || o->convert.integer_io)
        return true;
    assay_say("--io %s goes with mode %s, and the network becomes %s", o->how.io,
              strcmp(o->how.io, "int8") == 0 ? "int8" : "int16x8", assay_mode_name(all));
    return false;
}

/* A file that would be written over by its own conversion. */
static bool same_file(const struct stat *model, const char *out)
{
    struct stat status;
    return stat(out, &status) == 0 && status.st_dev == model->st_dev && status.st_ino == model->st_ino;
}

static void keep_note(void *context, const char *line)
{
    json_array_append_new(context, json_string(assay_printable(line)));
}

static void show_progress(void *context, size_t done, size_t all)
{
    (void)context;
    if (assay_interrupted()) {
        assay_say("interrupted; nothing is written");
        exit(ASSAY_EXIT_FAILED);
    }
    assay_progress(true, "calibrating: %zu of %zu samples", done, all);
}

static bool report(const struct options *o, const struct assay_graph *before, const struct assay_graph *after,
                   uint64_t bytes_before, const json_t *notes)
{
    struct stat status;
    if (stat(o->out, &status) != 0) {
        assay_say("%s: %s", o->out, strerror(errno));
        return false;
    }
    json_t *from = assay_optimize_describe(before, o->model, bytes_before);
    json_t *to = from ? assay_optimize_describe(after, o->out, (uint64_t)status.st_size) : NULL;
    if (to && o->json) {
        json_t *all = json_pack("{sO sO sO}", "before", from, "after", to, "notes", notes);
        json_dumpf(all, stdout, JSON_INDENT(2));
        putchar('\n');
        json_decref(all);
    } else if (to) {
        assay_optimize_print(from, to, notes, o->all_operators);
    }
    json_decref(from);
    const bool good = to != NULL;
    json_decref(to);
    return good;
}

static bool convert(struct options *o, const struct assay_graph *graph, uint64_t bytes)
{
    struct assay_model_error error;
    struct assay_dataset *data = NULL;
    if (o->how.data && !(data = assay_dataset_open(o->how.data, &error))) {
        assay_say("%s", error.text);
        return false;
    }
    if (data && o->how.calibration.samples > data->samples) {
        assay_say("--samples %zu: %s has %zu", o->how.calibration.samples, o->how.data, data->samples);
        assay_dataset_close(data);
        return false;
    }
    json_t *notes = json_array();
    o->convert.samples = data;
    o->convert.rules = o->how.rules;
    o->convert.rule_count = o->how.rule_count;
    o->convert.calibration = o->how.calibration;
    o->convert.notes = (struct assay_notes){keep_note, notes};
    o->convert.memory_limit = memory_limit;
    o->convert.calibration.features = assay_cpu_features();
    o->convert.calibration.progress = show_progress;
    struct assay_graph *converted = assay_optimize(graph, &o->convert, &error);
    assay_progress_end();
    bool good = converted != NULL;
    if (!good)
        assay_say("%s: %s", o->model, error.text);
    else if (!(good = assay_tflite_write_file(converted, o->out, &error)))
        assay_say("%s", error.text);
    good = good && report(o, graph, converted, bytes, notes);
    json_decref(notes);
    assay_graph_free(converted);
    assay_dataset_close(data);
    return good;
}

int assay_command_optimize(int argc, char **argv)
{
    static const struct argp_child children[] = {{&assay_convert_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {options, parse, "MODEL.tflite", doc, children, NULL, NULL};
    struct options o = {.how.calibration.method = ASSAY_CALIBRATE_DEFAULT};
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    struct assay_model_error error;
    struct stat status;
    if (!check_integer(&o))
        return ASSAY_EXIT_USAGE;
    struct assay_graph *graph = assay_tflite_read_file(o.model, memory_limit, &error);
    if (!graph) {
        assay_say("%s", error.text);
        return ASSAY_EXIT_USAGE;
    }
    bool good = stat(o.model, &status) == 0;
    if (good && same_file(&status, o.out)) {
        assay_say("%s is the network itself: write the converted one elsewhere", o.out);
        good = false;
    }
    good = good && assay_convert_check_rules(&o.how, o.model, graph) && convert(&o, graph, (uint64_t)status.st_size);
    assay_graph_free(graph);
    free(o.how.rules);
    return good ? ASSAY_EXIT_FINE : ASSAY_EXIT_USAGE;
}
