/* The micro-kernel of kernels/conv/convlines.h for AVX-512 VNNI. The including file defines DEPTH. A tile is 4
 * vectors of pixels by the 4 quarters of a block: 16 sums; a step loads 4 vectors of pixels and 4 of weights for 16
 * vpdpbusd. */
#include "kernels/conv/convlines.h"
#include "kernels/core/x86_64/rescale.h"

enum {
    PHASES = DEPTH / 4,
    VECTOR = ASSAY_CONVLINES_VECTOR,
    PIXELS = VECTOR / DEPTH,
    QUARTERS = ASSAY_CONVLINES_QUARTERS,
    MOST_VECTORS = 4,
};

/* Lanes are exchanged with those whose number differs in this bit. */
ASSAY_INLINE vint exchange(vint x, const size_t bit)
{
    switch (bit) {
    case 1:
        return _mm512_shuffle_epi32(x, _MM_PERM_CDAB);
    case 2:
        return _mm512_shuffle_epi32(x, _MM_PERM_BADC);
    case 4:
        return _mm512_permutex_epi64(x, _MM_PERM_BADC);
    default:
        return _mm512_shuffle_i64x2(x, x, _MM_PERM_BADC);
    }
}

/* Any layer's rescale, with the zero point added. */
__attribute__((noinline)) static void rescale_any(const struct assay_convlines_args *args, size_t vectors,
                                                  vint (*sums)[QUARTERS])
{
    for (size_t q = 0; q < QUARTERS; q++) {
        const vint multiplier = vi_load(args->multiplier + q * LANES), shift = vi_load(args->shift + q * LANES);
        for (size_t i = 0; i < vectors; i++)
            sums[i][q] = vi_offset_clamp(vi_rescale(sums[i][q], multiplier, shift), args->out_zero, args->out_min,
                                         args->out_max);
    }
}

/* kernels/core/rescale_float.h. `below_zero` differs from `constant` unless the rescale is one-sided. */
ASSAY_INLINE void rescale_solved(const struct assay_convlines_args *args, const bool one_sided, const size_t vectors,
                                 vint (*sums)[QUARTERS])
{
    enum { DOWN = _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC };
    ASSAY_UNROLL
    for (size_t q = 0; q < QUARTERS; q++) {
        const struct assay_convlines_floats *f = args->floats + q;
        const vfloat factor = vf_load(f->factor), rest = vf_load(f->rest), constant = vf_load(f->constant);
        const vfloat below_zero = vf_load(f->below_zero);
        ASSAY_UNROLL
        for (size_t i = 0; i < vectors; i++) {
            const vfloat u = _mm512_cvtepi32_ps(sums[i][q]);
            const __m512i sign = _mm512_srai_epi32(sums[i][q], 31);
            const vfloat chosen = _mm512_castsi512_ps(
                _mm512_ternarylogic_epi32(sign, _mm512_castps_si512(below_zero), _mm512_castps_si512(constant), 0xCA));
            const vfloat t = _mm512_fmadd_ps(u, rest, one_sided ? constant : chosen);
            sums[i][q] = _mm512_cvt_roundps_epi32(_mm512_fmadd_round_ps(u, factor, t, DOWN), DOWN);
        }
    }
}

ASSAY_INLINE void rescale(const struct assay_convlines_args *args, const size_t vectors, vint (*sums)[QUARTERS])
{
    if (args->rescale == ASSAY_CONVLINES_ONE_SIDED) {
        rescale_solved(args, true, vectors, sums);
    } else if (args->rescale == ASSAY_CONVLINES_TWO_SIDED) {
        rescale_solved(args, false, vectors, sums);
    } else {
        vint copy[MOST_VECTORS][QUARTERS]; /* not `sums` itself, which would then live in memory for all layers */
        memcpy(copy, sums, vectors * sizeof(*sums));
        rescale_any(args, vectors, copy);
        memcpy(sums, copy, vectors * sizeof(*sums));
    }
}

