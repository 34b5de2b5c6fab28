/* How much of the packed weights is in use. packed_size() sees no weights, so it has room for all blocks; pack() fills
 * it from the front, and run() reads no further than what was filled. Whoever keeps many layers keeps that part alone.
 */
#ifndef ASSAY_KERNELS_SPMM_PACKED_H
#define ASSAY_KERNELS_SPMM_PACKED_H

#include "kernels/core/kernel.h"

/* Bytes from `packed` on that run() reads, once pack() has filled it: what may be moved elsewhere, to another address
 * aligned to ASSAY_PACK_ALIGN. All of packed_size() for a kernel that this folder's driver does not run. */
size_t assay_spmm_packed_used(const struct assay_kernel *kernel, const struct assay_problem *problem,
                              const void *packed);

#endif
