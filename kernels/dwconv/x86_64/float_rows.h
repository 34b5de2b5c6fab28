/* 3x3 depthwise convolution of the float modes: up to 2 rows of the output by 2 vectors of channels. In registers are
 * the sums, of all pixels of the output that a column of the input adds to, 3 at stride 1 and 2 at stride 2. A column
 * is loaded once, both vectors of a pixel together, and forgotten: pixels that are a large power of two apart share few
 * sets of the first-level cache, from which their lines come the slower, the fewer of a pixel's are wanted at a time.
 * What registers are left hold weights; the others are loaded in each step, once for both rows. The including file
 * defines INPUT and WEIGHT (float or assay_f16). */
#include "kernels/core/x86_64/simd.h"
#include "kernels/dwconv/dwrows.h"

enum { VECTORS = 2, CR = VECTORS * LANES, TAPS = 9, ROWS = 2, PIXELS = 3 };

/* Of each channel, all together: what a block holds. Weights are widened here, once and for all. */
struct block {
    _Alignas(ASSAY_PACK_ALIGN) float bias[CR];
    float weights[TAPS][CR];
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
        for (size_t c = 0; c < count; c++)
            to->weights[tap][c] = (float)from[tap * channels + c];
}

/* A walk along the rows of a block: where it is, and what it carries from step to step. */
struct walk {
    const struct assay_dwrows_args *args;
    const struct block *block;
    const char *in[ASSAY_DWROWS_IN_MAX];
    size_t step[ASSAY_DWROWS_IN_MAX];
    size_t x;                           /* of the next column: "before the image" is beyond its end */
    size_t last;                        /* channels of the last vector */
    vfloat sums[PIXELS][ROWS][VECTORS]; /* of the pixel that is stored next, and those after it */
    vfloat held[TAPS][VECTORS];         /* weights, as many as held() says */
};

/* How many taps' weights there are registers for, beside the sums, a column of the input, the range of the activation
 * and a weight that is not among them. */
ASSAY_INLINE size_t held(const size_t rows, const size_t stride, const size_t vectors)
{
    const size_t pixels = stride == 1 ? 3 : 2, taken = pixels * rows * vectors + (rows - 1) * stride + 3 + 3;
    return assay_min((32 - taken) / vectors, TAPS);
}

/* Adds the next column to the sums of each pixel whose window it is in: of the first one, it is column `column`. */
ASSAY_INLINE void add_column(struct walk *w, const size_t rows, const size_t stride, const size_t vectors,
                             const size_t column)
{
    const size_t count = (rows - 1) * stride + 3;
    if (w->x++ >= w->args->in_w)
        return;
    ASSAY_UNROLL
    for (size_t v = 0; v < vectors; v++) {
        vfloat inputs[ASSAY_DWROWS_IN_MAX];
        ASSAY_UNROLL
        for (size_t i = 0; i < count; i++) {
            const INPUT *from = (const INPUT *)(const void *)w->in[i] + v * LANES;
            inputs[i] = v + 1 < vectors ? vf_load(from) : vf_load_part(from, w->last);
        }
        ASSAY_UNROLL
        for (size_t pixel = 0; pixel * stride <= column; pixel++) {
            ASSAY_UNROLL
            for (size_t i = 0; i < 3; i++) {
                const size_t tap = i * 3 + column - pixel * stride;
                const vfloat weight =
                    tap < held(rows, stride, vectors) ? w->held[tap][v] : vf_load(w->block->weights[tap] + v * LANES);
                ASSAY_UNROLL
                for (size_t r = 0; r < rows; r++)
                    w->sums[pixel][r][v] = vf_fma(inputs[r * stride + i], weight, w->sums[pixel][r][v]);
            }
        }
    }
    ASSAY_UNROLL
    for (size_t i = 0; i < count; i++)
        w->in[i] += w->step[i];
}

ASSAY_INLINE void compute(const struct assay_dwrows_args *args, const size_t rows, const size_t stride,
                          const size_t vectors)
{
    struct walk w = {
        .args = args,
        .block = args->block,
        .x = 0 - args->pad_left,
        .last = args->channels - (vectors - 1) * LANES,
    };
    ASSAY_UNROLL
    for (size_t i = 0; i < (rows - 1) * stride + 3; i++) {
        w.in[i] = args->in[i];
        w.step[i] = args->step[i];
    }
    ASSAY_UNROLL
    for (size_t v = 0; v < vectors; v++) {
        ASSAY_UNROLL
        for (size_t tap = 0; tap < held(rows, stride, vectors); tap++)
            w.held[tap][v] = vf_load(w.block->weights[tap] + v * LANES);
        ASSAY_UNROLL
        for (size_t i = 0; i < PIXELS * ROWS; i++)
            w.sums[i / ROWS][i % ROWS][v] = vf_load(w.block->bias + v * LANES);
    }
    /* The window's columns before those that a step adds. */
    ASSAY_UNROLL
    for (size_t column = 0; column + stride < 3; column++)
        add_column(&w, rows, stride, vectors, column);

    const vfloat min = vf_set1(args->clamp_min), max = vf_set1(args->clamp_max);
    char *out = args->out, *late = args->late;
    const char *from = args->late_from;
    for (size_t pixel = 0; pixel < args->out_w; pixel++) {
        ASSAY_UNROLL
        for (size_t column = 3 - stride; column < 3; column++)
            add_column(&w, rows, stride, vectors, column);
        if (late) {
            ASSAY_UNROLL
            for (size_t r = 0; r < rows; r++)
                memcpy(late + r * args->late_row, from + r * args->out_row, CR * sizeof(INPUT));
            late += args->late_pixel;
            from += args->out_pixel;
        }
        ASSAY_UNROLL
        for (size_t r = 0; r < rows; r++) {
            ASSAY_UNROLL
            for (size_t v = 0; v < vectors; v++) {
                INPUT *to = (INPUT *)(void *)(out + r * args->out_row) + v * LANES;
                /* Without an activation the range is infinite, and a NaN passes. */
                vf_store_part(to, v + 1 < vectors ? LANES : w.last, vf_min(max, vf_max(min, w.sums[0][r][v])));
                w.sums[0][r][v] = w.sums[1][r][v];
                w.sums[1][r][v] = w.sums[2][r][v];
                w.sums[stride == 1 ? 2 : 1][r][v] = vf_load(w.block->bias + v * LANES);
            }
        }
        out += args->out_pixel;
    }
}

ASSAY_INLINE void compute_rows(const struct assay_dwrows_args *args, const size_t vectors)
{
    if (args->stride == 1 && args->rows == 2)
        compute(args, 2, 1, vectors);
    else if (args->stride == 1)
        compute(args, 1, 1, vectors);
    else if (args->rows == 2)
        compute(args, 2, 2, vectors);
    else
        compute(args, 1, 2, vectors);
}

static void run(const struct assay_dwrows_args *args)
{
    if (args->channels > LANES)
        compute_rows(args, 2);
    else
        compute_rows(args, 1);
}
