/* 3x3 depthwise convolution of int8 on AVX-512 with VNNI and IFMA: quad_rows.h with the rescale by 52-bit products
 * (kernels/core/rescale52.h), and two steps at once, so that what belongs to channels, 13 vectors for each 16 of them,
 * is loaded once for 4 vectors of sums: a step at a time would be bound by its loads.
 *
 * A vector of 64 bytes is 64 channels of a pixel; or, in layers of WIDTH channels in all, a group of 64 / WIDTH pixels
 * side by side. The first and last columns of their windows are then those of the group, moved by a pixel, and what
 * comes in is from the group before or after.
 *
 * Interleaving leaves byte 16 l + 4 q + i of a vector in lane 4 l + i of quarter q, 0 to 3; all that belongs to
 * channels is packed in this order, and narrowing by vpackssdw and vpacksswb undoes it. The including file defines
 * WIDTH: 64, 32, 16 or 8. */
#include "kernels/core/fixed_point.h"
#include "kernels/core/x86_64/rescale52.h"
#include "kernels/core/x86_64/simd.h"
#include "kernels/dwconv/dwrows.h"

#define MODE ASSAY_MODE_INT8

enum { BYTES = 64, CR = WIDTH, PIXELS = BYTES / WIDTH, QUARTERS = 4, ROWS = 2, AT_ONCE = 2 };

/* How the sums of a block are rescaled: by the cheapest way that is exact for all of its channels. */
enum rescaling { RESCALE_ONE_SIDED, RESCALE_TWO_SIDED, RESCALE_EACH };

/* Of the channels of a vector of sums. */
struct quarter {
    int8_t weights[3][ROWS][BYTES]; /* [column][row of the output]: 4 bytes a channel, of 4 rows of the input */
    int32_t start[LANES];           /* of the sums: bias, and what rescaling wants */
    struct assay_rescale52_lanes rescale;
    int32_t multiplier[LANES], shift[LANES]; /* RESCALE_EACH */
};

struct block {
    _Alignas(ASSAY_PACK_ALIGN) struct quarter quarters[QUARTERS];
    enum rescaling rescaling;
};

/* Of a channel: what stands in all its lanes. */
struct channel {
    int8_t weights[9];
    int32_t bias, multiplier, shift;
    bool solved;
    struct assay_rescale52 rescale;
};

static struct channel channel_of(const struct assay_problem *problem, const struct assay_weights *weights, size_t c)
{
    const size_t channels = assay_problem_channels(problem);
    const int32_t bias = weights->bias ? ((const int32_t *)weights->bias)[c] : 0;
    struct channel to = {.multiplier = weights->multiplier[c], .shift = weights->shift[c]};
    int32_t sum = 0;
    int64_t lower = 0, upper = 0; /* of the sums of inputs of [0, 255], as the kernel takes them */
    for (size_t tap = 0; tap < 9; tap++) {
        to.weights[tap] = ((const int8_t *)weights->values)[tap * channels + c];
        sum += to.weights[tap];
        *(to.weights[tap] < 0 ? &lower : &upper) += 255 * to.weights[tap];
    }
    to.bias = (int32_t)((uint32_t)bias - (uint32_t)(problem->quantization.in_zero + 128) * (uint32_t)sum);
    lower += to.bias;
    upper += to.bias;
    const struct assay_rescale52_range range = {
        .largest = upper > -lower ? upper : -lower,
        .zero = problem->quantization.out_zero,
        .minimum = assay_clamp_min_int(problem),
        .maximum = assay_clamp_max_int(problem),
    };
    /* As of a multiplier of 0: shifts beyond those that can be solved are of channels that hardly contribute. */
    const bool vanishes =
        to.shift < -1 && to.shift >= -31 && (range.largest * to.multiplier >> 31) + 1 < INT64_C(1) << (-to.shift - 1);
    to.solved = assay_rescale52_solve(vanishes ? 0 : to.multiplier, to.shift, range, &to.rescale);
    return to;
}

