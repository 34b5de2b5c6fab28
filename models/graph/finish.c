/* From a draft to a graph: a copy of all that is in use, in one arena. */
#include "models/graph/draft.h"

#include <stdlib.h>
#include <string.h>

/* The data of constants, and its copy once there is one: constants that share it share the copy. */
struct data {
    const void *from, *to;
    size_t bytes;
};

struct copying {
    struct assay_arena arena;
    struct data *data; /* sorted */
    size_t data_count;
};

static int compare_data(const void *a, const void *b)
{
    const struct data *x = a, *y = b;
    const uintptr_t p = (uintptr_t)x->from, q = (uintptr_t)y->from;
    return p != q ? (p > q) - (p < q) : (x->bytes > y->bytes) - (x->bytes < y->bytes);
}

static const void *copy(struct copying *c, const void *from, size_t count, size_t size)
{
    void *to = assay_arena_take(&c->arena, count, size);
    if (to && from && count > 0)
        memcpy(to, from, count * size);
    return to;
}

static const char *copy_text(struct copying *c, const char *text)
{
    return copy(c, text ? text : "", text ? strlen(text) + 1 : 1, 1);
}

static const struct assay_sparsity *copy_sparsity(struct copying *c, const struct assay_sparsity *from)
{
    struct assay_sparsity *to = (struct assay_sparsity *)copy(c, from, 1, sizeof(*from));
    if (!to)
        return NULL;
    struct assay_sparse_dimension *dimensions =
        (struct assay_sparse_dimension *)copy(c, from->dimensions, from->dimension_count, sizeof(*dimensions));
    to->traversal_order = copy(c, from->traversal_order, from->traversal_count, sizeof(*to->traversal_order));
    to->block_map = copy(c, from->block_map, from->block_count, sizeof(*to->block_map));
    if (!dimensions || !to->traversal_order || !to->block_map)
        return NULL;
    for (size_t i = 0; i < from->dimension_count; i++) {
        dimensions[i].segments = copy(c, dimensions[i].segments, dimensions[i].segment_count, sizeof(int32_t));
        dimensions[i].indices = copy(c, dimensions[i].indices, dimensions[i].index_count, sizeof(int32_t));
        if (!dimensions[i].segments || !dimensions[i].indices)
            return NULL;
    }
    to->dimensions = dimensions;
    return to;
}

static const void *copy_data(struct copying *c, const void *data, size_t bytes)
{
    const struct data wanted = {.from = data, .bytes = bytes};
    struct data *found = bsearch(&wanted, c->data, c->data_count, sizeof(*c->data), compare_data);
    if (!found->to)
        found->to = copy(c, data, bytes, 1);
    return found->to;
}

static bool copy_tensor(struct copying *c, const struct assay_tensor *from, struct assay_tensor *to)
{
    *to = *from;
    struct assay_tensor_quantization *q = &to->quantization;
    to->name = copy_text(c, from->name);
    q->scale = copy(c, q->scale, q->count, sizeof(*q->scale));
    q->zero = copy(c, q->zero, q->count, sizeof(*q->zero));
    if (from->data)
        to->data = copy_data(c, from->data, from->bytes);
    if (from->sparsity)
        to->sparsity = copy_sparsity(c, from->sparsity);
    return to->name && q->scale && q->zero && (!from->data || to->data) && (!from->sparsity || to->sparsity);
}

static const int32_t *copy_list(struct copying *c, const int32_t *from, size_t count, const int32_t *renumbered)
{
    int32_t *to = (int32_t *)copy(c, from, count, sizeof(*to));
    for (size_t i = 0; to && i < count; i++)
        to[i] = from[i] < 0 ? -1 : renumbered ? renumbered[from[i]] : from[i];
    return to;
}

static bool copy_operator(struct copying *c, const struct assay_operator *from, const int32_t *renumbered,
                          struct assay_operator *to)
{
    *to = *from;
    to->inputs = copy_list(c, from->inputs, from->input_count, renumbered);
    to->outputs = copy_list(c, from->outputs, from->output_count, renumbered);
    if (from->code == ASSAY_OPERATOR_VAR_HANDLE) {
        to->variable.container = copy_text(c, from->variable.container);
        to->variable.name = copy_text(c, from->variable.name);
        return to->inputs && to->outputs && to->variable.container && to->variable.name;
    }
    return to->inputs && to->outputs;
}

