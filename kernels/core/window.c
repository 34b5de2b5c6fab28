#include "kernels/core/window.h"

struct assay_window assay_window_of(const struct assay_problem *problem)
{
    return problem->op == ASSAY_OP_CONV ? problem->conv.window : problem->dwconv.window;
}

size_t assay_window_source(const struct assay_window *window, size_t pixel, size_t tap)
{
    const size_t image = window->out_h * window->out_w;
    const size_t b = pixel / image, out_y = pixel % image / window->out_w, out_x = pixel % window->out_w;
    /* One subtraction turns "before the image" into a number beyond its end. */
    const size_t y = out_y * window->stride_h + tap / window->kernel_w * window->dilation_h - window->pad_top;
    const size_t x = out_x * window->stride_w + tap % window->kernel_w * window->dilation_w - window->pad_left;
    return y < window->in_h && x < window->in_w ? (b * window->in_h + y) * window->in_w + x : ASSAY_OUTSIDE;
}

void assay_window_pointers(const struct assay_window *window, size_t group, const char *in, size_t pixel_bytes,
                           const char *padding, size_t padding_step, const void **pointers)
{
    const size_t image = window->out_h * window->out_w, pixels = window->batch * image;
    const size_t taps = window->kernel_h * window->kernel_w;
    for (size_t p = 0; p < assay_round_up(pixels, group); p++) {
        const size_t pixel = assay_min(p, pixels - 1);
        for (size_t tap = 0; tap < taps; tap++) {
            const size_t source = assay_window_source(window, pixel, tap);
            pointers[(p / group * taps + tap) * group + p % group] =
                source == ASSAY_OUTSIDE ? padding + pixel / image * padding_step : in + source * pixel_bytes;
        }
    }
}
