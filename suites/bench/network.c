#include "suites/bench/network.h"

#include "models/graph/facts.h"
#include "models/tflite/reader.h"
#include "suites/bench/inputs.h"
#include "suites/probe/env.h"
#include "suites/probe/plugins.h"
#include "toolchains/qemu/markers.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static double now_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void rewrite_inputs(void *argument)
{
    const struct network *n = argument;
    for (size_t i = 0; i < n->input_count; i++)
        memcpy(assay_executor_input(n->executor, i)->data, n->inputs[i], n->input_bytes[i]);
}

static void run(void *argument)
{
    const struct network *n = argument;
    rewrite_inputs(argument);
    assay_executor_run(n->executor);
}

static void load(void *argument)
{
    struct network *n = argument;
    struct assay_model_error error = {{0}};
    const double start = now_ns();
    n->graph = assay_tflite_read_file(n->plan->file, n->memory_limit, &error);
    if (!n->graph) {
        subject_give_up(&n->subject, SUBJECT_ERROR, "%s", error.text);
        return;
    }
    n->cores = n->plan->threads > 1 && !n->threads ? env_cores_of_threads(n->plan->threads) : NULL;
    env_pin_thread(n->cores, 0);
    size_t plugin_count;
    const struct assay_kernel *const *plugins = plugins_kernels(&plugin_count);
    const struct plan_network *plan = n->plan;
    const struct assay_executor_options options = {.features = plugins_features(),
                                                   .kernel = strcmp(plan->kernel, "best") == 0 ? NULL : plan->kernel,
                                                   .plugins = plugins,
                                                   .plugin_count = plugin_count,
                                                   .origin = strcmp(plan->origin, "assay") == 0 ? NULL : plan->origin,
                                                   .memory_limit = n->memory_limit,
                                                   .batch = n->plan->batch,
                                                   .half = n->plan->half,
                                                   .threads = n->plan->threads,
                                                   .enter = env_pin_thread,
                                                   .enter_context = n->cores,
                                                   .shared = n->threads};
    n->executor = assay_executor_make(n->graph, options, &error);
    n->pack_ns = now_ns() - start;
    if (!n->executor)
        subject_give_up(&n->subject, SUBJECT_UNSUPPORTED, "%s: %s", n->plan->file, error.text);
}

static bool draw_inputs(struct network *n)
{
    n->input_count = n->graph->subgraphs[0].input_count;
    n->inputs = calloc(n->input_count + 1, sizeof(*n->inputs));
    n->input_bytes = calloc(n->input_count + 1, sizeof(*n->input_bytes));
    bool good = n->inputs && n->input_bytes;
    for (size_t i = 0; good && i < n->input_count; i++) {
        const struct assay_value *value = assay_executor_input(n->executor, i);
        good = inputs_bytes(value, &n->input_bytes[i]) && (n->inputs[i] = malloc(n->input_bytes[i] + 1));
        if (good)
            inputs_draw(n->seed, i, value, n->inputs[i]);
        if (i == 0 && value->shape.rank > 0)
            n->batch = (size_t)value->shape.dims[0];
    }
    if (!good)
        subject_give_up(&n->subject, SUBJECT_ERROR, "no memory for the inputs");
    return good;
}

/* Multiply-accumulates of the batch that is run; the graph's own are of the batch in the file. */
static uint64_t macs_of(const struct network *n, const struct assay_operator_facts *facts)
{
    const struct assay_subgraph *graph = &n->graph->subgraphs[0];
    const struct assay_shape *shape = graph->input_count > 0 ? &graph->tensors[graph->inputs[0]].shape : NULL;
    const uint64_t before = shape && shape->rank > 0 && shape->dims[0] > 0 ? (uint64_t)shape->dims[0] : 1;
    return n->batch > 0 ? facts->macs / before * n->batch : facts->macs;
}

static bool list_layers(struct network *n)
{
    const struct assay_subgraph *graph = &n->graph->subgraphs[0];
    struct assay_operator_facts *facts = calloc(graph->operator_count + 1, sizeof(*facts));
    struct assay_graph_facts whole;
    n->layers = calloc(graph->operator_count + 1, sizeof(*n->layers));
    bool good = n->layers && facts && assay_graph_find_facts(n->graph, facts, &whole);
    n->layer_count = good ? graph->operator_count : 0;
    for (size_t i = 0; good && i < n->layer_count; i++) {
        const struct assay_operator *op = &graph->operators[i];
        n->layers[i] = (struct network_layer){
            .op = op,
            .tensor = op->output_count > 0 && op->outputs[0] >= 0 ? graph->tensors[op->outputs[0]].name : "",
            .macs = macs_of(n, &facts[i]),
            .weight_bytes = facts[i].bytes,
            .nonzero_weights = facts[i].elements - facts[i].zeros,
            .idle = assay_executor_idle(n->executor, i),
            .samples = calloc(n->subject.rounds, sizeof(*n->layers[i].samples)),
            .region = -1,
        };
        good = n->layers[i].samples != NULL;
    }
    free(facts);
    if (!good)
        subject_give_up(&n->subject, SUBJECT_ERROR, "no memory for the layers");
    return good;
}

static void note_kernel(void *context, const struct assay_node *node, size_t index)
{
    struct network *n = context;
    n->layers[index].kernel = node->kernel;
    n->layers[index].origin = node->origin;
    n->layers[index].problem = node->problem;
}

