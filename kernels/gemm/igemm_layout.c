#include "kernels/gemm/igemm_layout.h"
#include "kernels/core/caches.h"
#include "kernels/core/window.h"

enum {
    /* Ways of the first-level cache: addresses l1d / WAYS apart share a set. */
    WAYS = 8,
    /* Taps of fewer steps than this spend more time between taps than in them. */
    MERGE_STEPS = 8,
};

static void lay_out_packed(struct assay_igemm_layout *l, const struct assay_igemm *igemm,
                           const struct assay_problem *problem)
{
    size_t size = 0;
    l->columns = assay_columns_layout(problem->mode, l->panels * l->nr, &size);
    l->columns.rescale64 = igemm->rescale64;
    l->columns.without52 = igemm->without52;
    if (igemm->solved_rescale)
        assay_columns_append_solved(&l->columns, l->panels * l->nr, &size);
    const size_t column_bytes = l->taps * assay_round_up(l->k, l->kr) * l->weight_size;
    l->panel_bytes = column_bytes * l->nr;
    l->panel0 = assay_append(&size, l->panels * l->panel_bytes - column_bytes * (l->nr - l->last_nr));
    l->packed_bytes = size;
}

static void lay_out_scratch(struct assay_igemm_layout *l, const struct assay_problem *problem)
{
    const bool hybrid = problem->mode == ASSAY_MODE_HYBRID, conv = problem->op == ASSAY_OP_CONV;
    const size_t images = conv ? problem->conv.batch : 0;
    const size_t lines = l->by_rows ? l->block * l->tile_rows : l->lines * l->line_pitch;
    const size_t staged = l->stage == ASSAY_IGEMM_IN_PLACE ? 0 : lines * l->staged_stride;
    const size_t room = l->quantizes_row ? assay_round_up(l->k, ASSAY_PACK_ALIGN) : 0;
    const size_t slack = (l->read_k - l->k) * l->in_size; /* of the last row */
    /* Weaving writes a line up to the next one's first pixel, and a vector may end behind that. */
    const size_t behind = l->weave_taps > 0 ? l->line_left * l->staged_stride + ASSAY_WEAVE_BYTES : 0;
    const size_t params = conv ? (images + 1) * l->mr : lines + l->mr;
    size_t size = 0;
    assay_append(&size, sizeof(struct assay_igemm_plan));
    l->pointers = assay_append(&size, l->tiles * l->taps * l->mr * sizeof(void *));
    l->padding_inputs = l->weave_taps > 0 ? l->line_pixels * l->depth : hybrid ? l->k : l->read_k;
    const size_t paddings = hybrid ? images : images > 0;
    l->padding_row = assay_append(&size, paddings * l->padding_inputs * l->in_size + slack);
    l->quantized = assay_append(&size, l->quantized_lines * l->line_pixels * l->depth);
    l->staged = assay_append(&size, staged * l->in_size + slack + room + behind);
    l->row_params = assay_append(&size, hybrid ? params * sizeof(struct assay_row_quantization) : 0);
    l->scratch_bytes = size;
}

/* Rows side by side whose distance is a multiple of a way's size all want the same set of the first-level cache. */
static bool rows_collide(const struct assay_igemm_layout *l, const struct assay_problem *problem)
{
    const size_t step = problem->op == ASSAY_OP_CONV ? problem->conv.stride_w : 1;
    return l->k > 0 && step * l->in_stride * l->in_size % (assay_caches()->l1d / WAYS) == 0 && l->mr > WAYS &&
           l->panels >= 4 && l->rows >= l->mr;
}

/* Of few input channels a tap is a step or two. With the inputs of a window's row side by side the row is one tap. */
static bool merges(const struct assay_igemm_layout *l, const struct assay_igemm *igemm,
                   const struct assay_problem *problem)
{
    if (igemm->cheap_taps && l->stage == ASSAY_IGEMM_IN_PLACE)
        return false;
    return problem->op == ASSAY_OP_CONV && problem->conv.kernel_w > 1 && problem->conv.dilation_w == 1 && l->k > 0 &&
           l->k < MERGE_STEPS * l->kr;
}

