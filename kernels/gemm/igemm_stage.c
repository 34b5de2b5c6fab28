/* The input as the micro-kernel reads it, where that is not as it lies in memory. */
#include "kernels/gemm/igemm_layout.h"

#include <string.h>

void assay_igemm_fill(const struct assay_igemm_layout *l, int value, size_t count, char *to)
{
    if (value == 0 || l->in_size == 1) { /* floats are zeros alone */
        memset(to, value, count * l->in_size);
        return;
    }
    const int16_t wide = (int16_t)value;
    for (size_t i = 0; i < count; i++)
        memcpy(to + i * sizeof(wide), &wide, sizeof(wide));
}

void assay_igemm_stage_borders(const struct assay_igemm_layout *l, int value, size_t first, size_t end, char *staged)
{
    const size_t right = l->line_pitch - l->line_left - l->line_pixels;
    for (size_t line = first; line < end; line++) {
        char *start = assay_igemm_staged_pixel(l, line, staged);
        assay_igemm_fill(l, value, l->line_left * l->staged_stride,
                         start - l->line_left * l->staged_stride * l->in_size);
        assay_igemm_fill(l, value, right * l->staged_stride, start + l->line_pixels * l->staged_stride * l->in_size);
    }
}

static struct assay_row_quantization *row_params(const struct assay_igemm_staging *s)
{
    return (struct assay_row_quantization *)(void *)(s->scratch + s->layout->row_params);
}

/* As the tile function gets it, whose zero has the offset added, and as rows are quantized by it. */
static struct assay_row_quantization image_quantization(const struct assay_igemm_staging *s, size_t image)
{
    struct assay_row_quantization row = row_params(s)[image * s->layout->mr];
    row.zero -= s->igemm->input_offset;
    return row;
}

/* `count` elements of image `image`, which only what is quantized asks for. */
static void stage_run(const struct assay_igemm_staging *s, size_t image, const char *from, size_t count, char *to)
{
    if (s->layout->stage == ASSAY_IGEMM_REWRITTEN) {
        s->igemm->rewrite(from, count, to);
    } else if (s->layout->stage == ASSAY_IGEMM_QUANTIZED) {
        assay_row_quantize_fn *quantize = s->igemm->row_quantize ? s->igemm->row_quantize : assay_row_quantize_all;
        quantize((const float *)(const void *)from, count, image_quantization(s, image), (int8_t *)to);
    } else {
        memcpy(to, from, count * s->layout->in_size);
    }
}

/* `count` pixels, `step` bytes apart, side by side. */
static void stage_pixels(const struct assay_igemm_staging *s, size_t image, const char *from, size_t step, size_t count,
                         char *to)
{
    for (size_t i = 0; i < count; i++)
        stage_run(s, image, from + i * step, s->layout->depth, to + i * s->layout->staged_stride * s->layout->in_size);
}

/* A gemm's rows, each by itself; and the parameters of the rows that the last tile lacks. */
static void quantize_rows(const struct assay_igemm_staging *s, const float *in, size_t count, int8_t *q)
{
    const struct assay_igemm *igemm = s->igemm;
    const struct assay_igemm_layout *l = s->layout;
    struct assay_row_quantization *params = row_params(s);
    if (igemm->quantize_rows)
        igemm->quantize_rows(in, count, l->depth, l->in_stride, q, params);
    else
        assay_quantize_each_row(igemm->row_range, igemm->row_quantize, in, count, l->depth, l->in_stride, q, params);
    for (size_t r = 0; r < count && igemm->input_offset != 0; r++)
        params[r].zero += igemm->input_offset;
    for (size_t r = count; r < count + l->mr; r++)
        params[r] = params[count - 1];
}

void assay_igemm_stage_rows(const struct assay_igemm_staging *s, size_t first, size_t end)
{
    const struct assay_igemm_layout *l = s->layout;
    const struct assay_conv_shape *conv = &s->problem->conv;
    const size_t pixel = l->in_stride * l->source_size;
    const bool gemm = s->problem->op == ASSAY_OP_GEMM;
    char *staged = s->scratch + l->staged;
    if (gemm && l->stage == ASSAY_IGEMM_QUANTIZED) {
        quantize_rows(s, (const float *)(const void *)(s->in + first * pixel), end - first, (int8_t *)staged);
        return;
    }
    if (gemm ||
        (conv->stride_h == 1 && conv->stride_w == 1 && conv->out_h == conv->in_h && conv->out_w == conv->in_w)) {
        if (l->in_stride == l->depth && l->staged_stride == l->depth)
            stage_run(s, 0, s->in + first * pixel, (end - first) * l->depth, staged);
        else
            stage_pixels(s, 0, s->in + first * pixel, pixel, end - first, staged);
        return;
    }
    for (size_t row = first; row < end;) { /* as far as the output's line goes */
        const size_t line = row / conv->out_w, x = row % conv->out_w, count = assay_min(conv->out_w - x, end - row);
        const size_t from = (line / conv->out_h * conv->in_h + line % conv->out_h * conv->stride_h) * conv->in_w;
        stage_pixels(s, 0, s->in + (from + x * conv->stride_w) * pixel, conv->stride_w * pixel, count,
                     staged + (row - first) * l->staged_stride * l->in_size);
        row += count;
    }
}

