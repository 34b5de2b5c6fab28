#include "kernels/core/kernel.h"

struct assay_tile assay_kernel_tile(const struct assay_kernel *kernel)
{
    struct assay_tile tile = kernel->tile;
    if (kernel->tile_m)
        tile.m = kernel->tile_m();
    if (kernel->tile_n)
        tile.n = kernel->tile_n();
    return tile;
}
