/* 3x3 depthwise convolution of int8 and hybrid on AVX-512 VNNI: bytes of up to four rows of a column, interleaved by
 * channel, made unsigned by flipping their sign bit (which adds 128), times signed weights (vpdpbusd): a column is
 * interleaved once for the three windows it is in. At stride 1 the four rows serve two rows of the output, the second
 * with weights that are moved by one byte. The including file defines MODE and BYTES, 32 or 64: channels of a block,
 * and bytes of the vectors.
 *
 * Interleaving leaves channel 16 l + 4 q + i of a block in lane 4 l + i of vector q, 0 to 3; all that belongs to
 * channels is packed in this order, and narrowing by vpackssdw and vpacksswb undoes it. */
#include "kernels/core/fixed_point.h"
#include "kernels/core/x86_64/simd.h"
#include "kernels/dwconv/dwrows.h"

enum { CR = BYTES, QUARTERS = 4, QUARTER = CR / QUARTERS, ROWS = 2 };

#if BYTES == 64
typedef __m512i vbytes;
typedef __m512 vfloats;
#define V(name) _mm512_##name
#define V_BITS(name) _mm512_##name##_si512
#define V_ODD 0xAAAA
#define MASK(bytes) (bytes)
#define FLOAT_MASK __mmask16
#else
typedef __m256i vbytes;
typedef __m256 vfloats;
#define V(name) _mm256_##name
#define V_BITS(name) _mm256_##name##_si256
#define V_ODD 0xAA
#define MASK(bytes) ((__mmask32)(bytes))
#define FLOAT_MASK __mmask8
#endif

/* How the sums of a block are rescaled: by the cheapest way that is exact for all of its channels. */
enum rescaling { RESCALE_ONE_SIDED, RESCALE_TWO_SIDED, RESCALE_EACH };

/* Of the channels of a vector. Pairs of 64-bit lanes: [0] for its even lanes, [1] for its odd ones. */
struct quarter {
    int8_t weights[3][ROWS][CR]; /* [column][row of the output]: 4 bytes a channel, of 4 rows of the input */
    int32_t bias[QUARTER];
    /* int8 */
    int32_t multiplier[QUARTER], odd_multiplier[QUARTER];
    int64_t rounding[2][QUARTER / 2], right[2][QUARTER / 2];
    int32_t left[QUARTER], right_after[QUARTER], sign_shift[QUARTER], shift[QUARTER];
    /* hybrid */
    float scale[QUARTER], float_bias[QUARTER];
    int32_t weight_sum[QUARTER];
};

struct block {
    _Alignas(ASSAY_PACK_ALIGN) struct quarter quarters[QUARTERS];
    enum rescaling rescaling;
};

static void pack_weights(const int8_t *from, size_t channels, struct quarter *to, size_t lane)
{
    for (size_t column = 0; column < 3; column++)
        for (size_t row = 0; row < 3; row++) {
            const int8_t weight = from[(row * 3 + column) * channels];
            for (size_t r = 0; r < ROWS; r++)
                to->weights[column][r][lane * 4 + row + r] = weight;
            to->weight_sum[lane] += weight;
        }
}

/* Bounds of what a sum can be: inputs are of [0, 255], as the kernel takes them. */
static int64_t largest_sum(const struct quarter *to, size_t lane)
{
    int64_t low = to->bias[lane], high = low;
    for (size_t i = 0; i < 3; i++)
        for (size_t row = 0; row < 3; row++) {
            const int weight = to->weights[i][0][lane * 4 + row];
            *(weight < 0 ? &low : &high) += 255 * weight;
        }
    return high > -low ? high : -low;
}

/* assay_rescale() (kernels/core/fixed_point.h) of a, multiplier m and shift -r, with r > 0, is
 *   (a * m + 2^30 + 2^(30 + r) - (a < 0) * 2^31) >> (31 + r)
 * in one, as floors of floors are. Where an activation makes all negative results the zero point, the term of the sign
 * may be left out. The zero point is added before the shift. Elsewhere the first shift is one of 31, with the sum of
 * rounding and zero point for the second one in it; that it fits 32 bits is proven here. */
