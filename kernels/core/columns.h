/* What a packed layer holds beside its weights: an array each of bias, rescaling and weight sums, one entry an output
 * channel (column), filled up with zeros to a multiple of the kernel's tile. The drivers of all layer operations share
 * it. */
#ifndef ASSAY_KERNELS_CORE_COLUMNS_H
#define ASSAY_KERNELS_CORE_COLUMNS_H

#include "kernels/core/problem.h"
#include "kernels/core/rescale16.h"
#include "kernels/core/rescale24.h"
#include "kernels/core/rescale52.h"

/* Offsets in bytes into the packed block; an array that the mode has no use for has no bytes. */
struct assay_columns {
    size_t bias_size; /* bytes of one bias */
    size_t bias, multiplier, shift, scale, weight_sum;
    size_t bounded; /* int8: a bool, see assay_columns_pack */
    /* int8 and int16x8, of kernels that want it (else 0): a union assay_rescale_lanes for each 16 columns, and an
     * enum assay_rescale_way for all. */
    size_t solved, way;
    size_t fits_int16; /* a bool: with RESCALE24, the results of all columns are int16 before they are cut */
    bool without52;    /* int8: the kernel has no products of 52 bits */
    /* int16x8, of kernels that want it: bias, multiplier and shift are what assay_rescale64() makes of them, so that a
     * result is (sum * multiplier + bias) >> shift. */
    bool rescale64;
};

/* How all columns of a layer are rescaled. int8: by float multiply-adds (kernels/core/rescale24.h) where all sums are
 * small enough, else by products of 52 bits (kernels/core/rescale52.h); results below the
 * zero point are told apart (TWO) or not (ONE). int16x8: by products of 16 bits (kernels/core/rescale16.h). ANY: as the
 * definition says, since some column has none of these. */
enum assay_rescale_way {
    ASSAY_RESCALE_ANY,
    ASSAY_RESCALE16,
    ASSAY_RESCALE24_ONE,
    ASSAY_RESCALE24_TWO,
    ASSAY_RESCALE52_ONE,
    ASSAY_RESCALE52_TWO,
};

enum { ASSAY_RESCALE_LANES = 16 };
union assay_rescale_lanes {
    struct assay_rescale16_lanes by16;
    struct assay_rescale24_lanes by24;
    struct assay_rescale52_lanes by52;
};

/* Appends a block of `bytes` to a growing size, aligned for vectors, and returns its offset. */
size_t assay_append(size_t *size, size_t bytes);

/* Lays the arrays out for `padded` columns (a multiple of the tile) from *size on, and moves *size behind them. */
struct assay_columns assay_columns_layout(enum assay_mode mode, size_t padded, size_t *size);

/* int8, int16x8: room for a solved rescale as well; `padded` is a multiple of 16. */
void assay_columns_append_solved(struct assay_columns *columns, size_t padded, size_t *size);

/* Fills them for assay_problem_channels() columns; the padding must have been zeroed. Weight (column j, input i) is
 * element j * column_step + i * input_step of weights->values. int8: `input_offset` is what the kernel adds to its
 * inputs; it is folded into the bias together with the zero point: bias - (in_zero + input_offset) * sum of weights,
 * modulo 2^32. int16x8: likewise, modulo 2^64; a kernel with an offset takes layers of less than 2^24 inputs an output.
 *
 * int8: `bounded` becomes true if every column's shift is below 0 and no inputs can take its sum beyond 2^29 either
 * way: then a shorter rescale is as exact (kernels/core/x86_64/rescale.h). All but strange layers are. The shift of a
 * column whose multiplier is 0 means nothing, and is packed as -1; a column whose weights are all zero is packed as a
 * constant. Where there is room for a solved rescale, and all columns are solved, the bias has their `start` or `low`
 * added; of int16x8 the bias stays, and what sums begin at is with the rest. */
void assay_columns_pack(const struct assay_columns *columns, const struct assay_problem *problem,
                        const struct assay_weights *weights, size_t column_step, size_t input_step,
                        int32_t input_offset, void *packed);

/* How a weight stands in packed memory. */
enum assay_pack_element {
    ASSAY_PACK_SAME,      /* as in the model */
    ASSAY_PACK_I8_AS_I16, /* widened when packed */
    ASSAY_PACK_F16_AS_F32,
};

/* Bytes of a packed weight, and the conversion of one. */
size_t assay_pack_element_size(enum assay_pack_element element, enum assay_mode mode);
void assay_pack_element_copy(enum assay_pack_element element, enum assay_mode mode, const void *from, void *to);

#endif
