/* Whole conversions, with choices by layer, of random networks: written, read again, each layer in the mode that was
 * chosen for it, and computing what the mode says. And what is refused. */
#include "models/graph/facts.h"
#include "models/optimize/layers.h"
#include "models/optimize/optimize.h"
#include "models/optimize/tests/judge.h"
#include "models/optimize/tests/random_network.h"
#include "models/tflite/reader.h"
#include "models/tflite/writer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NETWORKS = 150, MOST_RULES = 64, SAMPLES = 4 };

static const enum assay_mode modes[] = {ASSAY_MODE_FP32, ASSAY_MODE_FP16W, ASSAY_MODE_HYBRID, ASSAY_MODE_INT8,
                                        ASSAY_MODE_INT16X8};
enum { MODES = sizeof(modes) / sizeof(modes[0]) };

/* Samples of the size of the network's input; free_samples() frees them. */
static struct assay_dataset make_samples(const struct assay_subgraph *network, struct assay_data_array *array)
{
    struct random random = {77};
    const struct assay_tensor *input = &network->tensors[network->inputs[0]];
    size_t count = 0;
    *array = (struct assay_data_array){.name = "input", .type = ASSAY_TENSOR_F32, .shape = input->shape};
    array->shape.dims[0] = SAMPLES;
    assay_shape_count(&array->shape, &count);
    float *values = calloc(count, sizeof(*values));
    for (size_t i = 0; i < count; i++)
        values[i] = random_real(&random, -2, 2);
    array->data = values;
    array->bytes = count * sizeof(*values);
    return (struct assay_dataset){.name = "samples", .samples = SAMPLES, .input_count = 1, .inputs = array};
}

static struct assay_graph *write_and_read(const struct assay_graph *graph)
{
    struct assay_model_error error = {{0}};
    size_t size = 0;
    void *bytes = assay_tflite_write(graph, &size, &error);
    struct assay_graph *read = bytes ? assay_tflite_read(bytes, size, TEST_MEMORY, &error) : NULL;
    EXPECT(read, "%s", error.text);
    free(bytes);
    return read;
}

static struct assay_graph *optimize(const struct assay_graph *graph, struct assay_optimize_options options)
{
    struct assay_model_error error = {{0}};
    struct assay_data_array array;
    const struct assay_dataset samples = make_samples(&graph->subgraphs[0], &array);
    options.samples = &samples;
    options.memory_limit = TEST_MEMORY;
    options.calibration.features = assay_cpu_features();
    struct assay_graph *converted = assay_optimize(graph, &options, &error);
    EXPECT(converted, "%s", error.text);
    free((void *)array.data);
    struct assay_graph *read = converted ? write_and_read(converted) : NULL;
    assay_graph_free(converted);
    return read;
}

/* The modes of the layers with weights, in their order, which no conversion changes. */
static size_t modes_of(const struct assay_graph *graph, enum assay_mode *found)
{
    const struct assay_subgraph *network = &graph->subgraphs[0];
    struct assay_operator_facts *facts = calloc(network->operator_count + 1, sizeof(*facts));
    struct assay_graph_facts all;
    size_t count = 0;
    EXPECT(assay_graph_find_facts(graph, facts, &all), "no memory");
    for (size_t i = 0; i < network->operator_count; i++) {
        if (!is_layer(network->operators[i].code))
            continue;
        EXPECT(facts[i].weights >= 0 &&
                   assay_layer_mode(network, &network->operators[i], facts[i].weights, &found[count]),
               "layer %zu is of no mode", count);
        count++;
    }
    free(facts);
    return count;
}

/* Every layer in the mode of its choice, whatever the others are. */
static void check_rules(void)
{
    size_t seen[ASSAY_MODE_COUNT] = {0};
    for (uint64_t seed = 0; seed < NETWORKS; seed++) {
        struct assay_graph *graph = random_network(seed);
        const struct assay_subgraph *network = &graph->subgraphs[0];
        struct random random = {seed + 5};
        struct assay_layer_rule rules[MOST_RULES];
        enum assay_mode wanted[MOST_RULES] = {0}, found[MOST_RULES] = {0};
        char globs[MOST_RULES][8];
        size_t layers = 0, count = 0;
        const enum assay_mode all = modes[random_below(&random, MODES)];
        for (size_t i = 0; i < network->operator_count; i++) {
            if (!is_layer(network->operators[i].code))
                continue;
            wanted[layers] = all;
            if (random_below(&random, 2)) {
                snprintf(globs[count], sizeof(globs[count]), "%zu", i);
                wanted[layers] = modes[random_below(&random, MODES)];
                rules[count] =
                    (struct assay_layer_rule){.glob = globs[count], .sets_mode = true, .choice.mode = wanted[layers]};
                count++;
            }
            layers++;
        }
        struct assay_graph *converted =
            optimize(graph, (struct assay_optimize_options){.all.mode = all, .rules = rules, .rule_count = count});
        EXPECT(converted && modes_of(converted, found) == layers, "network %d lost a layer", (int)seed);
        for (size_t i = 0; converted && i < layers; i++) {
            EXPECT(found[i] == wanted[i], "network %d, layer %zu is %s, not %s", (int)seed, i,
                   assay_mode_name(found[i]), assay_mode_name(wanted[i]));
            seen[found[i]]++;
        }
        if (converted)
            judge_hybrid_layers(converted, seed, NULL);
        assay_graph_free(converted);
        assay_graph_free(graph);
    }
    for (size_t m = 0; m < MODES; m++)
        EXPECT(seen[modes[m]] > NETWORKS / 20, "only %zu layers were %s", seen[modes[m]], assay_mode_name(modes[m]));
}

