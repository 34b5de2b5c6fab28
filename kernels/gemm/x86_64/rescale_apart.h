/* A rescale that hardly any layer needs is a function of its own, out of the way of the others, and takes the sums in
 * memory. The including file defines MR and what dot.h asks for. */
#ifndef ASSAY_KERNELS_GEMM_X86_64_RESCALE_APART_H
#define ASSAY_KERNELS_GEMM_X86_64_RESCALE_APART_H

#include "kernels/gemm/x86_64/dot.h"

typedef void rescale_apart_fn(const struct assay_igemm_args *args, size_t rows, vint (*sums)[VECTORS]);

ASSAY_INLINE void rescale_apart(const struct assay_igemm_args *args, const size_t rows, vint (*sums)[VECTORS],
                                rescale_apart_fn *rescale)
{
    vint copy[MR][VECTORS]; /* not `sums` itself, which would then live in memory for all layers */
    ASSAY_UNROLL
    for (size_t i = 0; i < rows; i++) {
        ASSAY_UNROLL
        for (size_t v = 0; v < VECTORS; v++)
            copy[i][v] = sums[i][v];
    }
    rescale(args, rows, copy);
    ASSAY_UNROLL
    for (size_t i = 0; i < rows; i++) {
        ASSAY_UNROLL
        for (size_t v = 0; v < VECTORS; v++)
            sums[i][v] = copy[i][v];
    }
}

#endif
