/* What env.c, cores.c and caches.c share: the machine's topology, as hwloc tells it. */
#ifndef ASSAY_SUITES_PROBE_ENV_PARTS_H
#define ASSAY_SUITES_PROBE_ENV_PARTS_H

#include "suites/probe/env.h"

#include <hwloc.h>

/* The topology of this machine, read once; NULL, after a word, if hwloc cannot. */
hwloc_topology_t env_topology(void);

/* The smallest object above the core that the program is pinned to, or would be. */
hwloc_obj_t env_core_object(void);

#endif
