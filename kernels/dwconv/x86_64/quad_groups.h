/* 3x3 depthwise convolution of int8 on AVX-512 VNNI: bytes of up to four rows of a column, interleaved by channel, made
 * unsigned by flipping their sign bit (which adds 128), times signed weights (vpdpbusd): a column is interleaved once
 * for the three windows it is in. At stride 1 the four rows serve two rows of the output, the second with weights that
 * are moved by one byte. Two steps are taken at once, so that what belongs to channels is loaded once for 4 vectors of
 * sums, which are rescaled by a float multiply-add (kernels/core/rescale24.h).
 *
 * A vector of 64 bytes is 64 channels of a pixel; or, of a block of fewer channels, a group of pixels after one another
 * by `width` bytes each, 32, 16 or 8. The first and last columns of their windows are then those of the group, moved by
 * a pixel, and what comes in is from the group before or after. Where the layer's channels fill a width and pixels have
 * no gaps between them, a group is loaded and stored as it lies; else pixel by pixel.
 *
 * Interleaving leaves byte 16 l + 4 q + i of a vector in lane 4 l + i of quarter q, 0 to 3; all that belongs to
 * channels is packed in this order, and narrowing by vpackssdw and vpacksswb undoes it.
 *
 * The including file defines CHANNELS of a block and ADJACENT: whether pixels are side by side. */
#include "kernels/core/x86_64/rescale.h"
#include "kernels/core/x86_64/rescale24.h"
#include "kernels/core/x86_64/simd.h"
#include "kernels/dwconv/dwrows.h"

enum { BYTES = 64, CR = CHANNELS, QUARTERS = 4, ROWS = 2, AT_ONCE = 2 };

/* How the sums of a block are rescaled: by the cheapest way that is exact for all of its channels. MIXED: as two-sided
 * but for those quarters in which it is not exact. */
enum rescaling { RESCALE_ONE_SIDED, RESCALE_TWO_SIDED, RESCALE_MIXED };

/* Of the channels of a vector of sums. All vectors begin with a line of the cache. */
struct quarter {
    int8_t weights[3][ROWS][BYTES]; /* [column][row of the output]: 4 bytes a channel, of 4 rows of the input */
    int32_t start[LANES];           /* of the sums: bias, and what rescaling wants */
    struct assay_rescale24_lanes rescale;
    /* Of a quarter with a channel that is not solved: its sums begin at the bias. */
    int32_t multiplier[LANES], shift[LANES];
    _Alignas(ASSAY_PACK_ALIGN) bool unsolved;
    bool unbounded; /* for kernels/core/x86_64/rescale.h */
};

struct block {
    _Alignas(ASSAY_PACK_ALIGN) struct quarter quarters[QUARTERS];
    enum rescaling rescaling;
};

/* Of a channel: what stands in all its lanes. */
struct channel {
    int8_t weights[9];
    int32_t bias, multiplier, shift;
    bool solved, bounded;
    struct assay_rescale24 rescale;
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
    const struct assay_rescale_range range = {
        .largest = upper > -lower ? upper : -lower,
        .zero = problem->quantization.out_zero,
        .minimum = assay_clamp_min_int(problem),
        .maximum = assay_clamp_max_int(problem),
    };
    to.bounded = range.largest <= 1 << 29 && to.multiplier >= 0 && to.shift < 0;
    to.solved = assay_rescale24_solve(to.multiplier, to.shift, range, &to.rescale);
    return to;
}

/* Bytes that a pixel of a block takes in a vector. */
static size_t width_of(size_t channels)
{
    return ADJACENT ? CR : channels <= 16 ? 16 : channels <= 32 ? 32 : BYTES;
}