/* The sums of one tile. */
ASSAY_INLINE void accumulate(const struct assay_convlines_args *args, const uint8_t *in, const size_t vectors,
                             vint (*sums)[QUARTERS])
{
    const size_t taps = args->taps;
    const size_t *offsets = args->offsets;
    const int8_t *phase_w = args->w;
    ASSAY_UNROLL
    for (size_t q = 0; q < QUARTERS; q++) {
        const vint bias = vi_load(args->bias + q * LANES);
        ASSAY_UNROLL
        for (size_t i = 0; i < vectors; i++)
            sums[i][q] = bias;
    }
    ASSAY_UNROLL
    for (size_t phase = 0; phase < PHASES; phase++, phase_w += args->phase_bytes) {
        if (phase > 0) {
            ASSAY_UNROLL
            for (size_t i = 0; i < vectors; i++) {
                ASSAY_UNROLL
                for (size_t q = 0; q < QUARTERS; q++)
                    sums[i][q] = exchange(sums[i][q], phase & (0 - phase));
            }
        }
        const int8_t *w = phase_w;
        _Pragma("clang loop unroll(disable)") /* which would only make it long */
            for (size_t t = 0; t < taps; t++, w += QUARTERS * VECTOR)
        {
            const uint8_t *from = in + offsets[t];
            vint pixels[MOST_VECTORS];
            ASSAY_UNROLL
            for (size_t i = 0; i < vectors; i++)
                pixels[i] = vi_load(from + i * VECTOR);
            ASSAY_UNROLL
            for (size_t q = 0; q < QUARTERS; q++) {
                const vint weights = vi_load(w + q * VECTOR);
                ASSAY_UNROLL
                for (size_t i = 0; i < vectors; i++)
                    sums[i][q] = vi_dot4(sums[i][q], pixels[i], weights);
            }
        }
    }
}

/* The pixels of one vector, `count` of which there are. */
ASSAY_INLINE void store_pixels(const struct assay_convlines_args *args, int8_t *to, size_t count, vint bytes)
{
    if (count >= PIXELS && args->channels == DEPTH && args->out_pixel == DEPTH) {
        _mm512_storeu_si512(to, bytes);
        return;
    }
    ASSAY_UNROLL
    for (size_t i = 0; i < PIXELS; i++) {
        if (i < count)
            store_share(to + i * args->out_pixel, args->channels, bytes, i, QUARTERS / PIXELS);
    }
}

/* Up to `pixels` pixels of a line, of `vectors` vectors. */
ASSAY_INLINE void tile(const struct assay_convlines_args *args, const uint8_t *in, int8_t *out, size_t pixels,
                       const size_t vectors)
{
    vint sums[MOST_VECTORS][QUARTERS];
    accumulate(args, in, vectors, sums);
    rescale(args, vectors, sums);
    const vint zero = _mm512_set1_epi16((int16_t)args->out_zero);
    const bool saturated = args->out_min == INT8_MIN && args->out_max == INT8_MAX;
    const vint min = _mm512_set1_epi8((int8_t)args->out_min), max = _mm512_set1_epi8((int8_t)args->out_max);
    ASSAY_UNROLL
    for (size_t i = 0; i < vectors; i++) {
        const vint *r = sums[i];
        vint low = _mm512_packs_epi32(r[0], r[1]), high = _mm512_packs_epi32(r[2], r[3]);
        if (args->rescale == ASSAY_CONVLINES_TWO_SIDED) {
            low = _mm512_adds_epi16(low, zero);
            high = _mm512_adds_epi16(high, zero);
        }
        vint bytes = _mm512_packs_epi16(low, high);
        if (!saturated)
            bytes = _mm512_min_epi8(_mm512_max_epi8(bytes, min), max);
        store_pixels(args, out + i * PIXELS * args->out_pixel, pixels - i * PIXELS, bytes);
    }
}

