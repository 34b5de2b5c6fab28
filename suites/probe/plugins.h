/* The kernels of this program and of every loaded plugin (peers, vendors), as one list. */
#ifndef ASSAY_SUITES_PROBE_PLUGINS_H
#define ASSAY_SUITES_PROBE_PLUGINS_H

#include "kernels/core/kernel.h"

struct plugin {
    char *file;
    const struct assay_plugin *info;
};

/* Starts the list with the compiled-in kernels. `features`: of the CPU, less what the user pretends it lacks. */
bool plugins_start(uint64_t features);

/* Loads one shared object and appends its kernels. False, after a line on standard error that says what is wrong with
 * the file, if it can't be loaded, lacks ASSAY_PLUGIN_SYMBOL, is of another version, or names a kernel that is there
 * already under the same origin. A plugin that has nothing for this CPU (a NULL answer) is skipped with a word, and
 * true. */
bool plugins_load(const char *file);
/* All *.so of a folder, in order of their names; bad ones are reported and skipped. A folder that does not exist is
 * fine unless `required`. */
bool plugins_load_folder(const char *folder, bool required);

uint64_t plugins_features(void);
const struct assay_kernel *const *plugins_kernels(size_t *count);
const struct plugin *plugins_loaded(size_t *count);

#endif
