#include "harness/base/memory.h"
#include "harness/base/say.h"
#include "harness/base/suggest.h"
#include "harness/commands/data_parts.h"
#include "models/data/exchange.h"

#include <stdlib.h>
#include <string.h>

struct options {
    const char *path, *out;
    struct assay_import_options import;
};

static const char doc[] =
    "Make a dataset of a NumPy array, or of an archive of arrays.\v"
    "The first dimension is that of samples. Reals become f32; i1, u1 and i2 stay; other integers become i32, if they "
    "fit. In an archive, the input is the member x, or images, or x0, x1 and so on, or the only one, unless "
    "--input-name says which; the labels are y or labels. Without --task, labels of reals make a regression, whole "
    "numbers a classification, with as many classes as the labels need unless --classes says how many.";

enum { KEY_LABELS = 0x100, KEY_TASK, KEY_CLASSES, KEY_NAME, KEY_TYPE, KEY_INPUT_NAME, KEY_LABEL_NAME };

static const struct argp_option options[] = {
    {"labels", KEY_LABELS, "Y.npy", 0, "The labels, if they are in a file of their own", 0},
    {"task", KEY_TASK, "TASK", 0, "none, classification, binary, regression or reconstruction", 0},
    {"classes", KEY_CLASSES, "N", 0, "How many classes there are", 0},
    {"type", KEY_TYPE, "TYPE", 0, "Of the inputs: f32, i8, u8, i16 or i32 (default: what suits their numbers)", 0},
    {"name", KEY_NAME, "NAME", 0, "The name of the dataset (default: the file's)", 0},
    {"input-name", KEY_INPUT_NAME, "MEMBER", 0, "An archive's member for the next input; once for each", 0},
    {"label-name", KEY_LABEL_NAME, "MEMBER", 0, "The archive's member with the labels", 0},
    {"output", 'o', "SET", 0, "The dataset to write", 0},
    {0},
};

static enum assay_task task_of(const char *text, struct argp_state *state)
{
    const char *names[ASSAY_TASK_COUNT];
    for (int i = 0; i < ASSAY_TASK_COUNT; i++) {
        names[i] = assay_task_name((enum assay_task)i);
        if (strcmp(text, names[i]) == 0)
            return (enum assay_task)i;
    }
    argp_error(state, "--task: unknown '%s'; %s", text, assay_suggestion(text, names, ASSAY_TASK_COUNT));
    return ASSAY_TASK_NONE;
}

static enum assay_tensor_type type_of(const char *text, struct argp_state *state)
{
    static const enum assay_tensor_type types[] = {ASSAY_TENSOR_F32, ASSAY_TENSOR_I8, ASSAY_TENSOR_U8, ASSAY_TENSOR_I16,
                                                   ASSAY_TENSOR_I32};
    const char *names[sizeof(types) / sizeof(types[0])];
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        names[i] = assay_tensor_type_name(types[i]);
        if (strcmp(text, names[i]) == 0)
            return types[i];
    }
    argp_error(state, "--type: unknown '%s'; %s", text,
               assay_suggestion(text, names, sizeof(types) / sizeof(types[0])));
    return ASSAY_TENSOR_F32;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct options *o = state->input;
    switch (key) {
    case KEY_LABELS:
        o->import.labels = argument;
        return 0;
    case KEY_TASK:
        o->import.task = task_of(argument, state);
        o->import.has_task = true;
        return 0;
    case KEY_TYPE:
        o->import.type = type_of(argument, state);
        o->import.has_type = true;
        return 0;
    case KEY_CLASSES:
        o->import.classes = assay_data_number(argument, 2, INT32_MAX, "--classes", state);
        return 0;
    case KEY_NAME:
        o->import.name = argument;
        return 0;
    case KEY_INPUT_NAME:
        if (o->import.input_count == ASSAY_IMPORT_MOST_INPUTS)
            argp_error(state, "more than %d inputs", ASSAY_IMPORT_MOST_INPUTS);
        o->import.input_names[o->import.input_count++] = argument;
        return 0;
    case KEY_LABEL_NAME:
        o->import.label_name = argument;
        return 0;
    case 'o':
        o->out = argument;
        return 0;
    case ARGP_KEY_ARG:
        if (o->path)
            argp_error(state, "'%s' is too much: one array or archive at a time", argument);
        o->path = argument;
        return 0;
    case ARGP_KEY_END:
        if (!o->path || !o->out)
            argp_error(state, "%s is missing", o->path ? "-o SET" : "the array");
        if (o->import.labels && o->import.label_name)
            argp_error(state, "the labels are either in --labels or in --label-name");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* What the path calls it: the last part, without its end. */
static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/'), *last = slash ? slash + 1 : path, *dot = strrchr(last, '.');
    return assay_keep_bytes(last, dot ? (size_t)(dot - last) : strlen(last));
}

int assay_data_import(int argc, char **argv)
{
    const struct argp argp = {options, parse, "X.npy|X.npz -o SET.assay", doc, NULL, NULL, NULL};
    struct options o = {.import = {.memory_limit = (size_t)4 << 30}};
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    if (!o.import.name)
        o.import.name = name_of(o.path);
    struct assay_model_error error;
    struct assay_dataset *dataset = assay_dataset_import(o.path, &o.import, &error);
    const bool written = dataset && assay_dataset_write(dataset, o.out, &error);
    if (!written)
        assay_say("%s", error.text);
    assay_imported_free(dataset);
    return written ? ASSAY_EXIT_FINE : ASSAY_EXIT_USAGE;
}
