#include "harness/base/memory.h"
#include "harness/base/names.h"
#include "harness/base/suggest.h"
#include "harness/commands/commands.h"
#include "harness/commands/explain.h"
#include "harness/commands/selection.h"
#include "harness/suite/find.h"
#include "harness/target/build.h"
#include "harness/target/reach.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

enum { KEY_ORIGIN = 0x200, KEY_EXPLAIN };

struct options {
    const char *what, *filter, *origin, *explain;
    unsigned modes; /* of --explain; a bit for each enum assay_mode */
    bool json;
    struct assay_selection selection;
};

static const char doc[] =
    "List what there is.\v"
    "kernels and peers are asked of each target's own probe, so they say what that target can run. "
    "Below the kernels stands what is left to the compiler: where the best that a target can run is an auto baseline, "
    "the "
    "reference's source at the flags of an instruction set (in JSON: left_to_auto). "
    "--explain tells of one layer what each kernel says: in how many cycles it computes it by its own statement, or "
    "why it "
    "refuses; and which is chosen (docs/selection.md). "
    "Targets are shown with their lanes: one way each to run the same program, such as a core or a vector length.";

static const struct argp_option options[] = {
    {"filter", 'f', "GLOB", 0, "Only what has a name that matches", 0},
    {"origin", KEY_ORIGIN, "NAME", 0, "Only kernels of this origin: assay, or a peer's name", 0},
    {"explain", KEY_EXPLAIN, "CASE", 0,
     "kernels: which computes this layer, and why: SUITE/CASE, or a case as in a suite's file, '{op: gemm, m: 1, n: "
     "10, "
     "k: 256}'",
     0},
    {"mode", 'm', "NAME", 0, "With --explain: only this mode (repeatable)", 0},
    {"json", 'j', NULL, 0, "Print JSON, which says more than the table", 0},
    {0},
};

static void add_mode(struct argp_state *state, const char *name, unsigned *modes)
{
    enum assay_mode mode = ASSAY_MODE_FP32;
    const struct assay_names names = assay_mode_names();
    if (!assay_mode_parse(name, &mode))
        argp_error(state, "unknown mode '%s'; %s", name, assay_suggestion(name, names.names, names.count));
    *modes |= 1u << mode;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->selection;
        return 0;
    case 'f':
        o->filter = argument;
        return 0;
    case KEY_ORIGIN:
        o->origin = argument;
        return 0;
    case 'j':
        o->json = true;
        return 0;
    case KEY_EXPLAIN:
        o->explain = argument;
        return 0;
    case 'm':
        add_mode(state, argument, &o->modes);
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

static const char *text_of(const json_t *row, const char *key)
{
    const char *text = json_string_value(json_object_get(row, key));
    return text ? text : "";
}

/* A quantize kernel's conversion, the second part of its name: those of one mode are no alternatives to one another. */
static const char *signature_of(const json_t *kernel)
{
    const char *name = strchr(text_of(kernel, "name"), '_');
    return name ? assay_keep_bytes(name + 1, strcspn(name + 1, "_")) : "";
}

/* Both compute the same on the same target, so that selection takes one or the other. */
static bool same_task(const json_t *a, const json_t *b)
{
    static const char *const keys[] = {"target", "origin", "op", "mode", "structure"};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        if (strcmp(text_of(a, keys[i]), text_of(b, keys[i])) != 0)
            return false;
    return strcmp(text_of(a, "op"), "quantize") != 0 || strcmp(signature_of(a), signature_of(b)) == 0;
}

static bool is_auto(const json_t *kernel)
{
    const char *name = text_of(kernel, "name"), *end = strrchr(name, '_');
    return end && strcmp(end, "_auto") == 0;
}

/* No kernel for the same task that runs has a higher rank: what selection takes, where its shape allows. */
static bool is_best(const json_t *kernels, const json_t *kernel)
{
    const json_int_t rank = json_integer_value(json_object_get(kernel, "rank"));
    size_t i;
    const json_t *other;
    if (json_is_false(json_object_get(kernel, "runnable")))
        return false;
    json_array_foreach(kernels, i, other)
    {
        if (json_integer_value(json_object_get(other, "rank")) > rank &&
            !json_is_false(json_object_get(other, "runnable")) && same_task(kernel, other))
            return false;
    }
    return true;
}

static json_t *list_kernels(const struct options *o)
{
    if (o->explain)
        return assay_explain(o->explain, o->modes ? o->modes : (1u << ASSAY_MODE_COUNT) - 1, &o->selection);
    json_t *kernels = ask_probes(o, "list"), *kernel;
    size_t i;
    json_array_foreach(kernels, i, kernel)
    {
        const bool runs = !json_is_false(json_object_get(kernel, "runnable")), best = is_best(kernels, kernel);
        json_object_set_new(kernel, "runs", json_string(runs ? "yes" : assay_format("no: %s", text_of(kernel, "why"))));
        json_object_set_new(kernel, "best", json_boolean(best));
        json_object_set_new(kernel, "left_to_auto", json_boolean(best && is_auto(kernel)));
    }
    return kernels;
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
    {"kernels", list_kernels, {"target", "name", "origin", "op", "mode", "structure", "isa", "runs"}},
    {"targets", list_targets, {"name", "lane", "reach", "note"}},
    {"suites", list_suites, {"name", "cases", "description"}},
    {"modes", list_modes, {"name", "weights", "activations", "bias", "meaning"}},
    {"peers", list_peers, {"target", "name", "release", "kernels"}},
};

static const struct lister explained = {
    "kernels", list_kernels, {"target", "case", "mode", "structure", "kernel", "rank", "cycles", "choice"}};

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
    json_array_foreach(rows, i, row)
    {
        for (size_t c = 0; c < columns; c++)
            printf("%-*s%s", c + 1 < columns ? (int)widths[c] : 0, cell(row, lister->columns[c]),
                   c + 1 < columns ? "  " : "\n");
    }
}

