#include "models/graph/draft.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Room for one more in an array that grows by doubling. */
static bool grow(void **array, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return true;
    const size_t wanted = *room ? *room * 2 : 16;
    void *larger = reallocarray(*array, wanted, size);
    if (!larger)
        return false;
    *array = larger;
    *room = wanted;
    return true;
}

static bool append(int32_t **list, size_t *count, size_t *room, int32_t value)
{
    if (!grow((void **)list, *count, room, sizeof(**list)))
        return false;
    (*list)[(*count)++] = value;
    return true;
}

/* Operators and their marks grow together. */
static bool room_for_operator(struct assay_draft *draft)
{
    size_t room = draft->operator_room;
    return grow((void **)&draft->marks, draft->operator_count, &room, sizeof(*draft->marks)) &&
           grow((void **)&draft->operators, draft->operator_count, &draft->operator_room, sizeof(*draft->operators));
}

static bool copy_network(struct assay_draft *draft, const struct assay_subgraph *from)
{
    for (size_t i = 0; i < from->tensor_count; i++)
        if (assay_draft_add_tensor(draft, &from->tensors[i]) < 0)
            return false;
    for (size_t i = 0; i < from->operator_count; i++) {
        if (!assay_draft_insert(draft, i, &from->operators[i]))
            return false;
        draft->marks[i] = (int32_t)i;
    }
    for (size_t i = 0; i < from->input_count; i++)
        if (!assay_draft_add_input(draft, from->inputs[i]))
            return false;
    for (size_t i = 0; i < from->output_count; i++)
        if (!assay_draft_add_output(draft, from->outputs[i]))
            return false;
    return true;
}

struct assay_draft *assay_draft_make(const struct assay_graph *from, size_t memory_limit,
                                     struct assay_model_error *error)
{
    struct assay_draft *draft = calloc(1, sizeof(*draft));
    if (draft) {
        draft->description = from ? from->description : "";
        draft->from = from;
        draft->arena.limit = memory_limit;
        if (!from || copy_network(draft, &from->subgraphs[0]))
            return draft;
    }
    assay_draft_free(draft);
    assay_model_fail(error, "no memory for a copy of the network");
    return NULL;
}

void assay_draft_free(struct assay_draft *draft)
{
    if (!draft)
        return;
    free(draft->tensors);
    free(draft->operators);
    free(draft->marks);
    free(draft->inputs);
    free(draft->outputs);
    assay_arena_free(&draft->arena);
    free(draft);
}

void *assay_draft_take(struct assay_draft *draft, size_t count, size_t size)
{
    return assay_arena_take(&draft->arena, count, size);
}

const char *assay_draft_text(struct assay_draft *draft, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, arguments);
    char *text = length < 0 ? NULL : assay_draft_take(draft, (size_t)length + 1, 1);
    if (text)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    va_end(arguments);
    return text;
}

int32_t assay_draft_add_tensor(struct assay_draft *draft, const struct assay_tensor *tensor)
{
    const struct assay_tensor copy = *tensor; /* which may be one of the draft's own, and they move */
    if (draft->tensor_count >= INT32_MAX ||
        !grow((void **)&draft->tensors, draft->tensor_count, &draft->tensor_room, sizeof(*draft->tensors)))
        return -1;
    draft->tensors[draft->tensor_count] = copy;
    return (int32_t)draft->tensor_count++;
}

int32_t assay_draft_add_constant(struct assay_draft *draft, const char *name, enum assay_tensor_type type,
                                 const struct assay_shape *shape, const void *data)
{
    size_t count;
    if (!assay_shape_count(shape, &count))
        return -1;
    const size_t size = assay_tensor_type_size(type);
    const char *text = assay_draft_text(draft, "%s", name);
    void *copy = assay_draft_take(draft, count, size);
    if (!text || !copy)
        return -1;
    if (count > 0)
        memcpy(copy, data, count * size);
    return assay_draft_add_tensor(
        draft,
        &(struct assay_tensor){.name = text, .type = type, .shape = *shape, .data = copy, .bytes = count * size});
}

