#include "kernels/core/caches.h"

#include "suites/probe/env_parts.h"

#include <stdlib.h>
#include <string.h>

bool env_emulated(void)
{
    const char *said = getenv("ASSAY_EMULATED");
    return said && strcmp(said, "1") == 0;
}

/* This core's part of a cache; 0: unknown. Threads of a core share what is the core's, and one of them runs kernels. */
static size_t share_of(hwloc_obj_t cache)
{
    const int cores = hwloc_get_nbobjs_inside_cpuset_by_type(env_topology(), cache->cpuset, HWLOC_OBJ_CORE);
    return (size_t)cache->attr->cache.size / (cores > 1 ? (size_t)cores : 1);
}

/* The cache of a level above the core; NULL: there is none, or hwloc does not know. */
static hwloc_obj_t cache_of(size_t level)
{
    for (hwloc_obj_t object = env_core_object(); object; object = object->parent)
        if (hwloc_obj_type_is_dcache(object->type) && object->attr->cache.depth == level)
            return object;
    return NULL;
}

size_t env_cache_bytes(size_t level)
{
    const hwloc_obj_t cache = cache_of(level);
    return cache ? (size_t)cache->attr->cache.size : 0;
}

void env_set_caches(void)
{
    enum { LEVELS = 4 };
    size_t bytes[LEVELS] = {0};
    if (env_emulated())
        return;
    for (size_t level = 1; level < LEVELS; level++)
        bytes[level] = cache_of(level) ? share_of(cache_of(level)) : 0;
    for (size_t level = 2; level < LEVELS; level++)
        bytes[level] = bytes[level] ? bytes[level] : bytes[level - 1];
    assay_caches_set((struct assay_caches){.l1d = bytes[1], .l2 = bytes[2], .l3 = bytes[3]});
}
