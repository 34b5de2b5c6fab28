/* The sparse driver: one micro-kernel that walks the stored blocks over a transposed tile of the input.
 *
 * mr rows of the input are copied to scratch as [k][mr], so that a weight meets mr inputs that lie side by side:
 * vectors run along the rows of the input, whatever the pattern of zeros. A kernel file writes two functions, one that
 * transposes a tile and one that computes all output channels of it, and registers them with ASSAY_SPMM_KERNEL. All
 * else is here: the index, packing, dynamic quantization of hybrid, the order of tiles.
 *
 * A kernel that reads each input of a tile once for each channel lives on the cache that holds the tile. It may ask for
 * panels: k is then taken in parts of which a tile fits the cache, and the sums of all channels wait in scratch from
 * one panel to the next.
 *
 * Where a lane holds several inputs (dot products of int8), they are one unit, and x is [ceil(k / unit)][mr]. Blocks
 * may be larger than the structure's, so as to be whole units, and block rows may be filled up with zero blocks, so as
 * to be walked several at a time.
 *
 * Packed: the columns (kernels/core/columns.h); the inputs of a panel; row_start[], the blocks of each block row as in
 * assay_bsr_index(), panel after panel; for each block where its first input is in the tile; for each block its
 * weights, [rows][columns of the block], with zeros beyond the edges of the matrix. */
#ifndef ASSAY_KERNELS_SPMM_SPTILE_H
#define ASSAY_KERNELS_SPMM_SPTILE_H

#include "kernels/core/columns.h"
#include "kernels/core/kernel.h"
#include "kernels/spmm/spmm.h"

/* A tile to transpose: `rows` rows (1 to mr) of k elements, in_stride bytes apart, to x, which is [k][mr] elements of
 * the kernel's input_size (with units: [k / unit, rounded up][mr], of which input_size is a unit's). Elements of x from
 * `rows` on are never stored by the driver and need not be written. Those of in are of the mode's input type, but int8
 * in hybrid; nothing beyond the k of a row may be read. k is that of one panel; a kernel with panels writes zeros from
 * there to the next multiple of its input_step. */
struct assay_sptile_rows {
    size_t rows, k, mr;
    const void *in;
    size_t in_stride;
    const struct assay_row_quantization *row; /* hybrid: mr entries; else NULL */
    void *x;
};
typedef void assay_sptile_transpose_fn(const struct assay_sptile_rows *args);

/* One call of a micro-kernel: all n output channels of a tile, of one panel's inputs. */
struct assay_sptile_args {
    size_t rows, n, mr;
    const void *x; /* [k rounded up to the block's columns][mr]; the added inputs are zeros */
    const uint32_t *row_start;
    /* A block's first input; its others follow, mr elements apart. In bytes from x, or the number of its unit. */
    const uint32_t *offset;
    const uint16_t *unit;
    const void *w; /* of the first block */
    void *sums; /* [n, padded][mr] of 4 bytes, which the micro-kernel keeps between panels; NULL: there is one panel */
    bool first, last; /* panel: the last one's call computes the output */
    void *c;          /* row 0, channel 0 */
    size_t c_stride;  /* bytes from one row of c to the next */

    /* One entry a channel, padded to whole block rows; as in struct assay_igemm_args (kernels/gemm/igemm.h). */
    const void *bias;
    const int32_t *multiplier, *shift;
    bool bounded; /* int8: of all columns, as in kernels/core/columns.h */
    /* int8, of kernels with solved_rescale: how, and of each 16 columns by what */
    enum assay_rescale_way way;
    const union assay_rescale_lanes *solved;
    const float *scale;
    const int32_t *weight_sum;
    const struct assay_row_quantization *row; /* hybrid, mr entries */

    bool clamp;
    float clamp_min, clamp_max;
    int32_t out_zero, out_min, out_max;
};
typedef void assay_sptile_fn(const struct assay_sptile_args *args);

/* Which cache a panel's tile is to fit. With panels blocks are found by the numbers of their units, else by bytes. */
enum assay_sptile_panel {
    ASSAY_SPTILE_WHOLE, /* no panels */
    ASSAY_SPTILE_L1,
    ASSAY_SPTILE_L2,
};

/* What a micro-kernel takes, in cycles, fitted to measurements (docs/selection.md). A tile of r rows takes, each
 * quotient rounded up,
 *   tile + r / sptile.row_step * k / unit * turn
 *        + calls * block rows * list + units of blocks * (calls * block + r / row_step * row),   calls = r / rows
 *        + r / store_rows * n * store
 * Left out is what dense kernels do as well and leave out too: hybrid's quantization of the input. row 0: not known,
 * and then selection goes by rank. */
