/* 3x3 depthwise convolution of hybrid on AVX-512 VNNI: bytes of up to four rows of a column, interleaved by
 * channel, made unsigned by flipping their sign bit (which adds 128), times signed weights (vpdpbusd): a column is
 * interleaved once for the three windows it is in. At stride 1 the four rows serve two rows of the output, the second
 * with weights that are moved by one byte. The including file defines BYTES, 32 or 64: channels of a block, and bytes
 * of the vectors.
 *
 * Interleaving leaves channel 16 l + 4 q + i of a block in lane 4 l + i of vector q, 0 to 3; all that belongs to
 * channels is packed in this order, and undone where sums are stored. */
#include "kernels/core/x86_64/simd.h"
#include "kernels/dwconv/dwrows.h"

enum { CR = BYTES, QUARTERS = 4, QUARTER = CR / QUARTERS, ROWS = 2 };

#if BYTES == 64
typedef __m512i vbytes;
typedef __m512 vfloats;
#define V(name) _mm512_##name
#define V_BITS(name) _mm512_##name##_si512
#define MASK(bytes) (bytes)
#define FLOAT_MASK __mmask16
#else
typedef __m256i vbytes;
typedef __m256 vfloats;
#define V(name) _mm256_##name
#define V_BITS(name) _mm256_##name##_si256
#define MASK(bytes) ((__mmask32)(bytes))
#define FLOAT_MASK __mmask8
#endif

/* Of the channels of a vector. */
struct quarter {
    int8_t weights[3][ROWS][CR]; /* [column][row of the output]: 4 bytes a channel, of 4 rows of the input */
    float scale[QUARTER], bias[QUARTER];
    int32_t weight_sum[QUARTER];
};

struct block {
    _Alignas(ASSAY_PACK_ALIGN) struct quarter quarters[QUARTERS];
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

static void pack(const struct assay_problem *problem, const struct assay_weights *weights, size_t first, size_t count,
                 void *packed)
{
    struct block *block = packed;
    const size_t channels = assay_problem_channels(problem);
    for (size_t c = 0; c < count; c++) {
        struct quarter *to = &block->quarters[c / 4 % 4];
        const size_t lane = c / 16 * 4 + c % 4;
        pack_weights((const int8_t *)weights->values + first + c, channels, to, lane);
        to->scale[lane] = weights->scale[first + c];
        to->bias[lane] = weights->bias ? ((const float *)weights->bias)[first + c] : 0.0f;
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

ASSAY_INLINE void store_floats(const struct assay_dwrows_args *args, const struct block *block, const vbytes *sums,
                               char *out)
{
    vbytes x[QUARTERS];
    ASSAY_UNROLL
    for (size_t q = 0; q < QUARTERS; q++) {
        const struct quarter *to = &block->quarters[q];
        const vfloats scale = V(mul_ps)(V(set1_ps)(args->row.scale), V(loadu_ps)(to->scale));
        vfloats y = V(fmadd_ps)(V(cvtepi32_ps)(sums[q]), scale, V(loadu_ps)(to->bias));
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

ASSAY_INLINE void compute(const struct assay_dwrows_args *args, const size_t rows, const size_t stride)
{
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
        start[q] = V(mullo_epi32)(V(set1_epi32)(-(args->in_zero + 128)), load(block->quarters[q].weight_sum));
        columns[0][q] = columns[1][q] = columns[2][q] = outside(args);
    }
    size_t x = 0 - args->pad_left; /* of the next column: "before the image" is beyond its end */
    ASSAY_UNROLL
    for (size_t j = stride; j < 3; j++, x++) { /* the first step shifts them to where they belong */
        if (x < in_w)
            load_column(in, step, count, mask, columns[j]);
    }
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
                memcpy(late + r * args->late_row, from + r * args->out_row, CR * sizeof(float));
            late += args->late_pixel;
            from += args->out_pixel;
        }
        vbytes sums[ROWS][QUARTERS];
        ASSAY_UNROLL
        for (size_t q = 0; q < QUARTERS; q++) {
            const struct quarter *quarter = &block->quarters[q];
            ASSAY_UNROLL
            for (size_t r = 0; r < rows; r++) {
                sums[r][q] = start[q];
                ASSAY_UNROLL
                for (size_t j = 0; j < 3; j++)
                    sums[r][q] = V(dpbusd_epi32)(sums[r][q], columns[j][q], load(quarter->weights[j][r]));
            }
        }
        ASSAY_UNROLL
        for (size_t r = 0; r < rows; r++)
            store_floats(args, block, sums[r], out + r * args->out_row);
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
