/* Drafts of a few layers, made by hand, and what the passes said of them. */
#ifndef ASSAY_MODELS_OPTIMIZE_TESTS_LAYERS_H
#define ASSAY_MODELS_OPTIMIZE_TESTS_LAYERS_H

#include "models/ops/tests/one_op.h"
#include "models/optimize/passes.h"

enum { LAYERS_MEMORY = 1 << 24 };

struct said {
    size_t count;
    char last[ASSAY_MODEL_MESSAGE];
};

static inline void hear(void *context, const char *line)
{
    struct said *said = context;
    said->count++;
    snprintf(said->last, sizeof(said->last), "%s", line);
}

static inline struct assay_notes notes_to(struct said *said)
{
    *said = (struct said){0};
    return (struct assay_notes){hear, said};
}

static inline struct assay_draft *new_draft(void)
{
    struct assay_model_error error;
    struct assay_draft *draft = assay_draft_make(NULL, LAYERS_MEMORY, &error);
    if (!draft)
        abort();
    return draft;
}

static inline struct assay_shape matrix_shape(size_t rows, size_t columns)
{
    return (struct assay_shape){2, {(int32_t)rows, (int32_t)columns}};
}

/* A layer at the end of the draft, with an input and an output of the network of its own. The shapes of these are the
 * executor's to find out; only types matter here. */
static inline size_t add_layer(struct assay_draft *draft, enum assay_operator_code code, int32_t weights,
                               struct assay_shape in_shape, enum assay_tensor_type type)
{
    const int32_t in =
        assay_draft_add_tensor(draft, &(struct assay_tensor){.name = "in", .type = type, .shape = in_shape});
    const int32_t out = assay_draft_add_tensor(draft, &(struct assay_tensor){.name = "out", .type = type});
    const size_t at = draft->operator_count;
    struct assay_operator op = {.code = code,
                                .version = 1,
                                .input_count = 2,
                                .output_count = 1,
                                .inputs = (int32_t[]){in, weights},
                                .outputs = &out};
    if (code != ASSAY_OPERATOR_FULLY_CONNECTED) {
        op.conv.stride_h = op.conv.stride_w = op.conv.dilation_h = op.conv.dilation_w = op.conv.multiplier = 1;
        op.conv.padding = ASSAY_PAD_SAME;
    }
    if (in < 0 || out < 0 || !assay_draft_insert(draft, at, &op) || !assay_draft_add_input(draft, in) ||
        !assay_draft_add_output(draft, out))
        abort();
    draft->marks[at] = (int32_t)at;
    return at;
}

#endif