/* `renumbered`: the new index of each tensor, -1 for those that go; NULL: all stay. */
static bool copy_subgraph(struct copying *c, const struct assay_subgraph *from, const int32_t *renumbered,
                          struct assay_subgraph *to)
{
    *to = *from;
    to->tensor_count = 0;
    for (size_t i = 0; i < from->tensor_count; i++)
        to->tensor_count += !renumbered || renumbered[i] >= 0;
    struct assay_tensor *tensors = assay_arena_take(&c->arena, to->tensor_count, sizeof(*tensors));
    struct assay_operator *operators = assay_arena_take(&c->arena, from->operator_count, sizeof(*operators));
    to->name = copy_text(c, from->name);
    to->inputs = copy_list(c, from->inputs, from->input_count, renumbered);
    to->outputs = copy_list(c, from->outputs, from->output_count, renumbered);
    if (!tensors || !operators || !to->name || !to->inputs || !to->outputs)
        return false;
    for (size_t i = 0; i < from->tensor_count; i++)
        if ((!renumbered || renumbered[i] >= 0) &&
            !copy_tensor(c, &from->tensors[i], &tensors[renumbered ? (size_t)renumbered[i] : i]))
            return false;
    for (size_t i = 0; i < from->operator_count; i++)
        if (!copy_operator(c, &from->operators[i], renumbered, &operators[i]))
            return false;
    to->tensors = tensors;
    to->operators = operators;
    return true;
}

static void mark(const int32_t *list, size_t count, int32_t *used)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] >= 0)
            used[list[i]] = 1;
}

/* New indexes in the old order; -1 for tensors that nobody uses. */
static int32_t *renumber(const struct assay_draft *draft)
{
    int32_t *numbers = calloc(draft->tensor_count + 1, sizeof(*numbers)), next = 0;
    if (!numbers)
        return NULL;
    mark(draft->inputs, draft->input_count, numbers);
    mark(draft->outputs, draft->output_count, numbers);
    for (size_t i = 0; i < draft->operator_count; i++) {
        mark(draft->operators[i].inputs, draft->operators[i].input_count, numbers);
        mark(draft->operators[i].outputs, draft->operators[i].output_count, numbers);
    }
    for (size_t i = 0; i < draft->tensor_count; i++)
        numbers[i] = numbers[i] ? next++ : -1;
    return numbers;
}

static size_t list_data(const struct assay_tensor *tensors, size_t count, struct data *list)
{
    size_t listed = 0;
    for (size_t i = 0; i < count; i++)
        if (tensors[i].data)
            list[listed++] = (struct data){.from = tensors[i].data, .bytes = tensors[i].bytes};
    return listed;
}

static bool find_data(struct copying *c, const struct assay_draft *draft)
{
    const struct assay_graph *from = draft->from;
    size_t most = draft->tensor_count;
    for (size_t s = 1; from && s < from->subgraph_count; s++)
        most += from->subgraphs[s].tensor_count;
    c->data = calloc(most + 1, sizeof(*c->data));
    if (!c->data)
        return false;
    c->data_count = list_data(draft->tensors, draft->tensor_count, c->data);
    for (size_t s = 1; from && s < from->subgraph_count; s++)
        c->data_count +=
            list_data(from->subgraphs[s].tensors, from->subgraphs[s].tensor_count, c->data + c->data_count);
    qsort(c->data, c->data_count, sizeof(*c->data), compare_data);
    return true;
}

static struct assay_graph *copy_all(struct copying *c, const struct assay_draft *draft, const int32_t *renumbered)
{
    const struct assay_graph *from = draft->from;
    const size_t count = from ? from->subgraph_count : 1;
    struct assay_graph *graph = assay_arena_take(&c->arena, 1, sizeof(*graph));
    struct assay_subgraph *subgraphs = assay_arena_take(&c->arena, count, sizeof(*subgraphs));
    if (!graph || !subgraphs || !(graph->description = copy_text(c, draft->description)))
        return NULL;
    const struct assay_subgraph main = {.name = from ? from->subgraphs[0].name : "main",
                                        .tensor_count = draft->tensor_count,
                                        .operator_count = draft->operator_count,
                                        .input_count = draft->input_count,
                                        .output_count = draft->output_count,
                                        .tensors = draft->tensors,
                                        .operators = draft->operators,
                                        .inputs = draft->inputs,
                                        .outputs = draft->outputs};
    if (!copy_subgraph(c, &main, renumbered, &subgraphs[0]))
        return NULL;
    for (size_t s = 1; s < count; s++)
        if (!copy_subgraph(c, &from->subgraphs[s], NULL, &subgraphs[s]))
            return NULL;
    graph->subgraph_count = count;
    graph->subgraphs = subgraphs;
    return graph;
}

struct assay_graph *assay_draft_finish(const struct assay_draft *draft, size_t memory_limit,
                                       struct assay_model_error *error)
{
    struct copying c = {.arena.limit = memory_limit};
    int32_t *renumbered = renumber(draft);
    struct assay_graph *graph = renumbered && find_data(&c, draft) ? copy_all(&c, draft, renumbered) : NULL;
    free(renumbered);
    free(c.data);
    if (!graph)
        assay_model_fail(error, "the network needs more memory than the limit of %zu bytes", memory_limit);
    if (graph && assay_graph_check(graph, error)) {
        graph->arena = c.arena;
        return graph;
    }
    assay_arena_free(&c.arena);
    return NULL;
}
