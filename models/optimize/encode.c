/* Pruned weights in the format's sparse encoding. TFLite computes with encoded weights in fully connected layers alone:
 * f32 ones, of single weights or 1x4 blocks, and int8 ones of int8 layers, in 1x16 blocks. Whatever else uses the
 * weights gets them from a DENSIFY, which goes before the DEQUANTIZE of f16 weights; so the converter of TFLite does
 * it.
 */
#include "models/optimize/encode_tensor.h"
#include "models/optimize/passes.h"

struct encoding {
    struct assay_draft *draft;
    const struct assay_notes *notes;
    struct assay_model_error *error;
};

/* What a DENSIFY takes in a file: the operator, its code and the tensor, with a short name. */
enum { DENSIFY_BYTES = 160 };

static bool fail(const struct encoding *e, size_t at, const char *what)
{
    return assay_model_fail(e->error, "operator %d (%s): %s", e->draft->marks[at],
                            assay_operator_name(e->draft->operators[at].code), what);
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

static bool is_symmetric(const struct assay_tensor_quantization *q)
{
    for (size_t i = 0; i < q->count; i++)
        if (q->zero[i] != 0)
            return false;
    return true;
}

/* Whether the operator computes with weights encoded so. */
static bool takes_encoded(const struct assay_draft *draft, const struct assay_operator *op,
                          const struct assay_tensor *weights, struct assay_sparse_block block)
{
    if (op->code != ASSAY_OPERATOR_FULLY_CONNECTED || block.rows != 1 ||
        draft->tensors[op->inputs[0]].type != weights->type)
        return false;
    if (weights->type == ASSAY_TENSOR_F32)
        return block.columns == 1 || block.columns == 4;
    return weights->type == ASSAY_TENSOR_I8 && block.columns == 16 && is_symmetric(&weights->quantization);
}

/* How many uses of the weights need them dense, if those that can take them encoded do. */
static size_t count_dense_uses(const struct assay_draft *draft, int32_t weights, struct assay_sparse_block block)
{
    size_t uses = assay_draft_uses(draft, weights);
    for (size_t i = 0; i < draft->operator_count; i++) {
        const struct assay_operator *op = &draft->operators[i];
        if (op->input_count > 1 && op->inputs[1] == weights &&
            takes_encoded(draft, op, &draft->tensors[weights], block))
            uses--;
    }
    return uses;
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
        if (draft->operators[i].input_count > 1 && draft->operators[i].inputs[1] == weights &&
            takes_encoded(draft, &draft->operators[i], &draft->tensors[weights], block))
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
                 struct assay_sparse_block block, const char *what)
{
    char cut[96] = "";
    if (pattern->group == 0 && (pattern->rows != block.rows || pattern->columns != block.columns))
        snprintf(cut, sizeof(cut), " (the format has no %zux%zu blocks of this shape)", pattern->rows,
                 pattern->columns);
    assay_note(e->notes, "operator %d (%s): weights %s in blocks of %zux%zu%s", e->draft->marks[at],
               assay_operator_name(e->draft->operators[at].code), what, block.rows, block.columns, cut);
}

static bool encode_operator(struct encoding *e, size_t at, const struct assay_pattern *pattern)
{
    struct assay_draft *draft = e->draft;
    const char *reason;
    const int32_t weights = find_weights(e, at, &reason);
    if (weights < 0) {
        if (reason)
            assay_note(e->notes, "operator %d (%s): not encoded: %s", draft->marks[at],
                       assay_operator_name(draft->operators[at].code), reason);
        return true;
    }
    const struct assay_sparse_block block = choose_block(pattern, &draft->tensors[weights].shape);
    struct assay_tensor encoded;
    if (!assay_encode_tensor(draft, &draft->tensors[weights], block, &encoded))
        return fail(e, at, "no memory for its encoded weights");
    const size_t dense_uses = count_dense_uses(draft, weights, block), before = draft->tensors[weights].bytes;
    const size_t after = assay_encoded_bytes(&encoded) + (dense_uses > 0 ? DENSIFY_BYTES : 0);
    char what[96];
    if (after >= before) {
        snprintf(what, sizeof(what), "stay dense: %zu bytes, and not %zu", before, after);
        tell(e, at, pattern, block, what);
        return true;
    }
    snprintf(what, sizeof(what), "are encoded%s: %zu bytes in place of %zu,",
             dense_uses > 0 ? ", behind a DENSIFY" : "", after, before);
    tell(e, at, pattern, block, what);
    const int32_t index = assay_draft_add_tensor(draft, &encoded);
    return (index >= 0 && replace(e, weights, block, index)) || fail(e, at, "no memory for its encoded weights");
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
