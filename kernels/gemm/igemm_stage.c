/* The input as the micro-kernel reads it, where that is not as it lies in memory. */
#include "kernels/gemm/igemm_layout.h"

#include <string.h>

static char *staged_pixel(const struct assay_igemm_layout *l, size_t line, char *staged)
{
    return staged + (line * l->line_pitch + l->line_left) * l->staged_stride * l->in_size;
}

void assay_igemm_stage_borders(const struct assay_igemm_layout *l, int value, char *staged)
{
    const size_t pixel = l->staged_stride * l->in_size, right = l->line_pitch - l->line_left - l->line_pixels;
    for (size_t line = 0; line < l->lines; line++) {
        char *first = staged_pixel(l, line, staged);
        memset(first - l->line_left * pixel, value, l->line_left * pixel);
        memset(first + l->line_pixels * pixel, value, right * pixel);
    }
}

static void stage_run(const struct assay_igemm *igemm, const struct assay_igemm_layout *l, const char *from,
                      size_t count, char *to)
{
    if (l->stage == ASSAY_IGEMM_REWRITTEN)
        igemm->rewrite(from, count, to);
    else
        memcpy(to, from, count * l->in_size);
}

/* `count` pixels, `step` bytes apart, side by side. */
static void stage_pixels(const struct assay_igemm *igemm, const struct assay_igemm_layout *l, const char *from,
                         size_t step, size_t count, char *to)
{
    for (size_t i = 0; i < count; i++)
        stage_run(igemm, l, from + i * step, l->depth, to + i * l->staged_stride * l->in_size);
}

/* Bytes of an input as it comes: what is rewritten is f16 or int16. */
static size_t source_size(const struct assay_igemm_layout *l)
{
    return l->stage == ASSAY_IGEMM_REWRITTEN ? sizeof(int16_t) : l->in_size;
}

void assay_igemm_stage_rows(const struct assay_igemm *igemm, const struct assay_igemm_layout *l,
                            const struct assay_problem *problem, const char *in, size_t first, size_t end, char *staged)
{
    const size_t pixel = l->in_stride * source_size(l);
    const bool gemm = problem->op == ASSAY_OP_GEMM;
    if (gemm || (problem->conv.stride_h == 1 && problem->conv.stride_w == 1 &&
                 problem->conv.out_h == problem->conv.in_h && problem->conv.out_w == problem->conv.in_w)) {
        if (l->in_stride == l->depth && l->staged_stride == l->depth)
            stage_run(igemm, l, in + first * pixel, (end - first) * l->depth, staged);
        else
            stage_pixels(igemm, l, in + first * pixel, pixel, end - first, staged);
        return;
    }
    const struct assay_conv_shape *conv = &problem->conv;
    for (size_t row = first; row < end;) { /* as far as the output's line goes */
        const size_t line = row / conv->out_w, x = row % conv->out_w, count = assay_min(conv->out_w - x, end - row);
        const size_t from = (line / conv->out_h * conv->in_h + line % conv->out_h * conv->stride_h) * conv->in_w;
        stage_pixels(igemm, l, in + (from + x * conv->stride_w) * pixel, conv->stride_w * pixel, count,
                     staged + (row - first) * l->staged_stride * l->in_size);
        row += count;
    }
}

void assay_igemm_stage_lines(const struct assay_igemm *igemm, const struct assay_igemm_layout *l, const char *in,
                             size_t first, size_t end, char *staged)
{
    const size_t size = source_size(l), line_bytes = l->line_pixels * l->in_stride * size;
    const bool whole_lines = l->in_stride == l->depth && l->staged_stride == l->depth;
    if (whole_lines && l->line_pitch == l->line_pixels && end > first) { /* all of them are one run */
        stage_run(igemm, l, in + first * line_bytes, (end - first) * l->line_pixels * l->depth,
                  staged_pixel(l, first, staged));
        return;
    }
    for (size_t line = first; line < end; line++) {
        const char *from = in + line * line_bytes;
        char *to = staged_pixel(l, line, staged);
        if (whole_lines)
            stage_run(igemm, l, from, l->line_pixels * l->depth, to);
        else
            stage_pixels(igemm, l, from, l->in_stride * size, l->line_pixels, to);
    }
}

