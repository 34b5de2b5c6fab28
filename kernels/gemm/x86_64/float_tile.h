/* The tile of the float modes: MR rows by NR columns (2 vectors, or VECTORS of them), summed in f32. The including file
 * defines
 *   INPUT, WEIGHT   float or assay_f16
 *   MR
 *   VECTORS         if other than 2
 * Weights in f16 are widened as they are loaded. Inputs in f16 would need a conversion for each broadcast: they are
 * widened beforehand, CHUNK inputs of each row at a time, to a buffer that stays in the first-level cache. */
#include "kernels/core/x86_64/simd.h"
#include "kernels/gemm/igemm.h"
#include "kernels/gemm/x86_64/rows.h"

#ifndef VECTORS
#define VECTORS 2
#endif
enum { NR = VECTORS * LANES, CHUNK = 256, MAX_PARTS = 4 };

static const bool widens = sizeof(INPUT) != sizeof(float);

/* Inputs `first` to `first` + `count` of the rows of a tap, as floats. */
ASSAY_INLINE void point_inputs(const void *const *rows_of_tap, size_t first, size_t count, const size_t rows,
                               float (*widened)[CHUNK], const float **a)
{
    ASSAY_UNROLL
    for (size_t i = 0; i < rows; i++) {
        const INPUT *row = (const INPUT *)rows_of_tap[i] + first;
        if (!widens) {
            a[i] = (const float *)(const void *)row;
            continue;
        }
        for (size_t l = 0; l < count; l += LANES)
            vf_store(widened[i] + l, vf_load_part(row + l, count - l));
        a[i] = widened[i];
    }
}

ASSAY_INLINE void store(const struct assay_igemm_args *args, size_t row, const vfloat *sums)
{
    INPUT *c = (INPUT *)(void *)((char *)args->c + row * args->c_stride);
    ASSAY_UNROLL
    for (size_t v = 0; v < VECTORS; v++) {
        if (v * LANES >= args->cols)
            return;
        const vfloat x = args->clamp ? vf_clamp(sums[v], args->clamp_min, args->clamp_max) : sums[v];
        vf_store_part(c + v * LANES, args->cols - v * LANES, x);
    }
}

/* One step of k: a[i][l] times the NR weights at w. */
ASSAY_INLINE void step(const float *const *a, size_t l, const WEIGHT *w, const size_t rows, vfloat (*sums)[VECTORS])
{
    vfloat weights[VECTORS];
    ASSAY_UNROLL
    for (size_t v = 0; v < VECTORS; v++)
        weights[v] = vf_load(w + v * LANES);
    ASSAY_UNROLL
    for (size_t i = 0; i < rows; i++) {
        const vfloat x = vf_set1(a[i][l]);
        ASSAY_UNROLL
        for (size_t v = 0; v < VECTORS; v++)
            sums[i][v] = vf_fma(x, weights[v], sums[i][v]);
    }
}

/* One or two rows have too few sums to hide the latency of an addition: they are split in 4 or 2 parts. */
ASSAY_INLINE void compute(const struct assay_igemm_args *args, const size_t rows)
{
    const size_t parts = rows == 1 ? MAX_PARTS : rows == 2 ? MAX_PARTS / 2 : 1;
    const float *bias = args->bias;
    const WEIGHT *w = args->w;
    float widened[MR][CHUNK];
    vfloat sums[MAX_PARTS][MR][VECTORS];
    ASSAY_UNROLL
    for (size_t p = 0; p < parts; p++) {
        ASSAY_UNROLL
        for (size_t i = 0; i < rows; i++) {
            ASSAY_UNROLL
            for (size_t v = 0; v < VECTORS; v++)
                sums[p][i][v] = p == 0 ? vf_load_f32(bias + v * LANES) : vf_zero();
        }
    }
    for (size_t tap = 0; tap < args->taps; tap++) {
        const size_t chunk = widens ? CHUNK : args->k;
        for (size_t first = 0; first < args->k; first += chunk) {
            const size_t count = assay_min(chunk, args->k - first);
            const float *a[MR];
            point_inputs(args->a + tap * MR, first, count, rows, widened, a);
            size_t l = 0;
            for (; l + parts <= count; l += parts, w += parts * NR) {
                ASSAY_UNROLL
                for (size_t p = 0; p < parts; p++)
                    step(a, l + p, w + p * NR, rows, sums[p]);
            }
            for (; parts > 1 && l < count; l++, w += NR)
                step(a, l, w, rows, sums[0]);
        }
    }
    ASSAY_UNROLL
    for (size_t i = 0; i < rows; i++) {
        ASSAY_UNROLL
        for (size_t p = 1; p < parts; p++) {
            ASSAY_UNROLL
            for (size_t v = 0; v < VECTORS; v++)
                sums[0][i][v] = vf_add(sums[0][i][v], sums[p][i][v]);
        }
        store(args, i, sums[0][i]);
    }
}

static void tile(const struct assay_igemm_args *args)
{
    ASSAY_FOR_ROWS(args->rows)
}
