/* The tile of the float modes: MR rows by NR columns, summed in f32 from inputs in f32. The including file defines
 *   OUTPUT, WEIGHT  float or assay_f16
 *   MR, VECTORS     rows, at most 12, and vectors of columns, at most 4
 *   FEWEST          vectors that are computed at least
 * Weights in f16 are widened as they are loaded; inputs in f16 by the driver, with `widen`. Few columns or rows have
 * loops of their own, so that they cost few multiplications. */
#include "kernels/core/x86_64/simd.h"
#include "kernels/gemm/igemm.h"

enum {
    NR = VECTORS * LANES,
    CHAINS = 8, /* independent sums that hide the latency of an addition, 4 cycles, at two of them a cycle */
    /* How far ahead weights are fetched: further than the latency of the third-level cache, 200 cycles. */
    PREFETCH_BYTES = 2048,
    LINE_BYTES = 64,
};

/* See vf_in_lower. Vectors of 512 bits have no such trouble, and a broadcast that is used once is best an operand in
 * memory. */
ASSAY_INLINE vfloat operand(vfloat x)
{
#ifdef ASSAY_SIMD_256
    return vf_in_lower(x);
#else
    return x;
#endif
}

/* One step of k: a[i][l] times the weights of `vectors` vectors at w. */
ASSAY_INLINE void step(const float *const *a, size_t l, const WEIGHT *w, const size_t rows, const size_t vectors,
                       vfloat (*sums)[VECTORS])
{
    vfloat weights[VECTORS];
    ASSAY_UNROLL
    for (size_t v = 0; v < vectors; v++)
        weights[v] = operand(vf_load(w + v * LANES));
    ASSAY_UNROLL
    for (size_t i = 0; i < rows; i++) {
        const vfloat x = operand(vf_set1(a[i][l]));
        ASSAY_UNROLL
        for (size_t v = 0; v < vectors; v++)
            sums[i][v] = vf_fma(x, weights[v], sums[i][v]);
    }
}

ASSAY_INLINE void store_row(const struct assay_igemm_args *args, OUTPUT *c, const vfloat *sums, const size_t vectors)
{
    ASSAY_UNROLL
    for (size_t v = 0; v < vectors; v++) {
        if (v * LANES >= args->cols)
            return;
        const vfloat x = args->clamp ? vf_clamp(sums[v], args->clamp_min, args->clamp_max) : sums[v];
        vf_store_part(c + v * LANES, args->cols - v * LANES, x);
    }
}

/* Tiles of too few sums to hide the latency of an addition split each in `parts`. */
ASSAY_INLINE void compute(const struct assay_igemm_args *args, const size_t rows, const size_t vectors)
{
    const size_t of_step = rows * vectors, parts = of_step == 1 ? CHAINS : of_step <= 4 ? CHAINS / of_step : 1;
    const float *bias = args->bias;
    const WEIGHT *w = args->w;
    vfloat sums[CHAINS][MR][VECTORS];
    ASSAY_UNROLL
    for (size_t p = 0; p < parts; p++) {
        ASSAY_UNROLL
        for (size_t i = 0; i < rows; i++) {
            ASSAY_UNROLL
            for (size_t v = 0; v < vectors; v++)
                sums[p][i][v] = p == 0 ? vf_load_f32(bias + v * LANES) : vf_zero();
        }
    }
    const void *const *tap_rows = args->a;
    for (size_t tap = 0; tap < args->taps; tap++, tap_rows += MR) {
        if (!tap_rows[0]) {
            w += args->k * NR;
            continue;
        }
        const float *a[MR];
        ASSAY_UNROLL
        for (size_t i = 0; i < rows; i++)
            a[i] = tap_rows[i];
        size_t l = 0;
        for (; l + parts <= args->k; l += parts, w += parts * NR) {
            if (rows >= MR / 2) { /* fewer rows are bound by their loads */
                ASSAY_UNROLL
                for (size_t b = 0; b < NR * sizeof(WEIGHT); b += LINE_BYTES)
                    __builtin_prefetch((const char *)w + PREFETCH_BYTES + b);
            }
            ASSAY_UNROLL
            for (size_t p = 0; p < parts; p++)
                step(a, l + p, w + p * NR, rows, vectors, sums[p]);
        }
        for (; parts > 1 && l < args->k; l++, w += NR)
            step(a, l, w, rows, vectors, sums[0]);
    }
    char *c = args->c;
    ASSAY_UNROLL
    for (size_t i = 0; i < rows; i++, c += args->c_stride) {
        ASSAY_UNROLL
        for (size_t p = 1; p < parts; p++) {
            ASSAY_UNROLL
            for (size_t v = 0; v < vectors; v++)
                sums[0][i][v] = vf_add(sums[0][i][v], sums[p][i][v]);
        }
        store_row(args, (OUTPUT *)(void *)c, sums[0][i], vectors);
    }
}

/* With constants in place of the numbers of rows and vectors. */
#define ASSAY_FLOAT_ROWS(n)                          \
    case n:                                          \
        compute(args, (n) < MR ? (n) : MR, vectors); \
        break;
ASSAY_INLINE void compute_rows(const struct assay_igemm_args *args, const size_t vectors)
{
    switch (args->rows) {
        ASSAY_FLOAT_ROWS(1)
        ASSAY_FLOAT_ROWS(2)
        ASSAY_FLOAT_ROWS(3)
        ASSAY_FLOAT_ROWS(4)
        ASSAY_FLOAT_ROWS(5)
        ASSAY_FLOAT_ROWS(6)
        ASSAY_FLOAT_ROWS(7)
        ASSAY_FLOAT_ROWS(8)
        ASSAY_FLOAT_ROWS(9)
        ASSAY_FLOAT_ROWS(10)
        ASSAY_FLOAT_ROWS(11)
        ASSAY_FLOAT_ROWS(12)
    }
}

#define ASSAY_FLOAT_VECTORS(n)                                                     \
    case n:                                                                        \
        compute_rows(args, (n) < FEWEST ? FEWEST : (n) < VECTORS ? (n) : VECTORS); \
        break;
static void tile(const struct assay_igemm_args *args)
{
    switch ((args->cols + LANES - 1) / LANES) {
        ASSAY_FLOAT_VECTORS(1)
        ASSAY_FLOAT_VECTORS(2)
        ASSAY_FLOAT_VECTORS(3)
        ASSAY_FLOAT_VECTORS(4)
    }
}