size_t assay_igemm_lines_read(const struct assay_igemm_layout *l, const struct assay_problem *problem, size_t rows)
{
    if (problem->op == ASSAY_OP_GEMM || rows == l->rows)
        return problem->op == ASSAY_OP_GEMM ? rows : l->lines;
    const struct assay_conv_shape *conv = &problem->conv;
    const size_t line = (rows - 1) / conv->out_w; /* of the output, of all images */
    const size_t reach = line % conv->out_h * conv->stride_h + (conv->kernel_h - 1) * conv->dilation_h + 1;
    const size_t read = reach < conv->pad_top ? 0 : reach - conv->pad_top;
    return line / conv->out_h * conv->in_h + assay_min(read, conv->in_h);
}

static struct assay_row_quantization quantize_image(const struct assay_igemm *igemm, const struct assay_igemm_layout *l,
                                                    const float *in, size_t line0, size_t lines, char *staged)
{
    int8_t *q = (int8_t *)staged_pixel(l, line0, staged);
    const float *image = in + line0 * l->line_pixels * l->in_stride;
    if (l->line_pitch == l->line_pixels)
        return assay_quantize_rows(igemm->row_range, igemm->row_quantize, image, lines * l->line_pixels, l->depth,
                                   l->in_stride, q);
    assay_row_range_fn *find_range = igemm->row_range ? igemm->row_range : assay_row_range;
    assay_row_quantize_fn *convert = igemm->row_quantize ? igemm->row_quantize : assay_row_quantize_all;
    const bool gaps = l->in_stride != l->depth;
    const size_t runs = gaps ? l->line_pixels : 1, length = gaps ? l->depth : l->line_pixels * l->depth;
    float min = 0.0f, max = 0.0f;
    for (size_t r = 0; r < lines * runs; r++)
        find_range(image + (gaps ? r * l->in_stride : r * length), length, &min, &max);
    const struct assay_row_quantization row = assay_row_quantization_of(min, max);
    for (size_t line = 0; line < lines; line++) {
        int8_t *to = q + line * l->line_pitch * l->depth;
        for (size_t r = 0; r < runs; r++)
            convert(image + (line * l->line_pixels + r) * l->in_stride, length, row, to + r * length);
        memset(to - l->line_left * l->depth, row.zero, l->line_left * l->depth);
        memset(to + l->line_pixels * l->depth, row.zero, (l->line_pitch - l->line_left - l->line_pixels) * l->depth);
    }
    return row;
}

/* A gemm's rows, each by itself. */
static void quantize_rows(const struct assay_igemm *igemm, const struct assay_igemm_layout *l, const float *in,
                          char *staged, struct assay_row_quantization *params)
{
    assay_quantize_each_row(igemm->row_range, igemm->row_quantize, in, l->rows, l->depth, l->in_stride,
                            (int8_t *)staged_pixel(l, 0, staged), params);
    for (size_t r = 0; r < l->rows; r++)
        params[r].zero += igemm->input_offset;
}

static void quantize_images(const struct assay_igemm *igemm, const struct assay_igemm_layout *l,
                            const struct assay_conv_shape *conv, const float *in, char *scratch,
                            struct assay_row_quantization *params)
{
    const size_t out_rows = conv->out_h * conv->out_w; /* of an image */
    for (size_t g = 0; g < conv->batch; g++) {
        struct assay_row_quantization row =
            quantize_image(igemm, l, in, g * conv->in_h, conv->in_h, scratch + l->staged);
        memset(scratch + l->padding_row + g * l->k, row.zero, l->k);
        row.zero += igemm->input_offset;
        for (size_t r = 0; r < out_rows; r++)
            params[g * out_rows + r] = row;
    }
}

void assay_igemm_stage_quantized(const struct assay_igemm *igemm, const struct assay_igemm_layout *l,
                                 const struct assay_problem *problem, const float *in, char *scratch)
{
    struct assay_row_quantization *params = (struct assay_row_quantization *)(void *)(scratch + l->row_params);
    if (problem->op == ASSAY_OP_CONV)
        quantize_images(igemm, l, &problem->conv, in, scratch, params);
    else
        quantize_rows(igemm, l, in, scratch + l->staged, params);
    for (size_t r = l->rows; r < l->rows + l->mr; r++)
        params[r] = params[l->rows - 1];
}
