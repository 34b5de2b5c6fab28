/* The int32 rescale of small sums as one float multiply-add: the numbers that it takes, solved for one output channel.
 *
 * assay_rescale(x, m, shift) + zero (kernels/core/fixed_point.h) is a staircase over x, of which an output of int8
 * tells 256 steps apart at most. With x in [-2^22, 2^22) an integer is a float without converting it, if 0x4B000000,
 * the bits of 2^23, and a constant x0 are among its addends: its bits are those of 2^23 + x0 + x. A result between 2^23
 * and 2^24 is rounded to an integer by the multiply-add itself, and has it in its bits: bits(fma(float(sum + start),
 * factor, term)) = bits(1.5 * 2^23) + result without any error but that of the factor, m to 24 bits. x0 has millions of
 * values, so that factor * x0 has about any fraction, and places the staircase; whether all of its steps begin at the
 * right x is then a matter of 256 comparisons, done here. Steps are far enough from one another for a factor to be
 * found in nearly every channel.
 *
 * The double rounding moves the steps below zero by what no other fraction makes up for. An activation with the zero
 * point as its least output makes all of these results one ("one-sided"), and a shift of 0 and more rounds once.
 * Elsewhere x < 0, which is sum + start < start, unsigned, has an x0 of its own: a `step` is added, and what that adds
 * to the result is subtracted. */
#ifndef ASSAY_KERNELS_CORE_RESCALE24_H
#define ASSAY_KERNELS_CORE_RESCALE24_H

#include "kernels/core/rescale_range.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ASSAY_RESCALE24_BASE = 0x4B400000 }; /* the bits of 1.5 * 2^23 */

/* u = x + start, modulo 2^32; two-sided: and + step where u < start, which is where x < 0.
 *     result = bits(fma(u as float, factor, term)) - ASSAY_RESCALE24_BASE, two-sided: and - step_result where x < 0
 * which is, once cut to [minimum, maximum], as exact as assay_rescale() + zero. u, factor, term and the sum are normal
 * floats (or a factor of 0), so that no mode of the processor but the rounding matters: to nearest. */
struct assay_rescale24 {
    float factor, term;
    uint32_t start, step;
    int32_t step_result; /* 0, like step: the same for all x */
    bool fits_int16;     /* the results of all sums, before they are cut: their lower 16 bits are all of them */
};

/* False: there is no such rescale, or none was found (m < 0, sums beyond 2^22, a scale that takes results there …).
 * Deterministic; some microseconds. */
bool assay_rescale24_solve(int32_t multiplier, int32_t shift, struct assay_rescale_range range,
                           struct assay_rescale24 *solution);

/* Sixteen channels, as vectors take them. */
enum { ASSAY_RESCALE24_LANES = 16 };
struct assay_rescale24_lanes {
    float factor[ASSAY_RESCALE24_LANES], term[ASSAY_RESCALE24_LANES];
    uint32_t start[ASSAY_RESCALE24_LANES]; /* without the bias: what a sum of 0 is */
    uint32_t step[ASSAY_RESCALE24_LANES];
    int32_t step_result[ASSAY_RESCALE24_LANES];
};
void assay_rescale24_place(const struct assay_rescale24 *solution, size_t lane, struct assay_rescale24_lanes *lanes);

#endif
