/* The inner loop of one row of bytes against the weights of all columns, panel by panel (panels.h), in steps of 4
 * inputs: those broadcast to every lane, and 4 bytes of each column. PLANES of the including file are the numbers that
 * an input is made of: 1, a signed byte; 2, those of an int16 (i16_row.h). */
#ifndef ASSAY_KERNELS_GEMM_X86_64_DOT_ROW_H
#define ASSAY_KERNELS_GEMM_X86_64_DOT_ROW_H

#include "kernels/core/x86_64/simd.h"
#include "kernels/gemm/igemm.h"
#include "kernels/gemm/x86_64/panels.h"

enum {
    MR = 1,
    VECTORS = 4,
    GRAIN = 1,
    NR = VECTORS * LANES,
    STEP_BYTES = 4,
    SUMS_AT_ONCE = 4, /* independent sums that hide the latency of a dot product, 4 cycles */
};

/* x: an input of each plane, unsigned. */
ASSAY_INLINE void step(const vint *x, const char *w, const size_t vectors, vint (*sums)[VECTORS])
{
    ASSAY_UNROLL
    for (size_t v = 0; v < vectors; v++) {
        const vint weights = vi_load(w + v * sizeof(vint));
        ASSAY_UNROLL
        for (size_t p = 0; p < PLANES; p++)
            sums[p][v] = vi_dot4(sums[p][v], x[p], weights);
    }
}

#endif