/* Where an instruction set has nothing better than what a compiler makes of the reference. */
static void print_left_to_auto(const json_t *rows)
{
    json_t *left = json_array(), *row;
    size_t i;
    json_array_foreach(rows, i, row) if (json_is_true(json_object_get(row, "left_to_auto")))
        json_array_append(left, row);
    static const struct lister lister = {"", NULL, {"target", "op", "mode", "structure", "name"}};
    if (json_array_size(left) > 0) {
        puts("\nleft to auto: here the best kernel that runs is the reference as the compiler alone optimizes it");
        print_table(&lister, left);
    }
    json_decref(left);
}

/* Takes out what the options leave out. False, after a word, if nothing is left. */
static bool narrow(const struct options *o, json_t *rows)
{
    const char *const key = strcmp(o->what, "peers") == 0 ? "name" : "origin";
    const char *origins[64];
    size_t origin_count = 0;
    const size_t before = json_array_size(rows);
    for (size_t i = before; i-- > 0;) {
        const json_t *row = json_array_get(rows, i);
        const char *origin = assay_keep_string(text_of(row, key));
        size_t known = 0;
        while (known < origin_count && strcmp(origins[known], origin) != 0)
            known++;
        if (known == origin_count && known < sizeof(origins) / sizeof(origins[0]))
            origins[origin_count++] = origin;
        if ((o->filter && fnmatch(o->filter, text_of(row, "name"), 0) != 0) ||
            (o->origin && strcmp(o->origin, origin) != 0))
            json_array_remove(rows, i);
    }
    if (json_array_size(rows) > 0 || before == 0)
        return true;
    size_t known = 0;
    while (o->origin && known < origin_count && strcmp(origins[known], o->origin) != 0)
        known++;
    if (o->origin && known == origin_count)
        assay_say("unknown origin '%s'; %s", o->origin, assay_suggestion(o->origin, origins, origin_count));
    else
        assay_say("no name among the %zu %s matches '%s'; quote the pattern, and see assay list %s", before, o->what,
                  o->filter, o->what);
    return false;
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
        if ((o.explain || o.modes) && (strcmp(o.what, "kernels") != 0 || !o.explain || o.origin)) {
            assay_say("--explain CASE is for kernels, of our own; --mode goes with it, --origin does not");
            return ASSAY_EXIT_USAGE;
        }
        if (o.origin && strcmp(o.what, "kernels") != 0 && strcmp(o.what, "peers") != 0) {
            assay_say("--origin is for kernels and peers; %s have none", o.what);
            return ASSAY_EXIT_USAGE;
        }
        json_t *rows = listers[i].list(&o);
        if (!rows || !narrow(&o, rows)) {
            json_decref(rows);
            return ASSAY_EXIT_USAGE;
        }
        if (o.json) {
            json_dumpf(rows, stdout, JSON_INDENT(2));
            putchar('\n');
        } else {
            print_table(o.explain ? &explained : &listers[i], rows);
            print_left_to_auto(rows);
        }
        json_decref(rows);
        return ASSAY_EXIT_FINE;
    }
    assay_say("cannot list '%s'; %s", o.what, assay_suggestion(o.what, names, LISTER_COUNT));
    return ASSAY_EXIT_USAGE;
}
