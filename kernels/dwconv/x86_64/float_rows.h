/* 3x3 depthwise convolution of the float modes: up to 2 rows of the output by a vector of channels. A step of stride 1
 * loads a column of 4 inputs for 18 multiply-adds, one of stride 2 two columns of 5. The 9 weights and the three
 * columns of the window, 12 or 15 vectors, stay in registers. The including file defines INPUT and WEIGHT (float or
 * assay_f16). */
#include "kernels/core/x86_64/simd.h"
#include "kernels/dwconv/dwrows.h"

enum { CR = LANES, TAPS = 9, ROWS = 2 };

/* Of each channel, all together: what a block holds. */
struct block {
    _Alignas(ASSAY_PACK_ALIGN) float bias[CR];
    WEIGHT weights[TAPS][CR];
};

static void pack(const struct assay_problem *problem, const struct assay_weights *weights, size_t first, size_t count,
                 void *block)
{
    struct block *to = block;
    const WEIGHT *from = (const WEIGHT *)weights->values + first;
    const size_t channels = assay_problem_channels(problem);
    if (weights->bias)
        memcpy(to->bias, (const float *)weights->bias + first, count * sizeof(float));
    for (size_t tap = 0; tap < TAPS; tap++)
        memcpy(to->weights[tap], from + tap * channels, count * sizeof(WEIGHT));
}

/* The next column of each of `count` input rows, whose pointers move on. */
ASSAY_INLINE void load_column(const char **in, const size_t *step, const size_t count, size_t channels,
                              const bool whole, vfloat *column)
{
    ASSAY_UNROLL
    for (size_t i = 0; i < count; i++) {
        const INPUT *x = (const INPUT *)(const void *)in[i];
        column[i] = whole ? vf_load(x) : vf_load_part(x, channels);
        in[i] += step[i];
    }
}

ASSAY_INLINE void compute(const struct assay_dwrows_args *args, const size_t rows, const size_t stride,
                          const bool whole, const bool clamp)
{
    const size_t count = (rows - 1) * stride + 3;
    const struct block *block = args->block;
    const size_t channels = args->channels, in_w = args->in_w;
    const char *in[ASSAY_DWROWS_IN_MAX];
    size_t step[ASSAY_DWROWS_IN_MAX];
    vfloat weights[TAPS], columns[3][ASSAY_DWROWS_IN_MAX];
    ASSAY_UNROLL
    for (size_t i = 0; i < count; i++) {
        in[i] = args->in[i];
        step[i] = args->step[i];
    }
    ASSAY_UNROLL
    for (size_t tap = 0; tap < TAPS; tap++)
        weights[tap] = vf_load(block->weights[tap]);
    const vfloat bias = vf_load(block->bias), min = vf_set1(args->clamp_min), max = vf_set1(args->clamp_max);
    ASSAY_UNROLL
    for (size_t i = 0; i < 3 * ASSAY_DWROWS_IN_MAX; i++)
        columns[i / ASSAY_DWROWS_IN_MAX][i % ASSAY_DWROWS_IN_MAX] = vf_zero();

    /* Steps before the first output fill the window: one whose number, times the stride, is below 3 - stride. */
    size_t x = 0 - args->pad_left; /* of the next column: "before the image" is beyond its end */
    ASSAY_UNROLL
    for (size_t j = stride; j < 3; j++, x++) {
        if (x < in_w)
            load_column(in, step, count, channels, whole, columns[j]);
    }
    char *out = args->out, *late = args->late;
    const char *from = args->late_from;
    for (size_t pixel = 0; pixel < args->out_w; pixel++) {
        ASSAY_UNROLL
        for (size_t j = 0; j < 3; j++) {
            ASSAY_UNROLL
            for (size_t i = 0; i < count; i++)
                columns[j][i] = j + stride < 3 ? columns[j + stride][i] : vf_zero();
            if (j + stride >= 3) {
                if (x < in_w)
                    load_column(in, step, count, channels, whole, columns[j]);
                x++;
            }
        }
        if (late) {
            ASSAY_UNROLL
            for (size_t r = 0; r < rows; r++)
                memcpy(late + r * args->late_row, from + r * args->out_row, CR * sizeof(INPUT));
            late += args->late_pixel;
            from += args->out_pixel;
        }
        ASSAY_UNROLL
        for (size_t r = 0; r < rows; r++) {
            vfloat sum = bias;
            ASSAY_UNROLL
            for (size_t tap = 0; tap < TAPS; tap++)
                sum = vf_fma(columns[tap % 3][r * stride + tap / 3], weights[tap], sum);
            if (clamp)
                sum = vf_min(max, vf_max(min, sum));
            vf_store_part((INPUT *)(void *)(out + r * args->out_row), whole ? LANES : channels, sum);
        }
        out += args->out_pixel;
    }
}

ASSAY_INLINE void compute_rows(const struct assay_dwrows_args *args, const bool whole, const bool clamp)
{
    if (args->stride == 1 && args->rows == 2)
        compute(args, 2, 1, whole, clamp);
    else if (args->stride == 1)
        compute(args, 1, 1, whole, clamp);
    else if (args->rows == 2)
        compute(args, 2, 2, whole, clamp);
    else
        compute(args, 1, 2, whole, clamp);
}

static void run(const struct assay_dwrows_args *args)
{
    if (args->channels == CR && args->clamp)
        compute_rows(args, true, true);
    else if (args->channels == CR)
        compute_rows(args, true, false);
    else if (args->clamp)
        compute_rows(args, false, true);
    else
        compute_rows(args, false, false);
}
