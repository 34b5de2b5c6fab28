/* assay-probe eval: what a network's answers over a dataset are worth, and how far they are from a reference's. */
#include "suites/eval/eval.h"

#include "models/tflite/reader.h"
#include "suites/infer/memory.h"
#include "suites/probe/env.h"
#include "suites/probe/options.h"
#include "suites/probe/output.h"
#include "suites/probe/plugins.h"
#include "suites/probe/probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum {
    KEY_DATA = 0x200,
    KEY_REFERENCE,
    KEY_SAMPLES,
    KEY_FIRST,
    KEY_KERNEL,
    KEY_BATCH,
    KEY_PREDICTIONS,
    KEY_ISOLATE,
    KEY_MEMORY,
    KEY_THREADS,
    KEY_HALF,
    MOST_BATCH = 1 << 20,
    MOST_MEBIBYTES = 1 << 20,
};

struct arguments {
    const char *model, *reference, *data, *kernel;
    size_t samples, first, batch, memory_limit, threads;
    bool predictions, isolate, half;
};

static const struct argp_option option_list[] = {
    {"data", KEY_DATA, "FILE", 0, "The dataset (docs/datasets.md)", 1},
    {"reference", KEY_REFERENCE, "MODEL", 0, "A float network to compare answers, outputs and layers with", 1},
    {"samples", KEY_SAMPLES, "N", 0, "How many samples (default: all from the first on)", 1},
    {"first", KEY_FIRST, "K", 0, "The first sample, from 0 (default: 0)", 1},
    {"kernel", KEY_KERNEL, "NAME", 0,
     "\"ref\" for the scalar references, or a GLOB that kernels must match where one does", 1},
    {"batch", KEY_BATCH, "N", 0, "Samples in one run (default: the first dimension of the network's inputs)", 1},
    {"predictions", KEY_PREDICTIONS, NULL, 0, "Print the answer to each sample", 1},
    {"isolate", KEY_ISOLATE, NULL, 0, "Tell what error each layer with weights makes itself; needs --reference", 1},
    {"half", KEY_HALF, NULL, 0, "Layers of f16 weights compute with f16 activations, too", 1},
    {"threads", KEY_THREADS, "N", 0, "Threads that compute layers, each pinned to a core (default: 1)", 1},
    {"memory", KEY_MEMORY, "MIB", 0, "The most memory that a network may take (default: 4096)", 1},
    {0},
};

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct arguments *a = state->input;
    switch (key) {
    case KEY_DATA:
        a->data = text;
        return 0;
    case KEY_REFERENCE:
        a->reference = text;
        return 0;
    case KEY_SAMPLES:
        a->samples = options_number(text, 1, INT32_MAX, "--samples", state);
        return 0;
    case KEY_FIRST:
        a->first = options_number(text, 0, INT32_MAX, "--first", state);
        return 0;
    case KEY_KERNEL:
        a->kernel = text;
        return 0;
    case KEY_BATCH:
        a->batch = options_number(text, 1, MOST_BATCH, "--batch", state);
        return 0;
    case KEY_PREDICTIONS:
        a->predictions = true;
        return 0;
    case KEY_ISOLATE:
        a->isolate = true;
        return 0;
    case KEY_HALF:
        a->half = true;
        return 0;
    case KEY_THREADS:
        a->threads = options_number(text, 1, ASSAY_MOST_THREADS, "--threads", state);
        return 0;
    case KEY_MEMORY:
        a->memory_limit = options_number(text, 1, MOST_MEBIBYTES, "--memory", state) << 20;
        return 0;
    case ARGP_KEY_ARG:
        if (a->model)
            argp_error(state, "'%s' is too much: one MODEL is judged", text);
        a->model = text;
        return 0;
    case ARGP_KEY_END:
        if (!a->model || !a->data)
            argp_error(state, "%s is missing", a->model ? "--data FILE" : "the MODEL");
        if (a->isolate && !a->reference)
            argp_error(state, "--isolate: there is no --reference whose layers could be run");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static json_t *reference_json(const struct eval *eval)
{
    const struct judge *model = &eval->model.judge, *reference = &eval->reference.judge;
    const bool agree = model->is_class && reference->is_class;
    const size_t agreed = agree ? judge_agreed(model, reference) : 0;
    return json_pack("{so so so so so so}", "accuracy", judge_verdict(reference), "agreed",
                     agree ? json_integer((json_int_t)agreed) : json_null(), "agreement",
                     agree ? json_real((double)agreed / (double)eval->samples) : json_null(), "worst_error",
                     output_number(eval->outputs.most), "mean_error",
                     output_number(metrics_mean_absolute(&eval->outputs)), "sqnr",
                     output_number(metrics_sqnr(&eval->outputs)));
}

static json_t *describe(const struct eval *eval, const struct arguments *a)
{
    struct stat status = {0};
    json_t *line = json_pack("{ss ss sI sI sI so so sO}", "type", "eval", "task", assay_task_name(eval->dataset->task),
                             "samples", (json_int_t)eval->samples, "first", (json_int_t)eval->first, "batch",
                             (json_int_t)eval->batch, "accuracy", judge_verdict(&eval->model.judge), "memory",
                             infer_memory(eval->memory), "operators", eval->operators);
    if (stat(a->model, &status) == 0)
        json_object_set_new(line, "model_bytes", json_integer((json_int_t)status.st_size));
    if (a->predictions)
        json_object_set_new(line, "answers", judge_answers(&eval->model.judge));
    if (!a->reference)
        return line;
    json_t *reference = reference_json(eval);
    if (a->predictions)
        json_object_set_new(reference, "answers", judge_answers(&eval->reference.judge));
    json_object_set_new(line, "reference", reference);
    json_t *layers = layers_list(&eval->layers);
    if (a->isolate)
        isolate_describe(&eval->isolate, layers);
    json_object_set_new(line, "layers", layers);
    return line;
}

/* From `first` on, as many as asked for; all must be there. */
static bool choose_samples(struct eval *eval, const struct arguments *a, struct assay_model_error *error)
{
    const size_t there = eval->dataset->samples;
    if (a->first >= there || a->samples > there - a->first)
        return assay_model_fail(error, "%s: it has %zu samples, and those from %zu to %zu are asked for", a->data,
                                there, a->first, a->first + (a->samples ? a->samples : 1) - 1);
    eval->first = a->first;
    eval->samples = a->samples ? a->samples : there - a->first;
    return true;
}

static bool open_all(struct eval *eval, const struct arguments *a, struct assay_model_error *error)
{
    eval->dataset = assay_dataset_open(a->data, error);
    eval->model.graph = eval->dataset ? assay_tflite_read_file(a->model, a->memory_limit, error) : NULL;
    if (eval->model.graph && a->reference)
        eval->reference.graph = assay_tflite_read_file(a->reference, a->memory_limit, error);
    return eval->model.graph && (!a->reference || eval->reference.graph) && choose_samples(eval, a, error);
}

int probe_eval(int argc, char **argv)
{
    const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {.options = option_list,
                              .parser = parse,
                              .args_doc = "MODEL",
                              .doc = "Judge a .tflite network by a dataset, and compare it with another.",
                              .children = children};
    struct arguments a = {.memory_limit = (size_t)4 << 30};
    argp_parse(&argp, argc, argv, 0, NULL, &a);
    if (!options_start())
        return PROBE_BAD_INPUT;

    struct assay_model_error error = {{0}};
    struct env_cores *cores = a.threads > 1 ? env_cores_of_threads(a.threads) : NULL;
    env_pin_thread(cores, 0);
    struct eval eval = {.batch = a.batch,
                        .isolates = a.isolate,
                        .options = {.features = plugins_features(),
                                    .memory_limit = a.memory_limit,
                                    .threads = a.threads,
                                    .enter = env_pin_thread,
                                    .enter_context = cores},
                        .model = {.path = a.model, .kernel = a.kernel, .half = a.half},
                        .reference = {.path = a.reference},
                        .operators = json_array()};
    int status = PROBE_BAD_INPUT;
    if (open_all(&eval, &a, &error) && eval_run(&eval, &error))
        status = output_line(describe(&eval, &a)) ? PROBE_FINE : PROBE_FAILED;
    else
        fprintf(stderr, "assay-probe: %s\n", error.text);
    eval_free(&eval);
    free(cores);
    return status;
}
