/* Windows of few channels: the lines that an output line's windows read, woven into one. */
#include "kernels/gemm/igemm_layout.h"

#include <string.h>

static size_t line_inputs(const struct assay_igemm_layout *l)
{
    return l->line_pixels * l->depth;
}

/* Output lines that the rows before `tile` begin, and those that they end. */
static size_t lines_begun(const struct assay_igemm_staging *s, size_t tile)
{
    const size_t width = s->problem->conv.out_w;
    return assay_round_up(assay_igemm_first_row(s->layout, tile), width) / width;
}

static size_t lines_ended(const struct assay_igemm_staging *s, size_t tile)
{
    return assay_igemm_first_row(s->layout, tile) / s->problem->conv.out_w;
}

/* The first line of the image that the block at `tile` reads. */
static size_t first_line(const struct assay_igemm_staging *s, size_t tile)
{
    return assay_igemm_lines_above(&s->problem->conv, lines_ended(s, tile) * s->problem->conv.stride_h);
}

struct assay_igemm_ahead assay_igemm_lines_ahead(const struct assay_igemm_staging *s, size_t tile)
{
    const struct assay_igemm_layout *l = s->layout;
    const struct assay_conv_shape *conv = &s->problem->conv;
    char *const lines = s->scratch + l->quantized;
    const size_t first = first_line(s, tile), read = assay_igemm_lines_below(conv, lines_begun(s, tile));
    const size_t kept = read > first ? read - first : 0;
    const size_t end = assay_igemm_lines_below(conv, lines_begun(s, assay_min(l->tiles, tile + l->block)));
    if (kept > 0)
        memmove(lines, lines + (first - first_line(s, tile - l->block)) * line_inputs(l), kept * line_inputs(l));
    return assay_igemm_pixels_ahead(s, (first + kept) * l->line_pixels, end * l->line_pixels,
                                    l->quantized + kept * line_inputs(l));
}

/* Where tap `tap` of a window reads an output line's pixels, of a block whose first line of the image is `first`; in
 * the padding, a line of zeros. */
static const char *woven_source(const struct assay_igemm_staging *s, size_t first, size_t line, size_t tap)
{
    const struct assay_igemm_layout *l = s->layout;
    const struct assay_conv_shape *conv = &s->problem->conv;
    const size_t y = line % conv->out_h * conv->stride_h + tap * conv->dilation_h;
    if (y < conv->pad_top || y - conv->pad_top >= conv->in_h)
        return s->scratch + l->padding_row;
    const size_t from = line / conv->out_h * conv->in_h + y - conv->pad_top;
    if (l->stage == ASSAY_IGEMM_QUANTIZED)
        return s->scratch + l->quantized + (from - first) * line_inputs(l);
    return s->in + from * line_inputs(l) * l->source_size;
}

void assay_igemm_weave_block(const struct assay_igemm_staging *s, size_t tile)
{
    enum { AT_ONCE = 64 }; /* pointers */
    const struct assay_igemm_layout *l = s->layout;
    const char *lines[AT_ONCE];
    const size_t begin = lines_ended(s, tile), end = lines_begun(s, assay_min(l->tiles, tile + l->block));
    const size_t windows_at_once = AT_ONCE / l->weave_taps, first = first_line(s, tile);
    struct assay_igemm_weave weave = {
        .lines = lines,
        .taps = l->weave_taps,
        .pixels = l->line_pixels,
        .depth = l->depth * l->in_size,
        .behind = l->line_pitch - l->line_pixels,
        .to_stride = l->line_pitch * l->staged_stride * l->in_size,
        .padding = s->scratch[l->padding_row],
    };
    if (l->stage == ASSAY_IGEMM_QUANTIZED && (!l->ahead || tile == 0)) {
        const struct assay_igemm_ahead block = assay_igemm_lines_ahead(s, tile);
        assay_igemm_stage_ahead(s, &block);
    }
    for (size_t line = begin; line < end; line += weave.windows) {
        weave.windows = assay_min(windows_at_once, end - line);
        weave.to = assay_igemm_staged_pixel(l, line - begin, s->scratch + l->staged);
        for (size_t i = 0; i < weave.windows * weave.taps; i++)
            lines[i] = woven_source(s, first, line + i / weave.taps, i % weave.taps);
        s->igemm->weave(&weave);
    }
}