struct assay_sptile_cost {
    size_t rows, row_step,
        store_rows;    /* rows that a block's weights are loaded for; that are computed, stored at once */
    double tile;       /* of a call: entry, edges */
    double turn;       /* of a unit of row_step inputs, from rows to lanes */
    double list;       /* of a block row: to begin and end its walk */
    double block, row; /* of a unit of a block: its index and weights; the multiply-adds of row_step rows */
    double store;      /* of a channel of store_rows rows: rescaling, activation, storing */
};

/* A micro-kernel: the `detail` of its descriptor. */
struct assay_sptile {
    size_t mr;
    size_t (*scalable_mr)(void); /* in place of mr where vectors are scalable; else NULL */
    size_t input_size;           /* bytes of an element of x */
    /* The rest may be 0, which stands for the usual. */
    size_t row_step;                  /* x of few rows has but these, rounded up to this; usually mr */
    bool lone_row;                    /* x of a single row has nothing but that */
    size_t unit;                      /* inputs in an element of x; usually 1 */
    size_t block_rows, block_columns; /* of the blocks that are kept; usually the structure's, else multiples of them */
    bool units_first;                 /* a block's weights are [unit][row][those of a unit], not [row][column] */
    size_t fill;                      /* blocks of a block row are filled up to a multiple of this; usually 1 */
    size_t input_step;  /* x has room for k rounded up to this; usually, and at least, a block's columns */
    size_t output_step; /* channels are padded to a multiple of this; usually, and at least, block_rows */
    enum assay_sptile_panel panel;
    size_t panel_blocks; /* panels are widened until a block row has as many blocks in one, on average */
    assay_sptile_transpose_fn *transpose;
    assay_sptile_fn *tile;
    enum assay_pack_element element;
    int32_t input_offset; /* int8, hybrid: the micro-kernel multiplies q + input_offset */
    /* int8: the micro-kernel knows the rescale by a float multiply-add; channels are padded to multiples of 16 */
    bool solved_rescale;
    assay_row_range_fn *row_range; /* hybrid: NULL: the portable functions */
    assay_row_quantize_fn *row_quantize;
    assay_quantize_rows_fn *quantize_rows; /* hybrid: many rows, each by itself; NULL: by those two, as rows that share
                                            * a range are always */
    struct assay_sptile_cost cost;
};

/* The functions of the descriptor; `detail` is a struct assay_sptile. */
size_t assay_sptile_packed_size(const struct assay_kernel *kernel, const struct assay_problem *problem);
bool assay_sptile_pack(const struct assay_kernel *kernel, const struct assay_problem *problem,
                       const struct assay_weights *weights, void *packed);
size_t assay_sptile_scratch_size(const struct assay_kernel *kernel, const struct assay_problem *problem);
double assay_sptile_cost(const struct assay_kernel *kernel, const struct assay_problem *problem);
void assay_sptile_run(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                      const struct assay_io *io, void *scratch);
void assay_sptile_fold_range(const struct assay_kernel *kernel, const float *x, size_t count, float *min, float *max);

/* Defines spmm_<signature>. rows: mr, or 0 with a scalable_mr function; outputs, inputs: those of a step, for the tile.
 * The rest of the arguments are further members of struct assay_sptile. Register with: assay_kernel(spmm_<signature>).
 * The signature may itself be a macro: it is expanded before it is pasted. */
#define ASSAY_SPMM_KERNEL(signature, ...) ASSAY_SPMM_KERNEL_(signature, __VA_ARGS__)
#define ASSAY_SPMM_KERNEL_(signature, kernel_mode, kernel_structure, kernel_accumulator, rows, rows_fn, outputs, \
                           inputs, tile_fn, ...)                                                                 \
    static const struct assay_sptile signature##_sptile = {                                                      \
        .mr = (rows), .scalable_mr = (rows_fn), .tile = (tile_fn), __VA_ARGS__};                                 \
    const struct assay_kernel spmm_##signature = {                                                               \
        .name = "spmm_" #signature,                                                                              \
        .origin = "assay",                                                                                       \
        .op = ASSAY_OP_SPMM,                                                                                     \
        .mode = (kernel_mode),                                                                                   \
        .structure = (kernel_structure),                                                                         \
        .accumulator = (kernel_accumulator),                                                                     \
        .features = ASSAY_ISA_FEATURES,                                                                          \
        .rank = ASSAY_ISA_RANK,                                                                                  \
        .tile = {(rows), (outputs), (inputs)},                                                                   \
        .tile_m = (rows_fn),                                                                                     \
        .detail = &signature##_sptile,                                                                           \
        .cost = assay_sptile_cost,                                                                               \
        .packed_size = assay_sptile_packed_size,                                                                 \
        .pack = assay_sptile_pack,                                                                               \
        .scratch_size = assay_sptile_scratch_size,                                                               \
        .run = assay_sptile_run,                                                                                 \
        .fold_range = assay_sptile_fold_range,                                                                   \
    }

#endif
