/* Depthwise convolution of the float modes: PIXELS pixels by 2 vectors of channels at once, so that a tap's weights
 * serve several pixels and its additions do not wait for one another. The including file defines INPUT and WEIGHT
 * (float or assay_f16) and PIXELS, a power of two. */
#include "kernels/core/x86_64/simd.h"
#include "kernels/dwconv/dwindirect.h"

enum {
    VECTORS = 2,
    CR = VECTORS * LANES,
    /* Blocks of channels whose weights stay in the first-level cache: of 3x3 windows 4.6 KB (8 blocks of 16 in f32). */
    GROUP_BLOCKS = 8,
};

/* One block of channels, from `first` on, of `pixels` pixels from `pixel` on; a channel beyond the last is neither read
 * nor stored. `vectors` of the block hold channels, and `whole` says that all their lanes do. */
ASSAY_INLINE void compute(const struct assay_dw_args *args, const WEIGHT *w, size_t first, size_t pixel,
                          const size_t pixels, const size_t vectors, const bool whole)
{
    const size_t channels = args->channels - first;
    const void *const *in = args->in + pixel * args->taps;
    const float *bias = (const float *)args->bias + first;
    vfloat sums[PIXELS][VECTORS];
    ASSAY_UNROLL
    for (size_t i = 0; i < pixels; i++) {
        ASSAY_UNROLL
        for (size_t v = 0; v < vectors; v++)
            sums[i][v] = vf_load(bias + v * LANES);
    }
    for (size_t tap = 0; tap < args->taps; tap++, w += CR) {
        vfloat weights[VECTORS];
        ASSAY_UNROLL
        for (size_t v = 0; v < vectors; v++)
            weights[v] = vf_load(w + v * LANES);
        ASSAY_UNROLL
        for (size_t i = 0; i < pixels; i++) {
            const INPUT *x = (const INPUT *)in[i * args->taps + tap] + first;
            ASSAY_UNROLL
            for (size_t v = 0; v < vectors; v++) {
                const size_t at = v * LANES;
                sums[i][v] =
                    vf_fma(whole ? vf_load(x + at) : vf_load_part(x + at, channels - at), weights[v], sums[i][v]);
            }
        }
    }
    ASSAY_UNROLL
    for (size_t i = 0; i < pixels; i++) {
        INPUT *out = (INPUT *)(void *)((char *)args->out + (pixel + i) * args->out_stride) + first;
        ASSAY_UNROLL
        for (size_t v = 0; v < vectors; v++) {
            const vfloat x = args->clamp ? vf_clamp(sums[i][v], args->clamp_min, args->clamp_max) : sums[i][v];
            vf_store_part(out + v * LANES, whole ? LANES : channels - v * LANES, x);
        }
    }
}

/* One block of channels, of `pixels` pixels. */
ASSAY_INLINE void compute_block(const struct assay_dw_args *args, const WEIGHT *w, size_t first, size_t pixel,
                                const size_t pixels)
{
    const size_t channels = args->channels - first;
    if (channels >= CR)
        compute(args, w, first, pixel, pixels, 2, true);
    else if (channels > LANES)
        compute(args, w, first, pixel, pixels, 2, false);
    else if (channels == LANES)
        compute(args, w, first, pixel, pixels, 1, true);
    else
        compute(args, w, first, pixel, pixels, 1, false);
}

/* The blocks of a group, of `pixels` pixels, one after the other: the lines of a pixel are read in sequence, which is
 * what the second-level cache is quick at, and where pixels lie so that they share sets of the first, it is all that
 * helps (docs/limits/dwconv.md). */
ASSAY_INLINE void compute_group(const struct assay_dw_args *args, const WEIGHT *w, size_t first, size_t end,
                                size_t pixel, const size_t pixels)
{
    for (; first < end; first += CR, w += args->taps * CR)
        compute_block(args, w, first, pixel, pixels);
}

static void run(const struct assay_dw_args *args)
{
    const size_t group = GROUP_BLOCKS * CR;
    const WEIGHT *w = args->w;
    for (size_t first = 0; first < args->channels; first += group, w += args->taps * group) {
        const size_t end = assay_min(first + group, args->channels);
        size_t pixel = 0;
        for (; pixel + PIXELS <= args->pixels; pixel += PIXELS)
            compute_group(args, w, first, end, pixel, PIXELS);
        ASSAY_UNROLL
        for (size_t pixels = PIXELS / 2; pixels > 0; pixels /= 2) {
            if (args->pixels - pixel >= pixels) {
                compute_group(args, w, first, end, pixel, pixels);
                pixel += pixels;
            }
        }
    }
}