static void run_first(void *argument)
{
    struct network *n = argument;
    assay_executor_watch(n->executor, note_kernel, n);
    run(n);
    assay_executor_watch(n->executor, NULL, NULL);
}

/* Its end is the beginning of the next layer. */
static void note_time(void *context, const struct assay_node *node, size_t index)
{
    struct network *n = context;
    (void)node;
    const double now = now_ns();
    n->layers[index].spent += now - n->last;
    n->last = now;
}

/* What two looks at the clock are apart with nothing between: the least of some trials. */
static double time_clock(struct network *n)
{
    enum { TRIALS = 5, LOOKS = 1000 };
    double best = -1;
    for (int trial = 0; trial < TRIALS && n->layer_count > 0; trial++) {
        n->layers[0].spent = 0;
        n->last = now_ns();
        for (int i = 0; i < LOOKS; i++)
            note_time(n, NULL, 0);
        const double ns = n->layers[0].spent / LOOKS;
        best = best < 0 || ns < best ? ns : best;
    }
    return best < 0 ? 0 : best;
}

static double time_inputs(struct network *n)
{
    enum { BYTES = 1 << 24, LEAST = 10, MOST = 10000 };
    size_t bytes = 1;
    for (size_t i = 0; i < n->input_count; i++)
        bytes += n->input_bytes[i];
    const size_t calls = BYTES / bytes;
    return subject_time_of(rewrite_inputs, n, calls < LEAST ? LEAST : calls > MOST ? MOST : (long long)calls);
}

void network_start(struct network *n, const struct plan_network *plan, const struct plan_job *job, size_t memory_limit,
                   struct assay_threads *threads)
{
    *n = (struct network){
        .plan = plan,
        .seed = job->seed,
        .memory_limit = memory_limit,
        .threads = assay_threads_count(threads) == plan->threads ? threads : NULL,
        .region = -1,
    };
    struct stat status;
    if (stat(plan->file, &status) == 0)
        n->model_bytes = (size_t)status.st_size;
    if (!subject_start(&n->subject, run, n, job->rounds) || !subject_try(&n->subject, load, "loading") ||
        !draw_inputs(n) || !list_layers(n) || !subject_try(&n->subject, run_first, "the first run") ||
        job->metric != METRIC_NS)
        return;
    n->subject.overhead = time_inputs(n);
    const double copying = n->subject.overhead - subject_call_overhead();
    n->input_ns = copying > 0 ? copying : 0;
    n->clock_ns = time_clock(n);
}

void network_end(struct network *n)
{
    for (size_t i = 0; i < n->layer_count; i++)
        free(n->layers[i].samples);
    for (size_t i = 0; n->inputs && i < n->input_count; i++)
        free(n->inputs[i]);
    free(n->layers);
    free(n->inputs);
    free(n->input_bytes);
    if (!n->subject.crashed) { /* what a crash leaves behind is not to be touched */
        assay_executor_free(n->executor);
        assay_graph_free(n->graph);
        free(n->cores);
    }
    subject_end(&n->subject);
}

static void run_profiled(void *argument)
{
    struct network *n = argument;
    assay_executor_watch(n->executor, note_time, n);
    for (long long i = 0; i < n->subject.iterations; i++) {
        rewrite_inputs(n);
        n->last = now_ns();
        assay_executor_run(n->executor);
    }
    assay_executor_watch(n->executor, NULL, NULL);
}

void network_profile(struct subject *subject)
{
    struct network *n = subject->self;
    for (size_t i = 0; i < n->layer_count; i++)
        n->layers[i].spent = 0;
    if (!subject_try(subject, run_profiled, "a profiled run"))
        return;
    for (size_t i = 0; i < n->layer_count; i++) {
        const double ns = n->layers[i].spent / (double)subject->iterations - n->clock_ns;
        n->layers[i].samples[n->profile_count] = ns > 0 ? ns : 0;
    }
    n->profile_count++;
}

static void count_whole(void *argument)
{
    struct network *n = argument;
    struct assay_executor *executor = n->executor;
    assay_executor_reset(executor);
    rewrite_inputs(n);
    n->region = subject_next_region();
    assay_region_begin(1);
    assay_executor_run(executor);
    assay_region_end(1);
}

static void begin_layer(struct network *n, size_t index)
{
    n->layers[index].region = subject_next_region();
    assay_region_begin(2);
}

static void end_layer(void *context, const struct assay_node *node, size_t index)
{
    assay_region_end(2);
    struct network *n = context;
    (void)node;
    if (index + 1 < n->layer_count)
        begin_layer(n, index + 1);
}

static void count_layers(void *argument)
{
    struct network *n = argument;
    if (n->layer_count == 0)
        return;
    assay_executor_reset(n->executor);
    rewrite_inputs(n);
    assay_executor_watch(n->executor, end_layer, n);
    begin_layer(n, 0);
    assay_executor_run(n->executor);
    assay_executor_watch(n->executor, NULL, NULL);
}

void network_count(struct network *n)
{
    if (subject_try(&n->subject, count_whole, "the counted run") &&
        subject_try(&n->subject, count_layers, "the counted run of its layers"))
        n->subject.iterations = 1;
}