static void pack(const struct assay_problem *problem, const struct assay_weights *weights, size_t first, size_t count,
                 void *packed)
{
    struct block *block = packed;
    if (assay_clamp_min_int(problem) < problem->quantization.out_zero)
        block->rescaling = RESCALE_TWO_SIDED;
    struct channel channels[CR];
    for (size_t c = 0; c < count; c++) {
        channels[c] = channel_of(problem, weights, first + c);
        if (!channels[c].solved)
            block->rescaling = RESCALE_EACH;
    }
    for (size_t byte = 0; byte < BYTES; byte++) {
        if (byte % CR >= count)
            continue;
        const struct channel *channel = &channels[byte % CR];
        struct quarter *to = &block->quarters[byte / 4 % 4];
        const size_t lane = byte / 16 * 4 + byte % 4;
        for (size_t tap = 0; tap < 9; tap++)
            for (size_t r = 0; r < ROWS; r++)
                to->weights[tap % 3][r][lane * 4 + tap / 3 + r] = channel->weights[tap];
        const uint32_t low = block->rescaling == RESCALE_EACH ? 0 : channel->rescale.low;
        to->start[lane] = (int32_t)((uint32_t)channel->bias + low);
        to->multiplier[lane] = channel->multiplier;
        to->shift[lane] = channel->shift;
        assay_rescale52_place(&channel->rescale, (unsigned)lane, &to->rescale);
    }
}

/* A walk along the rows of a block. Columns are interleaved: of a pixel, or of a group of them. */
struct walk {
    const struct assay_dwrows_args *args;
    const struct block *block;
    const char *in[ASSAY_DWROWS_IN_MAX]; /* of the next pixel; of groups, of the row */
    size_t step[ASSAY_DWROWS_IN_MAX];
    ptrdiff_t x; /* of the next column's first pixel */
    __mmask64 mask;
    vint columns[2 * AT_ONCE + 2][QUARTERS];
    char *out, *late;
    const char *late_from;
    vint outside, sign_bits, min, max; /* as bytes */
    bool clamp;                        /* min and max are not what saturation does already */
};

/* In memory at worst: a broadcast of bytes is a shuffle each time. */
ASSAY_INLINE vint all_bytes(int32_t byte)
{
    vint x = _mm512_set1_epi8((char)byte);
    __asm__("" : "+v"(x));
    return x;
}

/* The next pixel of each of `count` rows, or a group of pixels, those beside the image as zero points. */
ASSAY_INLINE void load_rows(struct walk *w, const size_t count, vint *x)
{
    const vint outside = w->outside;
    const size_t in_w = w->args->in_w;
    if (WIDTH == BYTES) {
        const bool inside = (size_t)w->x < in_w;
        ASSAY_UNROLL
        for (size_t i = 0; i < count; i++)
            x[i] = outside;
        if (inside) {
            ASSAY_UNROLL
            for (size_t i = 0; i < count; i++) {
                x[i] = _mm512_maskz_loadu_epi8(w->mask, w->in[i]);
                w->in[i] += w->step[i];
            }
        }
    } else {
        __mmask64 mask = ~(__mmask64)0;
        if (w->x < 0)
            mask = w->x <= -PIXELS ? 0 : mask << (size_t)-w->x * WIDTH;
        if (w->x + PIXELS > (ptrdiff_t)in_w)
            mask = w->x >= (ptrdiff_t)in_w ? 0 : mask & ~(__mmask64)0 >> (BYTES - (in_w - (size_t)w->x) * WIDTH);
        ASSAY_UNROLL
        for (size_t i = 0; i < count; i++) {
            const char *from = (const char *)((uintptr_t)w->in[i] + (uintptr_t)(w->x * WIDTH));
            x[i] = _mm512_mask_loadu_epi8(outside, w->step[i] ? mask : 0, from);
        }
    }
    w->x += PIXELS;
}

