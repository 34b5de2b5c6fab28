/* Pruning by magnitude, layer by layer. The weights of a convolution are a matrix of its output channels by height x
 * width x input channels, those of a fully connected layer the matrix that they are; in DEPTHWISE_CONV_2D each channel
 * has a few weights of its own, which no kernel skips and which cost the most accuracy for the fewest bytes: it stays.
 */
#include "models/optimize/passes.h"
#include "models/optimize/prune_matrix.h"

#include <math.h>
#include <stdlib.h>

/* Weights that were pruned: operators that share them, and were chosen alike, share what becomes of them. */
struct pruned {
    int32_t weights, result;
    struct assay_layer_choice choice;
};

struct pruning {
    struct assay_draft *draft;
    const struct assay_notes *notes;
    struct assay_model_error *error;
    struct pruned *done;
    size_t done_count;
};

static bool fail(const struct pruning *p, size_t at, const char *what)
{
    return assay_model_fail(p->error, "operator %d (%s): %s", p->draft->marks[at],
                            assay_operator_name(p->draft->operators[at].code), what);
}

static void note(const struct pruning *p, size_t at, const char *what)
{
    assay_note(p->notes, "operator %d (%s): %s", p->draft->marks[at], assay_operator_name(p->draft->operators[at].code),
               what);
}

static bool check_choice(const struct pruning *p, size_t at, const struct assay_layer_choice *choice)
{
    if (choice->pattern.group > 0)
        return choice->pattern.keep <= choice->pattern.group ||
               fail(p, at, "a pattern cannot keep more weights than its groups have");
    return (choice->sparsity >= 0 && choice->sparsity <= 1) || fail(p, at, "a sparsity lies between 0 and 1");
}

static bool same_choice(const struct assay_layer_choice *a, const struct assay_layer_choice *b)
{
    if (a->pattern.group != b->pattern.group)
        return false;
    if (a->pattern.group > 0)
        return a->pattern.keep == b->pattern.keep;
    return a->pattern.rows == b->pattern.rows && a->pattern.columns == b->pattern.columns && a->sparsity == b->sparsity;
}

/* The size of the matrix that the weights of an operator are. */
static bool find_size(const struct pruning *p, size_t at, const struct assay_tensor *weights,
                      struct assay_matrix *matrix)
{
    const bool is_conv = p->draft->operators[at].code == ASSAY_OPERATOR_CONV_2D;
    if (weights->shape.rank != (is_conv ? 4 : 2))
        return fail(p, at, is_conv ? "its weights must have 4 dimensions" : "its weights must have 2 dimensions");
    matrix->rows = (size_t)weights->shape.dims[0];
    matrix->columns = 1;
    for (size_t d = 1; d < weights->shape.rank; d++)
        matrix->columns *= (size_t)weights->shape.dims[d];
    return true;
}

static bool check_weights(const struct pruning *p, size_t at, const struct assay_matrix *matrix)
{
    for (size_t i = 0; i < matrix->rows * matrix->columns; i++)
        if (isnan(matrix->weights[i]))
            return assay_model_fail(p->error, "operator %d (%s): its weight %zu is NaN: it has no magnitude",
                                    p->draft->marks[at], assay_operator_name(p->draft->operators[at].code), i);
    return true;
}

static void tell(const struct pruning *p, size_t at, const struct assay_pattern *pattern,
                 const struct assay_matrix *matrix, size_t pruned)
{
    const size_t all = matrix->rows * matrix->columns;
    const double percent = all > 0 ? 100 * (double)pruned / (double)all : 0;
    char shape[64];
    if (pattern->group > 0)
        snprintf(shape, sizeof(shape), "all but %zu of each %zu", pattern->keep, pattern->group);
    else
        snprintf(shape, sizeof(shape), "in blocks of %zux%zu", pattern->rows, pattern->columns);
    assay_note(p->notes, "operator %d (%s): pruned %zu of %zu weights (%.2f %%), %s", p->draft->marks[at],
               assay_operator_name(p->draft->operators[at].code), pruned, all, percent, shape);
}

/* The index of a pruned copy of the weights; -1: the error says why. */
static int32_t prune_copy(const struct pruning *p, size_t at, int32_t weights, const struct assay_layer_choice *choice)
{
    const struct assay_tensor *tensor = &p->draft->tensors[weights];
    struct assay_matrix matrix = {0};
    if (!find_size(p, at, tensor, &matrix))
        return -1;
    const int32_t copy = assay_draft_add_constant(p->draft, tensor->name, tensor->type, &tensor->shape, tensor->data);
    if (copy < 0) {
        fail(p, at, "no memory for its pruned weights");
        return -1;
    }
    matrix.weights = (float *)p->draft->tensors[copy].data; /* the draft's own, just made */
    if (!check_weights(p, at, &matrix))
        return -1;
    const struct assay_pattern *pattern = &choice->pattern;
    size_t pruned;
    const bool good = pattern->group > 0
                          ? assay_prune_groups(&matrix, pattern->keep, pattern->group, &pruned)
                          : assay_prune_blocks(&matrix, pattern->rows, pattern->columns, choice->sparsity, &pruned);
    if (!good) {
        fail(p, at, "no memory to sort its weights");
        return -1;
    }
    tell(p, at, pattern, &matrix, pruned);
    return copy;
}

static bool prune_operator(struct pruning *p, size_t at, const struct assay_layer_choice *choice)
{
    const enum assay_operator_code code = p->draft->operators[at].code;
    if (code == ASSAY_OPERATOR_DEPTHWISE_CONV_2D) {
        note(p, at, "not pruned: each of its channels has but a few weights, and no kernel would skip them");
        return true;
    }
    if (code != ASSAY_OPERATOR_CONV_2D && code != ASSAY_OPERATOR_FULLY_CONNECTED)
        return true;
    int32_t *weights = &assay_draft_operator_inputs(p->draft, at)[1];
    const struct assay_tensor *tensor = &p->draft->tensors[*weights];
    if (!check_choice(p, at, choice))
        return false;
    if (!tensor->data || tensor->variable || tensor->sparsity || tensor->type != ASSAY_TENSOR_F32) {
        note(p, at, "not pruned: its weights are no dense f32 constant");
        return true;
    }
    for (size_t i = 0; i < p->done_count; i++)
        if (p->done[i].weights == *weights && same_choice(&p->done[i].choice, choice)) {
            *weights = p->done[i].result;
            return true;
        }
    const int32_t result = prune_copy(p, at, *weights, choice);
    if (result < 0)
        return false;
    p->done[p->done_count++] = (struct pruned){*weights, result, *choice};
    *weights = result;
    return true;
}

bool assay_prune(struct assay_draft *draft, const struct assay_layer_choice *choices, const struct assay_notes *notes,
                 struct assay_model_error *error)
{
    struct pruning p = {draft, notes, error, calloc(draft->operator_count + 1, sizeof(*p.done)), 0};
    if (!p.done)
        return assay_model_fail(error, "no memory");
    bool good = true;
    for (size_t i = 0; good && i < draft->operator_count; i++) {
        const struct assay_layer_choice *choice = draft->marks[i] >= 0 ? &choices[draft->marks[i]] : NULL;
        if (choice && assay_pattern_prunes(&choice->pattern))
            good = prune_operator(&p, i, choice);
    }
    free(p.done);
    return good;
}
