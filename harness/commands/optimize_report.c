#include "harness/commands/optimize_report.h"

#include "harness/base/memory.h"
#include "harness/base/printable.h"
#include "harness/base/say.h"
#include "harness/measure/network.h"

#include <inttypes.h>
#include <string.h>

static json_t *row_json(const struct assay_subgraph *network, const struct assay_operator *op,
                        const struct assay_operator_facts *facts)
{
    const char *output = op->output_count ? network->tensors[op->outputs[0]].name : "";
    json_t *row = json_pack("{ss ss}", "operator", assay_operator_name(op->code), "name", assay_printable(output));
    if (facts->weights < 0)
        return row;
    json_object_set_new(row, "mode", json_string(assay_network_layer_mode(network, op, facts->weights)));
    json_object_set_new(row, "sparsity",
                        json_real(facts->elements ? (double)facts->zeros / (double)facts->elements : 0.0));
    json_object_set_new(row, "sparse_encoding", json_boolean(network->tensors[facts->weights].sparsity != NULL));
    json_object_set_new(row, "weight_bytes", json_integer((json_int_t)network->tensors[facts->weights].bytes));
    return row;
}

json_t *assay_optimize_describe(const struct assay_graph *graph, const char *path, uint64_t bytes)
{
    const struct assay_subgraph *network = &graph->subgraphs[0];
    struct assay_operator_facts *facts = assay_keep((network->operator_count + 1) * sizeof(*facts));
    struct assay_graph_facts all;
    if (!assay_graph_find_facts(graph, facts, &all)) {
        assay_say("%s: out of memory", path);
        return NULL;
    }
    json_t *operators = json_array();
    for (size_t i = 0; i < network->operator_count; i++)
        json_array_append_new(operators, row_json(network, &network->operators[i], &facts[i]));
    return json_pack("{ss sI sI so}", "file", assay_printable(path), "bytes", (json_int_t)bytes, "constant_bytes",
                     (json_int_t)all.constant_bytes, "operators", operators);
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "-";
}

static void print_sizes(const json_t *before, const json_t *after, const char *key, const char *what)
{
    const json_int_t from = json_integer_value(json_object_get(before, key));
    const json_int_t to = json_integer_value(json_object_get(after, key));
    printf("%12" JSON_INTEGER_FORMAT " -> %12" JSON_INTEGER_FORMAT " %s", from, to, what);
    if (from > 0)
        printf(" (%.1f %%)", 100.0 * (double)to / (double)from);
    putchar('\n');
}

void assay_optimize_print(const json_t *before, const json_t *after, const json_t *notes, bool all_operators)
{
    size_t i;
    const json_t *row;
    printf("%4s  %-24s %-8s %8s %12s  %s\n", "", "operator", "mode", "zeros", "bytes", "output");
    json_array_foreach(json_object_get(after, "operators"), i, row)
    {
        const bool has_weights = json_object_get(row, "mode") != NULL;
        if (!has_weights && !all_operators)
            continue;
        printf("%4zu  %-24s %-8s ", i, text_of(row, "operator"), text_of(row, "mode"));
        if (has_weights)
            printf("%6.1f %% %12" JSON_INTEGER_FORMAT, 100.0 * json_real_value(json_object_get(row, "sparsity")),
                   json_integer_value(json_object_get(row, "weight_bytes")));
        else
            printf("%8s %12s", "-", "-");
        printf("  %s%s\n", text_of(row, "name"),
               json_is_true(json_object_get(row, "sparse_encoding")) ? " (stored sparse)" : "");
    }
    putchar('\n');
    json_array_foreach(notes, i, row) printf("note: %s\n", json_string_value(row));
    if (json_array_size(notes) > 0)
        putchar('\n');
    printf("%12zu -> %12zu operators\n", json_array_size(json_object_get(before, "operators")),
           json_array_size(json_object_get(after, "operators")));
    print_sizes(before, after, "constant_bytes", "bytes of constants");
    print_sizes(before, after, "bytes", "bytes of file");
}
