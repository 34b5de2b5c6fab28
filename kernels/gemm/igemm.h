/* The dense driver: gemm and conv over one micro-kernel that reads its rows through pointers (indirection).
 *
 * A kernel file writes one function that computes a tile of mr rows (pixels) by nr columns (output channels), and
 * registers it with ASSAY_IGEMM_KERNEL, which makes two kernels of it: gemm_<signature> and conv_<signature>. All else
 * is here: packing, pointer tables, padding, dynamic quantization of hybrid, the order of tiles.
 *
 * Packed weights: for each panel of nr columns, for each tap (kernel_h * kernel_w; gemm has one), for each group of kr
 * inputs, nr times kr weights: [panel][tap][ceil(k / kr)][nr][kr], filled up with zeros. Where one call computes all
 * columns (`grain` of struct assay_igemm) the last panel is narrower. */
#ifndef ASSAY_KERNELS_GEMM_IGEMM_H
#define ASSAY_KERNELS_GEMM_IGEMM_H

#include "kernels/core/columns.h"
#include "kernels/core/kernel.h"

/* hybrid: inputs without gaps between them that a kernel with `strips` quantizes itself: those of all rows of a call,
 * of which it does a tile's beside the products of the one before; or, a part beside each tile, what the woven lines of
 * the next block are made of. */
struct assay_igemm_ahead {
    const float *from;
    int8_t *to;                        /* where the call's pointers find them, or weaving does */
    size_t count, done;                /* count: at least one for each row of the call */
    struct assay_row_quantization row; /* as they are quantized: without input_offset */
};

/* One call of a micro-kernel. */
struct assay_igemm_args {
    size_t rows; /* 1 … mr: rows of this tile; rows beyond are not stored. With `strips` any number, tile after tile */
    size_t cols; /* 1 … nr: columns to store; where one call computes all columns, the layer's */
    size_t taps; /* >= 1 */
    size_t k;    /* inputs a tap; may be 0. A row has exactly k elements: nothing beyond may be read */
    /* Row i of tap t is at a[t * mr + i], aligned to its element type only. All mr pointers of a tap are valid: those
     * from `rows` on repeat the last row, so a kernel may compute them and leave them unstored. A kernel of cheap
     * taps finds NULL at a[t * mr] where all rows of a tap lie in the padding. */
    const void *const *a;
    const void *w; /* this panel, aligned to ASSAY_PACK_ALIGN if nr * kr * element size is a multiple of it */
    /* A share of the weights that the calls after this panel's read: a line of the cache for each step. Of kernels that
     * fetch them; nothing there need be mapped. */
    const char *next_weights;
    void *c;         /* row 0, column 0 of the tile */
    size_t c_stride; /* bytes from one row of c to the next */

    /* Of this panel's columns, nr entries each, zeros where the layer has no more columns; NULL where the mode has
     * none. */
    const void *bias;                  /* f32, or int8: i32 - (in_zero + input_offset) * sum of weights; int16x8: i64 */
    const int32_t *multiplier, *shift; /* int8, int16x8; of kernels with rescale64 all three are that */
    bool bounded;                      /* int8: of all columns, as in kernels/core/columns.h */
    /* Of kernels with solved_rescale: how, and of each 16 columns by what; see kernels/core/columns.h */
    enum assay_rescale_way way;
    bool fits_int16; /* int8, with RESCALE24: as in kernels/core/columns.h */
    const union assay_rescale_lanes *solved;
    const float *scale;        /* hybrid */
    const int32_t *weight_sum; /* hybrid: sum of the column's weights over all taps */
    /* hybrid, of this tile's mr rows: `zero` has the kernel's input_offset added, so that
     * out = (sum(q' * w) - zero * weight_sum) * (row.scale * scale) + bias with q' = q + input_offset as the kernel
     * reads it */
    const struct assay_row_quantization *row;
    bool same_row; /* hybrid: all of them are equal */
    /* hybrid, of kernels that quantize a gemm's row (quantizes_row): room for the bytes of k inputs, and up to a
     * multiple of ASSAY_PACK_ALIGN; a[0] is the row in f32, and `row` is NULL. Else NULL. */
    void *room;
    struct assay_igemm_ahead *ahead; /* hybrid, of kernels that quantize ahead; NULL: nothing is to be quantized */

    bool clamp; /* float outputs: apply clamp_min and clamp_max; false: NaN and infinities pass */
    float clamp_min, clamp_max;
    int32_t out_zero, out_min, out_max; /* integer outputs */
};

