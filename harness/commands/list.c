#include "harness/base/memory.h"
#include "harness/base/names.h"
#include "harness/base/suggest.h"
#include "harness/commands/commands.h"
#include "harness/commands/selection.h"
#include "harness/suite/find.h"
#include "harness/target/build.h"
#include "harness/target/reach.h"

#include <stdio.h>
#include <string.h>

struct options {
    const char *what;
    bool json;
    struct assay_selection selection;
};

static const char doc[] =
    "List what there is.\v"
    "kernels and peers are asked of each target's own probe, so they say what that target can run. "
    "Targets are shown with their lanes: one way each to run the same program, such as a core or a vector length.";

static const struct argp_option options[] = {
    {"json", 'j', NULL, 0, "Print JSON", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->selection;
        return 0;
    case 'j':
        o->json = true;
        return 0;
    case ARGP_KEY_ARG:
        if (o->what)
            argp_error(state, "'%s' is too much: list one thing at a time", argument);
        o->what = argument;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "say what to list: kernels, targets, suites, modes or peers");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* Each lister returns an array of objects, NULL if it said what went wrong. */
static json_t *list_modes(const struct options *o)
{
    static const char *const meanings[ASSAY_MODE_COUNT] = {
        "float: the baseline of every speed-up and loss",
        "weights stored as float16, computed in float",
        "float16 weights and activations",
        "int8 weights, float activations quantized row by row as the layer runs",
        "int8 weights and activations, integers only",
        "int8 weights, int16 activations, integers only",
    };
    const struct assay_names names = assay_mode_names();
    json_t *list = json_array();
    (void)o;
    for (size_t i = 0; i < names.count; i++) {
        const enum assay_mode mode = (enum assay_mode)i;
        json_array_append_new(list, json_pack("{ss ss ss ss ss}", "name", names.names[i], "weights",
                                              assay_type_name(assay_mode_weight(mode)), "activations",
                                              assay_type_name(assay_mode_input(mode)), "bias",
                                              assay_type_name(assay_mode_bias(mode)), "meaning", meanings[i]));
    }
    return list;
}

static json_t *list_targets(const struct options *o)
{
    struct assay_target_list targets;
    if (!assay_targets_read(o->selection.files, o->selection.file_count, &targets))
        return NULL;
    json_t *list = json_array();
    for (size_t i = 0; i < targets.count; i++) {
        const struct assay_target *t = &targets.items[i];
        for (size_t j = 0; j < t->lane_count; j++)
            json_array_append_new(list, json_pack("{ss ss ss ss ss* sb}", "name", assay_stand_of(t, j).label, "lane",
                                                  t->lanes[j].name, "reach", assay_reach_names[t->reach], "note",
                                                  t->lanes[j].note, "cpu", t->lanes[j].cpu, "default", j == 0));
    }
    return list;
}

static json_t *list_suites(const struct options *o)
{
    const char *const *names;
    size_t count;
    (void)o;
    if (!assay_suite_names(&names, &count))
        return NULL;
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        const struct assay_suite *suite = assay_suite_read(assay_suite_path(names[i]));
        if (!suite) {
            json_decref(list);
            return NULL;
        }
        json_array_append_new(list, json_pack("{ss sI ss ss}", "name", names[i], "cases", (json_int_t)suite->case_count,
                                              "description", suite->description, "file", suite->file));
    }
    return list;
}

/* The lines that the probes of the selected targets print, with the target added to each. */
static json_t *ask_probes(const struct options *o, const char *subcommand)
{
    struct assay_target_list targets;
    struct assay_stand *stands;
    size_t count;
    if (!assay_selection_resolve(&o->selection, ASSAY_FIRST_LANES, &targets, &stands, &count))
        return NULL;
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        struct assay_link link;
        json_t *lines = assay_build(stands[i].target) && assay_link_open(&stands[i], &link)
                            ? assay_link_ask(&link, subcommand)
                            : NULL;
        if (!lines) {
            json_decref(list);
            return NULL;
        }
        size_t j;
        json_t *line;
        json_array_foreach(lines, j, line)
        {
            json_object_set_new(line, "target", json_string(stands[i].label));
            json_array_append(list, line);
        }
        json_decref(lines);
    }
    return list;
}

static json_t *list_kernels(const struct options *o)
{
    return ask_probes(o, "list");
}

static json_t *list_peers(const struct options *o)
{
    json_t *environments = ask_probes(o, "env"), *environment, *plugin, *list = json_array();
    size_t i, j;
    json_array_foreach(environments, i, environment)
    {
        json_array_foreach(json_object_get(environment, "plugins"), j, plugin)
        {
            json_object_set(plugin, "target", json_object_get(environment, "target"));
            json_array_append(list, plugin);
        }
    }
    if (!environments) {
        json_decref(list);
        return NULL;
    }
    json_decref(environments);
    return list;
}

static const struct lister {
    const char *name;
    json_t *(*list)(const struct options *o);
    const char *columns[8];
} listers[] = {
    {"kernels", list_kernels, {"target", "name", "origin", "op", "mode", "structure", "isa", "why"}},
    {"targets", list_targets, {"name", "lane", "reach", "note"}},
    {"suites", list_suites, {"name", "cases", "description"}},
    {"modes", list_modes, {"name", "weights", "activations", "bias", "meaning"}},
    {"peers", list_peers, {"target", "name", "release", "file"}},
};

#define LISTER_COUNT (sizeof(listers) / sizeof(listers[0]))

static const char *cell(const json_t *row, const char *column)
{
    const json_t *value = json_object_get(row, column);
    if (json_is_integer(value))
        return assay_format("%" JSON_INTEGER_FORMAT, json_integer_value(value));
    const char *text = json_string_value(value);
    return text ? text : "";
}

static void print_table(const struct lister *lister, const json_t *rows)
{
    size_t widths[8], columns = 0, i;
    const json_t *row;
    for (; columns < 8 && lister->columns[columns]; columns++) {
        widths[columns] = strlen(lister->columns[columns]);
        json_array_foreach(rows, i, row)
        {
            const size_t width = strlen(cell(row, lister->columns[columns]));
            widths[columns] = width > widths[columns] ? width : widths[columns];
        }
    }
    for (size_t c = 0; c < columns; c++)
        printf("%-*s%s", c + 1 < columns ? (int)widths[c] : 0, lister->columns[c], c + 1 < columns ? "  " : "\n");
    json_array_foreach(rows, i, row) for (size_t c = 0; c < columns; c++) printf(
        "%-*s%s", c + 1 < columns ? (int)widths[c] : 0, cell(row, lister->columns[c]), c + 1 < columns ? "  " : "\n");
}

int assay_command_list(int argc, char **argv)
{
    static const struct argp_child children[] = {{&assay_selection_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {options, parse, "kernels|targets|suites|modes|peers", doc, children, NULL, NULL};
    struct options o = {0};
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    const char *names[LISTER_COUNT];
    for (size_t i = 0; i < LISTER_COUNT; i++) {
        names[i] = listers[i].name;
        if (strcmp(names[i], o.what) != 0)
            continue;
        json_t *rows = listers[i].list(&o);
        if (!rows)
            return ASSAY_EXIT_USAGE;
        if (o.json) {
            json_dumpf(rows, stdout, JSON_INDENT(2));
            putchar('\n');
        } else {
            print_table(&listers[i], rows);
        }
        json_decref(rows);
        return ASSAY_EXIT_FINE;
    }
    assay_say("cannot list '%s'; %s", o.what, assay_suggestion(o.what, names, LISTER_COUNT));
    return ASSAY_EXIT_USAGE;
}
