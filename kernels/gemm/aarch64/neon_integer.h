/* How the integer tiles of NEON begin and end: 16 columns of int32 sums, as 4 vectors a row.
 * The includer says which layer it is by TILE_INT8 or TILE_HYBRID. */
#ifndef ASSAY_KERNELS_GEMM_AARCH64_NEON_INTEGER_H
#define ASSAY_KERNELS_GEMM_AARCH64_NEON_INTEGER_H

#include "kernels/gemm/aarch64/neon_tile.h"

/* The last `count` (1 to 15) of `k` bytes that begin at `row`, filled up with zeros; nothing outside the row is read.
 */
TILE_INLINE int8x16_t load_tail16(const int8_t *row, size_t k, size_t count)
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

#ifdef TILE_HYBRID

/* The sum of a row starts at -zero * weight_sum, so that it ends as that of (q - zero) * weight. */
TILE_INLINE int32x4_t start_sum(const struct assay_igemm_args *args, size_t row, size_t vector)
{
    return vmulq_n_s32(vld1q_s32(args->weight_sum + 4 * vector), -args->row[row].zero);
}

TILE_INLINE void finish_tile(const struct assay_igemm_args *args, int32x4_t (*sum)[4], const size_t rows,
                             const size_t vectors)
{
    const float *bias = args->bias;
    float32x4_t out[TILE_MOST_ROWS][4];
    for (size_t j = 0; j < vectors; j++) {
        const float32x4_t b = vld1q_f32(bias + 4 * j), scale = vld1q_f32(args->scale + 4 * j);
        for (size_t i = 0; i < rows; i++)
            out[i][j] = vfmaq_f32(b, vcvtq_f32_s32(sum[i][j]), vmulq_n_f32(scale, args->row[i].scale));
    }
    store_tile_float(args, out, rows, vectors);
}

#else

TILE_INLINE int32x4_t start_sum(const struct assay_igemm_args *args, size_t row, size_t vector)
{
    (void)row;
    return vld1q_s32((const int32_t *)args->bias + 4 * vector);
}

/* assay_rescale() of four columns. The rounding shift takes ties up; a negative number is lowered by one before, which
 * takes its ties down and moves nothing else. */
TILE_INLINE int32x4_t rescale(int32x4_t x, int32x4_t multiplier, int32x4_t left, int32x4_t right)
{
    const int32x4_t product = vqrdmulhq_s32(vshlq_s32(x, left), multiplier);
    return vrshlq_s32(vsraq_n_s32(product, vandq_s32(product, right), 31), right);
}

TILE_INLINE void finish_tile(const struct assay_igemm_args *args, int32x4_t (*sum)[4], const size_t rows,
                             const size_t vectors)
{
    const int32x4_t none = vdupq_n_s32(0);
    for (size_t j = 0; j < vectors; j++) {
        const int32x4_t multiplier = vld1q_s32(args->multiplier + 4 * j), shift = vld1q_s32(args->shift + 4 * j);
        const int32x4_t left = vmaxq_s32(shift, none), right = vminq_s32(shift, none);
        for (size_t i = 0; i < rows; i++)
            sum[i][j] = rescale(sum[i][j], multiplier, left, right);
    }
    const int16x8_t zero = vdupq_n_s16((int16_t)args->out_zero);
    const int8x8_t min = vdup_n_s8((int8_t)args->out_min), max = vdup_n_s8((int8_t)args->out_max);
    int8_t edge[TILE_MOST_ROWS * 16];
    size_t step;
    char *to = tile_target(args, 4 * vectors, edge, 1, &step);
    for (size_t i = 0; i < rows; i++, to += step)
        for (size_t j = 0; j < vectors; j += 2) {
            const int16x8_t wide = vqmovn_high_s32(vqmovn_s32(sum[i][j]), sum[i][j + 1]);
            const int8x8_t narrow = vqmovn_s16(vqaddq_s16(wide, zero));
            vst1_s8((int8_t *)to + 4 * j, vmin_s8(max, vmax_s8(min, narrow)));
        }
    if (args->cols != 4 * vectors)
        store_edge(args, edge, 4 * vectors, 1);
}

#endif

#endif
