/* Dynamic quantization of one row of floats to int8, the definition every hybrid kernel must meet to the bit.
 *
 * With min = min(0, x...) and max = max(0, x...), all in f32, one rounding an operation, never contracted:
 *   scale = (max - min) / 255;  where scale < FLT_MIN (an all-zero or vanishing row): scale = 1, zero = 0
 *   zero  = clamp(rint(-128 - min / scale), -128, 127)
 *   q     = clamp(rint(x * (1 / scale)) + zero, -128, 127)
 * rint is to nearest, ties to even. Finite x of magnitude up to FLT_MAX / 2; for others the values are unspecified, but
 * every q is an int8 and nothing traps. Asymmetric, as TFLite's asymmetric_quantize_inputs and XNNPACK's qd8 are. */
#ifndef ASSAY_KERNELS_QUANTIZE_DYNAMIC_H
#define ASSAY_KERNELS_QUANTIZE_DYNAMIC_H

#include <float.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct assay_row_quantization {
    float scale;
    int32_t zero;
};

/* Round to nearest even for |x| < 2^22 by the classic addition of 1.5 * 2^23: every ISA has it, and it vectorizes. The
 * sum's last bits are the integer itself, so that no conversion is needed either: the truncating vector conversion that
 * a compiler would take on RISC-V (vfcvt.rtz) stops QEMU 7.2 with a failed assertion wherever it begins a block. */
#define ASSAY_ROUNDING_MAGIC 12582912.0f

static inline float assay_round_even(float x)
{
    return (x + ASSAY_ROUNDING_MAGIC) - ASSAY_ROUNDING_MAGIC;
}

static inline int32_t assay_round_even_int(float x)
{
    const float sum = x + ASSAY_ROUNDING_MAGIC;
    int32_t bits;
    memcpy(&bits, &sum, sizeof(bits));
    return bits - 0x4B400000; /* the bits of the magic number */
}

static inline struct assay_row_quantization assay_row_quantization_of(float min, float max)
{
    struct assay_row_quantization row = {.scale = (max - min) / 255.0f, .zero = 0};
    if (!(row.scale >= FLT_MIN && row.scale <= FLT_MAX)) {
        row.scale = 1.0f;
        return row;
    }
    const float zero = assay_round_even(-128.0f - min / row.scale);
    row.zero = zero < -128.0f ? -128 : zero > 127.0f ? 127 : (int32_t)zero;
    return row;
}

static inline int8_t assay_row_quantize(float x, float inverse_scale, int32_t zero)
{
    const float scaled = x * inverse_scale;
    /* Out of the specified range the magic rounding would leave the int32 range: bound it first. */
    const float bounded = scaled > -1024.0f ? (scaled < 1024.0f ? scaled : 1024.0f) : -1024.0f;
    const int32_t q = assay_round_even_int(bounded) + zero;
    return (int8_t)(q < -128 ? -128 : q > 127 ? 127 : q);
}

/* Minimum and maximum of count elements, and of zero, folded into *min and *max (start them at 0). */
typedef void assay_row_range_fn(const float *x, size_t count, float *min, float *max);
/* q[i] = assay_row_quantize(x[i], 1 / row.scale, row.zero) */
typedef void assay_row_quantize_fn(const float *x, size_t count, struct assay_row_quantization row, int8_t *q);

/* Portable ones, compiled at the baseline of the target. */
assay_row_range_fn assay_row_range;
assay_row_quantize_fn assay_row_quantize_all;

/* How `count` runs of `length` elements, in_stride apart, are quantized as ONE row; their quantization by `row`, to q
 * without gaps; and both. A NULL function stands for the portable one. */
struct assay_row_quantization assay_rows_quantization(assay_row_range_fn *range, const float *in, size_t count,
                                                      size_t length, size_t in_stride);
void assay_quantize_rows_as(assay_row_quantize_fn *quantize, const float *in, size_t count, size_t length,
                            size_t in_stride, struct assay_row_quantization row, int8_t *q);
struct assay_row_quantization assay_quantize_rows(assay_row_range_fn *range, assay_row_quantize_fn *quantize,
                                                  const float *in, size_t count, size_t length, size_t in_stride,
                                                  int8_t *q);

/* The same, but each of the `count` rows by itself: rows[r] is the quantization of row r. */
typedef void assay_quantize_rows_fn(const float *in, size_t count, size_t length, size_t in_stride, int8_t *q,
                                    struct assay_row_quantization *rows);
void assay_quantize_each_row(assay_row_range_fn *range, assay_row_quantize_fn *quantize, const float *in, size_t count,
                             size_t length, size_t in_stride, int8_t *q, struct assay_row_quantization *rows);

#endif
