/* The NEON tile of the modes that accumulate in f32. The includer says what is stored, and its size:
 *   TILE_INPUT, TILE_WEIGHT   element types of rows and packed weights, float or assay_f16
 *   TILE_ROWS, TILE_COLUMNS   6 and 16, or 8 and 8
 *
 * 6 x 16: 24 accumulators, 6 vectors of input (4 k of each row) and 2 of weights take the 32 registers. 4 k are 96 fmla
 * by lane, 8 ldp of weights, 6 ldr of rows and the loop: .2995 instructions per multiply-accumulate where .25 is the
 * bound. Panels with at most 8 columns left take half of it. 8 x 8: 16 accumulators and 8 vectors of input leave 8
 * registers for weights to be widened in. 4 k are 64 fmla by lane, 4 ldp and 8 fcvtl of weights, 8 ldr of rows and the
 * loop: .344; f16 inputs add 8 fcvtl: .375. Both are bound by the fmla pipes. */
#ifndef ASSAY_KERNELS_GEMM_AARCH64_NEON_FLOAT_H
#define ASSAY_KERNELS_GEMM_AARCH64_NEON_FLOAT_H

#include "kernels/gemm/aarch64/neon_tile.h"

enum { MR = TILE_ROWS, NR = TILE_COLUMNS };

static inline float32x4_t load4_float(const float *p)
{
    return vld1q_f32(p);
}
static inline float32x4_t load4_assay_f16(const assay_f16 *p)
{
    return vcvt_f32_f16(vld1_f16((const __fp16 *)p));
}

/* The first `count` (1 to 3) of a vector, nothing read beyond. */
static inline float32x4_t load_part_float(const float *p, size_t count)
{
    const float32x4_t zero = vdupq_n_f32(0.0f);
    if (count == 1)
        return vld1q_lane_f32(p, zero, 0);
    const float32x4_t pair = vcombine_f32(vld1_f32(p), vdup_n_f32(0.0f));
    return count == 2 ? pair : vld1q_lane_f32(p + 2, pair, 2);
}

static inline float32x4_t load_part_assay_f16(const assay_f16 *p, size_t count)
{
    const float part[4] = {(float)p[0], count > 1 ? (float)p[1] : 0.0f, count > 2 ? (float)p[2] : 0.0f, 0.0f};
    return vld1q_f32(part);
}

#define LOAD_WEIGHTS ASSAY_PASTE(load4, TILE_WEIGHT)
#define LOAD_INPUTS ASSAY_PASTE(load4, TILE_INPUT)
#define LOAD_PART ASSAY_PASTE(load_part, TILE_INPUT)

/* One k, lane `lane` of the inputs: a macro, as the lane must be a constant in the source. */
#define STEP(lane)                                                        \
    for (size_t j = 0; j < vectors; j++) {                                \
        const float32x4_t weight = LOAD_WEIGHTS(w + (lane) * NR + 4 * j); \
        for (size_t i = 0; i < rows; i++)                                 \
            sum[i][j] = vfmaq_laneq_f32(sum[i][j], weight, x[i], lane);   \
    }

/* `rows` and `vectors` are constants wherever this is inlined. */
TILE_INLINE void compute(const struct assay_igemm_args *args, const size_t rows, const size_t vectors)
{
    const float *bias = args->bias;
    const TILE_WEIGHT *w = args->w;
    float32x4_t sum[MR][4];
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < vectors; j++)
            sum[i][j] = vld1q_f32(bias + 4 * j);
    for (size_t tap = 0; tap < args->taps; tap++) {
        const TILE_INPUT *a[MR];
        for (size_t i = 0; i < rows; i++)
            a[i] = args->a[tap * MR + i];
        for (size_t steps = args->k / 4; steps > 0; steps--, w += 4 * NR) {
            float32x4_t x[MR];
            for (size_t i = 0; i < rows; i++) {
                x[i] = LOAD_INPUTS(a[i]);
                a[i] += 4;
            }
            STEP(0)
            STEP(1)
            STEP(2)
            STEP(3)
        }
        const size_t l = args->k % 4;
        if (l == 0)
            continue;
        float32x4_t x[MR];
        for (size_t i = 0; i < rows; i++)
            x[i] = LOAD_PART(a[i], l);
        STEP(0)
        if (l > 1)
            STEP(1)
        if (l > 2)
            STEP(2)
        w += l * NR;
    }
    ASSAY_PASTE(store_tile, TILE_INPUT)(args, sum, rows, vectors);
}

static void tile(const struct assay_igemm_args *args)
{
    if (NR == 16 && args->cols <= 8) {
        TILE_BY_ROWS(compute, args, 2)
    } else {
        TILE_BY_ROWS(compute, args, NR / 4)
    }
}

#endif