static void pack(const struct assay_problem *problem, const struct assay_weights *weights, size_t first, size_t count,
                 void *packed)
{
    struct block *block = packed;
    if (assay_clamp_min_int(problem) < problem->quantization.out_zero)
        block->rescaling = RESCALE_TWO_SIDED;
    const size_t width = width_of(count);
    struct channel channels[CR];
    for (size_t c = 0; c < count; c++) {
        channels[c] = channel_of(problem, weights, first + c);
        for (size_t pixel = 0; !channels[c].solved && pixel < BYTES / width; pixel++) {
            struct quarter *of = &block->quarters[(pixel * width + c) / 4 % 4];
            of->unsolved = true;
            block->rescaling = RESCALE_MIXED;
        }
    }
    for (size_t byte = 0; byte < BYTES; byte++) {
        if (byte % width >= count)
            continue;
        const struct channel *channel = &channels[byte % width];
        struct quarter *to = &block->quarters[byte / 4 % 4];
        const size_t lane = byte / 16 * 4 + byte % 4;
        for (size_t tap = 0; tap < 9; tap++)
            for (size_t r = 0; r < ROWS; r++)
                to->weights[tap % 3][r][lane * 4 + tap / 3 + r] = channel->weights[tap];
        const uint32_t rescale_start = to->unsolved ? 0 : channel->rescale.start;
        to->start[lane] = (int32_t)((uint32_t)channel->bias + rescale_start);
        to->unbounded |= !channel->bounded;
        to->multiplier[lane] = channel->multiplier;
        to->shift[lane] = channel->shift;
        assay_rescale24_place(&channel->rescale, lane, &to->rescale);
    }
}

/* The rows of the input, at the first pixel of the next column, which may be beside the image. */
struct rows {
    uintptr_t in[ASSAY_DWROWS_IN_MAX];
    size_t step[ASSAY_DWROWS_IN_MAX];
    size_t x, in_w; /* "before the image" is beyond its end */
    size_t whole;   /* a group that begins before it has all of its pixels in the image */
    __mmask64 mask; /* bytes of a pixel */
    vint outside;
};

/* A walk along the rows of a block. Columns are interleaved: of a pixel, or of a group of them. */
struct walk {
    const struct assay_dwrows_args *args;
    const struct block *block;
    vint columns[2 * AT_ONCE + 2][QUARTERS];
    char *out, *late;
    const char *late_from;
    vint sign_bits, min, max; /* as bytes */
    bool clamp;               /* min and max are not what saturation does already */
};

/* In memory at worst: a broadcast of bytes is a shuffle each time. */
ASSAY_INLINE vint all_bytes(int32_t byte)
{
    vint x = _mm512_set1_epi8((char)byte);
    __asm__("" : "+v"(x));
    return x;
}

/* A group of pixels of a row. */
ASSAY_INLINE vint load_group(const struct rows *rows, const size_t i, const size_t width)
{
    const char *from = (const char *)rows->in[i];
    const size_t step = rows->step[i];
    const __mmask64 mask = rows->mask;
    if (ADJACENT)
        return vi_load(from);
    if (width == BYTES)
        return _mm512_maskz_loadu_epi8(mask, from);
    if (width == 32)
        return _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_maskz_loadu_epi8((__mmask32)mask, from)),
                                  _mm256_maskz_loadu_epi8((__mmask32)mask, from + step), 1);
    const __m128i x0 = _mm_maskz_loadu_epi8((__mmask16)mask, from);
    const __m128i x1 = _mm_maskz_loadu_epi8((__mmask16)mask, from + step);
    const __m128i x2 = _mm_maskz_loadu_epi8((__mmask16)mask, from + 2 * step);
    const __m128i x3 = _mm_maskz_loadu_epi8((__mmask16)mask, from + 3 * step);
    return _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_set_m128i(x1, x0)), _mm256_set_m128i(x3, x2), 1);
}

/* The bytes of a group whose pixels are in the image. */
ASSAY_INLINE __mmask64 inside(const struct rows *rows, const size_t width)
{
    const size_t pixels = BYTES / width, before = 0 - rows->x, left = rows->in_w - rows->x;
    const bool begins_before = before < pixels;
    if (rows->x >= rows->in_w && !begins_before)
        return 0;
    const __mmask64 mask = begins_before ? ~(__mmask64)0 << before * width : ~(__mmask64)0;
    return left < pixels ? mask & ~(__mmask64)0 >> (BYTES - left * width) : mask;
}

/* A group of `count` rows that is not all in the image: beside it are zero points. What is not there is not asked for
 * with an empty mask either: where there is no memory, that takes long to find out. */
