/* How the dense driver lays out its two blocks of memory: sizes and offsets, worked out from kernel and problem alone.
 */
#ifndef ASSAY_KERNELS_GEMM_IGEMM_LAYOUT_H
#define ASSAY_KERNELS_GEMM_IGEMM_LAYOUT_H

#include "kernels/gemm/igemm.h"

/* Where the micro-kernel reads its input. */
enum assay_igemm_stage {
    ASSAY_IGEMM_IN_PLACE,
    /* From a copy: the taps of a window's row are merged, or rows in place would share too few sets of a cache. */
    ASSAY_IGEMM_COPIED,
    ASSAY_IGEMM_REWRITTEN, /* from what `rewrite` of struct assay_igemm made */
    ASSAY_IGEMM_QUANTIZED, /* hybrid: from a copy in int8 */
};

/* A gemm is a convolution with one tap, whose pixels are its rows. */
struct assay_igemm_layout {
    /* taps, k: as the micro-kernel sees them. Where the taps of a window's row are merged, a tap is such a row, and k
     * its kernel_w * in_c inputs, which lie side by side in the staged copy. */
    size_t rows, cols, taps, k;
    /* k as the micro-kernel reads it: integers in whole steps from a copy, which goes on behind each row; the weights
     * there are zeros. */
    size_t read_k;
    size_t mr, nr, kr;
    size_t tile_rows;         /* rows that a tile computes: mr or less */
    size_t tiles, panels;     /* rows / tile_rows and cols / nr, rounded up */
    size_t full_tiles;        /* so many tiles, the first ones, have tile_rows rows; the others one row less */
    size_t call_cols, calls;  /* columns that a call of the tile function computes, and cols / call_cols, rounded up */
    size_t block;             /* tiles that panels of weights pass over one after the other */
    size_t in_size, out_size; /* bytes of an element, in_size as the micro-kernel reads it */
    size_t source_size;       /* of the input as it comes */
    size_t in_stride, out_stride; /* elements from one row, or pixel, to the next */

    /* The input: `lines` of so many pixels of `depth` elements each: rows of the images, or a gemm's rows. In the copy
     * a pixel is staged_stride elements from the next, and a line begins line_pitch pixels after the one before, of
     * which line_left are border. */
    enum assay_igemm_stage stage;
    bool merged;
    /* The lines of an output line's windows are woven into one (struct assay_igemm_weave), and `lines` are such lines,
     * of one block: all of a window is one tap, a pixel of the copy weave_taps pixels. Else weave_taps is 0.
     * QUANTIZED: those that a block reads, quantized_lines at most, are quantized before. */
    size_t weave_taps, quantized_lines;
    bool by_rows;       /* the copy holds the rows of one block of tiles, and no lines */
    bool quantizes_row; /* hybrid: IN_PLACE, the copy is room for one row that the tile function quantizes */
    /* by_rows, QUANTIZED: a tile's rows are quantized while the one before is computed; woven: the lines that a block
     * reads, while the block before is */
    bool ahead;
    size_t lines, line_pixels, depth;
    size_t staged_stride, line_pitch, line_left;

    /* Packed weights: offsets in bytes. */
    struct assay_columns columns;
    size_t panel0, panel_bytes, weight_size, packed_bytes;
    size_t last_nr; /* columns of the last panel as packed; of the others nr */

    /* Scratch: offsets in bytes, after the struct assay_igemm_plan. */
    size_t pointers; /* [tiles][taps][mr] */
    /* conv: so many inputs of real zero, a row or, woven, a line of the image; hybrid: so many of each image */
    size_t padding_row, padding_inputs;
    size_t quantized;  /* woven, QUANTIZED: the lines that a block reads */
    size_t staged;     /* the copy */
    size_t row_params; /* hybrid: struct assay_row_quantization: a gemm's for the rows of a block and mr more, else mr
                        * of each image, and of one tile more */
    size_t scratch_bytes;
};

struct assay_igemm_layout assay_igemm_layout(const struct assay_igemm *igemm, const struct assay_problem *problem);

