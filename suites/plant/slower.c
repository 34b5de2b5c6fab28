/* Kernels of ours behind functions of the same kind that call them, and then do too much. */
#include "suites/plant/plant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ABOVE_ALL = 1 << 20 };

struct slower {
    struct assay_kernel kernel;
    const struct assay_kernel *inner;
    double share, owed; /* of runs to do twice; they come up evenly, so that a sample of many runs has its share */
    char name[128];
    uint64_t more; /* turns of a loop of two instructions */
};

static const struct assay_kernel *inner_of(const struct assay_kernel *kernel)
{
    return ((const struct slower *)kernel->detail)->inner;
}

static const char *supports(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    const struct assay_kernel *inner = inner_of(kernel);
    return inner->supports ? inner->supports(inner, problem) : NULL;
}

static size_t packed_size(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    return inner_of(kernel)->packed_size(inner_of(kernel), problem);
}

static bool pack(const struct assay_kernel *kernel, const struct assay_problem *problem,
                 const struct assay_weights *weights, void *packed)
{
    return inner_of(kernel)->pack(inner_of(kernel), problem, weights, packed);
}

static size_t scratch_size(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    const struct assay_kernel *inner = inner_of(kernel);
    return inner->scratch_size ? inner->scratch_size(inner, problem) : 0;
}

static bool prepare(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                    const struct assay_io *io, void *scratch)
{
    const struct assay_kernel *inner = inner_of(kernel);
    return !inner->prepare || inner->prepare(inner, problem, packed, io, scratch);
}

static void run(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                const struct assay_io *io, void *scratch)
{
    struct slower *slower = (struct slower *)(uintptr_t)kernel->detail;
    slower->inner->run(slower->inner, problem, packed, io, scratch);
    slower->owed += slower->share;
    if (slower->owed >= 1) {
        slower->owed -= 1;
        slower->inner->run(slower->inner, problem, packed, io, scratch);
    }
    for (uint64_t turns = slower->more; turns > 0; turns--)
        __asm__ volatile("" : "+r"(turns));
}

static bool add(struct planted_list *list, const struct assay_kernel *inner, struct slower values)
{
    const struct assay_kernel **grown = realloc(list->items, (list->count + 1) * sizeof(*grown));
    struct slower *slower = malloc(sizeof(*slower));
    if (grown)
        list->items = grown;
    if (!grown || !slower) {
        free(slower);
        return false;
    }
    *slower = values;
    slower->inner = inner;
    /* Names are unique within an origin. */
    snprintf(slower->name, sizeof(slower->name), "%s%s",
             strcmp(values.kernel.origin, inner->origin) == 0 ? "planted_" : "", inner->name);
    const struct assay_kernel wrapped = {
        .name = slower->name,
        .origin = values.kernel.origin,
        .op = inner->op,
        .mode = inner->mode,
        .structure = inner->structure,
        .accumulator = inner->accumulator,
        .features = inner->features,
        .rank = values.kernel.rank + inner->rank,
        .tile = inner->tile,
        .tile_m = inner->tile_m,
        .tile_n = inner->tile_n,
        .detail = slower,
        .supports = supports,
        .packed_size = packed_size,
        .pack = pack,
        .scratch_size = scratch_size,
        .prepare = prepare,
        .run = run,
    };
    memcpy(&slower->kernel, &wrapped, sizeof(wrapped));
    list->items[list->count++] = &slower->kernel;
    return true;
}

bool plant_slow(struct planted_list *list)
{
    static const struct {
        const char *origin;
        double share;
    } shares[] = {{"slow1", 0.01}, {"slow2", 0.02}, {"slow3", 0.03}, {"slow5", 0.05}, {"slow10", 0.10}};
    for (int op = 0; op < ASSAY_OP_COUNT; op++) {
        size_t count;
        const struct assay_kernel *const *all = assay_kernels((enum assay_op)op, &count);
        for (size_t i = 0; i < count; i++)
            for (size_t s = 0; s < sizeof(shares) / sizeof(shares[0]); s++)
                if (!add(list, all[i],
                         (struct slower){.kernel = {.origin = shares[s].origin}, .share = shares[s].share}))
                    return false;
    }
    return true;
}

/* N of KERNEL:N in a list of them; 0: it is not there. */
static uint64_t more_of(const char *kernels, const char *name)
{
    const size_t length = strlen(name);
    for (const char *part = kernels; part; part = strchr(part, ',') ? strchr(part, ',') + 1 : NULL)
        if (strncmp(part, name, length) == 0 && part[length] == ':')
            return strtoull(part + length + 1, NULL, 10);
    return 0;
}

bool plant_more(const char *kernels, struct planted_list *list)
{
    for (int op = 0; op < ASSAY_OP_COUNT; op++) {
        size_t count;
        const struct assay_kernel *const *all = assay_kernels((enum assay_op)op, &count);
        for (size_t i = 0; i < count; i++) {
            const uint64_t more = more_of(kernels, all[i]->name);
            if (more > 0 &&
                !add(list, all[i], (struct slower){.kernel = {.origin = "assay", .rank = ABOVE_ALL}, .more = more}))
                return false;
        }
    }
    return true;
}
