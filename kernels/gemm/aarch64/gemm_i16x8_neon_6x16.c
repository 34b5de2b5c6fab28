/* int16x8, NEON: 6 rows by 4 vectors of 4 columns, weights widened to 16 bits when packed.
 *
 * A product is at most 2^15 * 127, so 512 of them fit an int32 sum; then the sums are added to the int64 ones in
 * memory. 24 accumulators, 6 vectors of input (8 k of each row, in the lower 16 registers as the element form of smlal
 * needs it) and 2 of weights take the 32 registers. 8 k are 96 smlal and 96 smlal2 by element, 8 ldp of weights, 6 ldr
 * of rows and the loop: .275 instructions per multiply-accumulate where .25 is the bound, and .004 for the widening.
 * Bound by the multiply pipes. Panels with at most 8 columns left take half of it. */
#include "kernels/core/fixed_point.h"
#include "kernels/gemm/aarch64/neon_tile.h"

enum { MR = 6, NR = 16, EXACT_STEPS = 512 / 8 };

/* One k, element `lane` of the inputs: a macro, as the element must be a constant in the source. */
#define STEP(lane)                                                                    \
    for (size_t j = 0; j < vectors; j += 2) {                                         \
        const int16x8_t weight = vld1q_s16(w + (lane) * NR + 4 * j);                  \
        for (size_t i = 0; i < rows; i++) {                                           \
            sum[i][j] = vmlal_laneq_s16(sum[i][j], vget_low_s16(weight), x[i], lane); \
            sum[i][j + 1] = vmlal_high_laneq_s16(sum[i][j + 1], weight, x[i], lane);  \
        }                                                                             \
    }
#define STEP_IF_BEYOND(lane) \
    if (tail > (lane)) {     \
        STEP(lane)           \
    }

/* Adds the int32 sums to the int64 ones and starts them anew. */
TILE_INLINE void widen(int64_t (*total)[NR], int32x4_t (*sum)[NR / 4], const size_t rows, const size_t vectors)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < vectors; j++) {
            int64_t *to = total[i] + 4 * j;
            vst1q_s64(to, vaddw_s32(vld1q_s64(to), vget_low_s32(sum[i][j])));
            vst1q_s64(to + 2, vaddw_high_s32(vld1q_s64(to + 2), sum[i][j]));
            sum[i][j] = vdupq_n_s32(0);
        }
}

/* assay_rescale64() of two sums: x * reduced as reduced * (x >> 32) * 2^32 + reduced * (x modulo 2^32), then the
 * rounding shift, which takes ties up; narrowing drops upper bits as the definition does. */
TILE_INLINE int32x2_t rescale64(int64x2_t x, int32x2_t reduced, int64x2_t shift)
{
    const uint64x2_t low = vmull_u32(vmovn_u64(vreinterpretq_u64_s64(x)), vreinterpret_u32_s32(reduced));
    const int32x2_t high = vmul_s32(vshrn_n_s64(x, 32), reduced);
    const int64x2_t product = vaddq_s64(vreinterpretq_s64_u64(low), vshlq_n_s64(vmovl_s32(high), 32));
    return vmovn_s64(vrshlq_s64(product, shift));
}

__attribute__((noinline)) static void finish(const struct assay_igemm_args *args, int64_t (*total)[NR])
{
    const int64_t *bias = args->bias;
    const int16x4_t min = vdup_n_s16((int16_t)args->out_min), max = vdup_n_s16((int16_t)args->out_max);
    for (size_t j = 0; j < args->cols; j += 4) {
        const int32x4_t multiplier = vld1q_s32(args->multiplier + j);
        const int32x4_t shift = vsubq_s32(vld1q_s32(args->shift + j), vdupq_n_s32(15));
        const int32x4_t rounded = vrshrq_n_s32(multiplier, 16);
        const int32x4_t reduced = vminq_s32(rounded, vdupq_n_s32(0x7FFF));
        const int64x2_t shift_low = vmovl_s32(vget_low_s32(shift)), shift_high = vmovl_high_s32(shift);
        for (size_t i = 0; i < args->rows; i++) {
            const int64x2_t low = vaddq_s64(vld1q_s64(total[i] + j), vld1q_s64(bias + j));
            const int64x2_t high = vaddq_s64(vld1q_s64(total[i] + j + 2), vld1q_s64(bias + j + 2));
            const int32x4_t value = vcombine_s32(rescale64(low, vget_low_s32(reduced), shift_low),
                                                 rescale64(high, vget_high_s32(reduced), shift_high));
            const int16x4_t out = vmin_s16(max, vmax_s16(min, vqmovn_s32(value)));
            int16_t *c = (int16_t *)(void *)((char *)args->c + i * args->c_stride) + j;
            if (args->cols - j >= 4) {
                vst1_s16(c, out);
                continue;
            }
            int16_t part[4];
            vst1_s16(part, out);
            memcpy(c, part, (args->cols - j) * sizeof(*part));
        }
    }
}

/* `rows` and `vectors` are constants wherever this is inlined. */
TILE_INLINE void compute(const struct assay_igemm_args *args, const size_t rows, const size_t vectors)
{
    const int16_t *w = args->w;
    int64_t total[MR][NR] = {{0}};
    int32x4_t sum[MR][NR / 4];
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < vectors; j++)
            sum[i][j] = vdupq_n_s32(0);
    size_t room = EXACT_STEPS; /* steps of at most 8 k until a sum may overflow */
    for (size_t tap = 0; tap < args->taps; tap++) {
        const int16_t *a[MR];
        for (size_t i = 0; i < rows; i++)
            a[i] = args->a[tap * MR + i];
        const size_t tail = args->k % 8;
        for (size_t left = args->k / 8; left > 0;) {
            const size_t steps = assay_min(left, room);
            for (size_t step = steps; step > 0; step--, w += 8 * NR) {
                int16x8_t x[MR];
                for (size_t i = 0; i < rows; i++) {
                    x[i] = vld1q_s16(a[i]);
                    a[i] += 8;
                }
                STEP(0)
                STEP(1)
                STEP(2)
                STEP(3)
                STEP(4)
                STEP(5)
                STEP(6)
                STEP(7)
            }
            left -= steps;
            room -= steps;
            if (room == 0) {
                widen(total, sum, rows, vectors);
                room = EXACT_STEPS;
            }
        }
        if (tail == 0)
            continue;
        int16x8_t x[MR];
        for (size_t i = 0; i < rows; i++)
            x[i] = vreinterpretq_s16_u16(load_part16(a[i], tail));
        STEP(0)
        STEP_IF_BEYOND(1)
        STEP_IF_BEYOND(2)
        STEP_IF_BEYOND(3)
        STEP_IF_BEYOND(4)
        STEP_IF_BEYOND(5)
        STEP_IF_BEYOND(6)
        w += tail * NR;
        if (--room == 0) {
            widen(total, sum, rows, vectors);
            room = EXACT_STEPS;
        }
    }
    widen(total, sum, rows, vectors);
    finish(args, total);
}

static void tile(const struct assay_igemm_args *args)
{
    if (args->cols > NR / 2) {
        TILE_BY_ROWS(compute, args, NR / 4)
    } else {
        TILE_BY_ROWS(compute, args, NR / 8)
    }
}

ASSAY_IGEMM_KERNEL(i16x8_neon_6x16, ASSAY_MODE_INT16X8, ASSAY_ACC_I64, MR, NR, NULL, 1, tile,
                   .element = ASSAY_PACK_I8_AS_I16);