/* A column of 3 or 4 rows. Of three the fourth is the third once more, which its weights, zeros, take out. */
ASSAY_INLINE void interleave(const struct walk *w, vint *x, const size_t count, vint *column)
{
    ASSAY_UNROLL
    for (size_t i = 0; i < count; i++)
        x[i] = vi_xor(x[i], w->sign_bits);
    const vint last = x[count - 1];
    const vint low01 = _mm512_unpacklo_epi8(x[0], x[1]), high01 = _mm512_unpackhi_epi8(x[0], x[1]);
    const vint low23 = _mm512_unpacklo_epi8(x[2], last), high23 = _mm512_unpackhi_epi8(x[2], last);
    column[0] = _mm512_unpacklo_epi16(low01, low23);
    column[1] = _mm512_unpackhi_epi16(low01, low23);
    column[2] = _mm512_unpacklo_epi16(high01, high23);
    column[3] = _mm512_unpackhi_epi16(high01, high23);
}

/* Of two groups after one another: the pixels of even number, or of odd. */
ASSAY_INLINE vint every_second(vint first, vint second, const bool odd)
{
    if (WIDTH == 32)
        return odd ? _mm512_shuffle_i32x4(first, second, 0xEE) : _mm512_shuffle_i32x4(first, second, 0x44);
    if (WIDTH == 16)
        return odd ? _mm512_shuffle_i32x4(first, second, 0xDD) : _mm512_shuffle_i32x4(first, second, 0x88);
    const vint from = _mm512_set_epi64(14, 12, 10, 8, 6, 4, 2, 0);
    return _mm512_permutex2var_epi64(first, odd ? _mm512_add_epi64(from, _mm512_set1_epi64(1)) : from, second);
}

/* The columns that a step has beyond the one before, `stride` of them: the next pixels or, of groups at stride 2, those
 * of even and those of odd number. */
ASSAY_INLINE void load_step(struct walk *w, const size_t stride, const size_t count, vint (*columns)[QUARTERS])
{
    vint x[2][4];
    ASSAY_UNROLL
    for (size_t i = 0; i < stride; i++) {
        load_rows(w, count, x[i]);
        if (WIDTH == BYTES || stride == 1)
            interleave(w, x[i], count, columns[i]);
    }
    if (WIDTH == BYTES || stride == 1)
        return;
    ASSAY_UNROLL
    for (size_t i = 0; i < count; i++) {
        const vint even = every_second(x[0][i], x[1][i], false);
        x[1][i] = every_second(x[0][i], x[1][i], true);
        x[0][i] = even;
    }
    interleave(w, x[0], count, columns[0]);
    interleave(w, x[1], count, columns[1]);
}

/* Columns that a step has of the one before it. */
ASSAY_INLINE size_t kept(const size_t stride)
{
    return WIDTH == BYTES ? 3 - stride : 2;
}

/* Quarter q of a group's pixels but the first, and the first of the one after; or of the last before it, and the
 * group's but the last. A pixel of 8 bytes is two quarters of half as many lanes. */
ASSAY_INLINE vint later(const vint *group, const vint *after, const size_t q)
{
    if (WIDTH == 32)
        return _mm512_alignr_epi64(after[q], group[q], 4);
    if (WIDTH == 16)
        return _mm512_alignr_epi64(after[q], group[q], 2);
    return q < 2 ? group[q + 2] : _mm512_alignr_epi64(after[q - 2], group[q - 2], 2);
}

ASSAY_INLINE vint earlier(const vint *group, const vint *before, const size_t q)
{
    if (WIDTH == 32)
        return _mm512_alignr_epi64(group[q], before[q], 4);
    if (WIDTH == 16)
        return _mm512_alignr_epi64(group[q], before[q], 6);
    return q >= 2 ? group[q - 2] : _mm512_alignr_epi64(group[q + 2], before[q + 2], 6);
}

/* Quarter q of column j of the windows of a step, whose columns are these. */
ASSAY_INLINE vint window(vint (*columns)[QUARTERS], const size_t stride, const size_t j, const size_t q)
{
    if (WIDTH == BYTES)
        return columns[j][q];
    if (stride == 2)
        return j < 2 ? columns[j][q] : later(columns[0], columns[2], q);
    return j == 0 ? earlier(columns[1], columns[0], q) : j == 1 ? columns[1][q] : later(columns[1], columns[2], q);
}

