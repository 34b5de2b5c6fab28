/* The float rescale (kernels/core/rescale24.h) of a tile's sums. The including file defines MR and what dot.h asks for.
 */
#ifndef ASSAY_KERNELS_GEMM_X86_64_RESCALE24_TILE_H
#define ASSAY_KERNELS_GEMM_X86_64_RESCALE24_TILE_H

#include "kernels/core/x86_64/rescale24.h"
#include "kernels/gemm/x86_64/dot.h"

/* lower_halves: the results are those of what becomes of the sums. */
ASSAY_INLINE void rescale24(const struct assay_igemm_args *args, const bool one_sided, const bool lower_halves,
                            const size_t rows, vint (*sums)[VECTORS])
{
    ASSAY_UNROLL
    for (size_t v = 0; v < VECTORS; v++) {
        const struct rescaler24 r = rescaler24_of(&args->solved[v].by24);
        ASSAY_UNROLL
        for (size_t i = 0; i < rows; i++)
            sums[i][v] =
                lower_halves ? rescaled24_above_base(sums[i][v], &r, one_sided) : rescaled24(sums[i][v], &r, one_sided);
    }
}

#endif
