/* add: the sum, or difference, of two tensors of the same shape, element by element. io.in is the first operand,
 * io.addend the second; either may be read more than once, and they may be the same. `count` elements of each are read,
 * `count` of the output are written.
 *
 *   FP32      out = clamp(a + b), or clamp(a - b): one rounding.
 *   INT8, INT16X8
 *             sum = rescale((a - in_zero) << left, A) + rescale((b - addend_zero) << left, B), B's term negated to
 *             subtract; out = clamp(rescale(sum, C) + out_zero). left is 20 for int8, 15 for int16x8; rescale is the
 *             int32 rescale of kernels/core/fixed_point.h. The factors A, B and C are given in this order as
 *             `multiplier` and `shift` of the weights: in_scale / twice, addend_scale / twice and
 *             twice / (2^left * out_scale), where twice is two times the larger of the operands' scales. So A and B are
 *             at most 1/2, C is less than 1, no shift is above 0, and nothing overflows. The formula of the TFLite
 *             reference kernels (ADD and SUB).
 * All are exact. */
#ifndef ASSAY_KERNELS_ADD_ADD_H
#define ASSAY_KERNELS_ADD_ADD_H

#include "kernels/core/types.h"

enum { ASSAY_ADD_FACTORS = 3, ASSAY_ADD_LEFT_I8 = 20, ASSAY_ADD_LEFT_I16 = 15 };

struct assay_add_shape {
    size_t count;
    bool subtract;
};

#endif
