#include "models/graph/facts.h"

#include <stdlib.h>
#include <string.h>

static const uint64_t most_there_is = INT64_MAX; /* so that JSON can hold it */

static uint64_t times(uint64_t a, uint64_t b)
{
    uint64_t product;
    return __builtin_mul_overflow(a, b, &product) || product > most_there_is ? most_there_is : product;
}

static uint64_t plus(uint64_t a, uint64_t b)
{
    uint64_t sum;
    return __builtin_add_overflow(a, b, &sum) || sum > most_there_is ? most_there_is : sum;
}

static uint64_t elements_of(const struct assay_tensor *tensor)
{
    size_t count = 0;
    assay_shape_count(&tensor->shape, &count);
    return count;
}

static uint64_t count_macs(const struct assay_subgraph *s, const struct assay_operator *op)
{
    if (op->output_count == 0 || op->input_count < 2)
        return 0;
    const struct assay_tensor *x = &s->tensors[op->inputs[0]], *w = &s->tensors[op->inputs[1]];
    const uint64_t out = elements_of(&s->tensors[op->outputs[0]]);
    switch (op->code) {
    case ASSAY_OPERATOR_CONV_2D:
        if (w->shape.rank != 4)
            return 0;
        return times(times(out, (uint64_t)w->shape.dims[1]),
                     times((uint64_t)w->shape.dims[2], (uint64_t)w->shape.dims[3]));
    case ASSAY_OPERATOR_DEPTHWISE_CONV_2D:
        if (w->shape.rank != 4)
            return 0;
        return times(times(out, (uint64_t)w->shape.dims[1]), (uint64_t)w->shape.dims[2]);
    case ASSAY_OPERATOR_FULLY_CONNECTED:
        return w->shape.rank == 2 ? times(out, (uint64_t)w->shape.dims[1]) : 0;
    case ASSAY_OPERATOR_BATCH_MATMUL:
        return x->shape.rank < 2
                   ? 0
                   : times(out, (uint64_t)x->shape.dims[x->shape.rank - (op->batch_matmul.adjoint_x ? 2 : 1)]);
    default:
        return 0;
    }
}

/* Shapes, axes and the like are whole numbers without a scale. */
static bool is_parameter(const struct assay_tensor *tensor)
{
    const bool whole = tensor->type == ASSAY_TENSOR_I32 || tensor->type == ASSAY_TENSOR_I64;
    return tensor->data && tensor->type != ASSAY_TENSOR_BOOL && (!whole || tensor->quantization.count > 0);
}

static bool has_weights(enum assay_operator_code code)
{
    return code == ASSAY_OPERATOR_CONV_2D || code == ASSAY_OPERATOR_DEPTHWISE_CONV_2D ||
           code == ASSAY_OPERATOR_FULLY_CONNECTED || code == ASSAY_OPERATOR_BATCH_MATMUL;
}

static int64_t zero_of(const struct assay_tensor *tensor, size_t element)
{
    const struct assay_tensor_quantization *q = &tensor->quantization;
    if (q->count <= 1 || tensor->sparsity) /* what is stored sparse is symmetric */
        return q->count > 0 ? q->zero[0] : 0;
    size_t inner = 1;
    for (size_t i = q->axis + 1; i < tensor->shape.rank; i++)
        inner *= (size_t)tensor->shape.dims[i];
    return q->zero[element / inner % q->count];
}

static bool stands_for_zero(const struct assay_tensor *tensor, size_t i)
{
    switch (tensor->type) {
    case ASSAY_TENSOR_F32:
        return ((const float *)tensor->data)[i] == 0;
    case ASSAY_TENSOR_F16:
        return (((const uint16_t *)tensor->data)[i] & 0x7fff) == 0; /* the sign does not matter */
    case ASSAY_TENSOR_I8:
        return ((const int8_t *)tensor->data)[i] == zero_of(tensor, i);
    case ASSAY_TENSOR_U8:
        return ((const uint8_t *)tensor->data)[i] == zero_of(tensor, i);
    case ASSAY_TENSOR_I16:
        return ((const int16_t *)tensor->data)[i] == zero_of(tensor, i);
    default:
        return false;
    }
}

/* Elements that are looked at in one graph. Only a file made for it, whose operators share their weights a million
 * times, has more. */
static const uint64_t most_looked_at = (uint64_t)1 << 32;

static uint64_t count_zeros(const struct assay_tensor *tensor)
{
    const size_t size = assay_tensor_type_size(tensor->type), stored = size ? tensor->bytes / size : 0;
    uint64_t zeros = elements_of(tensor) - stored;
    for (size_t i = 0; i < stored; i++)
        zeros += stands_for_zero(tensor, i);
    return zeros;
}

