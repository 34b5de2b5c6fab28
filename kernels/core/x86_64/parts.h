/* Up to 16 bytes in memory whose neighbours may not be touched, for instruction sets without masks: by loads and stores
 * that overlap, where a copy of so many bytes is a call, and its result waits in memory for the vector to be loaded. */
#ifndef ASSAY_KERNELS_CORE_X86_64_PARTS_H
#define ASSAY_KERNELS_CORE_X86_64_PARTS_H

#include <emmintrin.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The first `count` bytes, 0 to 8; zeros above. */
__attribute__((always_inline)) static inline uint64_t load_few(const uint8_t *from, size_t count)
{
    if (count >= 4) {
        uint32_t first, last;
        memcpy(&first, from, sizeof(first));
        memcpy(&last, from + count - sizeof(last), sizeof(last));
        return first | (uint64_t)last << 8 * (count - sizeof(last));
    }
    if (count == 0)
        return 0;
    const uint32_t middle = from[count / 2], last = from[count - 1];
    return from[0] | middle << 8 * (count / 2) | last << 8 * (count - 1);
}

__attribute__((always_inline)) static inline void store_few(uint8_t *to, size_t count, uint64_t x)
{
    if (count >= 4) {
        const uint32_t first = (uint32_t)x, last = (uint32_t)(x >> 8 * (count - sizeof(last)));
        memcpy(to, &first, sizeof(first));
        memcpy(to + count - sizeof(last), &last, sizeof(last));
    } else if (count > 0) {
        to[0] = (uint8_t)x;
        to[count / 2] = (uint8_t)(x >> 8 * (count / 2));
        to[count - 1] = (uint8_t)(x >> 8 * (count - 1));
    }
}

/* 0 to 16 bytes; zeros beyond. */
__attribute__((always_inline)) static inline __m128i load_part(const void *from, size_t count)
{
    const uint8_t *bytes = from;
    if (count <= 8)
        return _mm_cvtsi64_si128((int64_t)load_few(bytes, count));
    uint64_t first, last;
    memcpy(&first, bytes, sizeof(first));
    memcpy(&last, bytes + count - sizeof(last), sizeof(last));
    return _mm_set_epi64x((int64_t)(last >> 8 * (16 - count)), (int64_t)first);
}

/* The first `count` bytes of x, 0 to 16. */
__attribute__((always_inline)) static inline void store_part(void *to, size_t count, __m128i x)
{
    uint8_t *bytes = to;
    const uint64_t low = (uint64_t)_mm_cvtsi128_si64(x);
    if (count <= 8) {
        store_few(bytes, count, low);
        return;
    }
    const uint64_t high = (uint64_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(x, x));
    memcpy(bytes, &low, sizeof(low));
    store_few(bytes + sizeof(low), count - sizeof(low), high);
}

#endif