static void run(const struct assay_convlines_args *args)
{
    const struct assay_convlines_tiles tiles = assay_convlines_tiles(args->pixels, PIXELS, MOST_VECTORS);
    for (size_t y = 0; y < args->lines; y++) {
        const uint8_t *in = args->in + y * args->in_line;
        int8_t *out = args->out + y * args->out_line;
        size_t pixels = args->pixels;
        for (size_t i = 0; i < tiles.tiles; i++) {
            const size_t vectors = tiles.vectors + (i < tiles.more);
            switch (vectors) {
            case 1:
                tile(args, in, out, pixels, 1);
                break;
            case 2:
                tile(args, in, out, pixels, 2);
                break;
            case 3:
                tile(args, in, out, pixels, 3);
                break;
            default:
                tile(args, in, out, pixels, 4);
                break;
            }
            in += vectors * VECTOR;
            out += vectors * PIXELS * args->out_pixel;
            pixels -= vectors * PIXELS; /* of the last tile, of which nothing follows, beyond 0 */
        }
    }
}

/* Pixels of two vectors, every other one: the even ones or the odd ones. */
ASSAY_INLINE vint every_other(vint a, vint b, const bool odd)
{
    switch (PIXELS) {
    case 4:
        return odd ? _mm512_shuffle_i64x2(a, b, _MM_PERM_DBDB) : _mm512_shuffle_i64x2(a, b, _MM_PERM_CACA);
    case 2:
        return odd ? _mm512_shuffle_i64x2(a, b, _MM_PERM_DCDC) : _mm512_shuffle_i64x2(a, b, _MM_PERM_BABA);
    default:
        return odd ? b : a;
    }
}

/* A line of the input, made unsigned. */
ASSAY_INLINE void copy_line(const struct assay_convlines_copy *copy, const int8_t *from, uint8_t *to, size_t plane,
                            size_t place)
{
    const vint sign_bits = vi_set1((int32_t)0x80808080);
    const bool whole = copy->in_c == DEPTH && copy->in_stride == DEPTH;
    const __mmask64 mask = copy->in_c == VECTOR ? ~(__mmask64)0 : ((__mmask64)1 << copy->in_c) - 1;
    size_t x = 0;
    if (whole && copy->planes == 1) {
        for (; x + PIXELS <= copy->pixels; x += PIXELS, place += PIXELS)
            _mm512_storeu_si512(to + place * DEPTH, vi_xor(vi_load(from + x * DEPTH), sign_bits));
    } else if (whole && copy->planes == 2) {
        for (; x + 2 * PIXELS <= copy->pixels; x += 2 * PIXELS, place += PIXELS) {
            const vint a = vi_xor(vi_load(from + x * DEPTH), sign_bits);
            const vint b = vi_xor(vi_load(from + x * DEPTH + VECTOR), sign_bits);
            _mm512_storeu_si512(to + plane * copy->plane_bytes + place * DEPTH, every_other(a, b, false));
            _mm512_storeu_si512(to + (1 - plane) * copy->plane_bytes + (place + plane) * DEPTH,
                                every_other(a, b, true));
        }
    }
    for (; x < copy->pixels; x++) {
        const vint pixel = _mm512_maskz_loadu_epi8(mask, from + x * copy->in_stride);
        _mm512_mask_storeu_epi8(to + plane * copy->plane_bytes + place * DEPTH, mask, vi_xor(pixel, sign_bits));
        plane++;
        place += plane == copy->planes;
        plane = plane == copy->planes ? 0 : plane;
    }
}

static void copy_lines(const struct assay_convlines_copy *copy, size_t lines, const int8_t *from, uint8_t *to)
{
    const size_t plane = copy->first % copy->planes, place = copy->first / copy->planes;
    for (size_t i = 0; i < lines; i++)
        copy_line(copy, from + i * copy->in_line, to + i * copy->line_bytes, plane, place);
}
