/* One row of hybrid, over all columns in one call. Bound by reading the weights, once and in order. A gemm's row comes
 * as floats, and is quantized here: nothing can be multiplied before the row's last element has been looked at, so that
 * of small layers the chain from there to the first product is what takes time. A convolution's row has been quantized,
 * with its image. */
#define PLANES 1
#include "kernels/gemm/x86_64/dot_row.h"
#include "kernels/quantize/x86_64/one_row.h"

enum {
    INPUT_OFFSET = 128,
    SHORT_STEPS = LANES / STEP_BYTES, /* of a row that one vector of floats holds */
};

struct call {
    size_t cols;
    const struct assay_igemm_args *args;
    vfloat scale;
    vint minus_zero; /* with the offset */
    /* Inputs as unsigned bytes: of each tap, whole steps of them; or of a short row one vector a step. */
    const void *const *taps;
    vint short_row[SHORT_STEPS];
};

/* out = (sum - zero * weight_sum) * (row's scale * scale) + bias, of which sums begin with the second term. */
ASSAY_INLINE void store(const struct call *call, size_t column, const vint *sums, const size_t vectors)
{
    const struct assay_igemm_args *args = call->args;
    const float *scale = args->scale + column, *bias = (const float *)args->bias + column;
    float *c = (float *)args->c + column;
    const size_t left = call->cols - column;
    const bool whole = left >= vectors * LANES;
    vfloat x[VECTORS];
    ASSAY_UNROLL
    for (size_t v = 0; v < vectors; v++) {
        const vfloat factor = vf_mul(call->scale, vf_load(scale + v * LANES));
        x[v] = vf_fma(vi_to_float(sums[v]), factor, vf_load(bias + v * LANES));
    }
    if (args->clamp) {
        ASSAY_UNROLL
        for (size_t v = 0; v < vectors; v++)
            x[v] = vf_clamp(x[v], args->clamp_min, args->clamp_max);
    }
    ASSAY_UNROLL
    for (size_t v = 0; v < vectors; v++) {
        if (whole)
            vf_store(c + v * LANES, x[v]);
        else if (v * LANES < left)
            vf_store_part(c + v * LANES, left - v * LANES, x[v]);
    }
}

ASSAY_INLINE void first_sums(const struct call *call, size_t column, vint *sums, const size_t vectors)
{
    ASSAY_UNROLL
    for (size_t v = 0; v < vectors; v++)
        sums[v] = vi_mul(call->minus_zero, vi_load(call->args->weight_sum + column + v * LANES));
}

ASSAY_INLINE size_t steps_of(const struct call *call)
{
    return assay_round_up(call->args->k, STEP_BYTES) / STEP_BYTES;
}

/* Of few vectors, `parts` steps at once have sums of their own. */
ASSAY_INLINE const char *accumulate(const char *a, size_t steps, const char *w, const size_t vectors,
                                    const size_t parts, vint (*sums)[1][VECTORS])
{
    const size_t step_weights = vectors * sizeof(vint);
    size_t s = 0;
    for (; s + parts <= steps; s += parts, w += parts * step_weights) {
        ASSAY_UNROLL
        for (size_t p = 0; p < parts; p++) {
            const vint x = vi_broadcast(a + (s + p) * STEP_BYTES);
            step(&x, w + p * step_weights, vectors, sums[p]);
        }
    }
    for (; parts > 1 && s < steps; s++, w += step_weights) {
        const vint x = vi_broadcast(a + s * STEP_BYTES);
        step(&x, w, vectors, sums[0]);
    }
    return w;
}

ASSAY_INLINE const char *panel(const struct call *call, size_t column, const char *w, const size_t vectors)
{
    const size_t parts = vectors < SUMS_AT_ONCE ? SUMS_AT_ONCE / vectors : 1;
    vint sums[SUMS_AT_ONCE][1][VECTORS];
    first_sums(call, column, sums[0][0], vectors);
    ASSAY_UNROLL
    for (size_t p = 1; p < parts; p++) {
        ASSAY_UNROLL
        for (size_t v = 0; v < vectors; v++)
            sums[p][0][v] = vi_zero();
    }
    for (size_t tap = 0; tap < call->args->taps; tap++)
        w = accumulate(call->taps[tap], steps_of(call), w, vectors, parts, sums);
    ASSAY_UNROLL
    for (size_t p = 1; p < parts; p++) {
        ASSAY_UNROLL
        for (size_t v = 0; v < vectors; v++)
            sums[0][0][v] = vi_add(sums[0][0][v], sums[p][0][v]);
    }
    store(call, column, sums[0][0], vectors);
    return w;
}

ASSAY_INLINE const char *short_panel(const struct call *call, size_t column, const char *w, const size_t vectors)
{
    const size_t steps = steps_of(call);
    vint sums[1][VECTORS];
    first_sums(call, column, sums[0], vectors);
    ASSAY_UNROLL
    for (size_t s = 0; s < SHORT_STEPS; s++) {
        if (s < steps) {
            step(&call->short_row[s], w, vectors, sums);
            w += vectors * sizeof(vint);
        }
    }
    store(call, column, sums[0], vectors);
    return w;
}

/* A row of LANES inputs at most stays in registers: written to memory as bytes and read as steps it would take longer.
 */
ASSAY_INLINE void compute_short(const struct assay_igemm_args *args)
{
    struct call call = {.cols = args->cols, .args = args};
    const struct found_row row = quantize_short_row(args->a[0], args->k, call.short_row);
    call.scale = row.scale;
    call.minus_zero = vi_sub(vi_set1(-INPUT_OFFSET), row.zero);
    const char *w = args->w;
    ASSAY_FOR_PANELS(short_panel, &call, w)
}

ASSAY_INLINE void compute(const struct assay_igemm_args *args)
{
    const char *w = args->w;
    const void *room = args->room;
    struct call call = {.cols = args->cols, .args = args, .taps = room ? &room : args->a};
    if (room) {
        const struct found_row row = quantize_whole_row(args->a[0], args->k, args->room, w);
        call.scale = row.scale;
        call.minus_zero = vi_sub(vi_set1(-INPUT_OFFSET), row.zero);
    } else {
        call.scale = vf_set1(args->row->scale);
        call.minus_zero = vi_set1(-args->row->zero);
    }
    ASSAY_FOR_PANELS(panel, &call, w)
}

static void tile(const struct assay_igemm_args *args)
{
    if (args->room && args->k <= LANES)
        compute_short(args);
    else
        compute(args);
}

static void quantize_run(const float *x, size_t count, struct assay_row_quantization row, int8_t *q)
{
    const struct row_factors factors = row_factors_of(1.0f / row.scale, row.zero, AS_UNSIGNED);
    quantize_row(x, count, &factors, q);
}
