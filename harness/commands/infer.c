#include "harness/base/memory.h"
#include "harness/commands/commands.h"
#include "harness/commands/selection.h"
#include "harness/process/interrupt.h"
#include "harness/process/pool.h"
#include "harness/target/build.h"
#include "harness/target/reach.h"
#include "harness/target/ship.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

/* An option of the probe's. */
struct passed {
    const char *option, *value;
    enum { WORD, INPUT, OUTPUT, FOLDER } what;
};

struct options {
    struct assay_selection selection;
    struct passed *passed;
    size_t passed_count, passed_capacity;
    const char *model;
    bool json, half;
};

static const char doc[] =
    "Run a .tflite network once on a target: raw tensors in, raw tensors out.\v"
    "A raw tensor is a file of its bytes alone, little-endian. Without --target it runs on this machine's processor.";

enum { KEY_ISA = 0x100, KEY_KERNEL, KEY_DUMP, KEY_BATCH, KEY_THREADS, KEY_HALF, KEY_JSON };

static const struct argp_option options[] = {
    {"input", 'i', "FILE", 0, "Raw tensor for the next input; once for each input of the network", 0},
    {"output", 'o', "FILE", 0, "Where the next output goes; once for each that is wanted", 0},
    {"isa", KEY_ISA, "ref|ISA", 0, "Kernels of one instruction set where there are such, or the scalar references", 0},
    {"kernel", KEY_KERNEL, "GLOB", 0, "Kernels whose names match, where one computes the layer", 0},
    {"dump-tensors", KEY_DUMP, "DIR", 0, "Write every tensor that is no constant, as tNNN.bin by its index", 0},
    {"batch", KEY_BATCH, "N", 0, "First dimension of the inputs (default: as in the file)", 0},
    {"threads", KEY_THREADS, "N", 0, "Threads that compute layers, each pinned to a core (default: 1)", 0},
    {"half", KEY_HALF, NULL, 0, "Layers of f16 weights compute with f16 activations, too", 0},
    {"json", KEY_JSON, NULL, 0, "Print the probe's own lines (docs/probe-protocol.md)", 0},
    {0},
};