typedef void assay_igemm_tile_fn(const struct assay_igemm_args *args);

/* `count` inputs of a row, as the micro-kernel reads them. */
typedef void assay_igemm_rewrite_fn(const void *from, size_t count, void *to);

enum { ASSAY_WEAVE_BYTES = 64, ASSAY_WEAVE_TAPS = 7 };

/* Windows' lines woven into one: pixel p of line t of window w goes to to + w * to_stride + (p * taps + t) * depth, so
 * that the inputs of a window that is taps lines high lie side by side. 2 to ASSAY_WEAVE_TAPS taps, of which a pixel
 * each takes ASSAY_WEAVE_BYTES or fewer. Behind them `behind` pixels more are written, whose bytes are `padding`, and
 * fewer than ASSAY_WEAVE_BYTES of what lies there, before the next window's lines are. No line is read behind its
 * pixels. */
struct assay_igemm_weave {
    const char *const *lines;            /* line t of window w at lines[w * taps + t] */
    size_t windows, taps, pixels, depth; /* depth: bytes of a pixel */
    size_t behind, to_stride;
    char *to;
    char padding;
};
typedef void assay_igemm_weave_fn(const struct assay_igemm_weave *weave);

/* What a micro-kernel takes, in cycles, fitted to measurements (docs/selection.md). A tile of r rows takes
 *   tile + r * store + steps * max(step, r * row),   steps = taps * ceil(k / kr)
 * step 0: not known, and then selection goes by rank. */
struct assay_igemm_cost {
    double row;   /* the multiply-adds of one row in one step */
    double step;  /* what a step takes however few its rows: loads of weights, latency of the sums */
    double store; /* of one row: rescaling, activation, storing */
    double tile;  /* of one call: entry, pointers, bias */
    double strip; /* of one strip, of kernels with `strips`: its last tile ends beside nothing */
    double own;   /* hybrid: of one row more, where it has a scale and zero of its own, as a gemm's */
    /* Columns by which a last panel can be narrower, and takes as much less but for `tile`; 0: it can't. */
    double cut;
};

/* A micro-kernel: the `detail` of its descriptors. */
struct assay_igemm {
    size_t mr, nr, kr;
    size_t (*scalable_nr)(void); /* in place of nr where vectors are scalable; else NULL */
    assay_igemm_tile_fn *tile;
    /* Not 0: one call of the tile function computes all columns, panel after panel, of which the last is packed as wide
     * as its columns need it, in multiples of `grain`. For few rows, where a call for each panel would count. */
    size_t grain;
    enum assay_pack_element element;
    /* Not NULL: inputs are rewritten by this function, each once a run, as the tile function reads them. fp16 with sums
     * in f32: widened to f32. int16x8: their bytes, rearranged. int8 whose weights are packed as int16: widened, too. A
     * gemm's row has room for a multiple of kr. */
    assay_igemm_rewrite_fn *rewrite;
    /* int8, hybrid, not NULL: windows of few channels are read from lines that this function weaves, where that saves
     * steps: 27 inputs of three lines are 7 steps, by lines 9. */
    assay_igemm_weave_fn *weave;
    /* Float modes: taps that lie in the padding are skipped (see `a` of the arguments), and a tap of few inputs takes
     * no longer than its multiplications, so that copying the input to merge taps would not pay. */
    bool cheap_taps;
    /* int8, hybrid: the tile function takes its inputs as q + input_offset (128: made unsigned, for x86's dot
     * products). */
    int32_t input_offset;
    /* Rows are shared out evenly: 49 by tiles of 6 as 4 of 6 and 5 of 5, in place of 8 of 6 and one of a single row,
     * which reads as many weights. Not for floats, of whose rows a part must be cut into the same tiles as the whole.
     */
    bool even_tiles;
    /* hybrid: one call of the tile function computes the tiles of a block, whose rows, pointers and rows of `c` follow
     * one another, where they share an image or are a gemm's; a single row that is left goes with the last full tile.
     */
    bool strips;
    /* hybrid, with strips: a tile of more than so many steps, beside which the one before ends, quantizes the next
     * one's inputs beside the others (`ahead` of the arguments); 0: inputs are quantized before they are multiplied. */
    size_t end_steps;
    bool fetches_weights; /* the tile function fetches next_weights of its arguments */
    bool rescale64; /* int16x8: the tile function takes bias, multiplier and shift as kernels/core/columns.h makes them
                     */
    /* int8, int16x8: the tile function knows all of enum assay_rescale_way of its mode; nr is a multiple of 16 */
    bool solved_rescale;
    bool without52; /* int8: but the products of 52 bits */
    /* hybrid: how a row is quantized; NULL: the portable functions. And many rows, each by itself; NULL: by those. */
    assay_row_range_fn *row_range;
    assay_row_quantize_fn *row_quantize;
    assay_quantize_rows_fn *quantize_rows;
    /* hybrid: the last two functions store q + input_offset, as bytes, and the tile function's rows have whole steps:
     * k is a multiple of kr, and what lies beyond the inputs is anything, of weight 0. */
    bool stages_as_read;
    /* hybrid, of tiles of one row: the tile function quantizes a gemm's row itself (see `room` of the arguments). */
    bool quantizes_row;
    const char *(*supports)(const struct assay_kernel *kernel, const struct assay_problem *problem);
    struct assay_igemm_cost cost;
};