/* Lines of one image. */
static void stage_lines(const struct assay_igemm_staging *s, size_t image, size_t first, size_t end)
{
    const struct assay_igemm_layout *l = s->layout;
    const size_t size = l->source_size, line_bytes = l->line_pixels * l->in_stride * size;
    const bool whole_lines = l->in_stride == l->depth && l->staged_stride == l->depth;
    char *staged = s->scratch + l->staged;
    if (whole_lines && l->line_pitch == l->line_pixels && end > first) { /* all of them are one run */
        stage_run(s, image, s->in + first * line_bytes, (end - first) * l->line_pixels * l->depth,
                  assay_igemm_staged_pixel(l, first, staged));
        return;
    }
    for (size_t line = first; line < end; line++) {
        const char *from = s->in + line * line_bytes;
        char *to = assay_igemm_staged_pixel(l, line, staged);
        if (whole_lines)
            stage_run(s, image, from, l->line_pixels * l->depth, to);
        else
            stage_pixels(s, image, from, l->in_stride * size, l->line_pixels, to);
    }
}

void assay_igemm_stage_lines(const struct assay_igemm_staging *s, size_t first, size_t end)
{
    if (s->layout->stage != ASSAY_IGEMM_QUANTIZED) {
        stage_lines(s, 0, first, end);
        return;
    }
    const size_t lines = s->problem->conv.in_h;
    while (first < end) {
        const size_t image = first / lines, last = assay_min(end, (image + 1) * lines);
        stage_lines(s, image, first, last);
        first = last;
    }
}

struct assay_igemm_ahead assay_igemm_pixels_ahead(const struct assay_igemm_staging *s, size_t first, size_t end,
                                                  size_t to)
{
    const struct assay_igemm_layout *l = s->layout;
    return (struct assay_igemm_ahead){
        .from = (const float *)(const void *)s->in + first * l->depth,
        .to = (int8_t *)s->scratch + to,
        .count = (end - first) * l->depth,
        .row = image_quantization(s, 0),
    };
}

void assay_igemm_stage_ahead(const struct assay_igemm_staging *s, const struct assay_igemm_ahead *ahead)
{
    stage_run(s, 0, (const char *)ahead->from, ahead->count, (char *)ahead->to);
}

size_t assay_igemm_lines_read(const struct assay_igemm_layout *l, const struct assay_problem *problem, size_t rows)
{
    if (problem->op == ASSAY_OP_GEMM || rows == l->rows)
        return problem->op == ASSAY_OP_GEMM ? rows : l->lines;
    const struct assay_conv_shape *conv = &problem->conv;
    const size_t line = (rows - 1) / conv->out_w; /* of the output, of all images */
    return line / conv->out_h * conv->in_h + assay_igemm_lines_below(conv, line % conv->out_h + 1);
}

void assay_igemm_stage_images(const struct assay_igemm_staging *s)
{
    const struct assay_igemm_layout *l = s->layout;
    const size_t in_h = s->problem->conv.in_h, pixels = in_h * l->line_pixels;
    const size_t lines = l->weave_taps > 0 ? 1 : in_h; /* whose borders nobody else writes */
    for (size_t g = 0; g < s->problem->conv.batch; g++) {
        const float *image = (const float *)(const void *)s->in + g * pixels * l->in_stride;
        struct assay_row_quantization row =
            s->images ? s->images[g]
                      : assay_rows_quantization(s->igemm->row_range, image, pixels, l->depth, l->in_stride);
        const int padding = row.zero + (s->igemm->stages_as_read ? s->igemm->input_offset : 0);
        memset(s->scratch + l->padding_row + g * l->padding_inputs, padding, l->padding_inputs);
        if (l->line_pitch > l->line_pixels)
            assay_igemm_stage_borders(l, padding, g * lines, (g + 1) * lines, s->scratch + l->staged);
        row.zero += s->igemm->input_offset;
        for (size_t i = 0; i < l->mr; i++)
            row_params(s)[g * l->mr + i] = row;
    }
}
