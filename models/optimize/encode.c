/* Pruned weights in the format's sparse encoding. TFLite computes with encoded weights in fully connected layers alone:
 * f32 ones, of single weights or 1x4 blocks, and int8 ones of int8 layers, in 1x16 blocks. Whatever else uses the
 * weights gets them from a DENSIFY, which goes before the DEQUANTIZE of f16 weights; so the converter of TFLite does
 * it.
 */
#include "models/optimize/encode_tensor.h"
#include "models/optimize/layers.h"

#include <string.h>

struct encoding {
    struct assay_draft *draft;
    const struct assay_notes *notes;
    struct assay_model_error *error;
};

/* What a DENSIFY takes in a file at most: the operator, its code, and the tensor that it makes, with its name and its
 * scales and zero points. */
static size_t densify_bytes(const struct assay_tensor *weights)
{
    return 208 + strlen(weights->name) + weights->quantization.count * (sizeof(float) + sizeof(int64_t));
}

static bool is_symmetric(const struct assay_tensor_quantization *q)
{
    for (size_t i = 0; i < q->count; i++)
        if (q->zero[i] != 0)
            return false;
    return true;
}

/* The constant that a layer's weights come from, if it may be encoded; else -1, with the reason, which is NULL if it is
 * encoded already. */
static int32_t find_weights(const struct encoding *e, size_t at, const char **reason)
{
    const struct assay_draft *draft = e->draft;
    int32_t weights = draft->operators[at].inputs[1];
    size_t maker = assay_draft_producer(draft, weights);
    if (maker < draft->operator_count && draft->operators[maker].code == ASSAY_OPERATOR_DEQUANTIZE) {
        weights = draft->operators[maker].inputs[0];
        maker = assay_draft_producer(draft, weights);
    }
    const struct assay_tensor *tensor = &draft->tensors[weights];
    *reason = NULL;
    if (tensor->sparsity || (maker < draft->operator_count && draft->operators[maker].code == ASSAY_OPERATOR_DENSIFY))
        return -1;
    size_t count;
    if (!tensor->data || tensor->variable)
        *reason = "its weights are no constant";
    else if (tensor->type != ASSAY_TENSOR_F32 && tensor->type != ASSAY_TENSOR_F16 && tensor->type != ASSAY_TENSOR_I8)
        *reason = "the encoding is for weights of f32, f16 and int8";
    else if (tensor->shape.rank < 2 || !assay_shape_count(&tensor->shape, &count) || count == 0 || count > INT32_MAX)
        *reason = "its weights have no shape that can be encoded";
    else if (!is_symmetric(&tensor->quantization))
        *reason = "its weights are not symmetric: no stored zero stands for 0";
    return *reason ? -1 : weights;
}

/* The blocks of the pattern that the format can have of this shape: blocks are not cut, and do not reach from one
 * dimension into another. */
static struct assay_sparse_block choose_block(const struct assay_pattern *pattern, const struct assay_shape *shape)
{
    if (pattern->group > 0)
        return (struct assay_sparse_block){1, 1};
    const size_t first = (size_t)shape->dims[0], last = (size_t)shape->dims[shape->rank - 1];
    return (struct assay_sparse_block){first % pattern->rows == 0 ? pattern->rows : 1,
                                       last % pattern->columns == 0 ? pattern->columns : 1};
}

/* Whether operator `at` computes with these weights, encoded so. */
static bool takes_encoded(const struct assay_draft *draft, size_t at, int32_t weights, struct assay_sparse_block block)
{
    const struct assay_operator *op = &draft->operators[at];
    if (op->code != ASSAY_OPERATOR_FULLY_CONNECTED || op->inputs[1] != weights || block.rows != 1)
        return false;
    const struct assay_tensor *tensor = &draft->tensors[weights];
    if (draft->tensors[op->inputs[0]].type != tensor->type)
        return false;
    if (tensor->type == ASSAY_TENSOR_F32)
        return block.columns == 1 || block.columns == 4;
    return tensor->type == ASSAY_TENSOR_I8 && block.columns == 16;
}

/* Bytes in the file. */
struct cost {
    size_t dense, encoded;
    bool needs_densify; /* by who cannot take the weights encoded */
};