bool assay_draft_set_quantization(struct assay_draft *draft, int32_t tensor, size_t count, const float *scale,
                                  const int64_t *zero, size_t axis)
{
    float *scales = assay_draft_take(draft, count, sizeof(*scales));
    int64_t *zeros = assay_draft_take(draft, count, sizeof(*zeros));
    if (!scales || !zeros)
        return false;
    memcpy(scales, scale, count * sizeof(*scales));
    if (zero)
        memcpy(zeros, zero, count * sizeof(*zeros));
    draft->tensors[tensor].quantization = (struct assay_tensor_quantization){count, scales, zeros, axis};
    return true;
}

static const int32_t *copy_list(struct assay_draft *draft, const int32_t *list, size_t count)
{
    int32_t *copy = assay_draft_take(draft, count, sizeof(*copy));
    if (copy && count > 0)
        memcpy(copy, list, count * sizeof(*copy));
    return copy;
}

bool assay_draft_insert(struct assay_draft *draft, size_t at, const struct assay_operator *op)
{
    struct assay_operator copy = *op;
    copy.inputs = copy_list(draft, op->inputs, op->input_count);
    copy.outputs = copy_list(draft, op->outputs, op->output_count);
    if (!copy.inputs || !copy.outputs || !room_for_operator(draft))
        return false;
    const size_t behind = draft->operator_count - at;
    memmove(draft->operators + at + 1, draft->operators + at, behind * sizeof(*draft->operators));
    memmove(draft->marks + at + 1, draft->marks + at, behind * sizeof(*draft->marks));
    draft->operators[at] = copy;
    draft->marks[at] = -1;
    draft->operator_count++;
    return true;
}

void assay_draft_remove(struct assay_draft *draft, size_t at)
{
    const size_t behind = draft->operator_count - at - 1;
    memmove(draft->operators + at, draft->operators + at + 1, behind * sizeof(*draft->operators));
    memmove(draft->marks + at, draft->marks + at + 1, behind * sizeof(*draft->marks));
    draft->operator_count--;
}

bool assay_draft_add_input(struct assay_draft *draft, int32_t tensor)
{
    return append(&draft->inputs, &draft->input_count, &draft->input_room, tensor);
}

bool assay_draft_add_output(struct assay_draft *draft, int32_t tensor)
{
    return append(&draft->outputs, &draft->output_count, &draft->output_room, tensor);
}

/* Lists of an operator in a draft are copies of its own (assay_draft_insert), never a graph's. */
int32_t *assay_draft_operator_inputs(struct assay_draft *draft, size_t at)
{
    return (int32_t *)draft->operators[at].inputs;
}

int32_t *assay_draft_operator_outputs(struct assay_draft *draft, size_t at)
{
    return (int32_t *)draft->operators[at].outputs;
}

size_t assay_draft_producer(const struct assay_draft *draft, int32_t tensor)
{
    for (size_t i = 0; i < draft->operator_count; i++)
        for (size_t k = 0; k < draft->operators[i].output_count; k++)
            if (draft->operators[i].outputs[k] == tensor)
                return i;
    return draft->operator_count;
}

static size_t count_in(const int32_t *list, size_t count, int32_t tensor)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        found += list[i] == tensor;
    return found;
}

size_t assay_draft_uses(const struct assay_draft *draft, int32_t tensor)
{
    size_t uses = count_in(draft->outputs, draft->output_count, tensor);
    for (size_t i = 0; i < draft->operator_count; i++)
        uses += count_in(draft->operators[i].inputs, draft->operators[i].input_count, tensor);
    return uses;
}

size_t assay_draft_only_user(const struct assay_draft *draft, int32_t tensor)
{
    if (assay_draft_uses(draft, tensor) != 1)
        return draft->operator_count;
    size_t i = 0;
    while (i < draft->operator_count &&
           count_in(draft->operators[i].inputs, draft->operators[i].input_count, tensor) == 0)
        i++;
    return i;
}

static void replace(int32_t *list, size_t count, int32_t tensor, int32_t instead)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == tensor)
            list[i] = instead;
}

void assay_draft_redirect(struct assay_draft *draft, int32_t tensor, int32_t instead, size_t first)
{
    for (size_t i = first; i < draft->operator_count; i++)
        replace(assay_draft_operator_inputs(draft, i), draft->operators[i].input_count, tensor, instead);
    replace(draft->outputs, draft->output_count, tensor, instead);
}
