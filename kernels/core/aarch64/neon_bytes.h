/* Vectors of bytes at the ends of rows, beyond which nothing may be read. */
#ifndef ASSAY_KERNELS_CORE_AARCH64_NEON_BYTES_H
#define ASSAY_KERNELS_CORE_AARCH64_NEON_BYTES_H

#include <arm_neon.h>
#include <stddef.h>
#include <string.h>

/* The last `count` (1 to 15) of `k` bytes that begin at `row`, filled up with zeros; nothing outside the row is read.
 */
__attribute__((always_inline)) static inline int8x16_t neon_load_tail16(const int8_t *row, size_t k, size_t count)
{
    const int8_t *p = row + k - count;
    if (k >= 16) { /* 16 bytes that end with the row, moved down; indices beyond 15 give zeros */
        static const uint8_t ascending[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
        const uint8x16_t index = vaddq_u8(vld1q_u8(ascending), vdupq_n_u8((uint8_t)(16 - count)));
        return vqtbl1q_s8(vld1q_s8(p + count - 16), index);
    }
    uint64_t first = 0, part = 0, shift = 0;
    if (count & 8) {
        memcpy(&first, p, 8);
        p += 8;
    }
    if (count & 4) {
        uint32_t word;
        memcpy(&word, p, 4);
        part = word;
        p += 4;
        shift = 32;
    }
    if (count & 2) {
        uint16_t half;
        memcpy(&half, p, 2);
        part |= (uint64_t)half << shift;
        p += 2;
        shift += 16;
    }
    if (count & 1)
        part |= (uint64_t)(uint8_t)*p << shift;
    return count & 8 ? vcombine_s8(vcreate_s8(first), vcreate_s8(part)) : vcombine_s8(vcreate_s8(part), vdup_n_s8(0));
}

#endif
