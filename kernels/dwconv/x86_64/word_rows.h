/* 3x3 depthwise convolution of int16x8 on AVX-512 VNNI: int16 of two rows of a column, interleaved by channel, times
 * pairs of weights (vpdpwssd): a column is interleaved once for the three windows it is in. At stride 1 four rows of
 * the input, two pairs, serve two rows of the output, the second with weights that are moved by one row.
 *
 * Interleaving leaves channel 8 l + 4 h + i of a block in lane 4 l + i of half h, 0 or 1; all that belongs to channels
 * is packed in this order, and narrowing by vpackssdw undoes it. */
#include "kernels/core/x86_64/simd.h"
#include "kernels/dwconv/dwrows.h"

enum { CR = 2 * LANES, HALVES = 2, PAIRS = 2, ROWS = 2 };

/* Of the channels of a half. Pairs of 64-bit lanes: [0] for its even lanes, [1] for its odd ones. */
struct half {
    int16_t weights[3][ROWS][PAIRS][CR]; /* [column][row of the output][pair of rows of the input] */
    int32_t multiplier[2][LANES];        /* in the even lanes of both */
    int64_t rounding[2][LANES / 2], shift[2][LANES / 2];
};

struct block {
    _Alignas(ASSAY_PACK_ALIGN) struct half halves[HALVES];
};

/* assay_rescale64() (kernels/core/fixed_point.h) of sum + bias is (sum * m + (bias * m + rounding)) >> total, where
 * sums of 9 products fit 32 bits, m is of 15 bits, and the rest is known here. */
static void pack(const struct assay_problem *problem, const struct assay_weights *weights, size_t first, size_t count,
                 void *packed)
{
    struct block *block = packed;
    const size_t channels = assay_problem_channels(problem);
    const int8_t *values = (const int8_t *)weights->values + first;
    for (size_t c = 0; c < count; c++) {
        struct half *to = &block->halves[c / 4 % 2];
        const size_t lane = c / 8 * 4 + c % 4;
        for (size_t tap = 0; tap < 9; tap++)
            for (size_t r = 0; r < ROWS; r++) {
                const size_t row = tap / 3 + r;
                to->weights[tap % 3][r][row / 2][lane * 2 + row % 2] = values[tap * channels + c];
            }
        const int32_t multiplier = weights->multiplier[first + c];
        const int32_t reduced = multiplier < 0x7FFF0000 ? (multiplier + (1 << 15)) >> 16 : 0x7FFF;
        const int total = 15 - weights->shift[first + c];
        const int64_t bias = weights->bias ? ((const int64_t *)weights->bias)[first + c] : 0;
        to->multiplier[lane % 2][lane / 2 * 2] = reduced;
        to->rounding[lane % 2][lane / 2] = bias * reduced + (INT64_C(1) << (total - 1));
        to->shift[lane % 2][lane / 2] = total;
    }
}

/* The next column of 3 or 4 input rows, in pairs; their pointers move on. Of three rows the fourth is the third once
 * more, which its weights, zeros, take out. */
ASSAY_INLINE void load_column(const char **in, const size_t *step, const size_t count, size_t channels,
                              vint (*column)[PAIRS])
{
    vint x[4];
    ASSAY_UNROLL
    for (size_t i = 0; i < count; i++) {
        x[i] = vi_load_part_i16((const int16_t *)(const void *)in[i], channels);
        in[i] += step[i];
    }
    column[0][0] = vi_pairs_low(x[0], x[1]);
    column[1][0] = vi_pairs_high(x[0], x[1]);
    column[0][1] = vi_pairs_low(x[2], x[count - 1]);
    column[1][1] = vi_pairs_high(x[2], x[count - 1]);
}

