/* One row of the float modes, over all columns in one call: panels of VECTORS vectors of columns, of which the last has
 * as many as it needs. The including file defines
 *   OUTPUT, WEIGHT  float or assay_f16
 *   VECTORS         of a panel, at most 16
 *   GRAIN           vectors by which the last panel can be narrower: a power of two
 * One row uses each weight once, so that reading them is all that takes time, in the order in which they lie in memory:
 * the hardware's prefetch follows, and fetching ahead by instructions only takes the place of loads (a quarter of the
 * rate from the third-level cache). Wide panels, so that broadcasts of the input are few. */
#include "kernels/core/x86_64/simd.h"
#include "kernels/gemm/igemm.h"
#include "kernels/gemm/x86_64/panels.h"

enum {
    MR = 1,
    NR = VECTORS * LANES,
    CHAINS = 8, /* independent sums that hide the latency of an addition, 4 cycles, at two of them a cycle */
};

/* One step of k: `x` times the weights of `vectors` vectors at w. */
ASSAY_INLINE void step(const float *x, const WEIGHT *w, const size_t vectors, vfloat *sums)
{
    const vfloat input = vf_in_lower(vf_set1(*x));
    ASSAY_UNROLL
    for (size_t v = 0; v < vectors; v++)
        sums[v] = vf_fma(input, vf_load(w + v * LANES), sums[v]);
}

ASSAY_INLINE void store(const struct assay_igemm_args *args, size_t column, const vfloat *sums, const size_t vectors)
{
    OUTPUT *c = (OUTPUT *)args->c + column;
    const size_t left = args->cols - column;
    const bool whole = left >= vectors * LANES;
    ASSAY_UNROLL
    for (size_t v = 0; v < vectors; v++) {
        const vfloat x = args->clamp ? vf_clamp(sums[v], args->clamp_min, args->clamp_max) : sums[v];
        if (whole)
            vf_store_part(c + v * LANES, LANES, x);
        else if (v * LANES < left)
            vf_store_part(c + v * LANES, left - v * LANES, x);
    }
}

/* The panel that begins at `column`; returns the weights after it. Of few vectors, several steps at once have sums of
 * their own. */
ASSAY_INLINE const WEIGHT *panel(const struct assay_igemm_args *args, size_t column, const WEIGHT *w,
                                 const size_t vectors)
{
    const size_t parts = vectors < CHAINS ? CHAINS / vectors : 1, width = vectors * LANES;
    const float *bias = (const float *)args->bias + column;
    vfloat sums[CHAINS][VECTORS];
    ASSAY_UNROLL
    for (size_t p = 0; p < parts; p++) {
        ASSAY_UNROLL
        for (size_t v = 0; v < vectors; v++)
            sums[p][v] = p == 0 ? vf_load_f32(bias + v * LANES) : vf_zero();
    }
    for (size_t tap = 0; tap < args->taps; tap++) {
        const float *a = args->a[tap];
        if (!a) {
            w += args->k * width;
            continue;
        }
        size_t l = 0;
        for (; l + parts <= args->k; l += parts, w += parts * width) {
            ASSAY_UNROLL
            for (size_t p = 0; p < parts; p++)
                step(a + l + p, w + p * width, vectors, sums[p]);
        }
        for (; parts > 1 && l < args->k; l++, w += width)
            step(a + l, w, vectors, sums[0]);
    }
    ASSAY_UNROLL
    for (size_t p = 1; p < parts; p++) {
        ASSAY_UNROLL
        for (size_t v = 0; v < vectors; v++)
            sums[0][v] = vf_add(sums[0][v], sums[p][v]);
    }
    store(args, column, sums[0], vectors);
    return w;
}

static void tile(const struct assay_igemm_args *args)
{
    const WEIGHT *w = args->w;
    ASSAY_FOR_PANELS(panel, args, w)
}
