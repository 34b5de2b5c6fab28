/* Reads a network from a .tflite file, which may be hostile: whatever its bytes are, the answer is a graph that
 * assay_graph_check() finds right, or one line that says what is wrong; never a crash, and never more memory than the
 * limit. The format is public; its schema, as far as it is needed, stands in schema.fbs. */
#ifndef ASSAY_MODELS_TFLITE_READER_H
#define ASSAY_MODELS_TFLITE_READER_H

#include "models/graph/graph.h"

#ifdef __cplusplus
extern "C" {
#endif

/* `bytes` need no alignment and are not needed after the call: the graph has copies. `memory_limit`: of the graph, in
 * bytes. The caller frees the graph with assay_graph_free(). NULL: the error says why. */
struct assay_graph *assay_tflite_read(const void *bytes, size_t size, size_t memory_limit,
                                      struct assay_model_error *error);

/* The same of a regular file; the error begins with its path. The limit is for the file's bytes and the graph together.
 */
struct assay_graph *assay_tflite_read_file(const char *path, size_t memory_limit, struct assay_model_error *error);

#ifdef __cplusplus
}
#endif

#endif
