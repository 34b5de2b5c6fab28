/* Dynamic quantization of a row, as kernels/quantize/dynamic.h defines it, LANES elements at once. Conversion to
 * integers rounds to nearest even as the definition's addition of a magic number does. */
#ifndef ASSAY_KERNELS_QUANTIZE_X86_64_DYNAMIC_H
#define ASSAY_KERNELS_QUANTIZE_X86_64_DYNAMIC_H

#include "kernels/core/x86_64/simd.h"
#include "kernels/quantize/dynamic.h"
#include "kernels/quantize/x86_64/vectors.h"

#include <math.h>

/* By integers, of which a core compares more at once than floats: as signed ones, positive floats are in their order
 * and above all negative ones; as unsigned ones, negative floats are in the reverse order and above all positive ones.
 * Lanes beyond `count` read as 0, which the range includes anyway. */
static void row_range(const float *x, size_t count, float *min, float *max)
{
    enum { RANGES = 4 };
    vint low[RANGES], high[RANGES];
    ASSAY_UNROLL
    for (size_t j = 0; j < RANGES; j++) {
        low[j] = vi_from_float_bits(vf_set1(-fabsf(*min))); /* not above 0, which is to be -0 here */
        high[j] = vi_from_float_bits(vf_set1(*max));
    }
    size_t i = 0;
    for (; i + RANGES * LANES <= count; i += RANGES * LANES) {
        ASSAY_UNROLL
        for (size_t j = 0; j < RANGES; j++) {
            const vint y = vi_load(x + i + j * LANES);
            low[j] = vi_max_unsigned(low[j], y);
            high[j] = vi_max(high[j], y);
        }
    }
    for (; i < count; i += LANES) {
        const vint y = vi_from_float_bits(vf_load_part(x + i, count - i));
        low[0] = vi_max_unsigned(low[0], y);
        high[0] = vi_max(high[0], y);
    }
    const vint least = vi_max_unsigned(vi_max_unsigned(low[0], low[1]), vi_max_unsigned(low[2], low[3]));
    const vint most = vi_max(vi_max(high[0], high[1]), vi_max(high[2], high[3]));
    *min = vf_reduce_min(vf_from_bits(least));
    *max = vf_reduce_max(vf_from_bits(most));
}

enum { QUANTIZE_VECTORS = 4, QUANTIZE_STEP = QUANTIZE_VECTORS * LANES };

/* As q, or as q + 128. */
enum quantized_as { AS_SIGNED, AS_UNSIGNED };

/* What one row's elements share. `zero` as it is added; so many bytes `ahead` of the elements that are quantized lie
 * some that will be wanted next, or it is 0. */
struct row_factors {
    vfloat inverse_scale;
    vint zero;
    enum quantized_as as;
    size_t ahead;
};

/* Saturation is that of narrowing: within the specified range products are 256 at most, and so small; where the
 * definition leaves q open, a conversion that overflows gives a great negative number. */
ASSAY_INLINE vint quantized(const vfloat *x, const size_t vectors, const struct row_factors *f)
{
    vint y[QUANTIZE_VECTORS];
    ASSAY_UNROLL
    for (size_t j = 0; j < QUANTIZE_VECTORS; j++)
        y[j] = j < vectors ? vf_round(vf_mul(x[j], f->inverse_scale)) : vi_zero();
    return vi_narrowed_small(y, f->zero, f->as == AS_SIGNED);
}

ASSAY_INLINE void quantize_step(const float *x, const struct row_factors *f, int8_t *q)
{
    vfloat y[QUANTIZE_VECTORS];
    ASSAY_UNROLL
    for (size_t j = 0; j < QUANTIZE_VECTORS; j++)
        y[j] = vf_load(x + j * LANES);
    vi_store(q, quantized(y, QUANTIZE_VECTORS, f));
}

/* Less than a step, the last elements of `vectors` vectors. The last vector begins before those that are left, as a
 * store under a mask takes longer than all the rest. */
ASSAY_INLINE void quantize_short(const float *x, size_t count, const size_t vectors, const struct row_factors *f,
                                 int8_t *q)
{
    vfloat y[QUANTIZE_VECTORS];
    ASSAY_UNROLL
    for (size_t j = 0; j < vectors; j++)
        y[j] = vf_load(x + (j + 1 < vectors ? j * LANES : count - LANES));
    const vint bytes = quantized(y, vectors, f);
    ASSAY_UNROLL
    for (size_t j = 0; j < vectors; j++)
        vi_store_quarter(q + (j + 1 < vectors ? j * LANES : count - LANES), bytes, j);
}

/* The elements that are left of a row make a step that begins before them, and so quantizes some of them twice. */
ASSAY_INLINE void quantize_row(const float *x, size_t count, const struct row_factors *f, int8_t *q)
{
    if (count >= QUANTIZE_STEP) {
        size_t i = 0;
        for (; i + QUANTIZE_STEP <= count; i += QUANTIZE_STEP) {
            for (size_t j = 0; j < QUANTIZE_STEP; j += 16)
                __builtin_prefetch((const void *)((uintptr_t)(x + i + j) + f->ahead));
            quantize_step(x + i, f, q + i);
        }
        if (i < count)
            quantize_step(x + (count - QUANTIZE_STEP), f, q + (count - QUANTIZE_STEP));
        return;
    }
    switch ((count - 1) / LANES) { /* SIZE_MAX / LANES for none */
    case 0:
        if (count == LANES) {
            quantize_short(x, count, 1, f, q);
        } else {
            const vfloat y = vf_load_part(x, count);
            vi_store_part_bytes(q, count, quantized(&y, 1, f));
        }
        break;
    case 1:
        quantize_short(x, count, 2, f, q);
        break;
    case 2:
        quantize_short(x, count, 3, f, q);
        break;
    case 3:
        quantize_short(x, count, 4, f, q);
        break;
    default:
        break;
    }
}

ASSAY_INLINE struct row_factors row_factors_of(float inverse_scale, int32_t zero, const enum quantized_as as)
{
    return (struct row_factors){vf_set1(inverse_scale), vi_set1_i16((int16_t)(as == AS_UNSIGNED ? zero + 128 : zero)),
                                as, 0};
}

static inline void row_quantize(const float *x, size_t count, struct assay_row_quantization row, int8_t *q)
{
    const struct row_factors f = row_factors_of(1.0f / row.scale, row.zero, AS_SIGNED);
    quantize_row(x, count, &f, q);
}

#endif
