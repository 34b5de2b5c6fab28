#include "kernels/core/caches.h"

/* Of small cores, whose kernels suffer most from too large a block. */
static struct assay_caches caches = {.l1d = 32 * 1024, .l2 = 512 * 1024, .l3 = 1024 * 1024};

const struct assay_caches *assay_caches(void)
{
    return &caches;
}

void assay_caches_set(struct assay_caches known)
{
    caches.l1d = known.l1d ? known.l1d : caches.l1d;
    caches.l2 = known.l2 ? known.l2 : caches.l2;
    caches.l3 = known.l3 ? known.l3 : caches.l3;
}