/* maker[t]: the operator that makes tensor t, or -1. */
static int32_t find_weights(const struct assay_subgraph *s, const struct assay_operator *op, const int64_t *maker)
{
    if (!has_weights(op->code))
        return -1;
    int32_t t = op->inputs[1];
    /* A constant may be both sparse and float16: two steps. */
    for (int step = 0; step < 2 && !s->tensors[t].data && maker[t] >= 0; step++) {
        const struct assay_operator *m = &s->operators[maker[t]];
        if (m->code != ASSAY_OPERATOR_DEQUANTIZE && m->code != ASSAY_OPERATOR_DENSIFY)
            return -1;
        t = m->inputs[0];
    }
    return s->tensors[t].data ? t : -1;
}

static void find_operator(const struct assay_subgraph *s, size_t index, const int64_t *maker, unsigned char *counted,
                          struct assay_operator_facts *f, struct assay_graph_facts *all, uint64_t *looked_at)
{
    const struct assay_operator *op = &s->operators[index];
    *f = (struct assay_operator_facts){.macs = count_macs(s, op), .weights = find_weights(s, op, maker)};
    for (size_t i = 0; i < op->input_count; i++) {
        const struct assay_tensor *t = op->inputs[i] >= 0 ? &s->tensors[op->inputs[i]] : NULL;
        if (!t || !is_parameter(t))
            continue;
        f->parameters = plus(f->parameters, elements_of(t));
        f->bytes = plus(f->bytes, t->bytes);
        if (!counted[op->inputs[i]])
            all->parameters = plus(all->parameters, elements_of(t));
        counted[op->inputs[i]] = 1;
    }
    if (f->weights >= 0 && *looked_at < most_looked_at) {
        *looked_at = plus(*looked_at, s->tensors[f->weights].bytes);
        f->elements = elements_of(&s->tensors[f->weights]);
        f->zeros = count_zeros(&s->tensors[f->weights]);
    }
    all->macs = plus(all->macs, f->macs);
}

/* A tensor is alive from the operator that makes it (the beginning, for inputs and variables) to the last that reads it
 * (the end, for outputs and variables). */
static bool find_activations(const struct assay_subgraph *s, const int64_t *maker, uint64_t *most)
{
    const size_t steps = s->operator_count;
    size_t *last = calloc(s->tensor_count + 1, sizeof(*last));
    uint64_t *starts = calloc(steps + 1, sizeof(*starts)), *ends = calloc(steps + 1, sizeof(*ends));
    const bool fine = last && starts && ends;
    for (size_t i = 0; fine && i < steps; i++) {
        const struct assay_operator *op = &s->operators[i];
        for (size_t j = 0; j < op->input_count; j++)
            if (op->inputs[j] >= 0)
                last[op->inputs[j]] = i;
        for (size_t j = 0; j < op->output_count; j++)
            last[op->outputs[j]] = i;
    }
    for (size_t i = 0; fine && i < s->output_count; i++)
        last[s->outputs[i]] = steps;
    for (size_t t = 0; fine && t < s->tensor_count; t++) {
        const struct assay_tensor *tensor = &s->tensors[t];
        if (tensor->data)
            continue;
        const uint64_t bytes = times(elements_of(tensor), assay_tensor_type_size(tensor->type));
        const size_t first = maker[t] >= 0 && !tensor->variable ? (size_t)maker[t] : 0;
        starts[first] = plus(starts[first], bytes);
        const size_t end = tensor->variable ? steps : last[t];
        ends[end] = plus(ends[end], bytes);
    }
    uint64_t alive = 0;
    *most = 0;
    for (size_t i = 0; fine && i <= steps; i++) {
        alive = plus(alive, starts[i]);
        *most = alive > *most ? alive : *most;
        alive -= alive == most_there_is ? 0 : ends[i];
    }
    free(last);
    free(starts);
    free(ends);
    return fine;
}

bool assay_graph_find_facts(const struct assay_graph *graph, struct assay_operator_facts *operators,
                            struct assay_graph_facts *facts)
{
    const struct assay_subgraph *s = graph->subgraphs;
    unsigned char *counted = calloc(s->tensor_count + 1, 1);
    int64_t *maker = malloc((s->tensor_count + 1) * sizeof(*maker));
    bool fine = counted && maker;
    uint64_t looked_at = 0;
    *facts = (struct assay_graph_facts){0};
    if (fine) {
        memset(maker, 0xff, (s->tensor_count + 1) * sizeof(*maker)); /* -1 */
        for (size_t i = 0; i < s->operator_count; i++)
            for (size_t j = 0; j < s->operators[i].output_count; j++)
                maker[s->operators[i].outputs[j]] = (int64_t)i;
        for (size_t i = 0; i < s->operator_count; i++)
            find_operator(s, i, maker, counted, &operators[i], facts, &looked_at);
        for (size_t t = 0; t < s->tensor_count; t++)
            facts->constant_bytes = plus(facts->constant_bytes, s->tensors[t].bytes);
        fine = find_activations(s, maker, &facts->activation_bytes);
    }
    free(counted);
    free(maker);
    return fine;
}
