#include "suites/probe/layer_parts.h"

#include <stdlib.h>
#include <string.h>

static const char *const value_names[VALUES_COUNT] = {
    [VALUES_TYPICAL] = "typical",
    [VALUES_EXTREME] = "extreme",
    [VALUES_CANCELLING] = "cancelling",
    [VALUES_DENORMAL] = "denormal",
    [VALUES_NAN] = "nan",
    [VALUES_INFINITY] = "infinity",
    [VALUES_ZERO_ROW] = "zero_row",
    [VALUES_ZERO_POINTS] = "zero_points",
    [VALUES_SHIFTS] = "shifts",
    [VALUES_TIES] = "ties",
};

const char *layer_values_name(enum layer_values values)
{
    return (unsigned)values < VALUES_COUNT ? value_names[values] : NULL;
}

bool layer_values_apply(enum layer_values values, enum assay_op op, enum assay_mode mode)
{
    const bool integer = assay_mode_is_integer(mode);
    switch (values) {
    case VALUES_TYPICAL:
    case VALUES_EXTREME:
    case VALUES_ZERO_ROW:
        return true;
    case VALUES_NAN:
    case VALUES_INFINITY:
        return op != ASSAY_OP_SPMM && (!integer || op == ASSAY_OP_QUANTIZE); /* spmm specifies finite inputs only */
    case VALUES_CANCELLING:
        return op != ASSAY_OP_QUANTIZE && op != ASSAY_OP_ADD && !integer;
    case VALUES_DENORMAL:
        return op == ASSAY_OP_QUANTIZE || !integer;
    case VALUES_ZERO_POINTS:
        return mode == ASSAY_MODE_INT8;
    case VALUES_TIES:
        return integer || op == ASSAY_OP_QUANTIZE;
    case VALUES_SHIFTS:
        return integer && op != ASSAY_OP_QUANTIZE;
    default:
        return false;
    }
}

void *layer_take(struct layer *layer, size_t bytes)
{
    const size_t size = assay_round_up(bytes ? bytes : 1, 64);
    if (layer->memory_count == LAYER_MEMORY)
        return NULL;
    void *memory = aligned_alloc(64, size);
    if (!memory)
        return NULL;
    memset(memory, 0, size);
    layer->memory[layer->memory_count++] = memory;
    return memory;
}

static struct assay_problem problem_of(const struct layer_case *c, const struct layer_options *options)
{
    struct assay_problem problem = {
        .op = c->op,
        .mode = options->mode,
        .structure = options->structure,
        .activation = c->activation,
        .quantization = {.in_scale = 1.0f, .out_scale = 1.0f, .addend_scale = 1.0f},
    };
    switch (c->op) {
    case ASSAY_OP_CONV:
        problem.conv = c->conv;
        break;
    case ASSAY_OP_DWCONV:
        problem.dwconv = c->dwconv;
        break;
    case ASSAY_OP_QUANTIZE:
        problem.quantize = c->quantize;
        break;
    case ASSAY_OP_ADD:
        problem.add = c->add;
        break;
    default:
        problem.gemm = c->gemm;
    }
    return problem;
}

static bool take_addend(struct layer *layer)
{
    layer->io.addend = layer_take(layer, layer->in_bytes);
    layer->real_addend = layer_take(layer, layer->problem.add.count * sizeof(float));
    return layer->io.addend && layer->real_addend;
}

/* Buffers of input and output. Gaps between rows, and all else that nobody writes, hold 0xFF: NaN in floats. */
static bool take_buffers(struct layer *layer)
{
    const struct assay_problem *p = &layer->problem;
    layer->in_bytes = assay_problem_in_bytes(p);
    layer->out_bytes = assay_problem_out_bytes(p);
    void *in = layer_take(layer, layer->in_bytes);
    layer->io.in = in;
    layer->io.out = layer_take(layer, layer->out_bytes);
    if (!in || !layer->io.out)
        return false;
    memset(in, 0xFF, layer->in_bytes);
    memset(layer->io.out, 0xFF, layer->out_bytes);
    if (p->op == ASSAY_OP_ADD)
        return take_addend(layer);
    if (p->op != ASSAY_OP_QUANTIZE || p->quantize.conversion != ASSAY_ROW_F32_I8)
        return true;
    layer->row_parameter_count = p->quantize.rows;
    layer->io.row_parameters = layer_take(layer, p->quantize.rows * sizeof(*layer->io.row_parameters));
    return layer->io.row_parameters != NULL;
}

static bool fill(struct layer *layer)
{
    if (layer->problem.op == ASSAY_OP_QUANTIZE)
        return layer_fill_quantize(layer);
    if (layer->problem.op == ASSAY_OP_ADD)
        return layer_fill_add(layer);
    if (layer->problem.mode == ASSAY_MODE_HYBRID)
        return layer_fill_hybrid(layer);
    return assay_mode_is_integer(layer->problem.mode) ? layer_fill_integer(layer) : layer_fill_float(layer);
}

static void count_nonzero(struct layer *layer)
{
    const struct assay_problem *p = &layer->problem;
    if (!layer->weights.values)
        return;
    const size_t count = assay_problem_channels(p) * assay_problem_depth(p);
    const size_t size = assay_type_size(assay_mode_weight(p->mode));
    const unsigned char *values = layer->weights.values;
    for (size_t i = 0; i < count; i++) {
        unsigned any = 0;
        for (size_t b = 0; b < size; b++)
            any |= values[i * size + b];
        layer->nonzero_weights += any != 0;
    }
}

struct layer *layer_make(const struct layer_case *layer_case, const struct layer_options *options, const char **why)
{
    const struct assay_problem problem = problem_of(layer_case, options);
    *why = assay_problem_invalid(&problem);
    if (*why)
        return NULL;
    if (!(options->sparsity >= 0.0 && options->sparsity <= 1.0)) {
        *why = "the sparsity must be within 0 and 1";
        return NULL;
    }
    *why = "no memory for the layer";
    struct layer *layer = calloc(1, sizeof(*layer));
    if (!layer)
        return NULL;
    layer->problem = problem;
    layer->options = *options;
    layer->has_reals = true;
    if (!take_buffers(layer) || !layer_fill_reals(layer) || !fill(layer)) {
        layer_free(layer);
        return NULL;
    }
    if (options->no_bias)
        layer->weights.bias = layer->real_bias = NULL;
    count_nonzero(layer);
    *why = NULL;
    return layer;
}

struct layer *layer_make_typical(const struct layer_case *layer_case, enum assay_mode mode,
                                 enum assay_structure structure, double sparsity, uint64_t seed, const char **why)
{
    const struct layer_options options = {.mode = mode, .structure = structure, .sparsity = sparsity, .seed = seed};
    return layer_make(layer_case, &options, why);
}

void layer_free(struct layer *layer)
{
    if (!layer)
        return;
    for (size_t i = 0; i < layer->memory_count; i++)
        free(layer->memory[i]);
    free(layer);
}
