/* A network that is being made or changed. A graph is not changed once it is made; a draft starts from one (or from
 * nothing), is edited, and is finished into a new graph. It holds the first subgraph; further ones are kept as they
 * are.
 *
 * Ownership: what a tensor or operator points to (names, data, quantization, settings) must outlive the draft: it is
 * the graph's that the draft was made from, or was taken from the draft by assay_draft_take(). The finished graph has
 * copies of everything. */
#ifndef ASSAY_MODELS_GRAPH_DRAFT_H
#define ASSAY_MODELS_GRAPH_DRAFT_H

#include "models/graph/graph.h"

#ifdef __cplusplus
extern "C" {
#endif

struct assay_draft {
    const char *description;
    size_t tensor_count, operator_count, input_count, output_count;
    /* All of these may be written in place; tensors and operators move when others are added. */
    struct assay_tensor *tensors;
    struct assay_operator *operators; /* in an order in which they can be executed */
    int32_t *inputs, *outputs;
    /* A number for each operator that stays with it when others come and go: of a draft made from a graph, its index
     * there; -1 for those inserted. For tables that a user of the draft keeps beside it. */
    int32_t *marks;
    const struct assay_graph *from; /* NULL: from nothing */
    struct assay_arena arena;
    size_t tensor_room, operator_room, input_room, output_room; /* of the arrays; draft.c's own */
};

/* `from` may be NULL and must outlive the draft. memory_limit: of assay_draft_take(). NULL: no memory. */
struct assay_draft *assay_draft_make(const struct assay_graph *from, size_t memory_limit,
                                     struct assay_model_error *error);
void assay_draft_free(struct assay_draft *draft);

/* Zeroed memory that lives as long as the draft; NULL: over the limit. */
void *assay_draft_take(struct assay_draft *draft, size_t count, size_t size);
/* The text of a format, likewise. */
__attribute__((format(printf, 2, 3))) const char *assay_draft_text(struct assay_draft *draft, const char *format, ...);

/* The index of the new tensor, -1 without memory. The structure is copied, what it points to is not. */
int32_t assay_draft_add_tensor(struct assay_draft *draft, const struct assay_tensor *tensor);
/* A dense constant with a copy of `data`, which has the size that type and shape make. -1 without memory. */
int32_t assay_draft_add_constant(struct assay_draft *draft, const char *name, enum assay_tensor_type type,
                                 const struct assay_shape *shape, const void *data);
/* Quantization parameters of the draft's memory: count scales, and as many zero points (NULL: zeros). False: no memory.
 */
bool assay_draft_set_quantization(struct assay_draft *draft, int32_t tensor, size_t count, const float *scale,
                                  const int64_t *zero, size_t axis);

/* Puts an operator before position `at` (operator_count: at the end), with copies of its lists of inputs and outputs.
 */
bool assay_draft_insert(struct assay_draft *draft, size_t at, const struct assay_operator *op);
/* Its tensors stay until the draft is finished. */
void assay_draft_remove(struct assay_draft *draft, size_t at);
bool assay_draft_add_input(struct assay_draft *draft, int32_t tensor);
bool assay_draft_add_output(struct assay_draft *draft, int32_t tensor);
/* An operator's lists, writable: the draft's own. */
int32_t *assay_draft_operator_inputs(struct assay_draft *draft, size_t at);
int32_t *assay_draft_operator_outputs(struct assay_draft *draft, size_t at);

/* The operator that computes a tensor; operator_count if none does (a constant, an input, a variable). */
size_t assay_draft_producer(const struct assay_draft *draft, int32_t tensor);
/* How often a tensor is used: as input of operators, and as output of the network. */
size_t assay_draft_uses(const struct assay_draft *draft, int32_t tensor);
/* The only operator that uses the tensor, once; operator_count if there are others, or the network gives it out. */
size_t assay_draft_only_user(const struct assay_draft *draft, int32_t tensor);
/* Whoever uses `tensor`, operators from `first` on and the network's outputs, uses `instead`. */
void assay_draft_redirect(struct assay_draft *draft, int32_t tensor, int32_t instead, size_t first);

/* The graph of the draft, without the tensors that nobody uses and with all operators in their order, checked by
 * assay_graph_check(). The draft stays as it was. NULL: what is wrong with it. */
struct assay_graph *assay_draft_finish(const struct assay_draft *draft, size_t memory_limit,
                                       struct assay_model_error *error);

#ifdef __cplusplus
}
#endif

#endif
