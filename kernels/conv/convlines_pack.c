/* Packing for the direct driver of convolutions: weights, and what belongs to a channel, in the order of lanes. */
#include "kernels/conv/convlines.h"

#include <string.h>

enum { LANES = ASSAY_CONVLINES_LANES, QUARTERS = ASSAY_CONVLINES_QUARTERS, INPUTS = 4 };

struct assay_convlines_packed assay_convlines_packed(const struct assay_convlines *lines,
                                                     const struct assay_problem *problem)
{
    const struct assay_conv_shape *s = &problem->conv;
    struct assay_convlines_packed p = {
        .blocks = assay_round_up(s->out_c, lines->depth) / lines->depth,
        .taps = s->kernel_h * s->kernel_w,
        .phases = lines->depth / INPUTS,
    };
    const size_t padded = p.blocks * lines->depth, vectors = p.blocks * QUARTERS;
    const size_t ranges = assay_convlines_range(s->kernel_h, s->kernel_h) + 1;
    p.phase_bytes = p.taps * QUARTERS * ASSAY_CONVLINES_VECTOR;
    p.columns = assay_columns_layout(problem->mode, padded, &p.bytes);
    p.rescale = assay_append(&p.bytes, sizeof(enum assay_convlines_rescale));
    p.bias = assay_append(&p.bytes, ranges * vectors * ASSAY_CONVLINES_VECTOR);
    p.multiplier = assay_append(&p.bytes, vectors * ASSAY_CONVLINES_VECTOR);
    p.shift = assay_append(&p.bytes, vectors * ASSAY_CONVLINES_VECTOR);
    p.floats = assay_append(&p.bytes, vectors * sizeof(struct assay_convlines_floats));
    p.weights = assay_append(&p.bytes, p.blocks * p.phases * p.phase_bytes);
    return p;
}

size_t assay_convlines_packed_size(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    return assay_convlines_packed(kernel->detail, problem).bytes;
}

/* The channel, within its block, of a lane of a quarter's results: of each 16 channels a quarter has 4, so that
 * narrowing, which joins four quarters in each 128 bits, puts all in order. */
static size_t channel_of(size_t phases, size_t quarter, size_t lane)
{
    const size_t place = lane % phases;
    return place / 4 * 16 + quarter * 4 + place % 4;
}

/* After phase r, lanes are exchanged with those whose number differs in the lowest bit that r + 1 has: numbers of a
 * Gray code differ so. What a lane sums up in a phase comes to where this says. */
static size_t place_after(size_t phases, size_t phase, size_t lane)
{
    const size_t last = phases - 1;
    return lane ^ (last ^ last >> 1) ^ (phase ^ phase >> 1);
}

static void pack_weights(const struct assay_convlines_packed *p, const struct assay_problem *problem,
                         const int8_t *from, size_t block, int8_t *to)
{
    const size_t in_c = problem->conv.in_c, first = block * p->phases * INPUTS;
    for (size_t phase = 0; phase < p->phases; phase++)
        for (size_t tap = 0; tap < p->taps; tap++)
            for (size_t quarter = 0; quarter < QUARTERS; quarter++)
                for (size_t lane = 0; lane < LANES; lane++, to += INPUTS) {
                    const size_t c = first + channel_of(p->phases, quarter, place_after(p->phases, phase, lane));
                    const size_t input = lane % p->phases * INPUTS;
                    for (size_t i = input; i < input + INPUTS && i < in_c && c < problem->conv.out_c; i++)
                        to[i - input] = from[(c * p->taps + tap) * in_c + i];
                }
}

/* The biases of a channel for each range of lines of the window: what is left out lacks its zero points, which were
 * taken off the bias of all lines. `to`: the channel's lane in the first range, `step` from one range to the next. */
static void pack_ranges(const struct assay_problem *problem, const int8_t *weights, uint32_t bias, uint32_t *to,
                        size_t step)
{
    const size_t lines = problem->conv.kernel_h, line = problem->conv.kernel_w * problem->conv.in_c;
    uint32_t sums[ASSAY_CONVLINES_KERNEL_MAX] = {0}, all = 0;
    for (size_t l = 0; l < lines; l++) {
        for (size_t i = 0; i < line; i++)
            sums[l] += (uint32_t)(int32_t)weights[l * line + i];
        all += sums[l];
    }
    const uint32_t zero = (uint32_t)(problem->quantization.in_zero + 128);
    for (size_t end = 0; end <= lines; end++) {
        uint32_t sum = 0; /* of the lines from `end - count` to before `end` */
        for (size_t count = 0; count <= end; count++) {
            sum += count > 0 ? sums[end - count] : 0;
            to[assay_convlines_range(end - count, end) * step] = bias + zero * (all - sum);
        }
    }
}

