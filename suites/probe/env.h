/* The machine: which core the program runs on, and the `env` line that describes it. Topology is hwloc's. */
#ifndef ASSAY_SUITES_PROBE_ENV_H
#define ASSAY_SUITES_PROBE_ENV_H

#include <stdbool.h>

/* Pins the calling thread to core `core` (the operating system's number). With core < 0, to the last core that the
 * program may use among those of the fastest kind: the first cores take the interrupts on most systems, and on machines
 * of several kinds hwloc ranks them by performance. False, after a word on standard error, if it can't be had. */
bool env_pin(int core);

/* The core that env_pin() chose, or -1. */
int env_core(void);

#endif