static void check_float_modes(void)
{
    for (uint64_t seed = 0; seed < NETWORKS; seed++) {
        struct assay_graph *graph = random_network(seed);
        struct assay_graph *folded = optimize(graph, (struct assay_optimize_options){.all.mode = ASSAY_MODE_FP32});
        struct assay_graph *halves = optimize(graph, (struct assay_optimize_options){.all.mode = ASSAY_MODE_FP16W});
        for (size_t i = 0; i < folded->subgraphs[0].operator_count; i++) {
            const struct assay_operator *op = &folded->subgraphs[0].operators[i];
            EXPECT(!is_layer(op->code) || op->code == ASSAY_OPERATOR_FULLY_CONNECTED ||
                       (op->input_count == 3 && op->inputs[2] >= 0),
                   "network %d: operator %zu has no bias", (int)seed, i);
        }
        compare_outputs(graph, folded, (struct uncertainty){0x1p-22, 0}, seed, NULL);
        /* f16 rounds what was folded: products of constants, so the bound is that of the folded network. */
        compare_outputs(folded, halves, (struct uncertainty){0x1p-11, 0x1p-25}, seed, NULL);
        /* On from f16: what it holds is exact in f32. */
        struct assay_graph *again = optimize(halves, (struct assay_optimize_options){.all.mode = ASSAY_MODE_FP32});
        compare_outputs(again, halves, (struct uncertainty){0}, seed, NULL);
        assay_graph_free(again);
        assay_graph_free(folded);
        assay_graph_free(halves);
        assay_graph_free(graph);
    }
}

/* A network with zeros in its weights, stored sparse, is converted on as if it were stored dense. */
static void check_sparse_source(void)
{
    const struct assay_layer_choice zeros = {
        .mode = ASSAY_MODE_FP32, .pattern = {.rows = 1, .columns = 1}, .sparsity = 0.97};
    size_t stored_sparse = 0;
    for (uint64_t seed = 0; seed < NETWORKS; seed++) {
        struct assay_graph *graph = random_network(seed);
        struct assay_graph *sparse = optimize(graph, (struct assay_optimize_options){.all = zeros});
        enum assay_mode found[MOST_RULES];
        const struct assay_subgraph *network = &sparse->subgraphs[0];
        for (size_t i = 0; i < network->operator_count; i++)
            stored_sparse += network->operators[i].code == ASSAY_OPERATOR_FULLY_CONNECTED &&
                             network->tensors[network->operators[i].inputs[1]].sparsity;
        for (size_t m = 0; m < MODES; m++) {
            struct assay_graph *converted = optimize(sparse, (struct assay_optimize_options){.all.mode = modes[m]});
            const size_t layers = modes_of(converted, found);
            for (size_t i = 0; i < layers; i++)
                EXPECT(found[i] == modes[m], "network %d, layer %zu is %s, not %s", (int)seed, i,
                       assay_mode_name(found[i]), assay_mode_name(modes[m]));
            assay_graph_free(converted);
        }
        assay_graph_free(sparse);
        assay_graph_free(graph);
    }
    EXPECT(stored_sparse > 0, "only %zu layers had their weights sparse", stored_sparse);
}

static void check_hybrid(void)
{
    size_t layers = 0;
    for (uint64_t seed = 0; seed < NETWORKS; seed++) {
        struct assay_graph *graph = random_network(seed);
        struct assay_graph *hybrid = optimize(graph, (struct assay_optimize_options){.all.mode = ASSAY_MODE_HYBRID});
        layers += judge_hybrid_layers(hybrid, seed, seed % 2 ? "ref" : NULL);
        assay_graph_free(hybrid);
        assay_graph_free(graph);
    }
    EXPECT(layers > NETWORKS, "only %zu layers were judged", layers);
}

static void refuse(const struct assay_graph *graph, struct assay_optimize_options options, const char *word)
{
    struct assay_model_error error = {{0}};
    options.memory_limit = options.memory_limit ? options.memory_limit : TEST_MEMORY;
    struct assay_graph *converted = assay_optimize(graph, &options, &error);
    EXPECT(!converted && strstr(error.text, word), "'%s' says nothing of '%s'", error.text, word);
    assay_graph_free(converted);
}