static void pass(struct options *o, const char *option, const char *value, int what)
{
    assay_grow(&o->passed, &o->passed_capacity, o->passed_count, sizeof(*o->passed));
    o->passed[o->passed_count++] = (struct passed){option, value, what};
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->selection;
        return 0;
    case 'i':
        pass(o, "--input", argument, INPUT);
        return 0;
    case 'o':
        pass(o, "--output", argument, OUTPUT);
        return 0;
    case KEY_ISA:
        pass(o, "--kernel", strcmp(argument, "ref") == 0 ? argument : assay_format("*_%s_*", argument), WORD);
        return 0;
    case KEY_KERNEL:
        pass(o, "--kernel", argument, WORD);
        return 0;
    case KEY_DUMP:
        pass(o, "--dump-tensors", argument, FOLDER);
        return 0;
    case KEY_BATCH:
        pass(o, "--batch", argument, WORD);
        return 0;
    case KEY_THREADS:
        pass(o, "--threads", argument, WORD);
        return 0;
    case KEY_HALF:
        o->half = true;
        return 0;
    case KEY_JSON:
        o->json = true;
        return 0;
    case ARGP_KEY_ARG:
        if (o->model)
            argp_error(state, "'%s' is too much: one MODEL is run", argument);
        o->model = argument;
        return 0;
    case ARGP_KEY_END:
        if (!o->model)
            argp_error(state, "the MODEL is missing");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* The stand that was named; else the first lane of the first target that runs here without emulation. */
static bool find_stand(const struct options *o, struct assay_stand *stand)
{
    struct assay_target_list targets;
    if (o->selection.name_count > 1) {
        assay_say("infer runs on one target: name one --target");
        return false;
    }
    if (!assay_targets_read(o->selection.files, o->selection.file_count, &targets))
        return false;
    if (o->selection.name_count == 1)
        return assay_stand_find(&targets, o->selection.names[0], stand);
    return assay_stand_here(&targets, stand);
}

static int64_t integer_of(const json_t *object, const char *key)
{
    return (int64_t)json_integer_value(json_object_get(object, key));
}

static bool show(const struct assay_stand *stand, const char *output)
{
    json_t *line = json_loads(output, JSON_REJECT_DUPLICATES, NULL);
    const json_t *operators = json_object_get(line, "operators"), *memory = json_object_get(line, "memory"), *op;
    if (!json_is_array(operators)) {
        assay_say("%s: the probe did not say what it ran; build it anew", stand->label);
        json_decref(line);
        return false;
    }
    size_t i;
    json_array_foreach(operators, i, op)
    {
        const char *kernel = json_string_value(json_object_get(op, "kernel"));
        const char *name = json_string_value(json_object_get(op, "op"));
        printf("%4zu  %-24s  %s\n", i, name ? name : "", kernel ? kernel : "-");
    }
    printf("%s: activations %" PRId64 " bytes (no plan does with less than %" PRId64 "), packed weights %" PRId64
           ", scratch %" PRId64 "\n",
           stand->label, integer_of(memory, "activation_bytes"), integer_of(memory, "lower_bound"),
           integer_of(memory, "packed_bytes"), integer_of(memory, "scratch_bytes"));
    json_decref(line);
    return true;
}

/* The value as the probe is to see it; NULL, with a message. `index`: of the option. */
static const char *send(const struct passed *p, size_t index, struct assay_shipment *shipment)
{
    switch (p->what) {
    case INPUT:
        return assay_ship_send(shipment, p->value, assay_format("in%zu.bin", index));
    case OUTPUT:
        return assay_ship_expect(shipment, p->value, assay_format("out%zu.bin", index));
    case FOLDER:
        return assay_ship_expect_folder(shipment, p->value, assay_format("tensors%zu", index));
    default:
        return assay_ship_word(shipment, p->value);
    }
}

static bool add_arguments(const struct options *o, struct assay_shipment *shipment, struct assay_arguments *arguments)
{
    const char *model = assay_ship_send(shipment, o->model, "model.tflite");
    if (!model)
        return false;
    assay_arguments_add(arguments, model);
    if (o->half)
        assay_arguments_add(arguments, "--half");
    for (size_t i = 0; i < o->passed_count; i++) {
        const char *value = send(&o->passed[i], i, shipment);
        if (!value)
            return false;
        assay_arguments_add(arguments, o->passed[i].option);
        assay_arguments_add(arguments, value);
    }
    return true;
}

/* The probe's status is one of ours: 2 is bad input. */
static int run(const struct options *o, const struct assay_shipment *shipment, const struct assay_arguments *arguments)
{
    const struct assay_stand *stand = &shipment->link->stand;
    char *output = NULL;
    const char *said = "";
    int status = 0, result = ASSAY_EXIT_FAILED;
    if (!assay_run_program(arguments->items, NULL, &output, &said, &status)) {
        result = assay_interrupted() ? ASSAY_EXIT_FAILED : ASSAY_EXIT_USAGE;
    } else if (status != 0) {
        assay_say("%s: %s", stand->label, *said ? assay_ship_explain(shipment, said) : assay_status_text(status));
        result = WIFEXITED(status) && WEXITSTATUS(status) == ASSAY_EXIT_USAGE ? ASSAY_EXIT_USAGE : ASSAY_EXIT_FAILED;
    } else if (!assay_ship_fetch(shipment)) {
        result = ASSAY_EXIT_USAGE;
    } else if (o->json) {
        result = fputs(output, stdout) >= 0 ? ASSAY_EXIT_FINE : ASSAY_EXIT_FAILED;
    } else if (show(stand, output)) {
        result = ASSAY_EXIT_FINE;
    }
    free(output);
    return result;
}

int assay_command_infer(int argc, char **argv)
{
    static const struct argp_child children[] = {{&assay_selection_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {options, parse, "MODEL.tflite", doc, children, NULL, NULL};
    struct options o = {0};
    argp_parse(&argp, argc, argv, 0, NULL, &o);

    struct assay_stand stand;
    struct assay_link link;
    if (!find_stand(&o, &stand))
        return ASSAY_EXIT_USAGE;
    if (!assay_build(stand.target) || !assay_link_open(&stand, &link))
        return ASSAY_EXIT_USAGE;
    struct assay_shipment shipment;
    if (!assay_ship_open(&link, &shipment))
        return ASSAY_EXIT_USAGE;
    struct assay_arguments arguments = assay_link_arguments(&link, "infer", NULL);
    const int status = add_arguments(&o, &shipment, &arguments) ? run(&o, &shipment, &arguments) : ASSAY_EXIT_USAGE;
    assay_ship_close(&shipment);
    free(arguments.items);
    free(o.passed);
    return status;
}
