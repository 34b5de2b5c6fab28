/* Whole conversions of random networks with every pattern, in every mode: the network with encoded weights, written and
 * read again, computes to the bit what the one with the same weights stored dense does; and what was pruned is zero in
 * the mode's own weights. */
#include "models/graph/facts.h"
#include "models/ops/tests/one_op.h"
#include "models/optimize/optimize.h"
#include "models/optimize/tests/random_network.h"
#include "models/tflite/reader.h"
#include "models/tflite/writer.h"

enum { NETWORKS = 40, MOST_LAYERS = 64, SAMPLES = 3, MOST_INPUT = 1 << 16 };

static const struct assay_layer_choice patterns[] = {
    {.pattern = {.rows = 1, .columns = 1}, .sparsity = 0.8}, {.pattern = {.rows = 1, .columns = 4}, .sparsity = 0.75},
    {.pattern = {.rows = 4, .columns = 1}, .sparsity = 0.9}, {.pattern = {.rows = 1, .columns = 16}, .sparsity = 0.7},
    {.pattern = {.rows = 4, .columns = 4}, .sparsity = 0.8}, {.pattern = {.keep = 1, .group = 4}},
    {.pattern = {.rows = 1, .columns = 1}, .sparsity = 1},   {.pattern = {.rows = 2, .columns = 2}, .sparsity = 0},
};
static const enum assay_mode modes[] = {ASSAY_MODE_FP32, ASSAY_MODE_FP16W, ASSAY_MODE_HYBRID, ASSAY_MODE_INT8,
                                        ASSAY_MODE_INT16X8};

static _Noreturn void die(const char *what, const struct assay_model_error *error)
{
    fprintf(stderr, "%s: %s\n", what, error->text);
    exit(1);
}

/* Samples for the network's only input: the same numbers whenever they are asked for. */
static const struct assay_dataset *samples_of(const struct assay_graph *graph)
{
    static float values[MOST_INPUT];
    static struct assay_data_array array;
    static struct assay_dataset dataset;
    const struct assay_tensor *input = &graph->subgraphs[0].tensors[graph->subgraphs[0].inputs[0]];
    array = (struct assay_data_array){.name = "x", .type = ASSAY_TENSOR_F32, .shape = input->shape, .data = values};
    array.shape.dims[0] = SAMPLES;
    array.bytes = one_count(&array.shape) * sizeof(float);
    if (array.bytes > sizeof(values))
        abort();
    struct random random = {7};
    for (size_t i = 0; i < one_count(&array.shape); i++)
        values[i] = random_real(&random, -1, 1);
    dataset = (struct assay_dataset){.name = "random", .samples = SAMPLES, .input_count = 1, .inputs = &array};
    return &dataset;
}

static struct assay_graph *convert(const struct assay_graph *graph, enum assay_mode mode,
                                   struct assay_layer_choice choice)
{
    choice.mode = mode;
    const struct assay_optimize_options options = {
        .all = choice, .samples = samples_of(graph), .memory_limit = TEST_MEMORY};
    struct assay_model_error error;
    struct assay_graph *converted = assay_optimize(graph, &options, &error);
    if (!converted)
        die(assay_mode_name(mode), &error);
    return converted;
}

/* The network up to its pruning, with its weights dense. */
static struct assay_graph *prune(const struct assay_graph *graph, const struct assay_layer_choice *choice)
{
    struct assay_layer_choice choices[MOST_LAYERS];
    const struct assay_notes nobody = {0};
    struct assay_model_error error;
    struct assay_draft *draft = assay_draft_make(graph, TEST_MEMORY, &error);
    if (!draft || draft->operator_count > MOST_LAYERS)
        abort();
    for (size_t i = 0; i < draft->operator_count; i++)
        choices[i] = *choice;
    if (!assay_fold_constants(draft, &nobody, &error) || !assay_fold_batch_norm(draft, &nobody, &error) ||
        !assay_fuse_activations(draft, &nobody, &error) || !assay_prune(draft, choices, &nobody, &error))
        die("prune", &error);
    struct assay_graph *pruned = finish_or_die(draft);
    assay_draft_free(draft);
    return pruned;
}

static struct assay_graph *write_and_read(struct assay_graph *graph)
{
    struct assay_model_error error;
    size_t size;
    void *file = assay_tflite_write(graph, &size, &error);
    struct assay_graph *again = file ? assay_tflite_read(file, size, TEST_MEMORY, &error) : NULL;
    if (!again)
        die("written and read", &error);
    free(file);
    assay_graph_free(graph);
    return again;
}

