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

__attribute__((noinline)) static void finish(const struct assay_igemm_args *args, int64_t (*total)[NR])
{
    const int64_t *bias = args->bias;
    for (size_t i = 0; i < args->rows; i++) {
        int16_t *c = (int16_t *)(void *)((char *)args->c + i * args->c_stride);
        for (size_t j = 0; j < args->cols; j++) {
            const int64_t sum = (int64_t)((uint64_t)total[i][j] + (uint64_t)bias[j]);
            const int32_t value = assay_rescale64(sum, args->multiplier[j], args->shift[j]);
            c[j] = (int16_t)assay_clamp_int(value, args->out_min, args->out_max);
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
