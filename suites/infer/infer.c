/* assay-probe infer: runs a network once, raw tensors in, raw tensors out, and tells which kernels ran. */
#include "models/run/executor.h"
#include "models/tflite/reader.h"
#include "suites/infer/memory.h"
#include "suites/infer/raw.h"
#include "suites/probe/env.h"
#include "suites/probe/options.h"
#include "suites/probe/output.h"
#include "suites/probe/plugins.h"
#include "suites/probe/probe.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    KEY_DUMP = 0x200,
    KEY_KERNEL,
    KEY_BATCH,
    KEY_MEMORY,
    KEY_THREADS,
    KEY_HALF,
    MOST_FILES = 64,
    MOST_BATCH = 1 << 20,
    MOST_MEBIBYTES = 1 << 20,
};

struct arguments {
    const char *model, *dump, *kernel;
    const char *inputs[MOST_FILES], *outputs[MOST_FILES];
    size_t input_count, output_count, batch, memory_limit, threads;
    bool half;
};

static const struct argp_option option_list[] = {
    {"input", 'i', "FILE", 0, "Raw tensor for the next input; once for each input of the network", 1},
    {"output", 'o', "FILE", 0, "Where the next output goes; once for each that is wanted", 1},
    {"kernel", KEY_KERNEL, "NAME", 0,
     "\"ref\" for the scalar references, or a GLOB that kernels must match where one does", 1},
    {"dump-tensors", KEY_DUMP, "DIR", 0, "Write every tensor that is no constant, as tNNN.bin by its index in the file",
     1},
    {"batch", KEY_BATCH, "N", 0, "First dimension of the inputs (default: as in the file)", 1},
    {"threads", KEY_THREADS, "N", 0, "Threads that compute layers, each pinned to a core (default: 1)", 1},
    {"half", KEY_HALF, NULL, 0, "Layers of f16 weights compute with f16 activations, too", 1},
    {"memory", KEY_MEMORY, "MIB", 0, "The most memory that the network may take (default: 4096)", 1},
    {0},
};

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct arguments *a = state->input;
    switch (key) {
    case 'i':
        if (a->input_count == MOST_FILES)
            argp_error(state, "more than %d inputs", MOST_FILES);
        a->inputs[a->input_count++] = text;
        return 0;
    case 'o':
        if (a->output_count == MOST_FILES)
            argp_error(state, "more than %d outputs", MOST_FILES);
        a->outputs[a->output_count++] = text;
        return 0;
    case KEY_DUMP:
        a->dump = text;
        return 0;
    case KEY_KERNEL:
        a->kernel = text;
        return 0;
    case KEY_BATCH:
        a->batch = options_number(text, 1, MOST_BATCH, "--batch", state);
        return 0;
    case KEY_MEMORY:
        a->memory_limit = options_number(text, 1, MOST_MEBIBYTES, "--memory", state) << 20;
        return 0;
    case KEY_HALF:
        a->half = true;
        return 0;
    case KEY_THREADS:
        a->threads = options_number(text, 1, ASSAY_MOST_THREADS, "--threads", state);
        return 0;
    case ARGP_KEY_ARG:
        if (a->model)
            argp_error(state, "'%s' is too much: one MODEL is run", text);
        a->model = text;
        return 0;
    case ARGP_KEY_END:
        if (!a->model)
            argp_error(state, "the MODEL is missing");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

struct run {
    const struct assay_subgraph *graph;
    const char *dump;
    json_t *operators;
    bool good;
};

static size_t bytes_of(const struct assay_value *value)
{
    size_t count = 0;
    assay_shape_count(&value->shape, &count);
    return count * assay_tensor_type_size(value->tensor->type);
}

static void dump(struct run *run, size_t index, const void *data, size_t bytes)
{
    char *path;
    if (!run->dump || !run->good || !data || bytes == 0)
        return;
    if (asprintf(&path, "%s/t%03zu.bin", run->dump, index) < 0) {
        run->good = false;
        return;
    }
    run->good = raw_write(path, data, bytes);
    free(path);
}

static void watch(void *context, const struct assay_node *node, size_t index)
{
    struct run *run = context;
    for (size_t i = 0; i < node->op->output_count; i++)
        dump(run, (size_t)node->op->outputs[i], node->out[i]->data, bytes_of(node->out[i]));
    json_array_append_new(run->operators, json_pack("{sI ss ss?}", "index", (json_int_t)index, "op",
                                                    assay_operator_name(node->op->code), "kernel", node->kernel));
}

static bool read_inputs(struct assay_executor *executor, const struct arguments *a, struct run *run)
{
    if (a->input_count != run->graph->input_count) {
        fprintf(stderr, "assay-probe: %s has %zu inputs, and %zu files were named by --input\n", a->model,
                run->graph->input_count, a->input_count);
        return false;
    }
    if (a->output_count > run->graph->output_count) {
        fprintf(stderr, "assay-probe: %s has %zu outputs, and %zu files were named by --output\n", a->model,
                run->graph->output_count, a->output_count);
        return false;
    }
    for (size_t i = 0; i < a->input_count; i++) {
        const struct assay_value *value = assay_executor_input(executor, i);
        if (!raw_read(a->inputs[i], value->data, bytes_of(value)))
            return false;
        dump(run, (size_t)run->graph->inputs[i], value->data, bytes_of(value));
    }
    return run->good;
}

static json_t *shape_of(const struct assay_value *value)
{
    json_t *dims = json_array();
    for (size_t i = 0; i < value->shape.rank; i++)
        json_array_append_new(dims, json_integer(value->shape.dims[i]));
    return json_pack("{ss ss so}", "name", value->tensor->name, "type", assay_tensor_type_name(value->tensor->type),
                     "shape", dims);
}

static json_t *describe(struct assay_executor *executor, struct run *run)
{
    json_t *inputs = json_array(), *outputs = json_array();
    for (size_t i = 0; i < run->graph->input_count; i++)
        json_array_append_new(inputs, shape_of(assay_executor_input(executor, i)));
    for (size_t i = 0; i < run->graph->output_count; i++)
        json_array_append_new(outputs, shape_of(assay_executor_output(executor, i)));
    return json_pack("{ss so so so sO}", "type", "infer", "memory", infer_memory(assay_executor_memory(executor)),
                     "inputs", inputs, "outputs", outputs, "operators", run->operators);
}

static int infer(struct assay_executor *executor, const struct arguments *a, struct run *run)
{
    if (!read_inputs(executor, a, run))
        return PROBE_BAD_INPUT;
    assay_executor_watch(executor, watch, run);
    assay_executor_run(executor);
    for (size_t i = 0; run->good && i < a->output_count; i++) {
        const struct assay_value *value = assay_executor_output(executor, i);
        run->good = raw_write(a->outputs[i], value->data, bytes_of(value));
    }
    if (!run->good)
        return PROBE_BAD_INPUT;
    return output_line(describe(executor, run)) ? PROBE_FINE : PROBE_FAILED;
}

int probe_infer(int argc, char **argv)
{
    const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {.options = option_list,
                              .parser = parse,
                              .args_doc = "MODEL",
                              .doc = "Run a .tflite network once: raw tensors in, raw tensors out.",
                              .children = children};
    struct arguments a = {.memory_limit = (size_t)4 << 30};
    argp_parse(&argp, argc, argv, 0, NULL, &a);
    if (!options_start() || (a.dump && !raw_folder(a.dump)))
        return PROBE_BAD_INPUT;

    struct assay_model_error error = {{0}};
    struct assay_graph *graph = assay_tflite_read_file(a.model, a.memory_limit, &error);
    struct env_cores *cores = a.threads > 1 ? env_cores_of_threads(a.threads) : NULL;
    env_pin_thread(cores, 0);
    const struct assay_executor_options options = {.features = plugins_features(),
                                                   .kernel = a.kernel,
                                                   .memory_limit = a.memory_limit,
                                                   .batch = a.batch,
                                                   .half = a.half,
                                                   .threads = a.threads,
                                                   .enter = env_pin_thread,
                                                   .enter_context = cores};
    struct assay_executor *executor = graph ? assay_executor_make(graph, options, &error) : NULL;
    int status = PROBE_BAD_INPUT;
    if (executor) {
        struct run run = {.graph = &graph->subgraphs[0], .dump = a.dump, .operators = json_array(), .good = true};
        status = infer(executor, &a, &run);
        json_decref(run.operators);
    } else {
        fprintf(stderr, "assay-probe: %s%s%s\n", graph ? a.model : "", graph ? ": " : "", error.text);
    }
    assay_executor_free(executor);
    assay_graph_free(graph);
    free(cores);
    return status;
}
