/* How much of each cache a kernel may count on: the sizes by which drivers block. Set once, before the first kernel is
 * asked for a size or packs weights, by whoever knows the machine (the probe, by hwloc); until then, and under an
 * emulator, whose caches are nobody's, the defaults hold, so that counts are the same on every host. */
#ifndef ASSAY_KERNELS_CORE_CACHES_H
#define ASSAY_KERNELS_CORE_CACHES_H

#include <stddef.h>

/* Bytes of data that one core finds there; a level that is missing has the size of the one below. l3: this core's share
 * of it. */
struct assay_caches {
    size_t l1d, l2, l3;
};

const struct assay_caches *assay_caches(void);

/* Zeros mean "unknown" and leave the default. Not safe beside running kernels. */
void assay_caches_set(struct assay_caches caches);

#endif
