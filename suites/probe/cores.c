#include "suites/probe/env_parts.h"

#include <stdio.h>
#include <stdlib.h>

static hwloc_topology_t topology;
static int pinned = -1;

/* The cores that the program was started with: taskset and containers narrow them. What it is pinned to afterwards does
 * not. NULL: not known. */
static hwloc_bitmap_t started_with;

static void note_start(void)
{
    started_with = hwloc_bitmap_alloc();
    if (started_with && hwloc_get_cpubind(topology, started_with, HWLOC_CPUBIND_THREAD) == 0)
        return;
    hwloc_bitmap_free(started_with);
    started_with = NULL;
}

hwloc_topology_t env_topology(void)
{
    static bool tried;
    if (tried)
        return topology;
    tried = true;
    if (hwloc_topology_init(&topology) == 0 && hwloc_topology_load(topology) == 0) {
        note_start();
        return topology;
    }
    fputs("assay-probe: hwloc cannot read the machine's topology\n", stderr);
    topology = NULL;
    return NULL;
}

/* The cores that the program may use; fastest: of the fastest kind alone. NULL: no memory. The caller frees it. */
static hwloc_bitmap_t usable_cores(bool fastest)
{
    hwloc_bitmap_t candidates = hwloc_bitmap_dup(hwloc_topology_get_allowed_cpuset(topology));
    if (!candidates)
        return NULL;
    if (started_with)
        hwloc_bitmap_and(candidates, candidates, started_with);
    /* Kinds are numbered from the slowest to the fastest, where hwloc can tell. */
    hwloc_bitmap_t kind = hwloc_bitmap_alloc();
    for (int i = hwloc_cpukinds_get_nr(topology, 0) - 1; fastest && kind && i >= 0; i--) {
        if (hwloc_cpukinds_get_info(topology, (unsigned)i, kind, NULL, NULL, NULL, 0) != 0)
            continue;
        hwloc_bitmap_and(kind, kind, candidates);
        if (!hwloc_bitmap_iszero(kind)) {
            hwloc_bitmap_copy(candidates, kind);
            break;
        }
    }
    hwloc_bitmap_free(kind);
    return candidates;
}

/* -1 if there is none. */
static int default_core(void)
{
    hwloc_bitmap_t candidates = usable_cores(true);
    const int last = candidates ? hwloc_bitmap_last(candidates) : -1;
    hwloc_bitmap_free(candidates);
    return last;
}

static bool bind_to(int core)
{
    hwloc_bitmap_t set = hwloc_bitmap_alloc();
    const bool done = core >= 0 && set && hwloc_bitmap_only(set, (unsigned)core) == 0 &&
                      hwloc_set_cpubind(topology, set, HWLOC_CPUBIND_THREAD | HWLOC_CPUBIND_STRICT) == 0;
    hwloc_bitmap_free(set);
    return done;
}

bool env_pin(int core)
{
    if (!env_topology())
        return false;
    const int wanted = core < 0 ? default_core() : core;
    const bool done = bind_to(wanted);
    if (done)
        pinned = wanted;
    else
        fprintf(stderr, "assay-probe: cannot pin to core %d: it does not exist, or is not allowed here\n", wanted);
    return done;
}

struct env_cores {
    size_t count;
    int core[];
};

struct env_cores *env_cores_of_threads(size_t threads)
{
    if (!env_topology())
        return NULL;
    hwloc_bitmap_t set = usable_cores(true);
    if (set && (size_t)hwloc_bitmap_weight(set) < threads) {
        hwloc_bitmap_free(set);
        set = usable_cores(false);
    }
    const size_t most = set ? (size_t)hwloc_bitmap_weight(set) : 0;
    struct env_cores *cores = most > 0 ? malloc(sizeof(*cores) + most * sizeof(cores->core[0])) : NULL;
    for (size_t i = 0; cores && i < most; i++) {
        cores->core[i] = hwloc_bitmap_last(set);
        hwloc_bitmap_clr(set, (unsigned)cores->core[i]);
    }
    if (cores)
        cores->count = most;
    hwloc_bitmap_free(set);
    return cores;
}

void env_pin_thread(void *cores, size_t thread)
{
    const struct env_cores *of = cores;
    if (of)
        bind_to(of->core[thread % of->count]);
}

int env_core(void)
{
    return pinned;
}

hwloc_obj_t env_core_object(void)
{
    if (!env_topology())
        return NULL;
    const int core = pinned < 0 ? default_core() : pinned;
    return hwloc_get_pu_obj_by_os_index(topology, core < 0 ? 0 : (unsigned)core);
}
