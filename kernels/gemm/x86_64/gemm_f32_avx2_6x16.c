/* fp32, AVX2 and FMA: 6 rows by 2 vectors of 8 columns.
 * 12 accumulators, 2 vectors of weights and 1 broadcast input take 15 of the 16 registers. A step of k is 12 multiply-adds,
 * 2 loads and 6 broadcasts: bound by the two FMA ports, 6 cycles for 96 multiply-accumulates. */
#include "kernels/gemm/igemm.h"

#include <immintrin.h>

enum { MR = 6, NR = 16 };

/* The first `count` (0 to 8) lanes. */
static inline __m256i lanes(size_t count)
{
    const __m256i index = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)count), index);
}

static inline void store(const struct assay_igemm_args *args, size_t row, __m256 low, __m256 high)
{
    if (args->clamp) {
        const __m256 min = _mm256_set1_ps(args->clamp_min), max = _mm256_set1_ps(args->clamp_max);
        low = _mm256_min_ps(max, _mm256_max_ps(min, low));
        high = _mm256_min_ps(max, _mm256_max_ps(min, high));
    }
    float *c = (float *)(void *)((char *)args->c + row * args->c_stride);
    if (args->cols == NR) {
        _mm256_storeu_ps(c, low);
        _mm256_storeu_ps(c + 8, high);
        return;
    }
    _mm256_maskstore_ps(c, lanes(assay_min(args->cols, 8)), low);
    if (args->cols > 8)
        _mm256_maskstore_ps(c + 8, lanes(args->cols - 8), high);
}

/* `rows` is a constant wherever this is inlined: fewer rows cost fewer multiplications. */
__attribute__((always_inline)) static inline void compute(const struct assay_igemm_args *args, const size_t rows)
{
    const float *bias = args->bias, *w = args->w;
    __m256 low[MR], high[MR];
    for (size_t i = 0; i < rows; i++) {
        low[i] = _mm256_loadu_ps(bias);
        high[i] = _mm256_loadu_ps(bias + 8);
    }
    for (size_t tap = 0; tap < args->taps; tap++) {
        const float *a[MR];
        for (size_t i = 0; i < rows; i++)
            a[i] = args->a[tap * MR + i];
        for (size_t l = 0; l < args->k; l++, w += NR) {
            const __m256 w_low = _mm256_load_ps(w), w_high = _mm256_load_ps(w + 8);
            for (size_t i = 0; i < rows; i++) {
                const __m256 x = _mm256_broadcast_ss(a[i] + l);
                low[i] = _mm256_fmadd_ps(x, w_low, low[i]);
                high[i] = _mm256_fmadd_ps(x, w_high, high[i]);
            }
        }
    }
    for (size_t i = 0; i < rows; i++)
        store(args, i, low[i], high[i]);
}

static void tile(const struct assay_igemm_args *args)
{
    switch (args->rows) {
    case 1:
        compute(args, 1);
        break;
    case 2:
        compute(args, 2);
        break;
    case 3:
        compute(args, 3);
        break;
    case 4:
        compute(args, 4);
        break;
    case 5:
        compute(args, 5);
        break;
    default:
        compute(args, 6);
    }
}

ASSAY_IGEMM_KERNEL(f32_avx2_6x16, ASSAY_MODE_FP32, ASSAY_ACC_F32, MR, NR, NULL, 1, tile);
