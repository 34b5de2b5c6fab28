/* Tensors as files of their bytes alone, little-endian, without a header. */
#ifndef ASSAY_SUITES_INFER_RAW_H
#define ASSAY_SUITES_INFER_RAW_H

#include <stdbool.h>
#include <stddef.h>

/* Fills `data` from a file that must have exactly that many bytes. False, after a word on standard error. */
bool raw_read(const char *path, void *data, size_t bytes);

/* False, after a word on standard error. */
bool raw_write(const char *path, const void *data, size_t bytes);

/* Makes the folder unless it is there. False, after a word on standard error. */
bool raw_folder(const char *path);

#endif
