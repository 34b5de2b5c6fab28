/* The tile of hybrid: the products of int8, with sums that are scaled to float as they are stored. The including file
 * defines MR and DOT_BYTES (dot.h). Of DOT_BYTES 4 the inputs are made unsigned, and rows filled up to whole
 * steps, as they are quantized. */
#if DOT_BYTES == 4
#define STAGED
#endif
#include "kernels/gemm/x86_64/taps.h"
#include "kernels/quantize/x86_64/dynamic_rows.h"

/* Sums begin at -zero * weight_sum, for which a tile waits least. */
ASSAY_INLINE void begin(const struct assay_igemm_args *args, const size_t rows, vint (*sums)[VECTORS])
{
    ASSAY_UNROLL
    for (size_t v = 0; v < VECTORS; v++) {
        const vint negative = vi_sub(vi_zero(), load_columns(args->weight_sum, v));
        if (args->same_row) {
            const vint first = vi_mul(vi_set1(args->row[0].zero), negative);
            ASSAY_UNROLL
            for (size_t i = 0; i < rows; i++)
                sums[i][v] = first;
        } else {
            ASSAY_UNROLL
            for (size_t i = 0; i < rows; i++)
                sums[i][v] = vi_mul(vi_set1(args->row[i].zero), negative);
        }
    }
}

/* out = sum * (row.scale * scale) + bias. What all rows share is read before anything is stored, which might be the
 * same memory for all that the compiler knows. */
ASSAY_INLINE void store_sums(const struct assay_igemm_args *args, const size_t rows, vint (*sums)[VECTORS],
                             const bool same_row, const bool clamp)
{
    const struct assay_row_quantization *row = args->row;
    const size_t cols = args->cols, stride = args->c_stride;
    const float min = args->clamp_min, max = args->clamp_max, *scales = args->scale, *biases = args->bias;
    char *out = args->c;
    ASSAY_UNROLL
    for (size_t v = 0; v < VECTORS; v++) {
        const size_t column = v * LANES;
        if (column >= cols)
            return;
        const vfloat scale = vf_from_bits(load_columns(scales, v)), bias = vf_from_bits(load_columns(biases, v));
        const vfloat shared = vf_mul(vf_set1(row[0].scale), scale);
        ASSAY_UNROLL
        for (size_t i = 0; i < rows; i++) {
            const vfloat factor = same_row ? shared : vf_mul(vf_set1(row[i].scale), scale);
            const vfloat x = vf_fma(vi_to_float(sums[i][v]), factor, bias);
            vf_store_part((float *)(void *)(out + i * stride) + column, cols - column,
                          clamp ? vf_clamp(x, min, max) : x);
        }
    }
}

ASSAY_INLINE void store(const struct assay_igemm_args *args, const size_t rows, vint (*sums)[VECTORS])
{
    if (args->same_row && args->clamp)
        store_sums(args, rows, sums, true, true);
    else if (args->same_row)
        store_sums(args, rows, sums, true, false);
    else if (args->clamp)
        store_sums(args, rows, sums, false, true);
    else
        store_sums(args, rows, sums, false, false);
}

#include "kernels/gemm/x86_64/tap_tile.h"

#if DOT_BYTES == 4
#define QUANTIZED_AS AS_UNSIGNED
#else
#define QUANTIZED_AS AS_SIGNED
#endif

static void quantize_run(const float *x, size_t count, struct assay_row_quantization row, int8_t *q)
{
    const struct row_factors factors = row_factors_of(1.0f / row.scale, row.zero, QUANTIZED_AS);
    quantize_row(x, count, &factors, q);
}

static void quantize_inputs(const float *in, size_t count, size_t length, size_t in_stride, int8_t *q,
                            struct assay_row_quantization *rows)
{
    quantize_all_rows(&(struct rows_to_quantize){in, length, in_stride, q, length, rows}, count, QUANTIZED_AS);
}

/* Members of struct assay_igemm. */
#define HYBRID_TILE                                                                                         \
    .element = ELEMENT, .input_offset = INPUT_OFFSET, .row_range = row_range, .row_quantize = quantize_run, \
    .quantize_rows = quantize_inputs, .stages_as_read = (DOT_BYTES == 4)