ASSAY_INLINE void load_edge(const struct rows *rows, const size_t width, const size_t count, vint *x)
{
    ASSAY_UNROLL
    for (size_t i = 0; i < count; i++)
        x[i] = rows->outside;
    const __mmask64 all = ADJACENT ? inside(rows, width) : 0;
    if (all) {
        ASSAY_UNROLL
        for (size_t i = 0; i < count; i++)
            x[i] = _mm512_mask_loadu_epi8(x[i], all, (const void *)rows->in[i]);
    }
    ASSAY_UNROLL
    for (size_t p = 0; !ADJACENT && width < BYTES && p < BYTES / width; p++) {
        if (rows->x + p < rows->in_w) {
            const __mmask64 mask = rows->mask << p * width;
            ASSAY_UNROLL
            for (size_t i = 0; i < count; i++)
                x[i] = _mm512_mask_loadu_epi8(x[i], mask, (const void *)(rows->in[i] + p * (rows->step[i] - width)));
        }
    }
}

/* The next group of pixels of each of `count` rows. */
ASSAY_INLINE void load_rows(struct rows *rows, const size_t width, const size_t count, vint *x)
{
    if (__builtin_expect(rows->x < rows->whole, 1)) {
        ASSAY_UNROLL
        for (size_t i = 0; i < count; i++)
            x[i] = load_group(rows, i, width);
    } else {
        load_edge(rows, width, count, x);
    }
    ASSAY_UNROLL
    for (size_t i = 0; i < count; i++)
        rows->in[i] += BYTES / width * rows->step[i];
    rows->x += BYTES / width;
}

/* A column of 3 or 4 rows. Of three the fourth is the third once more, which its weights, zeros, take out. */
ASSAY_INLINE void interleave(vint sign_bits, vint *x, const size_t count, vint *column)
{
    ASSAY_UNROLL
    for (size_t i = 0; i < count; i++)
        x[i] = vi_xor(x[i], sign_bits);
    const vint last = x[count - 1];
    const vint low01 = _mm512_unpacklo_epi8(x[0], x[1]), high01 = _mm512_unpackhi_epi8(x[0], x[1]);
    const vint low23 = _mm512_unpacklo_epi8(x[2], last), high23 = _mm512_unpackhi_epi8(x[2], last);
    column[0] = _mm512_unpacklo_epi16(low01, low23);
    column[1] = _mm512_unpackhi_epi16(low01, low23);
    column[2] = _mm512_unpacklo_epi16(high01, high23);
    column[3] = _mm512_unpackhi_epi16(high01, high23);
}

/* Of two groups after one another: the pixels of even number, or of odd. */
ASSAY_INLINE vint every_second(vint first, vint second, const size_t width, const bool odd)
{
    if (width == 32)
        return odd ? _mm512_shuffle_i32x4(first, second, 0xEE) : _mm512_shuffle_i32x4(first, second, 0x44);
    if (width == 16)
        return odd ? _mm512_shuffle_i32x4(first, second, 0xDD) : _mm512_shuffle_i32x4(first, second, 0x88);
    const vint from = _mm512_set_epi64(14, 12, 10, 8, 6, 4, 2, 0);
    return _mm512_permutex2var_epi64(first, odd ? _mm512_add_epi64(from, _mm512_set1_epi64(1)) : from, second);
}

/* The columns that a step has beyond the one before, `stride` of them: the next pixels or, of groups at stride 2, those
 * of even and those of odd number. */
ASSAY_INLINE void load_step(struct rows *rows, vint sign_bits, const size_t width, const size_t stride,
                            const size_t count, vint (*columns)[QUARTERS])
{
    vint x[2][4];
    ASSAY_UNROLL
    for (size_t i = 0; i < stride; i++) {
        load_rows(rows, width, count, x[i]);
        if (width == BYTES || stride == 1)
            interleave(sign_bits, x[i], count, columns[i]);
    }
    if (width == BYTES || stride == 1)
        return;
    ASSAY_UNROLL
    for (size_t i = 0; i < count; i++) {
        const vint even = every_second(x[0][i], x[1][i], width, false);
        x[1][i] = every_second(x[0][i], x[1][i], width, true);
        x[0][i] = even;
    }
    interleave(sign_bits, x[0], count, columns[0]);
    interleave(sign_bits, x[1], count, columns[1]);
}

