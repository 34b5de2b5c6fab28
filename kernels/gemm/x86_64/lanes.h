/* One row of the float modes by few columns: the lanes of a vector are inputs, not columns, so that 2 columns take 2
 * multiply-adds for LANES inputs, where a vector of columns would be empty but for 2 lanes. Each column's sum is added
 * up across its lanes at the end. The including file defines
 *   OUTPUT, WEIGHT  float or assay_f16
 * A panel is 8 columns, a sum each; the last one has only as many as it needs. */
#define ASSAY_SIMD_256
#include "kernels/core/x86_64/simd.h"
#include "kernels/gemm/igemm.h"
#include "kernels/gemm/x86_64/panels.h"

enum {
    MR = 1,
    VECTORS = 8,
    GRAIN = 1,
    NR = VECTORS,
    CHAINS = 8, /* independent sums that hide the latency of an addition, 4 cycles, at two of them a cycle */
};

static const char *supports(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    (void)kernel;
    return assay_problem_channels(problem) > 2 * VECTORS ? "columns enough to fill vectors" : NULL;
}

/* LANES inputs `x` times those weights of each column. */
ASSAY_INLINE void step(vfloat x, const WEIGHT *w, const size_t columns, vfloat *sums)
{
    ASSAY_UNROLL
    for (size_t c = 0; c < columns; c++)
        sums[c] = vf_fma(x, vf_load(w + c * LANES), sums[c]);
}

/* The sum of all lanes of each: of eight, in order; those from `columns` on are 0. */
ASSAY_INLINE vfloat sums_of_lanes(const vfloat *x, const size_t columns)
{
    vfloat y[VECTORS];
    ASSAY_UNROLL
    for (size_t c = 0; c < VECTORS; c++)
        y[c] = c < columns ? x[c] : vf_zero();
    const vfloat low = _mm256_hadd_ps(_mm256_hadd_ps(y[0], y[1]), _mm256_hadd_ps(y[2], y[3]));
    const vfloat high = _mm256_hadd_ps(_mm256_hadd_ps(y[4], y[5]), _mm256_hadd_ps(y[6], y[7]));
    return _mm256_add_ps(_mm256_permute2f128_ps(low, high, 0x20), _mm256_permute2f128_ps(low, high, 0x31));
}

ASSAY_INLINE void store(const struct assay_igemm_args *args, size_t column, vfloat sums)
{
    const vfloat x = vf_add(sums, vf_load_f32((const float *)args->bias + column));
    vf_store_part((OUTPUT *)args->c + column, args->cols - column,
                  args->clamp ? vf_clamp(x, args->clamp_min, args->clamp_max) : x);
}

/* The panel that begins at `column`; returns the weights after it. */
ASSAY_INLINE const WEIGHT *panel(const struct assay_igemm_args *args, size_t column, const WEIGHT *w,
                                 const size_t columns)
{
    const size_t parts = CHAINS / columns, width = columns * LANES;
    vfloat sums[CHAINS][VECTORS];
    ASSAY_UNROLL
    for (size_t p = 0; p < parts; p++) {
        ASSAY_UNROLL
        for (size_t c = 0; c < columns; c++)
            sums[p][c] = vf_zero();
    }
    for (size_t tap = 0; tap < args->taps; tap++) {
        const float *a = args->a[tap];
        if (!a) {
            w += assay_round_up(args->k, LANES) * columns;
            continue;
        }
        size_t l = 0;
        for (; l + parts * LANES <= args->k; l += parts * LANES, w += parts * width) {
            ASSAY_UNROLL
            for (size_t p = 0; p < parts; p++)
                step(vf_load(a + l + p * LANES), w + p * width, columns, sums[p]);
        }
        for (; l < args->k; l += LANES, w += width)
            step(vf_load_part(a + l, args->k - l), w, columns, sums[0]);
    }
    ASSAY_UNROLL
    for (size_t p = 1; p < parts; p++) {
        ASSAY_UNROLL
        for (size_t c = 0; c < columns; c++)
            sums[0][c] = vf_add(sums[0][c], sums[p][c]);
    }
    store(args, column, sums_of_lanes(sums[0], columns));
    return w;
}

static void tile(const struct assay_igemm_args *args)
{
    const WEIGHT *w = args->w;
    ASSAY_FOR_PANELS(panel, args, w)
}
