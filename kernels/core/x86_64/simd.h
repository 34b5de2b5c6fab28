/* Vectors of the ISA that the including file is compiled for, under names common to SSE4.1, AVX2 and AVX-512, so that a
 * tile is written once for all. Only what reads the same on each is here: LANES 32-bit lanes a vector, `vfloat` and
 * `vint`.
 *
 * ASSAY_SIMD_DOT4 is defined where there is vi_dot4(), products of bytes.
 *
 * "part" functions touch the first `count` elements in memory and no other (0 <= count; from LANES on, all). */
#ifndef ASSAY_KERNELS_CORE_X86_64_SIMD_H
#define ASSAY_KERNELS_CORE_X86_64_SIMD_H

#include "kernels/core/types.h"

#include <immintrin.h>
#include <string.h>

#define ASSAY_INLINE __attribute__((always_inline)) static inline

/* Before a loop of constant length over an array of vectors that is to live in registers: without it compilers unroll
 * the loop too late to take the array out of memory, and every step stores it. */
#ifdef __clang__
#define ASSAY_UNROLL _Pragma("clang loop unroll(full)")
#else
#define ASSAY_UNROLL _Pragma("GCC unroll 16")
#endif

/* ASSAY_SIMD_256: vectors of 256 bits though there are wider ones. */
#if defined(__AVX512F__) && !defined(ASSAY_SIMD_256)
#include "kernels/core/x86_64/simd_avx512.h"
#elif defined(__AVX2__)
#include "kernels/core/x86_64/simd_avx2.h"
#else
#include "kernels/core/x86_64/simd_sse41.h"
#endif

/* By element type: f32, or f16 widened to f32. */
#define vf_load(from) _Generic((from), const float *: vf_load_f32, const assay_f16 *: vf_load_f16)(from)
#define vf_load_part(from, count) \
    _Generic((from), const float *: vf_load_part_f32, const assay_f16 *: vf_load_part_f16)(from, count)
#define vf_store_part(to, count, x) \
    _Generic((to), float *: vf_store_part_f32, assay_f16 *: vf_store_part_f16)(to, count, x)

/* Every lane is the 4 bytes at `from`, which need not be aligned. */
ASSAY_INLINE vint vi_broadcast(const void *from)
{
    int32_t bits;
    memcpy(&bits, from, sizeof(bits));
    return vi_set1(bits);
}

/* A constant that the compiler does not know: it would move an operation with it from the broadcast vector to the
 * scalar before, and turn a broadcast from memory, which is free, into one from a register. */
ASSAY_INLINE vint vi_opaque(int32_t x)
{
    vint all = vi_set1(x);
    __asm__("" : "+v"(all));
    return all;
}

/* Keeps a vector in one of the first 16 registers. On Zen 4 a loop of 256-bit multiply-adds runs 10 % slower if all
 * operands are of the upper 16. */
ASSAY_INLINE vfloat vf_in_lower(vfloat x)
{
    __asm__("" : "+x"(x));
    return x;
}

/* vi_dot2() outside of a loop. There clang 19 makes a product and a sum of vpdpwssd's intrinsic, since the sum is
 * waited for: two turns in place of one. (In the loop, where it leaves it alone, an asm statement is slower by 4 %.) */
ASSAY_INLINE vint vi_dot2_once(vint sum, vint x, vint y)
{
#if defined(__AVX512VNNI__) && !defined(ASSAY_SIMD_256)
    __asm__("vpdpwssd %2, %1, %0" : "+v"(sum) : "v"(x), "v"(y));
    return sum;
#else
    return vi_dot2(sum, x, y);
#endif
}

/* Range of a fused activation in float, -inf to inf for none; a NaN stays one. */
ASSAY_INLINE vfloat vf_clamp(vfloat x, float min, float max)
{
    return vf_min(vf_set1(max), vf_max(vf_set1(min), x));
}

/* clamp(x + zero, min, max) without overflow, for zero, min and max of a small type. */
ASSAY_INLINE vint vi_offset_clamp(vint x, int32_t zero, int32_t min, int32_t max)
{
    const vint low = vi_set1(min - zero), high = vi_set1(max - zero);
    return vi_add(vi_min(vi_max(x, low), high), vi_set1(zero));
}

#endif
