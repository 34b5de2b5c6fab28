#include "harness/measure/network.h"

#include "harness/base/memory.h"
#include "harness/base/sum.h"
#include "models/optimize/layers.h"
#include "models/tflite/reader.h"

#include <math.h>
#include <string.h>

/* Of the file and the graph together. */
static const size_t memory_limit = (size_t)4 << 30;

const char *assay_network_layer_mode(const struct assay_subgraph *s, const struct assay_operator *op, int32_t weights)
{
    enum assay_mode mode;
    return assay_layer_mode(s, op, weights, &mode) ? assay_mode_name(mode) : "other";
}

/* The block of a sparse constant: the first dimension makes rows, the others columns. */
static const char *structure_of(const struct assay_tensor *tensor)
{
    const struct assay_sparsity *sparsity = tensor->sparsity;
    size_t rows = 1, columns = 1;
    for (size_t b = 0; b < sparsity->block_count; b++) {
        const size_t at = sparsity->dimension_count - sparsity->block_count + b;
        *(sparsity->block_map[b] == 0 ? &rows : &columns) *= (size_t)sparsity->dimensions[at].size;
    }
    return rows * columns == 1 ? assay_structure_name(ASSAY_RANDOM) : assay_format("%zux%zu", rows, columns);
}

/* One word for all layers: the same or "mixed". */
static void join(const char **all, const char *one)
{
    *all = !*all || strcmp(*all, one) == 0 ? one : "mixed";
}

/* Of a network without weights. */
static const char *mode_of_input(const struct assay_subgraph *s)
{
    const enum assay_tensor_type type = s->input_count > 0 ? s->tensors[s->inputs[0]].type : ASSAY_TENSOR_BOOL;
    return type == ASSAY_TENSOR_F32   ? assay_mode_name(ASSAY_MODE_FP32)
           : type == ASSAY_TENSOR_I8  ? assay_mode_name(ASSAY_MODE_INT8)
           : type == ASSAY_TENSOR_I16 ? assay_mode_name(ASSAY_MODE_INT16X8)
                                      : "mixed";
}

static bool describe(const struct assay_graph *graph, struct assay_network_traits *traits)
{
    const struct assay_subgraph *s = graph->subgraphs;
    struct assay_operator_facts *facts = assay_keep((s->operator_count + 1) * sizeof(*facts));
    struct assay_graph_facts whole;
    uint64_t elements = 0, zeros = 0;
    if (!assay_graph_find_facts(graph, facts, &whole))
        return false;
    for (size_t i = 0; i < s->operator_count; i++) {
        const int32_t weights = facts[i].weights;
        if (weights < 0)
            continue;
        const char *mode = assay_network_layer_mode(s, &s->operators[i], weights);
        join(&traits->mode, strcmp(mode, "other") == 0 ? "mixed" : mode);
        if (!s->tensors[weights].sparsity)
            continue;
        join(&traits->structure, structure_of(&s->tensors[weights]));
        elements += facts[i].elements;
        zeros += facts[i].zeros;
    }
    traits->sparsity = elements > 0 ? round(100 * (double)zeros / (double)elements) / 100 : 0;
    if (!traits->structure)
        traits->structure = assay_structure_name(ASSAY_DENSE);
    if (!traits->mode)
        traits->mode = mode_of_input(s);
    return true;
}

bool assay_network_read(const char *path, struct assay_network_traits *traits, const char **why)
{
    struct assay_model_error error;
    *traits = (struct assay_network_traits){0};
    struct assay_graph *graph = assay_tflite_read_file(path, memory_limit, &error);
    if (!graph) {
        *why = assay_keep_string(error.text);
        return false;
    }
    const bool good = describe(graph, traits);
    traits->sum = assay_file_sum(path); /* after the reader, which takes regular files alone */
    assay_graph_free(graph);
    if (!good)
        *why = assay_format("%s: out of memory", path);
    return good;
}