static void merge_taps(struct assay_igemm_layout *l, const struct assay_window *window)
{
    const size_t reach = window->out_w > 0 ? (window->out_w - 1) * window->stride_w + window->kernel_w : 0;
    l->merged = true;
    l->line_left = window->pad_left;
    l->line_pitch = window->in_w + window->pad_left;
    l->line_pitch = l->line_pitch < reach ? reach : l->line_pitch;
    l->taps = window->kernel_h;
    l->k *= window->kernel_w;
}

/* Where all inputs of a window together take fewer steps than those of its lines. Of quantized images only of one, as
 * each has real zeros of its own. */
static bool weaves(const struct assay_igemm_layout *l, const struct assay_igemm *igemm,
                   const struct assay_window *window)
{
    return igemm->weave && l->rows > 0 && l->merged &&
           (l->stage == ASSAY_IGEMM_COPIED || (l->stage == ASSAY_IGEMM_QUANTIZED && window->batch == 1)) &&
           l->in_stride == l->depth && l->taps <= ASSAY_WEAVE_TAPS && l->taps * l->depth <= ASSAY_WEAVE_BYTES &&
           assay_round_up(l->taps * l->k, l->kr) < l->taps * assay_round_up(l->k, l->kr);
}

static void weave_taps(struct assay_igemm_layout *l, const struct assay_window *window)
{
    l->lines = window->batch * window->out_h;
    l->weave_taps = l->taps;
    l->staged_stride = l->taps * l->depth;
    l->k *= l->taps;
    l->taps = 1;
}

static void lay_out_input(struct assay_igemm_layout *l, const struct assay_igemm *igemm,
                          const struct assay_problem *problem)
{
    const bool conv = problem->op == ASSAY_OP_CONV;
    l->lines = conv ? problem->conv.batch * problem->conv.in_h : l->rows;
    l->line_pixels = conv ? problem->conv.in_w : 1;
    l->line_pitch = l->line_pixels;
    l->depth = l->k;
    l->staged_stride = l->k;
    if (problem->mode == ASSAY_MODE_HYBRID && !l->quantizes_row) {
        l->stage = ASSAY_IGEMM_QUANTIZED;
    } else if (igemm->rewrite) {
        l->stage = ASSAY_IGEMM_REWRITTEN;
        if (!conv) /* pixels lie side by side, as merged taps want them */
            l->staged_stride = assay_round_up(l->k, l->kr);
    }
    if (merges(l, igemm, problem)) {
        const struct assay_window window = assay_window_of(problem);
        merge_taps(l, &window);
    } else if (l->stage != ASSAY_IGEMM_QUANTIZED && rows_collide(l, problem)) {
        l->staged_stride += ASSAY_PACK_ALIGN / l->in_size;
    } else {
        return;
    }
    if (l->stage == ASSAY_IGEMM_IN_PLACE)
        l->stage = ASSAY_IGEMM_COPIED;
    if (weaves(l, igemm, &problem->conv.window))
        weave_taps(l, &problem->conv.window);
}

/* Tiles that panels pass over: as many as read no more input than a quarter of the second-level cache, in blocks of
 * about the same size; where one or two panels pass, less matters than that a copy is still in the first-level cache,
 * unless it is made a tile ahead. hybrid reads and writes four times the bytes of the copy: where the panels themselves
 * do not mind how often they pass, a block's input and output stay in the cache as well. Else every panel writes a part
 * of each line of the output while the next part is fetched, and thrown out before its turn. */
