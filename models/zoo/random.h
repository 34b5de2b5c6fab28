/* Random numbers by counting: the n-th number of a stream is a mixture of (seed, stream, index, n), so that image
 * number 700 is the same whatever was drawn before it. The mixing function is SplitMix64's (Steele, Lea and Flood,
 * "Fast splittable pseudorandom number generators", 2014). */
#ifndef ASSAY_MODELS_ZOO_RANDOM_H
#define ASSAY_MODELS_ZOO_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct assay_zoo_random {
    uint64_t key, count;
};

static inline uint64_t assay_zoo_mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static inline struct assay_zoo_random assay_zoo_random(uint64_t seed, uint64_t stream, uint64_t index)
{
    return (struct assay_zoo_random){assay_zoo_mix(assay_zoo_mix(assay_zoo_mix(seed) + stream) + index), 0};
}

static inline uint64_t assay_zoo_next(struct assay_zoo_random *random)
{
    return assay_zoo_mix(random->key ^ assay_zoo_mix(random->count++));
}

/* In [low, high) */
static inline float assay_zoo_uniform(struct assay_zoo_random *random, float low, float high)
{
    return low + (high - low) * (float)(assay_zoo_next(random) >> 40) * 0x1p-24f;
}

/* Mean 0, variance 1, nearly normal: the sum of four numbers of 16 bits, without the C library's logarithm. */
static inline float assay_zoo_normal(struct assay_zoo_random *random)
{
    const uint64_t x = assay_zoo_next(random);
    const uint32_t sum =
        (uint32_t)(x & 0xffff) + (uint32_t)(x >> 16 & 0xffff) + (uint32_t)(x >> 32 & 0xffff) + (uint32_t)(x >> 48);
    return ((float)sum - 131070.0f) * (1.7320508f / 65536.0f);
}

#endif
