#include "harness/commands/convert_options.h"

#include "harness/base/memory.h"
#include "harness/base/say.h"
#include "harness/base/suggest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_METHOD = 0x300, KEY_PERCENTILE, KEY_IO, KEY_LAYERS };

static const struct argp_option options[] = {
    {"layers", KEY_LAYERS, "GLOB=CHOICE", 0, "Another choice for these layers; as often as wanted", 0},
    {"calibrate", 'c', "DATA", 0, "Dataset (.assay) to find the ranges of activations on", 0},
    {"method", KEY_METHOD, "METHOD", 0, "How ranges are found: minmax, moving-average, percentile or mse", 0},
    {"percentile", KEY_PERCENTILE, "P", 0, "Of the method percentile: above 50, to 100 (default: 99.99)", 0},
    {"io", KEY_IO, "float|int8|int16", 0, "Type of the network's inputs and outputs (default: float)", 0},
    {0},
};

double assay_parse_number(const char *text, double least, double most, const char *option, struct argp_state *state)
{
    char *end;
    errno = 0;
    const double value = strtod(text, &end);
    if (errno || end == text || *end || !(value >= least && value <= most))
        argp_error(state, "%s: '%s' is no number from %g to %g", option, text, least, most);
    return value;
}

static enum assay_calibration parse_method(const char *text, struct argp_state *state)
{
    const char *names[ASSAY_CALIBRATION_COUNT];
    for (int i = 0; i < ASSAY_CALIBRATION_COUNT; i++) {
        names[i] = assay_calibration_name((enum assay_calibration)i);
        if (strcmp(text, names[i]) == 0)
            return (enum assay_calibration)i;
    }
    argp_error(state, "--method: unknown '%s'; %s", text, assay_suggestion(text, names, ASSAY_CALIBRATION_COUNT));
    return ASSAY_CALIBRATION_COUNT;
}

static void add_rule(struct assay_convert_options *o, const char *text, struct argp_state *state)
{
    struct assay_model_error error;
    assay_grow(&o->rules, &o->rule_room, o->rule_count, sizeof(*o->rules));
    if (!assay_layer_rule_parse(assay_keep_string(text), &o->rules[o->rule_count++], &error))
        argp_error(state, "--layers: %s", error.text);
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct assay_convert_options *o = state->input;
    switch (key) {
    case 'c':
        o->data = argument;
        return 0;
    case KEY_LAYERS:
        add_rule(o, argument, state);
        return 0;
    case KEY_METHOD:
        o->calibration.method = parse_method(argument, state);
        return 0;
    case KEY_PERCENTILE:
        o->calibration.percentile = assay_parse_number(argument, 50, 100, "--percentile", state);
        if (o->calibration.percentile <= 50)
            argp_error(state, "--percentile: '%s' leaves no range: it must be above 50", argument);
        return 0;
    case KEY_IO:
        if (strcmp(argument, "float") != 0 && strcmp(argument, "int8") != 0 && strcmp(argument, "int16") != 0)
            argp_error(state, "--io: unknown '%s'; known: float, int8, int16", argument);
        o->io = argument;
        return 0;
    case ARGP_KEY_END:
        if (o->calibration.percentile > 0 && o->calibration.method != ASSAY_CALIBRATE_PERCENTILE)
            argp_error(state, "--percentile is for --method percentile");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp assay_convert_argp = {options, parse, NULL, NULL, NULL, NULL, NULL};

bool assay_convert_uses(const struct assay_convert_options *o, enum assay_mode all, enum assay_mode mode)
{
    bool uses = all == mode;
    for (size_t i = 0; i < o->rule_count; i++)
        uses = uses || (o->rules[i].sets_mode && o->rules[i].choice.mode == mode);
    return uses;
}

bool assay_convert_integer_io(const struct assay_convert_options *o, enum assay_mode all)
{
    if (!o->io || strcmp(o->io, "float") == 0)
        return false;
    const enum assay_mode wanted = strcmp(o->io, "int8") == 0 ? ASSAY_MODE_INT8 : ASSAY_MODE_INT16X8;
    const enum assay_mode other = wanted == ASSAY_MODE_INT8 ? ASSAY_MODE_INT16X8 : ASSAY_MODE_INT8;
    return assay_convert_uses(o, all, wanted) && all != other;
}

bool assay_convert_check_data(const struct assay_convert_options *o, enum assay_mode all)
{
    const bool int8 = assay_convert_uses(o, all, ASSAY_MODE_INT8);
    if (o->data || !(int8 || assay_convert_uses(o, all, ASSAY_MODE_INT16X8)))
        return true;
    assay_say("mode %s is calibrated on samples of what the network will see: name a dataset by --calibrate; "
              "`assay data import` makes one of arrays, `assay data generate` one of random numbers",
              int8 ? "int8" : "int16x8");
    return false;
}

/* The name that a rule might have meant: one that holds the rule's text, or the nearest. NULL: none. */
static const char *suggest_layer(const char *glob, const struct assay_subgraph *network)
{
    const char **names = assay_keep((2 * network->operator_count + 1) * sizeof(*names));
    size_t count = 0;
    for (size_t i = 0; i < network->operator_count; i++) {
        const struct assay_operator *op = &network->operators[i];
        names[count++] = assay_operator_name(op->code);
        if (op->output_count > 0)
            names[count++] = network->tensors[op->outputs[0]].name;
    }
    for (size_t i = 0; i < count; i++)
        if (*glob && strstr(names[i], glob))
            return assay_format("*%s*", glob);
    return assay_suggest(glob, names, count);
}

bool assay_convert_check_rules(const struct assay_convert_options *o, const char *model,
                               const struct assay_graph *graph)
{
    const struct assay_subgraph *network = &graph->subgraphs[0];
    for (size_t r = 0; r < o->rule_count; r++) {
        bool matched = false;
        for (size_t i = 0; !matched && i < network->operator_count; i++)
            matched = assay_layer_rule_matches(&o->rules[r], network, i);
        if (matched)
            continue;
        const char *glob = o->rules[r].glob, *nearest = suggest_layer(glob, network);
        assay_say("--layers: no layer of %s is '%s'; %s", model, glob,
                  nearest ? assay_format("did you mean '%s'?", nearest)
                          : "`assay inspect --tensors` lists names, operators and their indexes");
        return false;
    }
    return true;
}
