#include "models/tflite/tests/round_trip.h"
#include "models/graph/draft.h"
#include "models/graph/equal.h"
#include "models/tflite/reader.h"
#include "models/tflite/writer.h"

#include <stdlib.h>
#include <string.h>

enum { LIMIT = 256 << 20 };

struct assay_graph *through_draft(const struct assay_graph *graph, struct assay_model_error *error)
{
    struct assay_draft *draft = assay_draft_make(graph, LIMIT, error);
    struct assay_graph *finished = draft ? assay_draft_finish(draft, LIMIT, error) : NULL;
    assay_draft_free(draft);
    return finished;
}

static bool writes(const struct assay_graph *graph, const void *bytes, size_t size, struct assay_model_error *error)
{
    size_t again_size;
    void *again = assay_tflite_write(graph, &again_size, error);
    if (!again)
        return false;
    const bool same = again_size == size && memcmp(again, bytes, size) == 0;
    free(again);
    return same || assay_model_fail(error, "written again, its bytes are others");
}

static bool through_file(const struct assay_graph *graph, struct assay_model_error *error)
{
    size_t size;
    struct assay_model_error why;
    void *bytes = assay_tflite_write(graph, &size, error);
    if (!bytes)
        return false;
    bool good = writes(graph, bytes, size, error);
    struct assay_graph *read = good ? assay_tflite_read(bytes, size, LIMIT, error) : NULL;
    good = read && writes(read, bytes, size, error);
    if (good && !assay_graph_equal(graph, read, &why))
        good = assay_model_fail(error, "read again, it differs: %s", why.text);
    assay_graph_free(read);
    free(bytes);
    return good;
}

static bool through_drafts(const struct assay_graph *graph, struct assay_model_error *error)
{
    struct assay_model_error why;
    struct assay_graph *finished = through_draft(graph, error);
    struct assay_graph *again = finished ? through_draft(finished, error) : NULL;
    bool good = again;
    if (good && !assay_graph_equal(finished, again, &why))
        good = assay_model_fail(error, "finished from a draft, it differs: %s", why.text);
    /* Nothing is dropped but tensors, and those only of the network itself. */
    if (good && finished->subgraphs[0].tensor_count == graph->subgraphs[0].tensor_count &&
        !assay_graph_equal(graph, finished, &why))
        good = assay_model_fail(error, "finished from a draft, it differs: %s", why.text);
    good = good && through_file(finished, error);
    assay_graph_free(finished);
    assay_graph_free(again);
    return good;
}

bool round_trip(const struct assay_graph *graph, struct assay_model_error *error)
{
    return through_file(graph, error) && through_drafts(graph, error);
}
