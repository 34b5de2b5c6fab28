#include "harness/code/code.h"

#include "harness/base/memory.h"
#include "harness/code/objects.h"

#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { SHOWN = 16 }; /* bytes of a hash that are printed */

struct symbol {
    const char *name;
    size_t object; /* that defines it */
};

struct assay_code {
    struct assay_objects objects;
    struct symbol *symbols; /* by name */
    size_t symbol_count;
    struct assay_objects models; /* what runs networks; empty: not known */
};

static int by_name(const void *a, const void *b)
{
    const struct symbol *x = a, *y = b;
    return strcmp(x->name, y->name);
}

static int by_digest(const void *a, const void *b)
{
    return memcmp(a, b, ASSAY_DIGEST);
}

static void list_symbols(struct assay_code *code)
{
    size_t capacity = 0;
    for (size_t i = 0; i < code->objects.count; i++)
        for (size_t k = 0; k < code->objects.items[i].offered_count; k++) {
            assay_grow(&code->symbols, &capacity, code->symbol_count, sizeof(*code->symbols));
            code->symbols[code->symbol_count++] = (struct symbol){code->objects.items[i].offered[k], i};
        }
    if (code->symbol_count > 0)
        qsort(code->symbols, code->symbol_count, sizeof(*code->symbols), by_name);
}

static struct assay_code *read_library(const char *path)
{
    struct assay_code *code = assay_keep(sizeof(*code));
    if (!assay_objects_read(path, &code->objects))
        return NULL;
    list_symbols(code);
    return code;
}

const struct assay_code *assay_code_of_library(const char *path)
{
    return read_library(path);
}

/* Ninja links the probe after its libraries; one that is newer was built for a probe that is not there yet. */
static bool is_older(const char *library, const char *probe)
{
    struct stat of_library, of_probe;
    if (stat(library, &of_library) != 0 || stat(probe, &of_probe) != 0)
        return false;
    const struct timespec a = of_library.st_mtim, b = of_probe.st_mtim;
    return a.tv_sec != b.tv_sec ? a.tv_sec < b.tv_sec : a.tv_nsec <= b.tv_nsec;
}

const struct assay_code *assay_code_of_probe(const char *path)
{
    const char *slash = strrchr(path, '/');
    const int length = slash ? (int)(slash - path) : 1;
    const char *build = assay_format("%.*s/..", length, slash ? path : ".");
    const char *kernels = assay_format("%s/kernels/libkernels.a", build);
    const char *models = assay_format("%s/models/libmodels.a", build);
    struct assay_code *code = is_older(kernels, path) ? read_library(kernels) : NULL;
    if (code && (!is_older(models, path) || !assay_objects_read(models, &code->models)))
        code->models.count = 0;
    return code;
}

static const struct symbol *find(const struct assay_code *code, const char *name)
{
    return code->symbol_count > 0 ? bsearch(&(struct symbol){.name = name}, code->symbols, code->symbol_count,
                                            sizeof(*code->symbols), by_name)
                                  : NULL;
}

/* Marks the object and all that it needs. */
static void reach(const struct assay_code *code, size_t object, bool *reached)
{
    if (reached[object])
        return;
    reached[object] = true;
    const struct assay_object *o = &code->objects.items[object];
    for (size_t i = 0; i < o->needed_count; i++) {
        const struct symbol *symbol = find(code, o->needed[i]);
        if (symbol)
            reach(code, symbol->object, reached);
    }
}

/* The hash of the digests of what was reached, and of all of `more`. Their order in the libraries does not matter. */
static const char *hash_of(const struct assay_objects *objects, const bool *reached, const struct assay_objects *more)
{
    unsigned char(*digests)[ASSAY_DIGEST] = calloc(objects->count + more->count, ASSAY_DIGEST), sum[ASSAY_DIGEST];
    char *text = assay_keep(2 * SHOWN + 1);
    struct sha256_ctx context;
    size_t count = 0;
    if (!digests)
        abort();
    for (size_t i = 0; i < objects->count; i++)
        if (reached[i])
            memcpy(digests[count++], objects->items[i].digest, ASSAY_DIGEST);
    for (size_t i = 0; i < more->count; i++)
        memcpy(digests[count++], more->items[i].digest, ASSAY_DIGEST);
    qsort(digests, count, ASSAY_DIGEST, by_digest);
    sha256_init(&context);
    sha256_update(&context, count * ASSAY_DIGEST, digests[0]);
    sha256_digest(&context, sizeof(sum), sum);
    free(digests);
    for (size_t i = 0; i < SHOWN; i++)
        snprintf(text + 2 * i, 3, "%02x", sum[i]);
    return text;
}

static bool *none_reached(const struct assay_code *code)
{
    bool *reached = calloc(code->objects.count, sizeof(*reached));
    if (!reached)
        abort();
    return reached;
}

const char *assay_code_hash(const struct assay_code *code, const char *kernel)
{
    /* A kernel's descriptor has its name. */
    const struct symbol *symbol = code && kernel ? find(code, kernel) : NULL;
    if (!symbol)
        return NULL;
    bool *reached = none_reached(code);
    reach(code, symbol->object, reached);
    const char *hash = hash_of(&code->objects, reached, &(struct assay_objects){0});
    free(reached);
    return hash;
}

const char *assay_code_network_hash(const struct assay_code *code, const char *const *kernels, size_t count)
{
    static const char conversions[] = "quantize_";
    if (!code || code->models.count == 0)
        return NULL;
    bool *reached = none_reached(code), known = true;
    for (size_t i = 0; i < count; i++) {
        const struct symbol *symbol = find(code, kernels[i]);
        known = known && symbol;
        if (symbol)
            reach(code, symbol->object, reached);
    }
    for (size_t i = 0; i < code->symbol_count; i++)
        if (strncmp(code->symbols[i].name, conversions, strlen(conversions)) == 0)
            reach(code, code->symbols[i].object, reached);
    const char *hash = known ? hash_of(&code->objects, reached, &code->models) : NULL;
    free(reached);
    return hash;
}