/* The bytes of a tensor, as DENSIFY makes them. The caller frees them. */
static void *dense_bytes(const struct assay_tensor *tensor, size_t *bytes)
{
    struct one one = one_of(ASSAY_OPERATOR_DENSIFY);
    *bytes = one_count(&tensor->shape) * assay_tensor_type_size(tensor->type);
    if (!tensor->sparsity) {
        void *copy = malloc(*bytes + 1);
        if (!copy)
            abort();
        return memcpy(copy, tensor->data, *bytes);
    }
    struct assay_tensor *in = one_constant(&one, tensor->type, tensor->shape, tensor->data);
    in->bytes = tensor->bytes;
    in->sparsity = tensor->sparsity;
    one_output(&one, tensor->type);
    if (!one_run(&one))
        die("DENSIFY", &one.error);
    return one.result[0];
}

/* The weights of the layers that can be pruned, in the order of the network. */
static size_t find_weights(const struct assay_graph *graph, const struct assay_tensor **weights)
{
    static struct assay_operator_facts facts[4 * MOST_LAYERS];
    struct assay_graph_facts all;
    const struct assay_subgraph *network = &graph->subgraphs[0];
    size_t count = 0;
    if (network->operator_count > 4 * MOST_LAYERS || !assay_graph_find_facts(graph, facts, &all))
        abort();
    for (size_t i = 0; i < network->operator_count; i++) {
        const enum assay_operator_code code = network->operators[i].code;
        if ((code == ASSAY_OPERATOR_CONV_2D || code == ASSAY_OPERATOR_FULLY_CONNECTED) && facts[i].weights >= 0)
            weights[count++] = &network->tensors[facts[i].weights];
    }
    return count;
}

static bool is_zero(const struct assay_tensor *tensor, const void *data, size_t i)
{
    const uint8_t *bytes = data;
    const size_t size = assay_tensor_type_size(tensor->type);
    for (size_t b = 0; b < size; b++)
        if (bytes[i * size + b] != 0)
            return false;
    return true;
}

/* Encoded weights are the dense ones, and these are zero where they were pruned. Gives the number of encoded layers. */
static int compare_weights(const struct assay_graph *encoded, const struct assay_graph *dense,
                           const struct assay_graph *pruned, const char *what)
{
    const struct assay_tensor *e[MOST_LAYERS], *d[MOST_LAYERS], *p[MOST_LAYERS];
    const size_t of_encoded = find_weights(encoded, e), of_dense = find_weights(dense, d),
                 count = find_weights(pruned, p);
    int sparse = 0;
    EXPECT(of_encoded == count && of_dense == count, "%s: other layers", what);
    for (size_t i = 0; i < count && i < of_encoded && i < of_dense; i++) {
        size_t bytes, other;
        uint8_t *values = dense_bytes(e[i], &bytes), *expected = dense_bytes(d[i], &other);
        EXPECT(bytes == other && memcmp(values, expected, bytes) == 0, "%s: layer %zu has other weights", what, i);
        EXPECT(!d[i]->sparsity, "%s: layer %zu was to be dense", what, i);
        size_t survivors = 0;
        for (size_t k = 0; k < p[i]->bytes / sizeof(float); k++)
            survivors += is_zero(p[i], p[i]->data, k) && !is_zero(d[i], expected, k); /* not of -0, which may stay */
        EXPECT(survivors == 0, "%s: layer %zu: %zu weights were pruned, and are not zero", what, i, survivors);
        sparse += e[i]->sparsity != NULL;
        free(values);
        free(expected);
    }
    return sparse;
}

struct answer {
    size_t bytes;
    uint8_t *data;
};

static struct answer run(const struct assay_graph *graph)
{
    struct assay_model_error error;
    const struct assay_executor_options options = {.features = assay_cpu_features(), .memory_limit = TEST_MEMORY};
    struct assay_executor *executor = assay_executor_make(graph, options, &error);
    if (!executor)
        die("run", &error);
    struct assay_value *in = assay_executor_input(executor, 0);
    assay_dataset_load(samples_of(graph), 0, 0, (size_t)in->shape.dims[0], in->tensor, in->data);
    assay_executor_run(executor);
    struct answer answer = {0};
    for (size_t i = 0; i < graph->subgraphs[0].output_count; i++) {
        const struct assay_value *out = assay_executor_output(executor, i);
        const size_t bytes = one_count(&out->shape) * assay_tensor_type_size(out->tensor->type);
        uint8_t *longer = realloc(answer.data, answer.bytes + bytes + 1);
        if (!longer)
            abort();
        answer.data = longer;
        memcpy(answer.data + answer.bytes, out->data, bytes);
        answer.bytes += bytes;
    }
    assay_executor_free(executor);
    return answer;
}

