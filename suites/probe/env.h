/* The machine: which core the program runs on, and the `env` line that describes it. Topology is hwloc's. */
#ifndef ASSAY_SUITES_PROBE_ENV_H
#define ASSAY_SUITES_PROBE_ENV_H

#include <stdbool.h>
#include <stddef.h>

/* Pins the calling thread to core `core` (the operating system's number). With core < 0, to the last core that the
 * program may use among those of the fastest kind: the first cores take the interrupts on most systems, and on machines
 * of several kinds hwloc ranks them by performance. False, after a word on standard error, if it can't be had. */
bool env_pin(int core);

/* A core for each of several threads: the fastest ones, from the last one down; all that the program may use if there
 * are not enough of those, and the same ones again if there are not enough at all. NULL: the machine's topology cannot
 * be read, and nothing is pinned. free() it. */
struct env_cores *env_cores_of_threads(size_t threads);

/* Pins the calling thread to the core of thread `thread`, if it can be had. cores: from env_cores_of_threads(), or NULL
 * for nothing to be done. */
void env_pin_thread(void *cores, size_t thread);

/* The core that env_pin() chose, or -1. */
int env_core(void);

/* Whether the environment says, by ASSAY_EMULATED=1, that an emulator runs this program: it cannot know by itself. Then
 * nothing may depend on the machine below. */
bool env_emulated(void);

/* Tells kernels (kernels/core/caches.h) the caches of the core that the program is pinned to, or would be. Of what
 * several cores share, each has its part. Nothing is told under an emulator, or where hwloc knows nothing. */
void env_set_caches(void);

/* Bytes of the whole cache of a level (1, 2, …) above that core; 0: there is none, or hwloc does not know. */
size_t env_cache_bytes(size_t level);

#endif