static size_t tiles_of_block(const struct assay_igemm_layout *l)
{
    const bool copied = l->stage != ASSAY_IGEMM_IN_PLACE;
    const size_t l1d = assay_caches()->l1d, l2 = assay_caches()->l2;
    const size_t weights = l->panels * l->taps * l->k * l->nr * l->weight_size;
    size_t bytes = l->lines * l->line_pixels * (l->weave_taps > 0 ? l->staged_stride : l->depth) * l->in_size;
    size_t target = l2 / 4;
    if (copied && l->panels <= 2 && !(l->ahead && l->by_rows)) {
        target = l1d / 2;
    } else if (l->stage == ASSAY_IGEMM_QUANTIZED && weights <= l2 / 4) {
        bytes = bytes * (1 + sizeof(float)) + l->rows * l->cols * l->out_size;
        target = l2 / 2;
    }
    const size_t blocks = 1 + bytes / target;
    return assay_round_up(l->tiles, blocks) / blocks;
}

/* Rows of a gemm, and pixels that are rows of a convolution of one tap, are copied a block at a time, to one place; but
 * quantized ones of several images, of which each has its own range, as lines. */
static bool copies_by_rows(const struct assay_igemm_layout *l, const struct assay_problem *problem)
{
    if (l->stage == ASSAY_IGEMM_IN_PLACE ||
        (l->stage == ASSAY_IGEMM_QUANTIZED && problem->op == ASSAY_OP_CONV && problem->conv.batch != 1))
        return false;
    return problem->op == ASSAY_OP_GEMM ||
           (l->taps == 1 && !l->merged && problem->conv.pad_top == 0 && problem->conv.pad_left == 0 &&
            (problem->conv.out_h - 1) * problem->conv.stride_h < problem->conv.in_h &&
            (problem->conv.out_w - 1) * problem->conv.stride_w < problem->conv.in_w);
}

/* One image whose rows are its pixels, without gaps between them, or windows of woven lines. */
static bool quantizes_ahead(const struct assay_igemm_layout *l, const struct assay_igemm *igemm,
                            const struct assay_problem *problem)
{
    const struct assay_conv_shape *conv = &problem->conv;
    const bool pixels = l->by_rows && conv->out_h == conv->in_h && conv->out_w == conv->in_w && conv->stride_h == 1 &&
                        conv->stride_w == 1 && l->in_stride == l->depth && l->staged_stride == l->depth;
    return igemm->end_steps > 0 && problem->op == ASSAY_OP_CONV && conv->batch == 1 && (pixels || l->weave_taps > 0) &&
           l->read_k / l->kr > igemm->end_steps;
}

/* About as many tiles as `block`, which end with a line of the output where that can be had. */
static size_t tiles_of_lines(size_t block, size_t tile_rows, size_t width)
{
    for (size_t tiles = 1; tiles <= block; tiles++)
        if (tiles * tile_rows % width == 0)
            return (block + tiles / 2) / tiles * tiles;
    return block;
}

/* The copy is woven a block of tiles at a time; a line that two blocks share is woven twice. */
static void weave_blocks(struct assay_igemm_layout *l, const struct assay_window *window)
{
    const size_t width = window->out_w;
    l->block = tiles_of_lines(l->block, l->tile_rows, width);
    /* Of a block that begins with the last row of one, as where tiles are uneven. */
    l->lines = assay_min(l->lines, (l->block * l->tile_rows + width - 2) / width + 1);
    if (l->stage == ASSAY_IGEMM_QUANTIZED) {
        const size_t reach = (window->kernel_h - 1) * window->dilation_h + 1;
        l->quantized_lines = assay_min(window->in_h, (l->lines - 1) * window->stride_h + reach);
    }
}

/* Where padding is skipped, a tile that lies in one row of the output has more of it to skip. By the width alone: a
 * part of the rows of a layer must be cut into the same tiles as the whole, for the last one sums in another order. */
static size_t rows_of_tile(const struct assay_igemm *igemm, const struct assay_problem *problem)
{
    if (!igemm->cheap_taps || problem->op != ASSAY_OP_CONV || problem->conv.kernel_h == 1 ||
        problem->conv.out_w > 2 * igemm->mr)
        return igemm->mr;
    size_t rows = igemm->mr;
    while (2 * rows > igemm->mr && problem->conv.out_w % rows != 0)
        rows--;
    return 2 * rows > igemm->mr ? rows : igemm->mr;
}

