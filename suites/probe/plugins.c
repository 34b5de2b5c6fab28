#include "suites/probe/plugins.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t features;
static const struct assay_kernel **kernels;
static size_t kernel_count;
static struct plugin *plugins;
static size_t plugin_count;

static bool append(const struct assay_kernel *const *more, size_t count)
{
    const struct assay_kernel **grown = realloc(kernels, (kernel_count + count + 1) * sizeof(*grown));
    if (!grown)
        return false;
    kernels = grown;
    for (size_t i = 0; i < count; i++)
        kernels[kernel_count++] = more[i];
    return true;
}

bool plugins_start(uint64_t cpu_features)
{
    features = cpu_features;
    for (int op = 0; op < ASSAY_OP_COUNT; op++) {
        size_t count;
        const struct assay_kernel *const *own = assay_kernels((enum assay_op)op, &count);
        if (count > 0 && !append(own, count))
            return false;
    }
    return true;
}

static bool is_known(const struct assay_kernel *kernel)
{
    for (size_t i = 0; i < kernel_count; i++)
        if (strcmp(kernels[i]->name, kernel->name) == 0 && strcmp(kernels[i]->origin, kernel->origin) == 0)
            return true;
    return false;
}

/* NULL if all of the plugin is fit to be listed; else what is wrong. */
static const char *unfit(const struct assay_plugin *info)
{
    if (info->version != ASSAY_PLUGIN_VERSION)
        return "it was compiled against another version of kernels/core/kernel.h: compile it anew";
    if (!info->name || !info->release || (info->count > 0 && !info->kernels))
        return "it has no name, release or kernels";
    for (size_t i = 0; i < info->count; i++) {
        const struct assay_kernel *kernel = info->kernels[i];
        if (!kernel || !kernel->name || !kernel->origin || !kernel->packed_size || !kernel->pack || !kernel->run)
            return "one of its kernels lacks a name, origin, packed_size, pack or run";
        if ((unsigned)kernel->op >= ASSAY_OP_COUNT || (unsigned)kernel->mode >= ASSAY_MODE_COUNT ||
            (unsigned)kernel->structure >= ASSAY_STRUCTURE_COUNT)
            return "one of its kernels has an operation, mode or structure that is none";
        if (is_known(kernel))
            return "one of its kernels has a name that is taken under the same origin";
    }
    return NULL;
}

static bool refuse(const char *file, void *handle, const char *why)
{
    fprintf(stderr, "assay-probe: plugin %s: %s\n", file, why);
    if (handle)
        dlclose(handle);
    return false;
}

static bool keep(const char *file, void *handle, const struct assay_plugin *info)
{
    struct plugin *grown = realloc(plugins, (plugin_count + 1) * sizeof(*grown));
    if (!grown)
        return refuse(file, handle, "no memory for it");
    plugins = grown;
    char *name = strdup(file);
    if (!name || !append(info->kernels, info->count)) {
        free(name);
        return refuse(file, handle, "no memory for it");
    }
    plugins[plugin_count++] = (struct plugin){name, info};
    return true;
}

bool plugins_load(const char *file)
{
    void *handle = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        return refuse(file, NULL, dlerror());
    void *symbol = dlsym(handle, ASSAY_PLUGIN_SYMBOL);
    if (!symbol)
        return refuse(file, handle, "it does not export the symbol " ASSAY_PLUGIN_SYMBOL);
    assay_plugin_fn *entry;
    memcpy(&entry, &symbol, sizeof(entry)); /* ISO C has no conversion from an object's to a function's pointer */
    const struct assay_plugin *info = entry(features);
    if (!info) {
        refuse(file, handle, "it has nothing for this CPU");
        return true;
    }
    const char *why = unfit(info);
    return why ? refuse(file, handle, why) : keep(file, handle, info);
}

static int is_object(const struct dirent *entry)
{
    const size_t length = strlen(entry->d_name);
    return length > 3 && strcmp(entry->d_name + length - 3, ".so") == 0;
}

bool plugins_load_folder(const char *folder, bool required)
{
    struct dirent **entries;
    const int count = scandir(folder, &entries, is_object, alphasort);
    if (count < 0) {
        if (!required && errno == ENOENT)
            return true;
        fprintf(stderr, "assay-probe: cannot read the folder %s of plugins: %s\n", folder, strerror(errno));
        return false;
    }
    for (int i = 0; i < count; i++) {
        char *path;
        if (asprintf(&path, "%s/%s", folder, entries[i]->d_name) > 0) {
            (void)plugins_load(path); /* it has said why not; the others may be fine */
            free(path);
        }
        free(entries[i]);
    }
    free(entries);
    return true;
}

uint64_t plugins_features(void)
{
    return features;
}

const struct assay_kernel *const *plugins_kernels(size_t *count)
{
    *count = kernel_count;
    return kernels;
}

const struct plugin *plugins_loaded(size_t *count)
{
    *count = plugin_count;
    return plugins;
}
