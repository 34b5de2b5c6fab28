#include "models/graph/parts.h"

#include <stdlib.h>
#include <string.h>

/* What has made each tensor of a subgraph, so far. */
enum state { ABSENT, GIVEN, INPUT, MADE };

struct walk {
    const struct assay_graph *graph;
    const struct assay_subgraph *subgraph;
    size_t index; /* of the subgraph */
    unsigned char *states;
    struct assay_model_error *error;
};

static bool in_range(const struct walk *w, int32_t tensor)
{
    return tensor >= 0 && (size_t)tensor < w->subgraph->tensor_count;
}

static bool enter(struct walk *w)
{
    const struct assay_subgraph *s = w->subgraph;
    for (size_t i = 0; i < s->tensor_count; i++) {
        struct assay_model_error why;
        if (!assay_graph_check_tensor(&s->tensors[i], &why))
            return assay_model_fail(w->error, "subgraph %zu, tensor %zu (%.80s) %s", w->index, i,
                                    s->tensors[i].name ? s->tensors[i].name : "", why.text);
        if (s->tensors[i].data || s->tensors[i].variable)
            w->states[i] = GIVEN;
    }
    for (size_t i = 0; i < s->input_count; i++) {
        if (!in_range(w, s->inputs[i]))
            return assay_model_fail(w->error, "subgraph %zu: input %zu is tensor %d, and there are %zu", w->index, i,
                                    s->inputs[i], s->tensor_count);
        if (s->tensors[s->inputs[i]].data)
            return assay_model_fail(w->error, "subgraph %zu: input %zu is the constant tensor %d", w->index, i,
                                    s->inputs[i]);
        if (w->states[s->inputs[i]] == INPUT)
            return assay_model_fail(w->error, "subgraph %zu: tensor %d is an input twice", w->index, s->inputs[i]);
        w->states[s->inputs[i]] = INPUT;
    }
    return true;
}

/* Only the network calls, and what it calls has no tensors to take or give: no chain of calls, and no circle. */
static bool check_call(const struct walk *w, const struct assay_operator *op, struct assay_model_error *why)
{
    const int32_t callee = op->call_once.subgraph;
    if (w->index != 0)
        return assay_model_fail(why, "calls from a subgraph that is not the first");
    if (callee <= 0 || (size_t)callee >= w->graph->subgraph_count)
        return assay_model_fail(why, "calls subgraph %d; there are %zu, and the first cannot be called", callee,
                                w->graph->subgraph_count);
    const struct assay_subgraph *s = &w->graph->subgraphs[callee];
    if (s->input_count != 0 || s->output_count != 0)
        return assay_model_fail(why, "calls subgraph %d, which has inputs or outputs", callee);
    return true;
}

static bool check_use(const struct walk *w, const struct assay_operator *op, struct assay_model_error *why)
{
    for (size_t i = 0; i < op->input_count; i++) {
        const int32_t t = op->inputs[i];
        if (t == -1)
            continue;
        if (!in_range(w, t))
            return assay_model_fail(why, "input %zu is tensor %d, and there are %zu", i, t, w->subgraph->tensor_count);
        if (w->states[t] == ABSENT)
            return assay_model_fail(why, "reads tensor %d before anything has made it", t);
    }
    for (size_t i = 0; i < op->output_count; i++) {
        const int32_t t = op->outputs[i];
        if (!in_range(w, t))
            return assay_model_fail(why, "output %zu is tensor %d, and there are %zu", i, t, w->subgraph->tensor_count);
        if (w->states[t] != ABSENT)
            return assay_model_fail(why, "writes tensor %d, which %s", t,
                                    w->states[t] == MADE ? "is made already" : "is a constant, an input or a variable");
        w->states[t] = MADE;
    }
    return true;
}

static bool check_subgraph(struct walk *w)
{
    const struct assay_subgraph *s = w->subgraph;
    if (!enter(w))
        return false;
    for (size_t i = 0; i < s->operator_count; i++) {
        const struct assay_operator *op = &s->operators[i];
        const char *name = assay_operator_name(op->code);
        struct assay_model_error why;
        if (!name)
            return assay_model_fail(w->error, "subgraph %zu, operator %zu: the operator number %d is not supported",
                                    w->index, i, (int)op->code);
        if ((unsigned)op->fused > ASSAY_FUSED_TANH)
            return assay_model_fail(w->error, "subgraph %zu, operator %zu (%s) has an unknown fused activation, %d",
                                    w->index, i, name, (int)op->fused);
        if (!assay_graph_check_operator(op, &why) || !check_use(w, op, &why) ||
            (op->code == ASSAY_OPERATOR_CALL_ONCE && !check_call(w, op, &why)))
            return assay_model_fail(w->error, "subgraph %zu, operator %zu (%s) %s", w->index, i, name, why.text);
    }
    for (size_t i = 0; i < s->output_count; i++)
        if (!in_range(w, s->outputs[i]) || w->states[s->outputs[i]] == ABSENT)
            return assay_model_fail(w->error, "subgraph %zu: output %zu is tensor %d, which nothing makes", w->index, i,
                                    s->outputs[i]);
    return true;
}

bool assay_graph_check(const struct assay_graph *graph, struct assay_model_error *error)
{
    if (graph->subgraph_count == 0)
        return assay_model_fail(error, "there is no subgraph");
    for (size_t i = 0; i < graph->subgraph_count; i++) {
        const struct assay_subgraph *s = &graph->subgraphs[i];
        /* One more than needed: of nothing, calloc may give nothing. */
        struct walk w = {graph, s, i, calloc(s->tensor_count + 1, 1), error};
        if (!w.states)
            return assay_model_fail(error, "out of memory");
        const bool fine = check_subgraph(&w);
        free(w.states);
        if (!fine)
            return false;
    }
    return true;
}