static struct cost find_cost(const struct assay_draft *draft, int32_t weights, struct assay_sparse_block block,
                             const struct assay_tensor *encoded)
{
    size_t dense_uses = assay_draft_uses(draft, weights);
    for (size_t i = 0; i < draft->operator_count; i++)
        dense_uses -= takes_encoded(draft, i, weights, block);
    struct cost cost = {draft->tensors[weights].bytes, assay_encoded_bytes(encoded), dense_uses > 0};
    if (cost.needs_densify)
        cost.encoded += densify_bytes(encoded);
    return cost;
}

static size_t first_user(const struct assay_draft *draft, int32_t tensor)
{
    for (size_t i = 0; i < draft->operator_count; i++)
        for (size_t k = 0; k < draft->operators[i].input_count; k++)
            if (draft->operators[i].inputs[k] == tensor)
                return i;
    return draft->operator_count;
}

/* Makes whoever uses the weights use the encoded ones. */
static bool replace(struct encoding *e, int32_t weights, struct assay_sparse_block block, int32_t encoded)
{
    struct assay_draft *draft = e->draft;
    for (size_t i = 0; i < draft->operator_count; i++)
        if (takes_encoded(draft, i, weights, block))
            assay_draft_operator_inputs(draft, i)[1] = encoded;
    if (assay_draft_uses(draft, weights) == 0)
        return true;
    struct assay_tensor dense = draft->tensors[weights];
    dense.name = assay_draft_text(draft, "%s_dense", dense.name);
    dense.data = NULL;
    dense.bytes = 0;
    const int32_t densified = dense.name ? assay_draft_add_tensor(draft, &dense) : -1;
    if (densified < 0)
        return false;
    assay_draft_redirect(draft, weights, densified, 0);
    return assay_draft_insert(draft, first_user(draft, densified),
                              &(struct assay_operator){.code = ASSAY_OPERATOR_DENSIFY,
                                                       .version = 1,
                                                       .input_count = 1,
                                                       .output_count = 1,
                                                       .inputs = &encoded,
                                                       .outputs = &densified});
}

static void tell(const struct encoding *e, size_t at, const struct assay_pattern *pattern,
                 struct assay_sparse_block block, const struct cost *cost)
{
    char cut[96] = "";
    if (pattern->group == 0 && (pattern->rows != block.rows || pattern->columns != block.columns))
        snprintf(cut, sizeof(cut), " (the format has no %zux%zu blocks of this shape)", pattern->rows,
                 pattern->columns);
    assay_note_at(e->notes, e->draft, at, "weights %s: in blocks of %zux%zu%s they take %zu bytes in place of %zu%s",
                  cost->encoded < cost->dense ? "are encoded" : "stay dense", block.rows, block.columns, cut,
                  cost->encoded, cost->dense, cost->needs_densify ? ", with a DENSIFY" : "");
}

static bool encode_operator(struct encoding *e, size_t at, const struct assay_pattern *pattern)
{
    struct assay_draft *draft = e->draft;
    const char *reason;
    const int32_t weights = find_weights(e, at, &reason);
    if (weights < 0) {
        if (reason)
            assay_note_at(e->notes, draft, at, "not encoded: %s", reason);
        return true;
    }
    const struct assay_sparse_block block = choose_block(pattern, &draft->tensors[weights].shape);
    struct assay_tensor encoded;
    if (!assay_encode_tensor(draft, &draft->tensors[weights], block, &encoded))
        return assay_pass_memory(draft, e->error);
    const struct cost cost = find_cost(draft, weights, block, &encoded);
    tell(e, at, pattern, block, &cost);
    if (cost.encoded >= cost.dense)
        return true;
    const int32_t index = assay_draft_add_tensor(draft, &encoded);
    return (index >= 0 && replace(e, weights, block, index)) || assay_pass_memory(draft, e->error);
}

bool assay_encode_sparse(struct assay_draft *draft, const struct assay_layer_choice *choices,
                         const struct assay_notes *notes, struct assay_model_error *error)
{
    struct encoding e = {draft, notes, error};
    for (size_t i = 0; i < draft->operator_count; i++) {
        const struct assay_operator *op = &draft->operators[i];
        const struct assay_layer_choice *choice = draft->marks[i] >= 0 ? &choices[draft->marks[i]] : NULL;
        if (!choice || !assay_pattern_prunes(&choice->pattern) ||
            (op->code != ASSAY_OPERATOR_CONV_2D && op->code != ASSAY_OPERATOR_FULLY_CONNECTED))
            continue;
        const size_t before = draft->operator_count;
        if (!encode_operator(&e, i, &choice->pattern))
            return false;
        i += draft->operator_count - before; /* a DENSIFY stands before this one */
    }
    return true;
}