/* Keeps `count` vectors in registers and in order: each stage of all of them comes before the next stage of any. Left
 * to itself a compiler finishes one after the other, whose latency fills the processor's queues. */
ASSAY_INLINE void stage(vint *x, const size_t count)
{
    if (count == 4)
        __asm__ volatile("" : "+v"(x[0]), "+v"(x[1]), "+v"(x[2]), "+v"(x[3]));
    else if (count == 2)
        __asm__ volatile("" : "+v"(x[0]), "+v"(x[1]));
    else
        __asm__ volatile("" : "+v"(x[0]));
}

/* `count` vectors of the same channels, with the zero point added; what lies far from the range of int8 may come back
 * as anything that far. */
ASSAY_INLINE void rescale(const struct quarter *quarter, vint *x, const size_t count, int32_t zero,
                          const enum rescaling rescaling)
{
    const struct rescaler52 r = rescaler52_of(&quarter->rescale);
    if (rescaling == RESCALE_EACH) {
        ASSAY_UNROLL
        for (size_t i = 0; i < count; i++) {
            int32_t y[LANES];
            vi_store(y, x[i]);
            for (size_t c = 0; c < LANES; c++)
                y[c] =
                    assay_clamp_int(assay_rescale(y[c], quarter->multiplier[c], quarter->shift[c]), -1024, 1024) + zero;
            x[i] = vi_load(y);
        }
    } else if (rescaling == RESCALE_TWO_SIDED) {
        ASSAY_UNROLL
        for (size_t i = 0; i < count; i++)
            x[i] = rescale52_two_sided(x[i], &r);
    } else {
        vint even[4], odd[4];
        ASSAY_UNROLL
        for (size_t i = 0; i < count; i++)
            even[i] = _mm512_mask_blend_epi32(r.odd, x[i], r.even_high);
        stage(even, count);
        ASSAY_UNROLL
        for (size_t i = 0; i < count; i++) {
            odd[i] = r.odd_high;
            /* vpshufd by hand: compilers make two operations of the intrinsic, or vpermt2d, which are slower. */
            __asm__("vpshufd $0xF5, %1, %0%{%2%}" : "+v"(odd[i]) : "v"(x[i]), "Yk"(r.even));
        }
        stage(odd, count);
        ASSAY_UNROLL
        for (size_t i = 0; i < count; i++)
            even[i] = _mm512_madd52hi_epu64(r.even_after, even[i], r.even_factor);
        stage(even, count);
        ASSAY_UNROLL
        for (size_t i = 0; i < count; i++)
            odd[i] = _mm512_madd52hi_epu64(r.odd_after, odd[i], r.odd_factor);
        stage(odd, count);
        ASSAY_UNROLL
        for (size_t i = 0; i < count; i++) {
            x[i] = even[i];
            __asm__("vpshufd $0xA0, %1, %0%{%2%}" : "+v"(x[i]) : "v"(odd[i]), "Yk"(r.odd));
        }
    }
}

ASSAY_INLINE void store_bytes(const struct walk *w, vint x, size_t bytes, char *out)
{
    if (w->clamp)
        x = _mm512_min_epi8(_mm512_max_epi8(x, w->min), w->max);
    if (bytes >= BYTES)
        vi_store(out, x);
    else
        _mm512_mask_storeu_epi8(out, ((__mmask64)1 << bytes) - 1, x);
}

