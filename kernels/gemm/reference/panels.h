/* Dense weights of a reference kernel, for gemm and conv alike: [n][depth] in the model, and packed into panels of
 * PANEL output channels, [panel][depth][PANEL], so that the inner loop runs along the outputs. It reads as well as a
 * dot product does, and a compiler can vectorize it without reordering a sum. The last panel is filled up with zeros.
 * The constants of the channels stand before the panels. Include one of kernels/core/numerics/ first. */
#ifndef ASSAY_KERNELS_GEMM_REFERENCE_PANELS_H
#define ASSAY_KERNELS_GEMM_REFERENCE_PANELS_H

#include <string.h>

enum { PANEL = 32, STEP = 4 }; /* outputs summed at once, and inputs a step */

static size_t packed_size(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    (void)kernel;
    const size_t channels = assay_round_up(assay_problem_channels(problem), PANEL);
    return channels * (sizeof(struct channel) + assay_problem_depth(problem) * sizeof(WEIGHT));
}

/* The channels of the panel that begins with channel j0, and its weights. */
static inline struct channel *panel_channels(const void *packed, size_t j0)
{
    return (struct channel *)packed + j0;
}

static inline WEIGHT *panel_weights(const struct assay_problem *problem, const void *packed, size_t j0)
{
    const size_t channels = assay_round_up(assay_problem_channels(problem), PANEL);
    return (WEIGHT *)(void *)panel_channels(packed, channels) + j0 * assay_problem_depth(problem);
}

static bool pack(const struct assay_kernel *kernel, const struct assay_problem *problem,
                 const struct assay_weights *weights, void *packed)
{
    const size_t channels = assay_problem_channels(problem), depth = assay_problem_depth(problem);
    const WEIGHT *values = weights->values;
    memset(packed, 0, packed_size(kernel, problem));
    for (size_t j = 0; j < channels; j++) {
        const size_t lane = j % PANEL, j0 = j - lane;
        WEIGHT *panel = panel_weights(problem, packed, j0);
        panel_channels(packed, j0)[lane] = channel_of(weights, j);
        for (size_t l = 0; l < depth; l++)
            panel[l * PANEL + lane] = values[j * depth + l];
    }
    return true;
}

static inline void begin_panel(const struct channel *channels, SUM *sum)
{
    for (size_t j = 0; j < PANEL; j++)
        sum[j] = begin(channels[j]);
}

/* Adds the products of a few inputs with as many rows of a panel. Where `count` is a constant the inner loop is
 * unrolled, and a sum is read and written once for so many products. */
static inline void add_few(const INPUT *in, int32_t zero, size_t count, const WEIGHT *panel, SUM *restrict sum)
{
    for (size_t j = 0; j < PANEL; j++) {
        SUM total = sum[j];
        for (size_t l = 0; l < count; l++)
            total = add_product(total, term(in[l], zero), panel[l * PANEL + j]);
        sum[j] = total;
    }
}

/* Adds the products of `count` inputs with as many rows of a panel, in their order. */
static inline void add_products(const INPUT *in, int32_t zero, size_t count, const WEIGHT *panel, SUM *restrict sum)
{
    size_t l = 0;
    for (; count - l >= STEP; l += STEP)
        add_few(in + l, zero, STEP, panel + l * PANEL, sum);
    for (; l < count; l++)
        add_few(in + l, zero, 1, panel + l * PANEL, sum);
}

static inline void finish_panel(struct range range, float scale, const struct channel *channels, const SUM *sum,
                                size_t count, OUTPUT *out)
{
    for (size_t j = 0; j < count; j++)
        out[j] = finish(range, scale, channels[j], sum[j]);
}

#endif