/* The functions of the descriptors; `detail` is a struct assay_igemm. */
size_t assay_igemm_packed_size(const struct assay_kernel *kernel, const struct assay_problem *problem);
bool assay_igemm_pack(const struct assay_kernel *kernel, const struct assay_problem *problem,
                      const struct assay_weights *weights, void *packed);
size_t assay_igemm_scratch_size(const struct assay_kernel *kernel, const struct assay_problem *problem);
bool assay_igemm_prepare(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                         const struct assay_io *io, void *scratch);
void assay_igemm_run(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                     const struct assay_io *io, void *scratch);
void assay_igemm_fold_range(const struct assay_kernel *kernel, const float *x, size_t count, float *min, float *max);

/* Defines gemm_<signature> and conv_<signature>. columns: nr, or 0 with a scalable_nr function. The rest of the
 * arguments are further members of struct assay_igemm. Register with: assay_kernel(gemm_<signature> ALSO conv) */
#define ASSAY_IGEMM_KERNEL(signature, kernel_mode, kernel_accumulator, rows, columns, columns_fn, inputs, tile_fn,   \
                           ...)                                                                                      \
    static const struct assay_igemm signature##_igemm = {                                                            \
        .mr = (rows), .nr = (columns), .kr = (inputs), .scalable_nr = (columns_fn), .tile = (tile_fn), __VA_ARGS__}; \
    ASSAY_IGEMM_DESCRIPTOR(gemm_##signature, ASSAY_OP_GEMM, kernel_mode, kernel_accumulator, rows, columns,          \
                           columns_fn, inputs, signature##_igemm);                                                   \
    ASSAY_IGEMM_DESCRIPTOR(conv_##signature, ASSAY_OP_CONV, kernel_mode, kernel_accumulator, rows, columns,          \
                           columns_fn, inputs, signature##_igemm)

#define ASSAY_IGEMM_DESCRIPTOR(symbol, kernel_op, kernel_mode, kernel_accumulator, rows, columns, columns_fn, inputs, \
                               igemm)                                                                                 \
    const struct assay_kernel symbol = {                                                                              \
        .name = #symbol,                                                                                              \
        .origin = "assay",                                                                                            \
        .op = (kernel_op),                                                                                            \
        .mode = (kernel_mode),                                                                                        \
        .structure = ASSAY_DENSE,                                                                                     \
        .accumulator = (kernel_accumulator),                                                                          \
        .features = ASSAY_ISA_FEATURES,                                                                               \
        .rank = ASSAY_ISA_RANK,                                                                                       \
        .tile = {(rows), (columns), (inputs)},                                                                        \
        .tile_n = (columns_fn),                                                                                       \
        .detail = &(igemm),                                                                                           \
        .supports = assay_igemm_supports,                                                                             \
        .cost = assay_igemm_cost,                                                                                     \
        .packed_size = assay_igemm_packed_size,                                                                       \
        .pack = assay_igemm_pack,                                                                                     \
        .scratch_size = assay_igemm_scratch_size,                                                                     \
        .prepare = assay_igemm_prepare,                                                                               \
        .run = assay_igemm_run,                                                                                       \
        .fold_range = assay_igemm_fold_range,                                                                         \
    }

const char *assay_igemm_supports(const struct assay_kernel *kernel, const struct assay_problem *problem);
double assay_igemm_cost(const struct assay_kernel *kernel, const struct assay_problem *problem);

#endif
