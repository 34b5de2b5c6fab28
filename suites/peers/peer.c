#include "suites/peers/peer.h"

#include "kernels/core/features.h"

#include <math.h>

/* The padding after, so that the library's own formula for the output size, floor((before + in + after - reach) /
 * stride) + 1, gives `out`. False if no padding does. */
static bool pad_after(size_t in, size_t kernel, size_t stride, size_t dilation, size_t before, size_t out,
                      size_t *after)
{
    const size_t reach = (kernel - 1) * dilation + 1, needed = (out - 1) * stride + reach;
    *after = needed > before + in ? needed - before - in : 0;
    return assay_pad_explicit(in, kernel, stride, dilation, before, *after) == out;
}

bool assay_peer_is_empty(const struct assay_problem *problem)
{
    return assay_problem_macs(problem) == 0 || assay_problem_in_bytes(problem) == 0;
}

const char *assay_peer_window(const struct assay_problem *problem, struct assay_peer_window *window)
{
    if (assay_peer_is_empty(problem))
        return "the peer takes no empty tensors";
    if (problem->op == ASSAY_OP_CONV) {
        const struct assay_conv_shape *s = &problem->conv;
        *window = (struct assay_peer_window){
            .window = s->window,
            .in_stride = s->in_stride,
            .out_stride = s->out_stride,
            .groups = 1,
            .group_in = s->in_c,
            .group_out = s->out_c,
        };
    } else {
        const struct assay_dwconv_shape *s = &problem->dwconv;
        *window = (struct assay_peer_window){
            .window = s->window,
            .in_stride = s->in_stride,
            .out_stride = s->out_stride,
            .groups = s->in_c,
            .group_in = 1,
            .group_out = s->multiplier,
        };
    }
    struct assay_peer_window *w = window;
    if (!pad_after(w->in_h, w->kernel_h, w->stride_h, w->dilation_h, w->pad_top, w->out_h, &w->pad_bottom) ||
        !pad_after(w->in_w, w->kernel_w, w->stride_w, w->dilation_w, w->pad_left, w->out_w, &w->pad_right))
        return "the peer cannot leave out the last rows or columns of the output";
    return NULL;
}

float assay_peer_weight_scale(const struct assay_problem *problem, const struct assay_weights *weights, size_t c)
{
    const double smallest = 0x1p-32;
    const double factor = ldexp(weights->multiplier[c], weights->shift[c] - 31);
    return (float)((factor > smallest ? factor : smallest) * problem->quantization.out_scale /
                   problem->quantization.in_scale);
}

enum assay_peer_x86 assay_peer_x86_allowed(uint64_t features)
{
    const uint64_t avx2 = ASSAY_FEATURE_SSE41 | ASSAY_FEATURE_AVX2 | ASSAY_FEATURE_FMA | ASSAY_FEATURE_F16C;
    const uint64_t avx512 = avx2 | ASSAY_FEATURE_AVX512, vnni = avx512 | ASSAY_FEATURE_AVX512VNNI;
    /* What came after VNNI, libraries may have more of than we know names for: not told apart. */
    if (!(assay_cpu_features() & ~features & (vnni | ASSAY_FEATURE_AVXVNNI)))
        return ASSAY_PEER_UNRESTRICTED;
    if ((features & vnni) == vnni)
        return ASSAY_PEER_AVX512VNNI;
    if ((features & avx512) == avx512)
        return ASSAY_PEER_AVX512;
    if ((features & avx2) == avx2)
        return ASSAY_PEER_AVX2;
    return features & ASSAY_FEATURE_SSE41 ? ASSAY_PEER_SSE41 : ASSAY_PEER_SSE2;
}
