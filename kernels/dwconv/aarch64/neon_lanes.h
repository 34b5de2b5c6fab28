/* One vector of the depthwise kernels of the float modes, as the includer's element types make it:
 *   DW_INPUT, DW_WEIGHT   float or assay_f16: what rows and packed weights hold
 *   DW_F16_SUMS           defined: sums are f16, 8 lanes a vector; else f32, 4 lanes */
#ifndef ASSAY_KERNELS_DWCONV_AARCH64_NEON_LANES_H
#define ASSAY_KERNELS_DWCONV_AARCH64_NEON_LANES_H

#include "kernels/core/reference.h"
#include "kernels/dwconv/dwindirect.h"

#include <arm_neon.h>
#include <math.h>
#include <string.h>

#define DW_INLINE __attribute__((always_inline)) static inline

#ifdef DW_F16_SUMS

enum { LANES = 8 };
typedef float16x8_t lanes;

DW_INLINE lanes load_input(const DW_INPUT *p)
{
    return vld1q_f16((const float16_t *)(const void *)p);
}
DW_INLINE lanes load_weight(const DW_WEIGHT *p)
{
    return vld1q_f16((const float16_t *)(const void *)p);
}
DW_INLINE lanes narrow(float32x4_t low, float32x4_t high)
{
    return vcvt_high_f16_f32(vcvt_f16_f32(low), high);
}
DW_INLINE lanes load_bias(const float *p)
{
    return narrow(vld1q_f32(p), vld1q_f32(p + 4));
}
DW_INLINE lanes spread(float x)
{
    return narrow(vdupq_n_f32(x), vdupq_n_f32(x));
}
DW_INLINE lanes multiply_add(lanes sum, lanes x, lanes w)
{
    return vfmaq_f16(sum, x, w);
}
DW_INLINE lanes clamp(lanes x, lanes min, lanes max)
{
    return vminq_f16(max, vmaxq_f16(min, x));
}
DW_INLINE void store(DW_INPUT *p, lanes x)
{
    vst1q_f16((float16_t *)(void *)p, x);
}
/* Loads the vector at *p and moves on by `step` bytes, in one instruction. */
DW_INLINE lanes load_and_step(const DW_INPUT **p, ptrdiff_t step)
{
    lanes x;
    __asm__("ld1 {%0.8h}, [%1], %2" : "=w"(x), "+r"(*p) : "r"(step), "m"(*(const DW_INPUT(*)[LANES]) * p));
    return x;
}

#else

enum { LANES = 4 };
typedef float32x4_t lanes;

DW_INLINE lanes load_float(const float *p)
{
    return vld1q_f32(p);
}
DW_INLINE lanes load_assay_f16(const assay_f16 *p)
{
    return vcvt_f32_f16(vld1_f16((const float16_t *)(const void *)p));
}
DW_INLINE lanes load_input(const DW_INPUT *p)
{
    return ASSAY_PASTE(load, DW_INPUT)(p);
}
DW_INLINE lanes load_weight(const DW_WEIGHT *p)
{
    return ASSAY_PASTE(load, DW_WEIGHT)(p);
}
DW_INLINE lanes load_bias(const float *p)
{
    return vld1q_f32(p);
}
DW_INLINE lanes spread(float x)
{
    return vdupq_n_f32(x);
}
DW_INLINE lanes multiply_add(lanes sum, lanes x, lanes w)
{
    return vfmaq_f32(sum, x, w);
}
DW_INLINE lanes clamp(lanes x, lanes min, lanes max)
{
    return vminq_f32(max, vmaxq_f32(min, x));
}
DW_INLINE void store_float(float *p, lanes x)
{
    vst1q_f32(p, x);
}
DW_INLINE void store_assay_f16(assay_f16 *p, lanes x)
{
    vst1_f16((float16_t *)(void *)p, vcvt_f16_f32(x));
}
DW_INLINE void store(DW_INPUT *p, lanes x)
{
    ASSAY_PASTE(store, DW_INPUT)(p, x);
}
DW_INLINE lanes step_float(const float **p, ptrdiff_t step)
{
    lanes x;
    __asm__("ld1 {%0.4s}, [%1], %2" : "=w"(x), "+r"(*p) : "r"(step), "m"(*(const float(*)[LANES]) * p));
    return x;
}
DW_INLINE lanes step_assay_f16(const assay_f16 **p, ptrdiff_t step)
{
    float16x4_t x;
    __asm__("ld1 {%0.4h}, [%1], %2" : "=w"(x), "+r"(*p) : "r"(step), "m"(*(const assay_f16(*)[LANES]) * p));
    return vcvt_f32_f16(x);
}
/* Loads the vector at *p and moves on by `step` bytes; the load does both. */
DW_INLINE lanes load_and_step(const DW_INPUT **p, ptrdiff_t step)
{
    return ASSAY_PASTE(step, DW_INPUT)(p, step);
}

#endif

#endif