static enum rescaling pack_rescaling(const struct assay_problem *problem, int32_t multiplier, int32_t shift,
                                     struct quarter *to, size_t lane)
{
    enum { RIGHT_MAX = 23 };
    if (multiplier == 0)
        shift = -1;
    const int left = shift > 0 ? shift : 0, right = shift > 0 ? 0 : -shift;
    const int64_t zero = problem->quantization.out_zero;
    const bool positive = assay_clamp_min_int(problem) >= zero && right > 0 && right <= RIGHT_MAX;
    const int64_t half = right > 0 ? INT64_C(1) << (right - 1) : 0;
    const int64_t rounding = half + zero * (INT64_C(1) << right);
    to->multiplier[lane] = multiplier;
    to->odd_multiplier[lane / 2 * 2] = lane % 2 == 1 ? multiplier : to->odd_multiplier[lane / 2 * 2];
    /* Modulo 2^64: shifts by more than RIGHT_MAX, whose terms do not fit, are not rescaled by it. */
    to->rounding[lane % 2][lane / 2] = (int64_t)((UINT64_C(1) << 30) + ((uint64_t)rounding << 31));
    to->right[lane % 2][lane / 2] = lane % 2 == 0 ? 31 + right : right - 1;
    to->left[lane] = left;
    to->right_after[lane] = right;
    to->shift[lane] = shift;
    to->sign_shift[lane] = right > 0 ? 31 : 32;
    if (positive)
        return RESCALE_ONE_SIDED;
    const int64_t largest = largest_sum(to, lane) << left;
    return right <= RIGHT_MAX && largest + half + (128 << right) <= INT32_MAX ? RESCALE_TWO_SIDED : RESCALE_EACH;
}

static void pack(const struct assay_problem *problem, const struct assay_weights *weights, size_t first, size_t count,
                 void *packed)
{
    struct block *block = packed;
    const size_t channels = assay_problem_channels(problem);
    for (size_t c = 0; c < count; c++) {
        struct quarter *to = &block->quarters[c / 4 % 4];
        const size_t lane = c / 16 * 4 + c % 4;
        pack_weights((const int8_t *)weights->values + first + c, channels, to, lane);
        if (MODE == ASSAY_MODE_HYBRID) {
            to->scale[lane] = weights->scale[first + c];
            to->float_bias[lane] = weights->bias ? ((const float *)weights->bias)[first + c] : 0.0f;
        } else {
            const int32_t bias = weights->bias ? ((const int32_t *)weights->bias)[first + c] : 0;
            to->bias[lane] = (int32_t)((uint32_t)bias - (uint32_t)(problem->quantization.in_zero + 128) *
                                                            (uint32_t)to->weight_sum[lane]);
            const enum rescaling rescaling =
                pack_rescaling(problem, weights->multiplier[first + c], weights->shift[first + c], to, lane);
            if (rescaling > block->rescaling)
                block->rescaling = rescaling;
        }
    }
}

ASSAY_INLINE vbytes load(const void *from)
{
    vbytes x;
    memcpy(&x, from, sizeof(x));
    return x;
}

/* The next column of 3 or 4 input rows, interleaved; their pointers move on. Of three rows the fourth is the third
 * once more, which its weights, zeros, take out. */
ASSAY_INLINE void load_column(const char **in, const size_t *step, const size_t count, __mmask64 mask, vbytes *column)
{
    const vbytes sign_bits = V(set1_epi8)(-128);
    vbytes x[4];
    ASSAY_UNROLL
    for (size_t i = 0; i < count; i++) {
        x[i] = V_BITS(xor)(V(maskz_loadu_epi8)(MASK(mask), in[i]), sign_bits);
        in[i] += step[i];
    }
    const vbytes last = x[count - 1];
    const vbytes low01 = V(unpacklo_epi8)(x[0], x[1]), high01 = V(unpackhi_epi8)(x[0], x[1]);
    const vbytes low23 = V(unpacklo_epi8)(x[2], last), high23 = V(unpackhi_epi8)(x[2], last);
    column[0] = V(unpacklo_epi16)(low01, low23);
    column[1] = V(unpackhi_epi16)(low01, low23);
    column[2] = V(unpacklo_epi16)(high01, high23);
    column[3] = V(unpackhi_epi16)(high01, high23);
}

/* Vector q of each row, with the zero point added; what lies far from the range of int8 may come back as anything that
 * far. What all rows need is loaded once: a step would be bound by its loads. */