/* The first row of a tile; of tile number `tiles`, the end of all rows. */
static inline size_t assay_igemm_first_row(const struct assay_igemm_layout *l, size_t tile)
{
    const size_t row = tile * l->tile_rows - (tile > l->full_tiles ? tile - l->full_tiles : 0);
    return row < l->rows ? row : l->rows;
}

/* Where line `line` of a copy by lines has its first pixel behind the border. */
static inline char *assay_igemm_staged_pixel(const struct assay_igemm_layout *l, size_t line, char *staged)
{
    return staged + (line * l->line_pitch + l->line_left) * l->staged_stride * l->in_size;
}

/* Lines of the image above line `y` of what the padding makes of it. */
static inline size_t assay_igemm_lines_above(const struct assay_conv_shape *conv, size_t y)
{
    return y < conv->pad_top ? 0 : assay_min(y - conv->pad_top, conv->in_h);
}

/* Lines of the image that the output's first `lines` read, all before them included. */
static inline size_t assay_igemm_lines_below(const struct assay_conv_shape *conv, size_t lines)
{
    const size_t reach = (conv->kernel_h - 1) * conv->dilation_h + 1;
    return lines > 0 ? assay_igemm_lines_above(conv, (lines - 1) * conv->stride_h + reach) : 0;
}

/* What prepare works out once, at the beginning of scratch. */
struct assay_igemm_plan {
    struct assay_igemm_layout layout;
    struct assay_igemm_args args; /* what all tiles share */
    /* One call of the tile function computes all, and args are complete: of a small layer, working them out in every
     * run would take as long as the call. Not of a quantized convolution, whose images have parameters of their own. */
    bool is_one_call;
};

/* Staging of the input (igemm_stage.c). */
struct assay_igemm_staging {
    const struct assay_igemm *igemm;
    const struct assay_igemm_layout *layout;
    const struct assay_problem *problem;
    const char *in;
    char *scratch;
    const struct assay_row_quantization *images; /* QUANTIZED: group_parameters of struct assay_io */
};

/* `count` inputs of real zero, which is `value`, as the micro-kernel reads them. */
void assay_igemm_fill(const struct assay_igemm_layout *l, int value, size_t count, char *to);
/* Borders, once: real zeros on either side of lines `first` to `end`. */
void assay_igemm_stage_borders(const struct assay_igemm_layout *l, int value, size_t first, size_t end, char *staged);
/* Lines `first` to `end`, or rows of the output, which come to the beginning of the copy. */
void assay_igemm_stage_lines(const struct assay_igemm_staging *s, size_t first, size_t end);
void assay_igemm_stage_rows(const struct assay_igemm_staging *s, size_t first, size_t end);
/* Pixels `first` to `end` of the image, QUANTIZED, without gaps between them, to be quantized to `to` bytes behind the
 * beginning of scratch; and that at once. */
struct assay_igemm_ahead assay_igemm_pixels_ahead(const struct assay_igemm_staging *s, size_t first, size_t end,
                                                  size_t to);
void assay_igemm_stage_ahead(const struct assay_igemm_staging *s, const struct assay_igemm_ahead *ahead);
/* Lines that the first `rows` output rows read, all before them included. */
size_t assay_igemm_lines_read(const struct assay_igemm_layout *l, const struct assay_problem *problem, size_t rows);
/* QUANTIZED, of a convolution: finds the range of each image that is not given, which what is padding depends on. */
void assay_igemm_stage_images(const struct assay_igemm_staging *s);

/* Woven lines (igemm_weave.c), block after block. */

/* QUANTIZED: the lines that the block at `tile` reads, and those before it, which are woven, did not. */
struct assay_igemm_ahead assay_igemm_lines_ahead(const struct assay_igemm_staging *s, size_t tile);
/* All lines that it reads, woven, which come to the beginning of the copy. Where a layout has `ahead` those of the
 * first block alone are quantized here. */
void assay_igemm_weave_block(const struct assay_igemm_staging *s, size_t tile);

#endif
