/* What libFuzzer calls, and what replays its files elsewhere: whatever the bytes, no crash, no hang, and a graph that
 * is right or a line that says why there is none. What is right is finished from a draft, written and read again, and
 * nothing of it may be lost. */
#include "models/graph/facts.h"
#include "models/tflite/reader.h"
#include "models/tflite/tests/round_trip.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    enum { LIMIT = 64 << 20 };
    static FILE *nowhere;
    struct assay_model_error error = {{0}};
    struct assay_graph *graph = assay_tflite_read(bytes, size, LIMIT, &error);
    if (!graph)
        return error.text[0] ? 0 : (abort(), 0);
    if (!nowhere)
        nowhere = fopen("/dev/null", "w");
    if (!nowhere || !assay_graph_check(graph, &error))
        abort();
    assay_graph_print(graph, nowhere);
    struct assay_graph_facts facts;
    struct assay_operator_facts *operators = calloc(graph->subgraphs[0].operator_count + 1, sizeof(*operators));
    if (!operators || !assay_graph_find_facts(graph, operators, &facts))
        abort();
    free(operators);
    if (!round_trip(graph, &error)) {
        fprintf(stderr, "%s\n", error.text);
        abort();
    }
    assay_graph_free(graph);
    return 0;
}
