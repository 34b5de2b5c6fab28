/* Where the project is. */
#ifndef ASSAY_HARNESS_BASE_PATHS_H
#define ASSAY_HARNESS_BASE_PATHS_H

#include <stdbool.h>

/* The source tree: $ASSAY_ROOT, or the nearest folder above this program that holds CMakePresets.json and harness/.
 * NULL, with a message, if there is none. */
const char *assay_root(void);

/* A path below it. */
const char *assay_in_root(const char *relative);

/* The program's full path if `name` can be executed (found in PATH, unless it has a slash), else NULL. */
const char *assay_find_program(const char *name);

/* Makes a folder and those above it. False, with a message, if it cannot. */
bool assay_make_folder(const char *path);

#endif
