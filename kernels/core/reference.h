/* Names for the sources of the two baselines: the same file is compiled as `ref` and as several `auto`, and
 * ASSAY_VARIANT says as which (kernels/register.cmake). ASSAY_SYMBOL(gemm_f32) is then gemm_f32_ref or
 * gemm_f32_avx2_auto. */
#ifndef ASSAY_KERNELS_CORE_REFERENCE_H
#define ASSAY_KERNELS_CORE_REFERENCE_H

#include "kernels/core/kernel.h"

#define ASSAY_PASTE_(a, b) a##_##b
#define ASSAY_PASTE(a, b) ASSAY_PASTE_(a, b)
#define ASSAY_QUOTE_(a) #a
#define ASSAY_QUOTE(a) ASSAY_QUOTE_(a)
#define ASSAY_SYMBOL(stem) ASSAY_PASTE(stem, ASSAY_VARIANT)
#define ASSAY_NAME(stem) ASSAY_QUOTE(ASSAY_PASTE(stem, ASSAY_VARIANT))

#endif