static int compare(const struct assay_graph *network, const struct assay_layer_choice *choice, enum assay_mode mode,
                   const char *what)
{
    const struct assay_layer_choice dense_choice = {0};
    struct assay_graph *pruned = prune(network, choice);
    struct assay_graph *encoded = write_and_read(convert(network, mode, *choice));
    struct assay_graph *dense = convert(pruned, mode, dense_choice);
    const int sparse = compare_weights(encoded, dense, pruned, what);
    struct answer got = run(encoded), expected = run(dense);
    EXPECT(got.bytes == expected.bytes && memcmp(got.data, expected.data, got.bytes) == 0, "%s: other outputs", what);
    free(got.data);
    free(expected.data);
    assay_graph_free(pruned);
    assay_graph_free(encoded);
    assay_graph_free(dense);
    return sparse;
}

static int32_t add_random(struct assay_draft *draft, struct assay_shape shape, struct random *random)
{
    static float values[MOST_INPUT];
    for (size_t i = 0; i < one_count(&shape); i++)
        values[i] = random_real(random, -1, 1);
    return assay_draft_add_constant(draft, "w", ASSAY_TENSOR_F32, &shape, values);
}

/* Of layers large enough that encoding pays in every mode. */
static struct assay_graph *large_network(void)
{
    struct assay_model_error error;
    struct assay_draft *draft = assay_draft_make(NULL, TEST_MEMORY, &error);
    struct random random = {3};
    const struct assay_shape shapes[] = {{4, {1, 6, 6, 16}}, {4, {1, 6, 6, 24}}, {4, {1, 6, 6, 32}}, {2, {1, 40}}};
    const struct assay_shape weights[] = {{4, {24, 3, 3, 16}}, {4, {32, 1, 1, 24}}, {2, {40, 6 * 6 * 32}}};
    int32_t values[4];
    for (int i = 0; i < 4; i++)
        values[i] = assay_draft_add_tensor(
            draft, &(struct assay_tensor){.name = "value", .type = ASSAY_TENSOR_F32, .shape = shapes[i]});
    for (size_t i = 0; i < 3; i++) {
        struct assay_operator op = {.code = i < 2 ? ASSAY_OPERATOR_CONV_2D : ASSAY_OPERATOR_FULLY_CONNECTED,
                                    .version = 1,
                                    .input_count = 2,
                                    .output_count = 1,
                                    .inputs = (int32_t[]){values[i], add_random(draft, weights[i], &random)},
                                    .outputs = &values[i + 1]};
        if (i < 2)
            op.conv.stride_h = op.conv.stride_w = op.conv.dilation_h = op.conv.dilation_w = 1;
        if (!assay_draft_insert(draft, i, &op))
            abort();
    }
    if (!assay_draft_add_input(draft, values[0]) || !assay_draft_add_output(draft, values[3]))
        abort();
    struct assay_graph *graph = finish_or_die(draft);
    assay_draft_free(draft);
    return graph;
}

static int compare_modes(const struct assay_graph *network, size_t p, const char *name)
{
    int sparse = 0;
    for (size_t m = 0; m < sizeof(modes) / sizeof(*modes); m++) {
        char what[64];
        snprintf(what, sizeof(what), "%s, pattern %zu, %s", name, p, assay_mode_name(modes[m]));
        sparse += compare(network, &patterns[p], modes[m], what);
    }
    return sparse;
}

int main(void)
{
    const size_t pattern_count = sizeof(patterns) / sizeof(*patterns);
    for (uint64_t seed = 0; seed < NETWORKS; seed++) {
        struct assay_graph *network = random_network(seed);
        char name[32];
        snprintf(name, sizeof(name), "network %llu", (unsigned long long)seed);
        compare_modes(network, seed % pattern_count, name);
        assay_graph_free(network);
    }
    struct assay_graph *network = large_network();
    for (size_t p = 0; p < pattern_count; p++) {
        const int sparse = compare_modes(network, p, "the large network");
        /* Three layers in five modes; the last pattern prunes nothing. */
        EXPECT(p + 1 < pattern_count ? sparse >= 10 : sparse == 0, "pattern %zu: %d weights were encoded", p, sparse);
    }
    assay_graph_free(network);
    return failures > 0;
}
