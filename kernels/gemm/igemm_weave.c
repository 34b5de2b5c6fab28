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

/* Where the taps of an output line's windows read their pixels, in a block whose first line of the image is `first`: of
 * the padding, a line of zeros. */
static void find_taps(const struct assay_igemm_staging *s, size_t first, size_t line, const char **taps)
{
    const struct assay_igemm_layout *l = s->layout;
    const struct assay_conv_shape *conv = &s->problem->conv;
    const size_t image = line / conv->out_h * conv->in_h, top = line % conv->out_h * conv->stride_h;
    const bool quantized = l->stage == ASSAY_IGEMM_QUANTIZED;
    const char *const lines = quantized ? s->scratch + l->quantized : s->in;
    const size_t line_bytes = line_inputs(l) * l->in_size, start = quantized ? first : 0;
    for (size_t t = 0; t < l->weave_taps; t++) {
        const size_t y = top + t * conv->dilation_h;
        taps[t] = y < conv->pad_top || y - conv->pad_top >= conv->in_h
                      ? s->scratch + l->padding_row
                      : lines + (image + y - conv->pad_top - start) * line_bytes;
    }
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
        for (size_t i = 0; i < weave.windows; i++)
            find_taps(s, first, line + i, lines + i * weave.taps);
        s->igemm->weave(&weave);
    }
}
