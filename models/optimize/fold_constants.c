/* Operators on constants alone become constants, computed as the executor would. A DEQUANTIZE of f16 or a DENSIFY
 * among them: a network that was stored small becomes float and dense, and can be converted anew. */
#include "models/optimize/layers.h"
#include "models/run/executor.h"

#include <string.h>

/* What an operator other than DEQUANTIZE and DENSIFY may add to the file. */
enum { MOST_GROWTH = 1 << 20 };

static bool is_foldable(const struct assay_draft *draft, size_t at)
{
    const struct assay_operator *op = &draft->operators[at];
    if (op->code == ASSAY_OPERATOR_VAR_HANDLE || op->code == ASSAY_OPERATOR_READ_VARIABLE ||
        op->code == ASSAY_OPERATOR_ASSIGN_VARIABLE || op->code == ASSAY_OPERATOR_CALL_ONCE)
        return false;
    for (size_t k = 0; k < op->input_count; k++)
        if (op->inputs[k] >= 0 && (!draft->tensors[op->inputs[k]].data || draft->tensors[op->inputs[k]].variable))
            return false;
    /* The network gives out what it computes: an output stays an operator's. */
    for (size_t k = 0; k < op->output_count; k++)
        for (size_t i = 0; i < draft->output_count; i++)
            if (draft->outputs[i] == op->outputs[k])
                return false;
    return op->input_count > 0;
}

/* A network of this operator alone, whose outputs are the operator's. */
static struct assay_graph *isolate(const struct assay_draft *draft, size_t at, size_t memory_limit,
                                   struct assay_model_error *error)
{
    struct assay_draft *alone = assay_draft_make(NULL, memory_limit, error);
    if (!alone)
        return NULL;
    struct assay_operator op = draft->operators[at];
    int32_t *inputs = assay_draft_take(alone, op.input_count, sizeof(*inputs));
    int32_t *outputs = assay_draft_take(alone, op.output_count, sizeof(*outputs));
    bool good = inputs && outputs;
    for (size_t k = 0; good && k < op.input_count; k++) {
        inputs[k] = op.inputs[k] < 0 ? -1 : assay_draft_add_tensor(alone, &draft->tensors[op.inputs[k]]);
        good = op.inputs[k] < 0 || inputs[k] >= 0;
    }
    for (size_t k = 0; good && k < op.output_count; k++) {
        outputs[k] = assay_draft_add_tensor(alone, &draft->tensors[op.outputs[k]]);
        good = outputs[k] >= 0 && assay_draft_add_output(alone, outputs[k]);
    }
    op.inputs = inputs;
    op.outputs = outputs;
    struct assay_graph *graph = NULL;
    if (good && assay_draft_insert(alone, 0, &op))
        graph = assay_draft_finish(alone, memory_limit, error);
    else
        assay_pass_memory(draft, error);
    assay_draft_free(alone);
    return graph;
}

/* Of a constant that was stored smaller: it gets its name back, too. */
static bool restores(const struct assay_operator *op)
{
    return op->code == ASSAY_OPERATOR_DEQUANTIZE || op->code == ASSAY_OPERATOR_DENSIFY;
}

static size_t growth(const struct assay_draft *draft, const struct assay_operator *op,
                     const struct assay_executor *executor)
{
    size_t before = 0, after = 0;
    for (size_t k = 0; k < op->input_count; k++)
        before += op->inputs[k] < 0 ? 0 : draft->tensors[op->inputs[k]].bytes;
    for (size_t k = 0; k < op->output_count; k++) {
        const struct assay_value *value = assay_executor_output(executor, k);
        size_t count = 0;
        assay_shape_count(&value->shape, &count);
        after += count * assay_tensor_type_size(value->tensor->type);
    }
    return after > before ? after - before : 0;
}

static bool keep_results(struct assay_draft *draft, const struct assay_operator *op,
                         const struct assay_executor *executor)
{
    for (size_t k = 0; k < op->output_count; k++) {
        const struct assay_value *value = assay_executor_output(executor, k);
        struct assay_tensor *tensor = &draft->tensors[op->outputs[k]];
        size_t count;
        if (!assay_shape_count(&value->shape, &count))
            return false;
        const size_t bytes = count * assay_tensor_type_size(tensor->type);
        void *data = assay_draft_take(draft, bytes, 1);
        if (!data)
            return false;
        if (bytes > 0)
            memcpy(data, value->data, bytes);
        if (restores(op))
            tensor->name = draft->tensors[op->inputs[0]].name;
        tensor->shape = value->shape;
        tensor->data = data;
        tensor->bytes = bytes;
    }
    return true;
}

/* What becomes of an operator; *folded: it is gone. False: an error. */
static bool fold(struct assay_draft *draft, size_t at, bool *folded, const struct assay_notes *notes,
                 struct assay_model_error *error)
{
    const struct assay_operator *op = &draft->operators[at];
    const size_t room = draft->arena.limit - draft->arena.bytes;
    const struct assay_executor_options options = {
        .features = assay_cpu_features(), .kernel = "ref", .memory_limit = room};
    struct assay_graph *graph = isolate(draft, at, room, error);
    if (!graph)
        return false;
    struct assay_model_error why = {{0}};
    struct assay_executor *executor = assay_executor_make(graph, options, &why);
    bool good = true;
    *folded = false;
    if (!executor) {
        assay_note_at(notes, draft, at, "its inputs are constants, but it stays: %s", why.text);
    } else if (!restores(op) && growth(draft, op, executor) > MOST_GROWTH) {
        assay_note_at(notes, draft, at,
                      "its inputs are constants, but it stays: what it gives would make the file %zu bytes larger",
                      growth(draft, op, executor));
    } else {
        assay_executor_run(executor);
        good = keep_results(draft, op, executor) || assay_pass_memory(draft, error);
        *folded = good;
    }
    assay_executor_free(executor);
    assay_graph_free(graph);
    if (*folded)
        assay_draft_remove(draft, at);
    return good;
}

bool assay_fold_constants(struct assay_draft *draft, const struct assay_notes *notes, struct assay_model_error *error)
{
    for (size_t at = 0; at < draft->operator_count;) {
        bool folded = false;
        if (is_foldable(draft, at) && !fold(draft, at, &folded, notes, error))
            return false;
        at += !folded;
    }
    return true;
}
