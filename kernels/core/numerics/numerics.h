/* The numerics of the reference kernels: what a mode means, apart from the operation.
 *
 * A reference source includes one header of this folder (f32.h, f16w.h, f16.h, f16af32.h, hybrid.h, i8.h, i16x8.h) and
 * then its operation's loops (kernels/<op>/reference/<op>.inc), which are the same for all modes. The header defines:
 *
 *   MODE, ACCUMULATOR    of the descriptor
 *   SOURCE, OUTPUT       elements of io->in and io->out
 *   WEIGHT               elements of the weights
 *   INPUT                elements as the loops read them: SOURCE, or what hybrid makes of it
 *   TERM, SUM            a factor of a product; what products are added up in
 *
 *   struct channel       the constants of an output channel; all bytes 0 where there is no such channel
 *   struct range         what the output is clamped to
 *
 *   channel_of(weights, index)     constants of output channel `index`
 *   range_of(problem)
 *   input_scratch(elements)        bytes of scratch for open_input() of so many elements
 *   open_input(problem, in, rows, columns, stride, scratch)
 *                                  makes a group of rows readable: rows that are quantized as one, if any are
 *   begin(channel)                 the sum before the first product
 *   term(x, zero)                  the factor that an input stands for: x, or x - zero where integers stand for reals
 *   add_product(sum, term, weight)
 *   finish(range, scale, channel, sum)  the output; `scale` is that of the input
 *
 * Positions outside of an image stand for real 0: their products are 0 in every mode, and the loops leave them out. */
#ifndef ASSAY_KERNELS_CORE_NUMERICS_NUMERICS_H
#define ASSAY_KERNELS_CORE_NUMERICS_NUMERICS_H

#include "kernels/core/reference.h"

/* A group of rows, `stride` elements apart. Its elements stand for the reals scale * (x - zero) if they are integers.
 */
struct input {
    const INPUT *rows;
    size_t stride;
    float scale;
    int32_t zero;
};

#endif
