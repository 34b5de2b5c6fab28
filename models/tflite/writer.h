/* Writes a network as a .tflite file that this project's reader and other runtimes load: identifier, format version 3,
 * one operator code for each operator and version in use, buffers aligned to 16 bytes, nothing but what graph.h holds.
 * Deterministic: equal graphs make equal bytes. Operator versions are the lowest that the format's public table of
 * versions gives to the types and settings in use, or the graph's own where that is higher. */
#ifndef ASSAY_MODELS_TFLITE_WRITER_H
#define ASSAY_MODELS_TFLITE_WRITER_H

#include "models/graph/graph.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The bytes of the file, which the caller frees with free(). NULL: the error says why (the format ends at 2 GB, or no
 * memory). */
void *assay_tflite_write(const struct assay_graph *graph, size_t *size, struct assay_model_error *error);

/* Writes the file whole or not at all (a temporary file beside it, renamed); the error begins with its path. */
bool assay_tflite_write_file(const struct assay_graph *graph, const char *path, struct assay_model_error *error);

#ifdef __cplusplus
}
#endif

#endif