ASSAY_INLINE void rescale(const struct quarter *to, vbytes (*sums)[QUARTERS], const size_t q, const size_t rows,
                          int32_t zero, const enum rescaling rescaling)
{
    if (rescaling == RESCALE_EACH) {
        for (size_t r = 0; r < rows; r++) {
            int32_t x[QUARTER];
            memcpy(x, &sums[r][q], sizeof(x));
            for (size_t i = 0; i < QUARTER; i++)
                x[i] = assay_clamp_int(assay_rescale(x[i], to->multiplier[i], to->shift[i]), -1024, 1024) + zero;
            sums[r][q] = load(x);
        }
        return;
    }
    const vbytes multiplier = load(to->multiplier), odd_multiplier = load(to->odd_multiplier);
    const vbytes rounding = load(to->rounding[0]), odd_rounding = load(to->rounding[1]);
    ASSAY_UNROLL
    for (size_t r = 0; r < rows; r++) {
        const vbytes a = rescaling == RESCALE_TWO_SIDED ? V(sllv_epi32)(sums[r][q], load(to->left)) : sums[r][q];
        const vbytes even = V(add_epi64)(V(mul_epi32)(a, multiplier), rounding);
        const vbytes odd = V(add_epi64)(V(mul_epi32)(V(srli_epi64)(a, 32), odd_multiplier), odd_rounding);
        if (rescaling == RESCALE_ONE_SIDED) {
            sums[r][q] = V(mask_blend_epi32)(V_ODD, V(srav_epi64)(even, load(to->right[0])),
                                             V(srav_epi64)(odd, load(to->right[1])));
        } else {
            const vbytes b = V(mask_blend_epi32)(V_ODD, V(srli_epi64)(even, 31), V(add_epi64)(odd, odd));
            const vbytes negative = V(srlv_epi32)(a, load(to->sign_shift)); /* 1 or 0 */
            sums[r][q] = V(srav_epi32)(V(sub_epi32)(b, negative), load(to->right_after));
        }
    }
}

/* 32-bit lanes in the order of the quarters, to plain order. */
ASSAY_INLINE void restore_order(vbytes *x)
{
#if BYTES == 64
    const vbytes a = _mm512_shuffle_i32x4(x[0], x[1], 0x44), b = _mm512_shuffle_i32x4(x[0], x[1], 0xEE);
    const vbytes c = _mm512_shuffle_i32x4(x[2], x[3], 0x44), d = _mm512_shuffle_i32x4(x[2], x[3], 0xEE);
    x[0] = _mm512_shuffle_i32x4(a, c, 0x88);
    x[1] = _mm512_shuffle_i32x4(a, c, 0xDD);
    x[2] = _mm512_shuffle_i32x4(b, d, 0x88);
    x[3] = _mm512_shuffle_i32x4(b, d, 0xDD);
#else
    const vbytes a = x[0], b = x[1], c = x[2], d = x[3];
    x[0] = _mm256_permute2x128_si256(a, b, 0x20);
    x[1] = _mm256_permute2x128_si256(c, d, 0x20);
    x[2] = _mm256_permute2x128_si256(a, b, 0x31);
    x[3] = _mm256_permute2x128_si256(c, d, 0x31);
#endif
}

ASSAY_INLINE void store_bytes(const struct assay_dwrows_args *args, vbytes x, __mmask64 mask, char *out)
{
    const vbytes min = V(set1_epi8)((char)args->out_min), max = V(set1_epi8)((char)args->out_max);
    const vbytes clamped = V(min_epi8)(V(max_epi8)(x, min), max);
    if (args->channels == CR)
        memcpy(out, &clamped, sizeof(clamped));
    else
        V(mask_storeu_epi8)(out, MASK(mask), clamped);
}

ASSAY_INLINE void store_floats(const struct assay_dwrows_args *args, const struct block *block, const vbytes *sums,
                               char *out)
{
    vbytes x[QUARTERS];
    ASSAY_UNROLL
    for (size_t q = 0; q < QUARTERS; q++) {
        const struct quarter *to = &block->quarters[q];
        const vfloats scale = V(mul_ps)(V(set1_ps)(args->row.scale), V(loadu_ps)(to->scale));
        vfloats y = V(fmadd_ps)(V(cvtepi32_ps)(sums[q]), scale, V(loadu_ps)(to->float_bias));
        if (args->clamp)
            y = V(min_ps)(V(set1_ps)(args->clamp_max), V(max_ps)(V(set1_ps)(args->clamp_min), y));
        memcpy(&x[q], &y, sizeof(y));
    }
    restore_order(x);
    const size_t channels = args->channels;
    ASSAY_UNROLL
    for (size_t q = 0; q < QUARTERS; q++) {
        char *to = out + q * sizeof(x[q]);
        if (channels >= (q + 1) * QUARTER)
            memcpy(to, &x[q], sizeof(x[q]));
        else if (channels > q * QUARTER)
            V(mask_storeu_epi32)(to, (FLOAT_MASK)((1U << (channels - q * QUARTER)) - 1), x[q]);
    }
}

