/* fp32, SSE4.1: 3 rows by 4 vectors of 4 columns: 12 sums of the 16 registers. Without a fused multiply-add, and with
 * two operands an instruction, a wide tile of few rows takes the fewest shuffles and moves: four inputs of a row are
 * loaded at once, and a step of k is a shuffle and a move a row, and 12 loads of weights, multiplications and
 * additions: 44 instructions for 48 multiply-accumulates, bound by their number. 1.04 to 1.25 of what a compiler
 * makes of the reference. A layer of a single row has gemm_f32_sse41_1x32. */
#include "kernels/core/x86_64/simd.h"
#include "kernels/gemm/igemm.h"

enum { MR = 3, VECTORS = 4, NR = VECTORS * LANES };

/* The same address, which a compiler does not know to be: it would load weights once for all rows, and spill them. */
ASSAY_INLINE const float *opaque(const float *address)
{
    __asm__ volatile("" : "+r"(address));
    return address;
}

/* sums += x, in all lanes, times the weights at w, which are aligned. */
ASSAY_INLINE void add_products(vfloat x, const float *w, vfloat *sums)
{
    ASSAY_UNROLL
    for (size_t v = 0; v < VECTORS; v++)
        sums[v] = vf_add(sums[v], vf_mul(x, _mm_load_ps(w + v * LANES)));
}

ASSAY_INLINE void store(const struct assay_igemm_args *args, size_t row, const vfloat *sums)
{
    float *c = (float *)(void *)((char *)args->c + row * args->c_stride);
    ASSAY_UNROLL
    for (size_t v = 0; v < VECTORS; v++) {
        if (v * LANES >= args->cols)
            return;
        const vfloat x = args->clamp ? vf_clamp(sums[v], args->clamp_min, args->clamp_max) : sums[v];
        vf_store_part(c + v * LANES, args->cols - v * LANES, x);
    }
}

/* A single row has too few sums to hide the latency of an addition: it has as many again for odd steps. */
ASSAY_INLINE void compute(const struct assay_igemm_args *args, const size_t rows)
{
    const size_t odd = rows == 1 ? 1 : 0;
    const float *w = args->w;
    vfloat sums[MR][VECTORS];
    ASSAY_UNROLL
    for (size_t i = 0; i < rows + odd; i++) {
        ASSAY_UNROLL
        for (size_t v = 0; v < VECTORS; v++)
            sums[i][v] = i < rows ? vf_load_f32((const float *)args->bias + v * LANES) : vf_zero();
    }
    for (size_t tap = 0; tap < args->taps; tap++) {
        const float *a[MR];
        ASSAY_UNROLL
        for (size_t i = 0; i < rows; i++)
            a[i] = args->a[tap * MR + i];
        size_t l = 0;
        for (; l + LANES <= args->k; l += LANES, w += LANES * NR) {
            ASSAY_UNROLL
            for (size_t i = 0; i < rows; i++) {
                const vfloat x = vf_load_f32(a[i] + l);
                const float *own = opaque(w);
                add_products(_mm_shuffle_ps(x, x, 0x00), own, sums[i]);
                add_products(_mm_shuffle_ps(x, x, 0x55), own + NR, sums[i + odd]);
                add_products(_mm_shuffle_ps(x, x, 0xAA), own + 2 * NR, sums[i]);
                add_products(_mm_shuffle_ps(x, x, 0xFF), own + 3 * NR, sums[i + odd]);
            }
        }
        for (; l < args->k; l++, w += NR) {
            ASSAY_UNROLL
            for (size_t i = 0; i < rows; i++)
                add_products(vf_set1(a[i][l]), w, sums[i]);
        }
    }
    ASSAY_UNROLL
    for (size_t i = 0; i < rows; i++) {
        ASSAY_UNROLL
        for (size_t v = 0; v < VECTORS && odd; v++)
            sums[i][v] = vf_add(sums[i][v], sums[i + odd][v]);
        store(args, i, sums[i]);
    }
}

static void tile(const struct assay_igemm_args *args)
{
    switch (args->rows) {
    case 1:
        return compute(args, 1);
    case 2:
        return compute(args, 2);
    default:
        return compute(args, MR);
    }
}

ASSAY_IGEMM_KERNEL(f32_sse41_3x16, ASSAY_MODE_FP32, ASSAY_ACC_F32, MR, NR, NULL, 1, tile);