/* [range][block][quarter][lane] */
static void pack_bias(const struct assay_convlines_packed *p, const struct assay_problem *problem,
                      const int8_t *weights, const uint32_t *bias, uint32_t *to)
{
    const size_t depth = p->phases * INPUTS, vectors = p->blocks * QUARTERS;
    for (size_t v = 0; v < vectors; v++)
        for (size_t lane = 0; lane < LANES; lane++) {
            const size_t c =
                v / QUARTERS * depth + channel_of(p->phases, v % QUARTERS, place_after(p->phases, 0, lane));
            if (c < problem->conv.out_c)
                pack_ranges(problem, weights + c * assay_problem_depth(problem), bias[c], to + v * LANES + lane,
                            vectors * LANES);
        }
}

/* Solves all channels, and adds their offsets to the biases; ANY, and all biases as they were, if one is not. */
static enum assay_convlines_rescale solve(const struct assay_convlines_packed *p, const struct assay_problem *problem,
                                          char *base)
{
    enum { BOUND = 1 << 29 };
    const struct assay_rescale_range range = {
        .largest = BOUND,
        .zero = problem->quantization.out_zero,
        .minimum = assay_clamp_min_int(problem),
        .maximum = assay_clamp_max_int(problem),
    };
    const int32_t *multiplier = (const int32_t *)(const void *)(base + p->columns.multiplier);
    const int32_t *shift = (const int32_t *)(const void *)(base + p->columns.shift);
    uint32_t *bias = (uint32_t *)(void *)(base + p->columns.bias);
    struct assay_convlines_floats *floats = (struct assay_convlines_floats *)(void *)(base + p->floats);
    bool bounded;
    memcpy(&bounded, base + p->columns.bounded, sizeof(bounded));
    struct assay_rescale_float s;
    for (size_t c = 0; c < problem->conv.out_c; c++)
        if (!bounded || !assay_rescale_float_solve(multiplier[c], shift[c], range, &s))
            return ASSAY_CONVLINES_ANY;
    const size_t depth = p->phases * INPUTS;
    for (size_t v = 0; v < p->blocks * QUARTERS; v++)
        for (size_t place = 0; place < p->phases; place++) {
            const size_t c = v / QUARTERS * depth + channel_of(p->phases, v % QUARTERS, place);
            if (c >= problem->conv.out_c)
                continue;
            assay_rescale_float_solve(multiplier[c], shift[c], range, &s);
            bias[c] += (uint32_t)s.offset;
            for (size_t lane = place; lane < LANES; lane += p->phases) {
                floats[v].factor[lane] = s.factor;
                floats[v].rest[lane] = s.rest;
                floats[v].constant[lane] = s.constant;
                floats[v].below_zero[lane] = s.below_zero;
            }
        }
    return range.minimum >= range.zero ? ASSAY_CONVLINES_ONE_SIDED : ASSAY_CONVLINES_TWO_SIDED;
}

bool assay_convlines_pack(const struct assay_kernel *kernel, const struct assay_problem *problem,
                          const struct assay_weights *weights, void *packed)
{
    const struct assay_convlines *lines = kernel->detail;
    const struct assay_convlines_packed p = assay_convlines_packed(lines, problem);
    char *base = packed;
    memset(base, 0, p.bytes);
    assay_columns_pack(&p.columns, problem, weights, assay_problem_depth(problem), 1, 128, packed);
    const enum assay_convlines_rescale rescale = solve(&p, problem, base);
    memcpy(base + p.rescale, &rescale, sizeof(rescale));
    for (size_t block = 0; block < p.blocks; block++)
        pack_weights(&p, problem, weights->values, block,
                     (int8_t *)base + p.weights + block * p.phases * p.phase_bytes);
    pack_bias(&p, problem, weights->values, (const uint32_t *)(const void *)(base + p.columns.bias),
              (uint32_t *)(void *)(base + p.bias));
    const int32_t *multiplier = (const int32_t *)(const void *)(base + p.columns.multiplier);
    const int32_t *shift = (const int32_t *)(const void *)(base + p.columns.shift);
    for (size_t v = 0; v < p.blocks * QUARTERS; v++)
        for (size_t lane = 0; lane < LANES; lane++) {
            const size_t c = v / QUARTERS * lines->depth + channel_of(p.phases, v % QUARTERS, lane);
            ((int32_t *)(void *)(base + p.multiplier))[v * LANES + lane] = multiplier[c];
            ((int32_t *)(void *)(base + p.shift))[v * LANES + lane] = shift[c];
        }
    return true;
}