/* `steps` steps: of each a pixel or a group of them, of which `bytes` bytes from the first on are to be stored. */
ASSAY_INLINE void advance(struct walk *w, const size_t rows, const size_t stride, const size_t steps, size_t bytes,
                          const enum rescaling rescaling)
{
    const struct assay_dwrows_args *args = w->args;
    const size_t count = (rows - 1) * stride + 3;
    ASSAY_UNROLL
    for (size_t i = 0; i < steps; i++)
        load_step(w, stride, count, &w->columns[kept(stride) + i * stride]);
    if (w->late) {
        ASSAY_UNROLL
        for (size_t i = 0; i < steps * rows; i++)
            memcpy(w->late + i / rows * args->late_pixel + i % rows * args->late_row,
                   w->late_from + i / rows * args->out_pixel + i % rows * args->out_row, BYTES);
        w->late += steps * args->late_pixel;
        w->late_from += steps * args->out_pixel;
    }
    vint results[QUARTERS][AT_ONCE * ROWS];
    ASSAY_UNROLL
    for (size_t q = 0; q < QUARTERS; q++) {
        const struct quarter *quarter = &w->block->quarters[q];
        vint *x = results[q];
        ASSAY_UNROLL
        for (size_t j = 0; j < 3; j++) {
            ASSAY_UNROLL
            for (size_t i = 0; i < steps * rows; i++) {
                x[i] = _mm512_dpbusd_epi32(j == 0 ? vi_load(quarter->start) : x[i],
                                           window(&w->columns[i / rows * stride], stride, j, q),
                                           vi_load(quarter->weights[j][i % rows]));
            }
            stage(x, steps * rows);
        }
        rescale(quarter, x, steps * rows, args->out_zero, rescaling);
        if (q % 2 == 1) { /* in place of the first of each two, both of them as int16 */
            ASSAY_UNROLL
            for (size_t i = 0; i < steps * rows; i++)
                results[q - 1][i] = _mm512_packs_epi32(results[q - 1][i], x[i]);
        }
        stage(results[q / 2 * 2], steps * rows);
        __asm__ volatile("" ::: "memory");
    }
    ASSAY_UNROLL
    for (size_t i = 0; i < steps * rows; i++) {
        const size_t before = WIDTH == BYTES ? 0 : i / rows * BYTES;
        store_bytes(w, _mm512_packs_epi16(results[0][i], results[2][i]), bytes - before,
                    w->out + i / rows * PIXELS * args->out_pixel + i % rows * args->out_row);
    }
    w->out += steps * PIXELS * args->out_pixel;
    ASSAY_UNROLL
    for (size_t i = 0; i < kept(stride) * QUARTERS; i++)
        w->columns[i / QUARTERS][i % QUARTERS] = w->columns[steps * stride + i / QUARTERS][i % QUARTERS];
}

ASSAY_INLINE void compute(const struct assay_dwrows_args *args, const size_t rows, const size_t stride,
                          const enum rescaling rescaling)
{
    struct walk w = {
        .args = args,
        .block = args->block,
        .x = (ptrdiff_t)(stride == 1 ? 1 - PIXELS : 0) - (ptrdiff_t)args->pad_left,
        .mask = args->channels >= BYTES ? ~(__mmask64)0 : ((__mmask64)1 << args->channels) - 1,
        .out = args->out,
        .late = args->late,
        .late_from = args->late_from,
        .outside = all_bytes(args->in_zero),
        .sign_bits = all_bytes(-128),
        .min = all_bytes(args->out_min),
        .max = all_bytes(args->out_max),
        .clamp = args->out_min > INT8_MIN || args->out_max < INT8_MAX,
    };
    const size_t count = (rows - 1) * stride + 3;
    ASSAY_UNROLL
    for (size_t i = 0; i < count; i++) {
        w.in[i] = args->in[i];
        w.step[i] = args->step[i];
    }
    ASSAY_UNROLL
    for (size_t i = 0; i < kept(stride); i += stride)
        load_step(&w, WIDTH == BYTES ? 1 : stride, count, &w.columns[i]);
    for (size_t pixel = 0; pixel < args->out_w; pixel += AT_ONCE * PIXELS) {
        const size_t bytes = WIDTH == BYTES ? args->channels : (args->out_w - pixel) * WIDTH;
        if (pixel + (AT_ONCE - 1) * PIXELS < args->out_w)
            advance(&w, rows, stride, AT_ONCE, bytes, rescaling);
        else
            advance(&w, rows, stride, 1, bytes, rescaling);
    }
}

#include "kernels/dwconv/x86_64/quad_rescalings.h"
