/* A file that is written whole or not at all: a temporary file beside it, renamed when all is written. */
#ifndef ASSAY_MODELS_DATA_WHOLE_FILE_H
#define ASSAY_MODELS_DATA_WHOLE_FILE_H

#include "models/graph/graph.h"

struct assay_whole_file {
    FILE *file;       /* to write to */
    char *temporary;  /* its path */
    const char *path; /* the caller's */
};

/* What is at `path` may be a regular file or nothing: a device or a folder is not replaced. False: the error begins
 * with the path. `path` is kept. */
bool assay_whole_file_begin(struct assay_whole_file *whole, const char *path, struct assay_model_error *error);

/* `good`: whether everything was written; a failed fwrite is seen here as well. If not, nothing is left behind, and
 * the error says why. Returns whether the file is in its place. */
bool assay_whole_file_end(struct assay_whole_file *whole, bool good, struct assay_model_error *error);

#endif
