/* The passes of a conversion, in their order. */
#include "models/optimize/optimize.h"

#include "models/graph/facts.h"
#include "models/optimize/layers.h"

#include <stdlib.h>
#include <string.h>

struct conversion {
    const struct assay_optimize_options *options;
    struct assay_operator_facts *facts; /* these two: one for each operator of the network as it was read */
    struct assay_layer_choice *choices;
    bool any_integer;
    struct assay_graph *calibrated; /* what the second draft is made from */
    struct assay_draft *draft;
};

static bool is_quantized(const struct assay_tensor *tensor)
{
    return tensor->quantization.count > 0 && (tensor->type == ASSAY_TENSOR_I8 || tensor->type == ASSAY_TENSOR_U8 ||
                                              tensor->type == ASSAY_TENSOR_I16 || tensor->type == ASSAY_TENSOR_I32);
}

static const struct assay_tensor *quantized_of(const struct assay_subgraph *network, const struct assay_operator *op)
{
    for (size_t k = 0; k < op->input_count; k++)
        if (op->inputs[k] >= 0 && is_quantized(&network->tensors[op->inputs[k]]))
            return &network->tensors[op->inputs[k]];
    for (size_t k = 0; k < op->output_count; k++)
        if (is_quantized(&network->tensors[op->outputs[k]]))
            return &network->tensors[op->outputs[k]];
    return NULL;
}

/* What was rounded to integers does not become float again. */
static bool check_float(const struct conversion *c, const struct assay_subgraph *network,
                        struct assay_model_error *error)
{
    for (size_t i = 0; i < network->operator_count; i++) {
        const struct assay_operator *op = &network->operators[i];
        const char *name = assay_operator_name(op->code);
        const struct assay_tensor *quantized = quantized_of(network, op);
        enum assay_mode mode = ASSAY_MODE_FP32;
        if (c->facts[i].weights >= 0 && assay_layer_mode(network, op, c->facts[i].weights, &mode) &&
            mode != ASSAY_MODE_FP32 && mode != ASSAY_MODE_FP16W)
            return assay_model_fail(error, "operator %zu (%s) is %s already: only a float network can be converted", i,
                                    name, assay_mode_name(mode));
        if (quantized)
            return assay_model_fail(error,
                                    "operator %zu (%s) works on quantized %s (%.80s): only a float network can be "
                                    "converted",
                                    i, name, assay_tensor_type_name(quantized->type), quantized->name);
    }
    return true;
}

/* What is stored sparse stays so, whatever it is stored in: the blocks of its encoding, and no zeros but its own. */
static struct assay_pattern pattern_of(const struct assay_sparsity *sparsity)
{
    struct assay_pattern pattern = {.rows = 1, .columns = 1};
    const size_t rank = sparsity->dimension_count - sparsity->block_count;
    for (size_t level = 0; level < sparsity->traversal_count; level++) {
        const size_t dimension = (size_t)sparsity->traversal_order[level];
        if (dimension >= rank)
            *(sparsity->block_map[dimension - rank] == 0 ? &pattern.rows : &pattern.columns) *=
                (size_t)sparsity->dimensions[level].size;
    }
    return pattern;
}

static bool apply_rule(struct conversion *c, const struct assay_layer_rule *rule, const struct assay_subgraph *network,
                       struct assay_model_error *error)
{
    bool matched = false;
    for (size_t i = 0; i < network->operator_count; i++) {
        if (!assay_layer_rule_matches(rule, network, i))
            continue;
        matched = true;
        if (rule->sets_mode)
            c->choices[i].mode = rule->choice.mode;
        if (rule->sets_pattern) {
            c->choices[i].pattern = rule->choice.pattern;
            c->choices[i].sparsity = rule->choice.sparsity;
        }
    }
    return matched || assay_model_fail(error,
                                       "no layer is '%.200s': neither the name of an output, nor an operator "
                                       "(CONV_2D), nor an index below %zu",
                                       rule->glob, network->operator_count);
}

