/* What the tests of the solved rescales share: a channel, numbers at random, and where a rescale could go wrong. */
#ifndef ASSAY_TESTS_CORE_RESCALE_CHANNEL_H
#define ASSAY_TESTS_CORE_RESCALE_CHANNEL_H

#include "kernels/core/fixed_point.h"
#include "kernels/core/rescale_range.h"

#include <stdbool.h>

static inline int64_t random_in(int64_t low, int64_t high)
{
    static uint64_t state = 1;
    state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = state;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return low + (int64_t)((z ^ (z >> 31)) % (uint64_t)(high - low + 1));
}

struct channel {
    int32_t multiplier, shift;
    struct assay_rescale_range range;
};

static inline struct assay_rescale_range range_of(int64_t largest, int32_t zero, bool one_sided)
{
    return (struct assay_rescale_range){
        .largest = largest, .zero = zero, .minimum = one_sided ? zero : -128, .maximum = 127};
}

/* The least x of a result >= j, by bisection: results grow with x. */
static inline int64_t threshold(const struct channel *c, int64_t j)
{
    int64_t low = -c->range.largest, high = c->range.largest + 1;
    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        if (assay_rescale((int32_t)middle, c->multiplier, c->shift) >= j)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* Whether the solution says of x what the definition does; expects that. Of an x that is no sum: true. */
typedef bool agree_at(const struct channel *c, const void *solution, int64_t x);

/* At all thresholds and beside them, at zero, at the ends, and at random. Stops at the first that does not agree. */
static inline bool agree_everywhere(const struct channel *c, agree_at *agree, const void *solution)
{
    bool same = true;
    for (int64_t j = c->range.minimum - c->range.zero; j <= c->range.maximum - c->range.zero; j++) {
        const int64_t x = threshold(c, j);
        for (int64_t d = -2; d <= 2 && same; d++)
            same = agree(c, solution, x + d);
    }
    for (int64_t d = 0; d <= 3 && same; d++)
        same = agree(c, solution, d) && agree(c, solution, -d) && agree(c, solution, c->range.largest - d) &&
               agree(c, solution, d - c->range.largest);
    for (int i = 0; i < 64 && same; i++)
        same = agree(c, solution, random_in(-c->range.largest, c->range.largest));
    return same;
}

#endif