static void check_refusals(void)
{
    struct assay_graph *graph = random_network(3);
    struct assay_graph *hybrid = optimize(graph, (struct assay_optimize_options){.all.mode = ASSAY_MODE_HYBRID});
    struct assay_graph *integer = optimize(graph, (struct assay_optimize_options){.all.mode = ASSAY_MODE_INT8});
    const struct assay_layer_rule nobody = {.glob = "nobody*", .sets_mode = true, .choice.mode = ASSAY_MODE_INT8};
    refuse(hybrid, (struct assay_optimize_options){.all.mode = ASSAY_MODE_FP16W}, "is hybrid already");
    refuse(integer, (struct assay_optimize_options){.all.mode = ASSAY_MODE_FP32}, "only a float network");
    refuse(graph, (struct assay_optimize_options){.all.mode = ASSAY_MODE_INT8}, "samples");
    refuse(graph, (struct assay_optimize_options){.rules = &nobody, .rule_count = 1}, "'nobody*'");
    for (size_t limit = 1; limit < 4000; limit += 97)
        refuse(graph, (struct assay_optimize_options){.all.mode = ASSAY_MODE_FP16W, .memory_limit = limit}, "memory");
    assay_graph_free(hybrid);
    assay_graph_free(integer);
    assay_graph_free(graph);
}

/* What rules and patterns say, and what says nothing. */
static void check_words(void)
{
    static const struct {
        const char *text;
        bool good;
        struct assay_pattern pattern;
    } patterns[] = {
        {"random", true, {1, 1, 0, 0}},
        {"dense", true, {0, 0, 0, 0}},
        {"1x4", true, {1, 4, 0, 0}},
        {"16x1", true, {16, 1, 0, 0}},
        {"2:4", true, {1, 1, 2, 4}},
        {"4:4", false, {0}},
        {"0:4", false, {0}},
        {"0x4", false, {0}},
        {"1x", false, {0}},
        {"x4", false, {0}},
        {"1x4x4", false, {0}},
        {"-1x4", false, {0}},
        {"1 x4", false, {0}},
        {"99999999999999999999x1", false, {0}},
        {"", false, {0}},
        {"1x4 ", false, {0}},
        {"5:4", false, {0}},
    };
    for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
        struct assay_pattern p = {0};
        const bool good = assay_pattern_parse(patterns[i].text, &p);
        EXPECT(good == patterns[i].good && memcmp(&p, &patterns[i].pattern, sizeof(p)) == 0, "'%s'", patterns[i].text);
    }
    static const struct {
        const char *text, *glob;
        bool sets_mode, sets_pattern;
        enum assay_mode mode;
        struct assay_pattern pattern;
        double sparsity;
    } rules[] = {
        {"conv*=int8", "conv*", true, false, ASSAY_MODE_INT8, {0}, 0},
        {"a=b=hybrid", "a=b", true, false, ASSAY_MODE_HYBRID, {0}, 0},
        {"7=fp16w,0.8:1x4", "7", true, true, ASSAY_MODE_FP16W, {1, 4, 0, 0}, 0.8},
        {"7=0.5:2:4,int16x8", "7", true, true, ASSAY_MODE_INT16X8, {1, 1, 2, 4}, 0.5},
        {"x=2:4", "x", false, true, ASSAY_MODE_FP32, {1, 1, 2, 4}, 0.5},
        {"x=dense", "x", false, true, ASSAY_MODE_FP32, {0}, 0},
        {"x=1:random", "x", false, true, ASSAY_MODE_FP32, {1, 1, 0, 0}, 1},
    };
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        char text[64];
        struct assay_layer_rule rule;
        struct assay_model_error error = {{0}};
        snprintf(text, sizeof(text), "%s", rules[i].text);
        EXPECT(assay_layer_rule_parse(text, &rule, &error), "%s", error.text);
        EXPECT(strcmp(rule.glob, rules[i].glob) == 0 && rule.sets_mode == rules[i].sets_mode &&
                   rule.sets_pattern == rules[i].sets_pattern && rule.choice.mode == rules[i].mode &&
                   memcmp(&rule.choice.pattern, &rules[i].pattern, sizeof(rule.choice.pattern)) == 0 &&
                   rule.choice.sparsity == rules[i].sparsity,
               "'%s'", rules[i].text);
    }
    static const char *const wrong[] = {"conv",      "=int8",    "conv=",         "conv=int9",   "conv=fp16",
                                        "x=1.5:1x4", "x=-0:5x",  "x=nan:1x4",     "x=int8,int8", "x=0.8:1x4,2:4",
                                        "x=0.8",     "x=random", "x=0.6:2:4",     "x=int8,",     "x=,int8",
                                        "",          "=",        "x=int8,2:4,2:4"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        char text[64];
        struct assay_layer_rule rule;
        struct assay_model_error error = {{0}};
        snprintf(text, sizeof(text), "%s", wrong[i]);
        EXPECT(!assay_layer_rule_parse(text, &rule, &error) && error.text[0], "'%s' is taken", wrong[i]);
    }
}

int main(void)
{
    check_words();
    check_rules();
    check_float_modes();
    check_sparse_source();
    check_hybrid();
    check_refusals();
    return failures != 0;
}
