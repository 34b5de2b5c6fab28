/* Inputs in f16 to f32, for the driver (assay_igemm_rewrite_fn). */
#ifndef ASSAY_KERNELS_GEMM_X86_64_WIDEN_H
#define ASSAY_KERNELS_GEMM_X86_64_WIDEN_H

#include "kernels/core/x86_64/simd.h"

static void widen(const void *from, size_t count, void *to)
{
    const assay_f16 *half = from;
    float *wide = to;
    size_t i = 0;
    for (; i + LANES <= count; i += LANES)
        vf_store(wide + i, vf_load(half + i));
    if (i < count)
        vf_store_part(wide + i, count - i, vf_load_part(half + i, count - i));
}

#endif