static bool quantizes_row(const struct assay_igemm *igemm, const struct assay_problem *problem)
{
    return igemm->quantizes_row && problem->op == ASSAY_OP_GEMM;
}

/* Bytes of an input as the micro-kernel reads it. */
static size_t size_as_read(const struct assay_igemm *igemm, const struct assay_problem *problem, enum assay_type type)
{
    if (problem->mode == ASSAY_MODE_HYBRID)
        return quantizes_row(igemm, problem) ? sizeof(float) : sizeof(int8_t);
    if (igemm->rewrite && type == ASSAY_F16)
        return sizeof(float);
    return igemm->rewrite && type == ASSAY_I8 ? sizeof(int16_t) : assay_type_size(type);
}

/* As many tiles as rows ask for; full_tiles: see struct assay_igemm. */
static void share_out_rows(struct assay_igemm_layout *l, const struct assay_igemm *igemm)
{
    l->tiles = assay_round_up(l->rows, l->tile_rows) / l->tile_rows;
    l->full_tiles = l->tiles;
    if (igemm->even_tiles && l->tiles > 0) {
        l->tile_rows = assay_round_up(l->rows, l->tiles) / l->tiles;
        l->full_tiles = l->rows - l->tiles * (l->tile_rows - 1);
    }
}

/* A copy has room behind each row, and weights beyond the inputs are zeros: which takes integers out of the sums, but
 * not what a float may be. */
static bool reads_whole_steps(const struct assay_igemm_layout *l, const struct assay_igemm *igemm,
                              const struct assay_problem *problem)
{
    if (l->stage == ASSAY_IGEMM_QUANTIZED)
        return igemm->stages_as_read;
    return l->stage == ASSAY_IGEMM_COPIED && assay_mode_is_integer(problem->mode);
}

struct assay_igemm_layout assay_igemm_layout(const struct assay_igemm *igemm, const struct assay_problem *problem)
{
    const struct assay_rows in = assay_problem_in_rows(problem), out = assay_problem_out_rows(problem);
    const bool conv = problem->op == ASSAY_OP_CONV;
    struct assay_igemm_layout l = {
        .rows = out.rows,
        .cols = out.columns,
        .taps = conv ? problem->conv.kernel_h * problem->conv.kernel_w : 1,
        .k = in.columns,
        .mr = igemm->mr,
        .nr = igemm->scalable_nr ? igemm->scalable_nr() : igemm->nr,
        .kr = igemm->kr,
        .tile_rows = rows_of_tile(igemm, problem),
        .in_size = size_as_read(igemm, problem, in.type),
        .source_size = assay_type_size(in.type),
        .out_size = assay_type_size(out.type),
        .quantizes_row = quantizes_row(igemm, problem),
        .in_stride = in.stride,
        .out_stride = out.stride,
        .weight_size = assay_pack_element_size(igemm->element, problem->mode),
    };
    share_out_rows(&l, igemm);
    l.panels = assay_round_up(l.cols, l.nr) / l.nr;
    l.call_cols = igemm->grain > 0 ? l.cols : l.nr;
    l.calls = l.cols == 0 ? 0 : assay_round_up(l.cols, l.call_cols) / l.call_cols;
    l.last_nr = igemm->grain > 0 && l.cols > 0 ? assay_round_up((l.cols - 1) % l.nr + 1, igemm->grain) : l.nr;
    lay_out_input(&l, igemm, problem);
    l.read_k = reads_whole_steps(&l, igemm, problem) ? assay_round_up(l.k, l.kr) : l.k;
    l.by_rows = copies_by_rows(&l, problem);
    l.ahead = quantizes_ahead(&l, igemm, problem);
    l.block = tiles_of_block(&l);
    if (l.weave_taps > 0)
        weave_blocks(&l, &problem->conv.window);
    lay_out_packed(&l, igemm, problem);
    lay_out_scratch(&l, problem);
    return l;
}