ASSAY_INLINE vint rescale(const struct half *to, vint x)
{
    const vint even = _mm512_add_epi64(_mm512_mul_epi32(x, vi_load(to->multiplier[0])), vi_load(to->rounding[0]));
    const vint odd = _mm512_add_epi64(_mm512_mul_epi32(_mm512_srli_epi64(x, 32), vi_load(to->multiplier[1])),
                                      vi_load(to->rounding[1]));
    return _mm512_mask_blend_epi32(0xAAAA, _mm512_srav_epi64(even, vi_load(to->shift[0])),
                                   _mm512_slli_epi64(_mm512_srav_epi64(odd, vi_load(to->shift[1])), 32));
}

ASSAY_INLINE void store(const struct assay_dwrows_args *args, vint x, char *out)
{
    const vint low = _mm512_set1_epi16((short)args->out_min), high = _mm512_set1_epi16((short)args->out_max);
    const vint clamped = _mm512_min_epi16(_mm512_max_epi16(x, low), high);
    if (args->channels == CR)
        vi_store(out, clamped);
    else
        _mm512_mask_storeu_epi16(out, ((__mmask32)1 << args->channels) - 1, clamped);
}

ASSAY_INLINE void compute(const struct assay_dwrows_args *args, const size_t rows, const size_t stride)
{
    const size_t count = (rows - 1) * stride + 3, in_w = args->in_w, channels = args->channels;
    const struct block *block = args->block;
    const char *in[ASSAY_DWROWS_IN_MAX];
    size_t step[ASSAY_DWROWS_IN_MAX];
    vint columns[3][HALVES][PAIRS];
    ASSAY_UNROLL
    for (size_t i = 0; i < count; i++) {
        in[i] = args->in[i];
        step[i] = args->step[i];
    }
    ASSAY_UNROLL
    for (size_t i = 0; i < 3 * HALVES * PAIRS; i++)
        columns[i / 4][i / 2 % 2][i % 2] = vi_zero();
    size_t x = 0 - args->pad_left; /* of the next column: "before the image" is beyond its end */
    ASSAY_UNROLL
    for (size_t j = stride; j < 3; j++, x++) { /* the first step shifts them to where they belong */
        if (x < in_w)
            load_column(in, step, count, channels, columns[j]);
    }
    char *out = args->out, *late = args->late;
    const char *from = args->late_from;
    for (size_t pixel = 0; pixel < args->out_w; pixel++) {
        ASSAY_UNROLL
        for (size_t j = 0; j < 3; j++) {
            ASSAY_UNROLL
            for (size_t i = 0; i < HALVES * PAIRS; i++)
                columns[j][i / 2][i % 2] = j + stride < 3 ? columns[j + stride][i / 2][i % 2] : vi_zero();
            if (j + stride >= 3) {
                if (x < in_w)
                    load_column(in, step, count, channels, columns[j]);
                x++;
            }
        }
        if (late) {
            ASSAY_UNROLL
            for (size_t r = 0; r < rows; r++)
                memcpy(late + r * args->late_row, from + r * args->out_row, CR * sizeof(int16_t));
            late += args->late_pixel;
            from += args->out_pixel;
        }
        vint sums[ROWS][HALVES];
        ASSAY_UNROLL
        for (size_t h = 0; h < HALVES; h++) {
            const struct half *half = &block->halves[h];
            ASSAY_UNROLL
            for (size_t r = 0; r < rows; r++) {
                sums[r][h] = vi_zero();
                ASSAY_UNROLL
                for (size_t i = 0; i < 3 * PAIRS; i++)
                    sums[r][h] = vi_dot2(sums[r][h], columns[i / 2][h][i % 2], vi_load(half->weights[i / 2][r][i % 2]));
            }
            ASSAY_UNROLL
            for (size_t r = 0; r < rows; r++)
                sums[r][h] = rescale(half, sums[r][h]);
        }
        ASSAY_UNROLL
        for (size_t r = 0; r < rows; r++)
            store(args, _mm512_packs_epi32(sums[r][0], sums[r][1]), out + r * args->out_row);
        out += args->out_pixel;
    }
}

static void run(const struct assay_dwrows_args *args)
{
    if (args->stride == 2)
        compute(args, 1, 2);
    else if (args->rows == 2)
        compute(args, 2, 1);
    else
        compute(args, 1, 1);
}
