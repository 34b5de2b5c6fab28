/* fp16 summed in f16: 6 rows by 4 vectors of 8 columns.
 *
 * 24 accumulators, 6 vectors of input (8 k of each row, in the lower 16 registers as the element form of fmla needs it)
 * and 2 of weights take the 32 registers. 8 k are 192 fmla by element, 16 ldp of weights, 6 ldr of rows and the loop:
 * .142 instructions per multiply-accumulate where .125 is the bound. Bound by the fmla pipes. Sums start at the bias
 * rounded to f16, one rounding that the error bound has a place for. Panels with at most 16 columns left take half of
 * it. */
#include "kernels/gemm/aarch64/neon_tile.h"

enum { MR = 6, NR = 32 };

static inline float16x8_t load8(const assay_f16 *p)
{
    return vld1q_f16((const float16_t *)(const void *)p);
}

/* One k, element `lane` of the inputs: a macro, as the element must be a constant in the source. */
#define STEP(lane)                                                      \
    for (size_t j = 0; j < vectors; j++) {                              \
        const float16x8_t weight = load8(w + (lane) * NR + 8 * j);      \
        for (size_t i = 0; i < rows; i++)                               \
            sum[i][j] = vfmaq_laneq_f16(sum[i][j], weight, x[i], lane); \
    }
#define STEP_IF_BEYOND(lane) \
    if (tail > (lane)) {     \
        STEP(lane)           \
    }

TILE_INLINE void finish(const struct assay_igemm_args *args, float16x8_t (*sum)[NR / 8], const size_t rows,
                        const size_t vectors)
{
    if (args->clamp) {
        const float16x8_t min =
            vcvt_high_f16_f32(vcvt_f16_f32(vdupq_n_f32(args->clamp_min)), vdupq_n_f32(args->clamp_min));
        const float16x8_t max =
            vcvt_high_f16_f32(vcvt_f16_f32(vdupq_n_f32(args->clamp_max)), vdupq_n_f32(args->clamp_max));
        for (size_t i = 0; i < rows; i++)
            for (size_t j = 0; j < vectors; j++)
                sum[i][j] = vminq_f16(max, vmaxq_f16(min, sum[i][j]));
    }
    assay_f16 edge[MR * NR];
    size_t step;
    char *to = tile_target(args, 8 * vectors, edge, sizeof(assay_f16), &step);
    for (size_t i = 0; i < rows; i++, to += step)
        for (size_t j = 0; j < vectors; j++)
            vst1q_f16((float16_t *)(void *)to + 8 * j, sum[i][j]);
    if (args->cols != 8 * vectors)
        store_edge(args, edge, 8 * vectors, sizeof(assay_f16));
}

/* `rows` and `vectors` are constants wherever this is inlined. */
TILE_INLINE void compute(const struct assay_igemm_args *args, const size_t rows, const size_t vectors)
{
    const float *bias = args->bias;
    const assay_f16 *w = args->w;
    float16x8_t sum[MR][NR / 8];
    for (size_t j = 0; j < vectors; j++) {
        const float16x4_t low = vcvt_f16_f32(vld1q_f32(bias + 8 * j));
        const float16x8_t start = vcvt_high_f16_f32(low, vld1q_f32(bias + 8 * j + 4));
        for (size_t i = 0; i < rows; i++)
            sum[i][j] = start;
    }
    for (size_t tap = 0; tap < args->taps; tap++) {
        const assay_f16 *a[MR];
        for (size_t i = 0; i < rows; i++)
            a[i] = args->a[tap * MR + i];
        for (size_t steps = args->k / 8; steps > 0; steps--, w += 8 * NR) {
            float16x8_t x[MR];
            for (size_t i = 0; i < rows; i++) {
                x[i] = load8(a[i]);
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
        const size_t tail = args->k % 8;
        if (tail == 0)
            continue;
        float16x8_t x[MR];
        for (size_t i = 0; i < rows; i++)
            x[i] = vreinterpretq_f16_u16(load_part16(a[i], tail));
        STEP(0)
        STEP_IF_BEYOND(1)
        STEP_IF_BEYOND(2)
        STEP_IF_BEYOND(3)
        STEP_IF_BEYOND(4)
        STEP_IF_BEYOND(5)
        STEP_IF_BEYOND(6)
        w += tail * NR;
    }
    finish(args, sum, rows, vectors);
}

static void tile(const struct assay_igemm_args *args)
{
    if (args->cols > NR / 2) {
        TILE_BY_ROWS(compute, args, NR / 8)
    } else {
        TILE_BY_ROWS(compute, args, NR / 16)
    }
}

ASSAY_IGEMM_KERNEL(f16_neonfp16_6x32, ASSAY_MODE_FP16, ASSAY_ACC_F16, MR, NR, NULL, 1, tile);
