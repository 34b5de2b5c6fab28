/* Tiles of the input as the sparse kernels of NEON read them. Rows beyond the last repeat it, up to a multiple of 8. */
#ifndef ASSAY_KERNELS_SPMM_AARCH64_NEON_TRANSPOSE_H
#define ASSAY_KERNELS_SPMM_AARCH64_NEON_TRANSPOSE_H

#include "kernels/spmm/sptile.h"

#include <arm_neon.h>
#include <string.h>

#define SP_INLINE __attribute__((always_inline)) static inline

static inline const char *neon_tile_row(const struct assay_sptile_rows *args, size_t row)
{
    return (const char *)args->in + assay_min(row, args->rows - 1) * args->in_stride;
}

SP_INLINE uint32x4_t neon_load_words(const char *p)
{
    return vreinterpretq_u32_u8(vld1q_u8((const uint8_t *)p));
}

/* Words of 4 bytes: the whole ones of each row, as [word][mr]. */
static inline void neon_transpose_words(const struct assay_sptile_rows *args, size_t words)
{
    for (size_t r = 0; r < args->rows; r += 4) {
        const char *in[4];
        for (size_t i = 0; i < 4; i++)
            in[i] = neon_tile_row(args, r + i);
        uint32_t *x = (uint32_t *)args->x + r;
        size_t left = words;
        for (; left >= 4; left -= 4, x += 4 * args->mr) {
            const uint32x4_t a = neon_load_words(in[0]), b = neon_load_words(in[1]);
            const uint32x4_t c = neon_load_words(in[2]), d = neon_load_words(in[3]);
            const uint32x4_t ac0 = vzip1q_u32(a, c), ac1 = vzip2q_u32(a, c);
            const uint32x4_t bd0 = vzip1q_u32(b, d), bd1 = vzip2q_u32(b, d);
            vst1q_u32(x, vzip1q_u32(ac0, bd0));
            vst1q_u32(x + args->mr, vzip2q_u32(ac0, bd0));
            vst1q_u32(x + 2 * args->mr, vzip1q_u32(ac1, bd1));
            vst1q_u32(x + 3 * args->mr, vzip2q_u32(ac1, bd1));
            for (size_t i = 0; i < 4; i++)
                in[i] += 16;
        }
        for (; left > 0; left--, x += args->mr)
            for (size_t i = 0; i < 4; i++, in[i - 1] += 4)
                memcpy(x + i, in[i], 4);
    }
}

static inline void neon_transpose_f32(const struct assay_sptile_rows *args)
{
    neon_transpose_words(args, args->k);
}

/* Bytes in groups of four k: [ceil(k / 4)][mr][4], the last group filled up with zeros. */
static inline void neon_transpose_i8_fours(const struct assay_sptile_rows *args)
{
    const size_t groups = args->k / 4, tail = args->k % 4;
    neon_transpose_words(args, groups);
    if (tail == 0)
        return;
    char *x = (char *)args->x + groups * args->mr * 4;
    memset(x, 0, args->mr * 4);
    for (size_t r = 0; r < args->rows; r++)
        for (size_t l = 0; l < tail; l++)
            x[4 * r + l] = neon_tile_row(args, r)[4 * groups + l];
}

/* Bytes widened to 16 bits: [k][mr]. */
static inline void neon_transpose_i8_wide(const struct assay_sptile_rows *args)
{
    for (size_t r = 0; r < args->rows; r += 8) {
        const int8_t *in[8];
        for (size_t i = 0; i < 8; i++)
            in[i] = (const int8_t *)neon_tile_row(args, r + i);
        int16_t *x = (int16_t *)args->x + r;
        size_t left = args->k;
        for (; left >= 8; left -= 8) {
            int8x8x2_t half[4], quarter[4];
            for (size_t i = 0; i < 4; i++) /* rows i and i + 4: k 0 to 3, k 4 to 7 */
                half[i] = vzip_s8(vld1_s8(in[i]), vld1_s8(in[i + 4]));
            for (size_t h = 0; h < 2; h++) { /* rows 0, 2, 4, 6 and rows 1, 3, 5, 7, two k each */
                quarter[h] = vzip_s8(half[0].val[h], half[2].val[h]);
                quarter[h + 2] = vzip_s8(half[1].val[h], half[3].val[h]);
            }
            for (size_t h = 0; h < 2; h++)
                for (size_t q = 0; q < 2; q++, x += 2 * args->mr) {
                    const int8x8x2_t whole = vzip_s8(quarter[h].val[q], quarter[h + 2].val[q]);
                    vst1q_s16(x, vmovl_s8(whole.val[0]));
                    vst1q_s16(x + args->mr, vmovl_s8(whole.val[1]));
                }
            for (size_t i = 0; i < 8; i++)
                in[i] += 8;
        }
        for (size_t l = 0; l < left; l++, x += args->mr)
            for (size_t i = 0; i < 8; i++)
                x[i] = in[i][l];
    }
}

#endif
