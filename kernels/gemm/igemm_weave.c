/* Windows of few channels: the lines that an output line's windows read, woven into one. */
#include "kernels/gemm/igemm_layout.h"

/* Where tap `tap` of a window reads an output line's pixels; in the padding, a line of zeros. */
static const char *woven_source(const struct assay_igemm_staging *s, size_t line, size_t tap)
{
    const struct assay_conv_shape *conv = &s->problem->conv;
    const size_t y = line % conv->out_h * conv->stride_h + tap * conv->dilation_h;
    if (y < conv->pad_top || y - conv->pad_top >= conv->in_h)
        return s->scratch + s->layout->padding_row;
    const size_t from = line / conv->out_h * conv->in_h + y - conv->pad_top;
    return s->in + from * s->layout->line_pixels * s->layout->depth * s->layout->source_size;
}

void assay_igemm_weave_rows(const struct assay_igemm_staging *s, size_t first_row, size_t end_row)
{
    enum { AT_ONCE = 64 }; /* pointers */
    const struct assay_igemm_layout *l = s->layout;
    const char *lines[AT_ONCE];
    const size_t width = s->problem->conv.out_w, first = first_row / width, end = (end_row - 1) / width + 1;
    const size_t windows_at_once = AT_ONCE / l->weave_taps;
    struct assay_igemm_weave weave = {
        .lines = lines,
        .taps = l->weave_taps,
        .pixels = l->line_pixels,
        .depth = l->depth * l->in_size,
        .behind = l->line_pitch - l->line_pixels,
        .to_stride = l->line_pitch * l->staged_stride * l->in_size,
        .padding = s->scratch[l->padding_row],
    };
    for (size_t line = first; line < end; line += weave.windows) {
        weave.windows = assay_min(windows_at_once, end - line);
        weave.to = assay_igemm_staged_pixel(l, line - first, s->scratch + l->staged);
        for (size_t i = 0; i < weave.windows * weave.taps; i++)
            lines[i] = woven_source(s, line + i / weave.taps, i % weave.taps);
        s->igemm->weave(&weave);
    }
}