static bool is_integer(enum assay_mode mode)
{
    return mode == ASSAY_MODE_INT8 || mode == ASSAY_MODE_INT16X8;
}

static bool look_at(struct conversion *c, const struct assay_graph *graph, struct assay_model_error *error)
{
    const size_t count = graph->subgraphs[0].operator_count;
    struct assay_graph_facts all;
    c->facts = calloc(count + 1, sizeof(*c->facts));
    c->choices = calloc(count + 1, sizeof(*c->choices));
    return (c->facts && c->choices && assay_graph_find_facts(graph, c->facts, &all)) ||
           assay_model_fail(error, "no memory for the network's %zu operators", count);
}

static bool choose(struct conversion *c, const struct assay_subgraph *network, struct assay_model_error *error)
{
    for (size_t i = 0; i < network->operator_count; i++) {
        const struct assay_sparsity *stored =
            c->facts[i].weights < 0 ? NULL : network->tensors[c->facts[i].weights].sparsity;
        c->choices[i] = c->options->all;
        if (stored && !assay_pattern_prunes(&c->options->all.pattern))
            c->choices[i].pattern = pattern_of(stored);
    }
    for (size_t r = 0; r < c->options->rule_count; r++)
        if (!apply_rule(c, &c->options->rules[r], network, error))
            return false;
    for (size_t i = 0; i < network->operator_count; i++)
        c->any_integer = c->any_integer || is_integer(c->choices[i].mode);
    if (c->any_integer && !c->options->samples)
        return assay_model_fail(error, "integer modes need samples to calibrate on");
    return true;
}

/* The draft is finished, run on the samples, and drafted again; its operators keep their marks. */
static bool calibrate(struct conversion *c, struct assay_ranges *ranges, struct assay_model_error *error)
{
    const size_t limit = c->options->memory_limit;
    c->calibrated = assay_draft_finish(c->draft, limit, error);
    if (!c->calibrated || !assay_calibrate(c->calibrated, c->options->samples, &c->options->calibration, ranges, error))
        return false;
    struct assay_draft *again = assay_draft_make(c->calibrated, limit, error);
    if (!again)
        return false;
    memcpy(again->marks, c->draft->marks, again->operator_count * sizeof(*again->marks));
    assay_draft_free(c->draft);
    c->draft = again;
    return true;
}

static bool make_integer(struct conversion *c, struct assay_model_error *error)
{
    struct assay_ranges ranges = {0};
    const bool good =
        calibrate(c, &ranges, error) &&
        assay_convert_integer(c->draft, c->choices, &ranges, c->options->integer_io, &c->options->notes, error);
    assay_ranges_free(&ranges);
    return good;
}

static bool convert(struct conversion *c, struct assay_model_error *error)
{
    const struct assay_notes *notes = &c->options->notes;
    return assay_fold_constants(c->draft, notes, error) && assay_expand_sparse(c->draft, error) &&
           assay_fold_batch_norm(c->draft, notes, error) && assay_fuse_activations(c->draft, notes, error) &&
           assay_add_biases(c->draft, error) && assay_prune(c->draft, c->choices, notes, error) &&
           (!c->any_integer || make_integer(c, error)) && assay_convert_fp16w(c->draft, c->choices, notes, error) &&
           assay_convert_hybrid(c->draft, c->choices, notes, error) &&
           assay_encode_sparse(c->draft, c->choices, notes, error);
}

struct assay_graph *assay_optimize(const struct assay_graph *graph, const struct assay_optimize_options *options,
                                   struct assay_model_error *error)
{
    struct conversion c = {.options = options};
    struct assay_graph *converted = NULL;
    const struct assay_subgraph *network = &graph->subgraphs[0];
    if (look_at(&c, graph, error) && check_float(&c, network, error) && choose(&c, network, error) &&
        (c.draft = assay_draft_make(graph, options->memory_limit, error)) && convert(&c, error))
        converted = assay_draft_finish(c.draft, options->memory_limit, error);
    assay_draft_free(c.draft);
    assay_graph_free(c.calibrated);
    free(c.choices);
    free(c.facts);
    return converted;
}