/* A column beside the image. */
ASSAY_INLINE vbytes outside(const struct assay_dwrows_args *args)
{
    return V(set1_epi8)((char)(args->in_zero ^ 0x80));
}

ASSAY_INLINE void compute(const struct assay_dwrows_args *args, const size_t rows, const size_t stride,
                          const enum rescaling rescaling)
{
    enum { OUT_SIZE = MODE == ASSAY_MODE_HYBRID ? sizeof(float) : 1 };
    const size_t count = (rows - 1) * stride + 3, in_w = args->in_w;
    const struct block *block = args->block;
    const __mmask64 mask = args->channels == 64 ? ~(__mmask64)0 : ((__mmask64)1 << args->channels) - 1;
    const char *in[ASSAY_DWROWS_IN_MAX];
    size_t step[ASSAY_DWROWS_IN_MAX];
    vbytes start[QUARTERS], columns[3][QUARTERS];
    ASSAY_UNROLL
    for (size_t i = 0; i < count; i++) {
        in[i] = args->in[i];
        step[i] = args->step[i];
    }
    ASSAY_UNROLL
    for (size_t q = 0; q < QUARTERS; q++) {
        start[q] = MODE == ASSAY_MODE_HYBRID
                       ? V(mullo_epi32)(V(set1_epi32)(-(args->in_zero + 128)), load(block->quarters[q].weight_sum))
                       : load(block->quarters[q].bias);
        columns[0][q] = columns[1][q] = columns[2][q] = outside(args);
    }
    size_t x = 0 - args->pad_left; /* of the next column: "before the image" is beyond its end */
    ASSAY_UNROLL
    for (size_t j = stride; j < 3; j++, x++) { /* the first step shifts them to where they belong */
        if (x < in_w)
            load_column(in, step, count, mask, columns[j]);
    }
    const int32_t zero = args->out_zero;
    char *out = args->out, *late = args->late;
    const char *from = args->late_from;
    for (size_t pixel = 0; pixel < args->out_w; pixel++) {
        ASSAY_UNROLL
        for (size_t j = 0; j < 3; j++) {
            ASSAY_UNROLL
            for (size_t q = 0; q < QUARTERS; q++)
                columns[j][q] = j + stride < 3 ? columns[j + stride][q] : outside(args);
            if (j + stride >= 3) {
                if (x < in_w)
                    load_column(in, step, count, mask, columns[j]);
                x++;
            }
        }
        if (late) {
            ASSAY_UNROLL
            for (size_t r = 0; r < rows; r++)
                memcpy(late + r * args->late_row, from + r * args->out_row, CR * OUT_SIZE);
            late += args->late_pixel;
            from += args->out_pixel;
        }
        vbytes sums[ROWS][QUARTERS];
        ASSAY_UNROLL
        for (size_t q = 0; q < QUARTERS; q++) {
            const struct quarter *quarter = &block->quarters[q];
            const vbytes first = MODE == ASSAY_MODE_HYBRID ? start[q] : load(quarter->bias);
            ASSAY_UNROLL
            for (size_t r = 0; r < rows; r++) {
                sums[r][q] = first;
                ASSAY_UNROLL
                for (size_t j = 0; j < 3; j++)
                    sums[r][q] = V(dpbusd_epi32)(sums[r][q], columns[j][q], load(quarter->weights[j][r]));
            }
            if (MODE == ASSAY_MODE_HYBRID)
                continue;
            rescale(quarter, sums, q, rows, zero, rescaling);
            ASSAY_UNROLL
            for (size_t r = 0; r < rows; r++) {
                if (q % 2 == 1) /* in place of the first of each two, both of them as int16 */
                    sums[r][q - 1] = V(packs_epi32)(sums[r][q - 1], sums[r][q]);
                /* Here and now: where a compiler puts a row off to where it is stored, constants are spilled. */
                if (rows > 1)
                    __asm__ volatile("" : "+v"(sums[r][q / 2 * 2])::"memory");
            }
        }
        ASSAY_UNROLL
        for (size_t r = 0; r < rows; r++) {
            if (MODE == ASSAY_MODE_HYBRID)
                store_floats(args, block, sums[r], out + r * args->out_row);
            else
                store_bytes(args, V(packs_epi16)(sums[r][0], sums[r][2]), mask, out + r * args->out_row);
        }
        out += args->out_pixel;
    }
}

#include "kernels/dwconv/x86_64/quad_rescalings.h"
