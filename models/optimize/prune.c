/* Pruning by magnitude, layer by layer. The weights of a convolution are a matrix of its output channels by height x
 * width x input channels, those of a fully connected layer the matrix that they are; in DEPTHWISE_CONV_2D each channel
 * has a few weights of its own, which no kernel skips and which cost the most accuracy for the fewest bytes: it stays.
 */
#include "models/optimize/layers.h"
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

static bool check_weights(const struct pruning *p, size_t at, const struct assay_matrix *matrix)
{
    for (size_t i = 0; i < matrix->rows * matrix->columns; i++)
        if (isnan(matrix->weights[i]))
            return assay_model_fail(p->error, "operator %d (%s): its weight %zu is NaN: it has no magnitude",
                                    p->draft->marks[at], assay_operator_name(p->draft->operators[at].code), i);
    return true;
}

static void tell(const struct pruning *p, size_t at, const struct assay_pattern *pattern, size_t pruned, size_t all)
{
    char shape[64];
    if (pattern->group > 0)
        snprintf(shape, sizeof(shape), "all but %zu of each %zu", pattern->keep, pattern->group);
    else
        snprintf(shape, sizeof(shape), "in blocks of %zux%zu", pattern->rows, pattern->columns);
    assay_note_at(p->notes, p->draft, at, "pruned %zu of %zu weights (%.2f %%), %s", pruned, all,
                  100 * (double)pruned / (double)all, shape);
}

/* The index of a pruned copy of the weights; -1: the error says why. */
static int32_t prune_copy(const struct pruning *p, size_t at, const struct assay_float_layer *layer,
                          const struct assay_layer_choice *choice)
{
    const struct assay_tensor *tensor = &p->draft->tensors[layer->weights];
    const int32_t copy = assay_draft_add_constant(p->draft, tensor->name, tensor->type, &tensor->shape, tensor->data);
    if (copy < 0) {
        assay_pass_memory(p->draft, p->error);
        return -1;
    }
    const struct assay_matrix matrix = {(float *)p->draft->tensors[copy].data, /* the draft's own, just made */
                                        layer->channels, layer->count / layer->channels};
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
    tell(p, at, pattern, pruned, layer->count);
    return copy;
}

static bool prune_operator(struct pruning *p, size_t at, const struct assay_layer_choice *choice)
{
    const enum assay_operator_code code = p->draft->operators[at].code;
    if (code == ASSAY_OPERATOR_DEPTHWISE_CONV_2D) {
        assay_note_at(p->notes, p->draft, at,
                      "not pruned: each of its channels has but a few weights, and no kernel would skip them");
        return true;
    }
    if (code != ASSAY_OPERATOR_CONV_2D && code != ASSAY_OPERATOR_FULLY_CONNECTED)
        return true;
    if (!check_choice(p, at, choice))
        return false;
    struct assay_float_layer layer;
    if (!assay_float_layer_at(p->draft, at, &layer)) {
        assay_note_at(p->notes, p->draft, at, "not pruned: it is no float layer with constant, dense weights");
        return true;
    }
    int32_t *weights = &assay_draft_operator_inputs(p->draft, at)[1];
    for (size_t i = 0; i < p->done_count; i++)
        if (p->done[i].weights == layer.weights && same_choice(&p->done[i].choice, choice)) {
            *weights = p->done[i].result;
            return true;
        }
    const int32_t result = prune_copy(p, at, &layer, choice);
    if (result < 0)
        return false;
    p->done[p->done_count++] = (struct pruned){layer.weights, result, *choice};
    *weights = result;
    return true;
}

/* A sparsity of 0 is that of weights that were stored sparse, of which no more are to become zero. */
static bool asks_for_zeros(const struct assay_layer_choice *choice)
{
    return assay_pattern_prunes(&choice->pattern) && (choice->pattern.group > 0 || choice->sparsity != 0);
}

bool assay_prune(struct assay_draft *draft, const struct assay_layer_choice *choices, const struct assay_notes *notes,
                 struct assay_model_error *error)
{
    struct pruning p = {draft, notes, error, calloc(draft->operator_count + 1, sizeof(*p.done)), 0};
    if (!p.done)
        return assay_model_fail(error, "no memory for the network's %zu operators", draft->operator_count);
    bool good = true;
    for (size_t i = 0; good && i < draft->operator_count; i++) {
        const struct assay_layer_choice *choice = draft->marks[i] >= 0 ? &choices[draft->marks[i]] : NULL;
        if (choice && asks_for_zeros(choice))
            good = prune_operator(&p, i, choice);
    }
    free(p.done);
    return good;
}