/* Columns that a step has of the one before it. */
ASSAY_INLINE size_t kept(const size_t width, const size_t stride)
{
    return width == BYTES ? 3 - stride : 2;
}

/* Quarter q of a group's pixels but the first, and the first of the one after; or of the last before it, and the
 * group's but the last. A pixel of 8 bytes is two quarters of half as many lanes. */
ASSAY_INLINE vint later(const vint *group, const vint *after, const size_t width, const size_t q)
{
    if (width == 32)
        return _mm512_alignr_epi64(after[q], group[q], 4);
    if (width == 16)
        return _mm512_alignr_epi64(after[q], group[q], 2);
    return q < 2 ? group[q + 2] : _mm512_alignr_epi64(after[q - 2], group[q - 2], 2);
}

ASSAY_INLINE vint earlier(const vint *group, const vint *before, const size_t width, const size_t q)
{
    if (width == 32)
        return _mm512_alignr_epi64(group[q], before[q], 4);
    if (width == 16)
        return _mm512_alignr_epi64(group[q], before[q], 6);
    return q >= 2 ? group[q - 2] : _mm512_alignr_epi64(group[q + 2], before[q + 2], 6);
}

/* Quarter q of column j of the windows of a step, whose columns are these. */
ASSAY_INLINE vint window(vint (*columns)[QUARTERS], const size_t width, const size_t stride, const size_t j,
                         const size_t q)
{
    if (width == BYTES)
        return columns[j][q];
    if (stride == 2)
        return j < 2 ? columns[j][q] : later(columns[0], columns[2], width, q);
    return j == 0   ? earlier(columns[1], columns[0], width, q)
           : j == 1 ? columns[1][q]
                    : later(columns[1], columns[2], width, q);
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

/* Of quarters that are not solved, by any multiplier and shift, of any sums. Out of line: they hardly occur. */
__attribute__((noinline)) static void rescale_any(const struct quarter *quarter, vint *x, size_t count)
{
    enum { FAR = 1024 }; /* from the range of int8: what is there may come back as anything that far */
    const vint multiplier = vi_load(quarter->multiplier), shift = vi_load(quarter->shift);
    for (size_t i = 0; i < count; i++)
        x[i] = vi_max(vi_min(vi_rescale(x[i], multiplier, shift), vi_set1(FAR)), vi_set1(-FAR));
}

/* `count` vectors of the same channels, with the zero point added; what lies far from the range of int8 may come back
 * as anything that far. */
ASSAY_INLINE void rescale(const struct quarter *quarter, vint *x, const size_t count, int32_t zero,
                          const enum rescaling rescaling)
{
    if (rescaling == RESCALE_MIXED && quarter->unsolved) {
        if (quarter->unbounded) {
            rescale_any(quarter, x, count);
        } else {
            const struct rescaler r = rescaler_of(quarter->multiplier, quarter->shift);
            ASSAY_UNROLL
            for (size_t i = 0; i < count; i++)
                x[i] = rescale_bounded(vi_xor(x[i], vi_set1(INT32_MIN)), &r);
        }
        ASSAY_UNROLL
        for (size_t i = 0; i < count; i++)
            x[i] = vi_add(x[i], vi_set1(zero));
        return;
    }
    const __m512 factor = _mm512_loadu_ps(quarter->rescale.factor), term = _mm512_loadu_ps(quarter->rescale.term);
    const vint base = vi_opaque(ASSAY_RESCALE24_BASE);
    __mmask16 below_zero[4] = {0};
    if (rescaling != RESCALE_ONE_SIDED) {
        ASSAY_UNROLL
        for (size_t i = 0; i < count; i++)
            below_zero[i] = rescale24_step(&x[i], &quarter->rescale);
        stage(x, count);
    }
    ASSAY_UNROLL
    for (size_t i = 0; i < count; i++)
        x[i] = rescale24_multiply(x[i], factor, term);
    stage(x, count);
    ASSAY_UNROLL
    for (size_t i = 0; i < count; i++)
        x[i] = vi_sub(x[i], base);
    if (rescaling != RESCALE_ONE_SIDED) {
        stage(x, count);
        ASSAY_UNROLL
        for (size_t i = 0; i < count; i++)
            x[i] = rescale24_unstep(x[i], below_zero[i], &quarter->rescale);
    }
}

/* The first `left` pixels of a group. */
ASSAY_INLINE void store_group(const struct walk *w, __mmask64 mask, const size_t width, vint x, size_t left, char *out)
{
    const struct assay_dwrows_args *args = w->args;
    if (w->clamp)
        x = _mm512_min_epi8(_mm512_max_epi8(x, w->min), w->max);
    if (ADJACENT && left < BYTES / width)
        _mm512_mask_storeu_epi8(out, ((__mmask64)1 << left * width) - 1, x);
    else if (ADJACENT || (width == BYTES && args->channels == BYTES))
        vi_store(out, x);
    else if (width == BYTES)
        _mm512_mask_storeu_epi8(out, mask, x);
    else if (width == 32) {
        _mm256_mask_storeu_epi8(out, (__mmask32)mask, _mm512_castsi512_si256(x));
        if (left > 1)
            _mm256_mask_storeu_epi8(out + args->out_pixel, (__mmask32)mask, _mm512_extracti64x4_epi64(x, 1));
    } else {
        _mm_mask_storeu_epi8(out, (__mmask16)mask, _mm512_castsi512_si128(x));
        if (left > 1)
            _mm_mask_storeu_epi8(out + args->out_pixel, (__mmask16)mask, _mm512_extracti32x4_epi32(x, 1));
        if (left > 2)
            _mm_mask_storeu_epi8(out + 2 * args->out_pixel, (__mmask16)mask, _mm512_extracti32x4_epi32(x, 2));
        if (left > 3)
            _mm_mask_storeu_epi8(out + 3 * args->out_pixel, (__mmask16)mask, _mm512_extracti32x4_epi32(x, 3));
    }
}

/* Of the block before this one, whole pixels, `count` or what is left of the row. */
ASSAY_INLINE void copy_late(struct walk *w, const size_t rows, const size_t count, size_t left)
{
    const struct assay_dwrows_args *args = w->args;
    ASSAY_UNROLL
    for (size_t i = 0; i < count; i++) {
        ASSAY_UNROLL
        for (size_t r = 0; r < rows && i < left; r++)
            memcpy(w->late + i * args->late_pixel + r * args->late_row,
                   w->late_from + i * args->out_pixel + r * args->out_row, CR);
    }
    w->late += count * args->late_pixel;
    w->late_from += count * args->out_pixel;
}

/* `steps` steps, of each a pixel or a group of them; `left` pixels of the row are not stored yet. */
ASSAY_INLINE void advance(struct walk *w, struct rows *rows, const size_t width, const size_t height,
                          const size_t stride, const size_t steps, size_t left, const enum rescaling rescaling)
{
    const struct assay_dwrows_args *args = w->args;
    const size_t count = (height - 1) * stride + 3, pixels = BYTES / width;
    ASSAY_UNROLL
    for (size_t i = 0; i < steps; i++)
        load_step(rows, w->sign_bits, width, stride, count, &w->columns[kept(width, stride) + i * stride]);
    if (w->late)
        copy_late(w, height, steps * pixels, pixels == 1 ? steps : left);
    vint results[QUARTERS][AT_ONCE * ROWS];
    ASSAY_UNROLL
    for (size_t q = 0; q < QUARTERS; q++) {
        const struct quarter *quarter = &w->block->quarters[q];
        vint *x = results[q];
        ASSAY_UNROLL
        for (size_t j = 0; j < 3; j++) {
            ASSAY_UNROLL
            for (size_t i = 0; i < steps * height; i++) {
                x[i] = _mm512_dpbusd_epi32(j == 0 ? vi_load(quarter->start) : x[i],
                                           window(&w->columns[i / height * stride], width, stride, j, q),
                                           vi_load(quarter->weights[j][i % height]));
            }
            stage(x, steps * height);
        }
        rescale(quarter, x, steps * height, args->out_zero, rescaling);
        if (q % 2 == 1) { /* in place of the first of each two, both of them as int16 */
            ASSAY_UNROLL
            for (size_t i = 0; i < steps * height; i++)
                results[q - 1][i] = _mm512_packs_epi32(results[q - 1][i], x[i]);
        }
        stage(results[q / 2 * 2], steps * height);
        __asm__ volatile("" ::: "memory");
    }
    ASSAY_UNROLL
    for (size_t i = 0; i < steps * height; i++)
        store_group(w, rows->mask, width, _mm512_packs_epi16(results[0][i], results[2][i]), left - i / height * pixels,
                    w->out + i / height * pixels * args->out_pixel + i % height * args->out_row);
    w->out += steps * pixels * args->out_pixel;
    ASSAY_UNROLL
    for (size_t i = 0; i < kept(width, stride) * QUARTERS; i++)
        w->columns[i / QUARTERS][i % QUARTERS] = w->columns[steps * stride + i / QUARTERS][i % QUARTERS];
}

ASSAY_INLINE void compute_width(const struct assay_dwrows_args *args, const size_t width, const size_t height,
                                const size_t stride, const enum rescaling rescaling)
{
    const size_t count = (height - 1) * stride + 3, pixels = BYTES / width;
    const size_t bytes = ADJACENT ? CR : args->channels;
    struct rows rows = {
        .x = (stride == 1 ? 1 - pixels : 0) - args->pad_left,
        .in_w = args->in_w,
        .whole = args->in_w >= pixels ? args->in_w - pixels + 1 : 0,
        .mask = bytes == BYTES ? ~(__mmask64)0 : ((__mmask64)1 << bytes) - 1,
        .outside = all_bytes(args->in_zero),
    };
    struct walk w = {
        .args = args,
        .block = args->block,
        .out = args->out,
        .late = args->late,
        .late_from = args->late_from,
        .sign_bits = all_bytes(-128),
        .min = all_bytes(args->out_min),
        .max = all_bytes(args->out_max),
        .clamp = args->out_min > INT8_MIN || args->out_max < INT8_MAX,
    };
    ASSAY_UNROLL
    for (size_t i = 0; i < count; i++) {
        /* A row of the padding is one pixel, of which a group wants several. */
        const void *row = ADJACENT && args->step[i] == 0 ? (const void *)&rows.outside : args->in[i];
        rows.step[i] = args->step[i];
        rows.in[i] = (uintptr_t)row + rows.x * rows.step[i];
    }
    ASSAY_UNROLL
    for (size_t i = 0; i < kept(width, stride); i += stride)
        load_step(&rows, w.sign_bits, width, width == BYTES ? 1 : stride, count, &w.columns[i]);
    for (size_t pixel = 0; pixel < args->out_w; pixel += AT_ONCE * pixels) {
        if (pixel + (AT_ONCE - 1) * pixels < args->out_w)
            advance(&w, &rows, width, height, stride, AT_ONCE, args->out_w - pixel, rescaling);
        else
            advance(&w, &rows, width, height, stride, 1, args->out_w - pixel, rescaling);
    }
}

ASSAY_INLINE void compute(const struct assay_dwrows_args *args, const size_t rows, const size_t stride,
                          const enum rescaling rescaling)
{
    const size_t width = width_of(args->channels);
    if (ADJACENT)
        compute_width(args, CR, rows, stride, rescaling);
    else if (width == 16)
        compute_width(args, 16, rows, stride, rescaling);
    else if (width == 32)
        compute_width(args, 32, rows, stride, rescaling);
    else
        compute_width(args, BYTES, rows, stride, rescaling);
}

ASSAY_INLINE void compute_rows(const struct assay_dwrows_args *args, const enum rescaling rescaling)
{
    if (args->stride == 2)
        compute(args, 1, 2, rescaling);
    else if (args->rows == 2)
        compute(args, 2, 1, rescaling);
    else
        compute(args, 1, 1, rescaling);
}

static void run(const struct assay_dwrows_args *args)
{
    const struct block *block = args->block;
    if (block->rescaling == RESCALE_ONE_SIDED)
        compute_rows(args, RESCALE_ONE_SIDED);
    else if (block->rescaling == RESCALE_TWO_SIDED)
        compute_rows(args, RESCALE_TWO_SIDED);
    else
        compute_rows(args, RESCALE_MIXED);
}
