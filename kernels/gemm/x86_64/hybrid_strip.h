/* The tile of hybrid (hybrid_tile.h) for the rows of a strip, tile after tile in one call: while one multiplies, the
 * sums of the one before are scaled to float and stored, a few beside each step. So a tile takes half of the registers
 * for sums, and ends for the price of its multiply-adds (docs/limits/int8.md). What is less than a tile is computed by
 * itself. The including file defines MR, TILE_VECTORS and DOT_BYTES as for the tile. */
#include "kernels/gemm/x86_64/hybrid_tile.h"

/* Sums that end beside a step, and the steps that it takes for all of them. */
enum { ENDED_AT_ONCE = 2, END_STEPS = MR * VECTORS / ENDED_AT_ONCE };

/* What the sums of a tile become, and where. */
struct ending {
    vfloat shared[VECTORS]; /* the scales, where all rows have the same */
    const float *scale, *bias;
    const struct assay_row_quantization *row;
    char *out;
    size_t stride;
    float min, max;
    bool same_row, clamp;
};

ASSAY_INLINE void store_vector(float *to, vfloat x, const size_t v)
{
#ifdef HALF_LAST
    if (v + 1 == VECTORS) {
        _mm256_storeu_ps(to, _mm512_castps512_ps256(x));
        return;
    }
#else
    (void)v;
#endif
    vf_store(to, x);
}

ASSAY_INLINE void end_sum(const struct ending *e, const size_t sum, vint (*sums)[VECTORS])
{
    const size_t i = sum / VECTORS, v = sum % VECTORS;
    vint total = sums[i][v];
    __asm__ volatile("" : "+v"(total)); /* or compilers convert all sums before the first step, and spill them */
    const vfloat factor =
        e->same_row ? e->shared[v] : vf_mul(vf_set1(e->row[i].scale), vf_from_bits(load_columns(e->scale, v)));
    const vfloat x = vf_fma(vi_to_float(total), factor, vf_from_bits(load_columns(e->bias, v)));
    const vfloat y = e->clamp ? vf_clamp(x, e->min, e->max) : x;
    store_vector((float *)(void *)(e->out + i * e->stride) + v * LANES, y, v);
}

ASSAY_INLINE void end_sums(const struct ending *e, const size_t stage, vint (*sums)[VECTORS])
{
    ASSAY_UNROLL
    for (size_t i = 0; i < ENDED_AT_ONCE; i++)
        end_sum(e, stage * ENDED_AT_ONCE + i, sums);
}

/* A step, and in it a stage of the tile before. */
ASSAY_INLINE void step_ending(const char *const *a, size_t at, const char *w, vint (*sums)[VECTORS],
                              const struct ending *e, const size_t stage, vint (*before)[VECTORS])
{
    enum { HALF = MR / 2 };
    step(a, at, w, vi_zero(), HALF, sums);
    end_sum(e, stage * ENDED_AT_ONCE, before);
    step(a + HALF, at, w, vi_zero(), MR - HALF, sums + HALF);
    end_sum(e, stage * ENDED_AT_ONCE + 1, before);
}

/* The products of a tile, with what is left of the tile before. */
ASSAY_INLINE void multiply(const struct assay_igemm_args *args, const void *const *pointers, vint (*sums)[VECTORS],
                           const struct ending *e, size_t stage, vint (*before)[VECTORS])
{
    const char *w = args->w;
    const size_t k = args->k;
    for (size_t tap = 0; tap < args->taps; tap++, pointers += MR) {
        const char *a[MR];
        ASSAY_UNROLL
        for (size_t i = 0; i < MR; i++)
            a[i] = pointers[i];
        size_t at = 0;
#define ENDING_STEP(number)                                      \
    case number:                                                 \
        if (at == k)                                             \
            break;                                               \
        step_ending(a, at, w, sums, e, number, before);          \
        at += STEP_BYTES, w += STEP_WEIGHTS, stage = number + 1; \
        __attribute__((fallthrough))
        switch (stage) {
            ENDING_STEP(0);
            ENDING_STEP(1);
            ENDING_STEP(2);
            ENDING_STEP(3);
            ENDING_STEP(4);
            ENDING_STEP(5);
        default:
            for (; at < k; at += STEP_BYTES, w += STEP_WEIGHTS)
                step(a, at, w, vi_zero(), MR, sums);
        }
    }
    switch (stage) { /* of few steps */
#define ENDING(number)               \
    case number:                     \
        end_sums(e, number, before); \
        __attribute__((fallthrough))
        ENDING(0);
        ENDING(1);
        ENDING(2);
        ENDING(3);
        ENDING(4);
        ENDING(5);
    default:
        break;
    }
}

ASSAY_INLINE void compute_tiles(const struct assay_igemm_args *args, size_t tiles, const bool same_row,
                                const bool clamp)
{
    struct ending e = {.scale = args->scale,
                       .bias = args->bias,
                       .row = args->row,
                       .out = args->c,
                       .stride = args->c_stride,
                       .min = args->clamp_min,
                       .max = args->clamp_max,
                       .same_row = same_row,
                       .clamp = clamp};
    ASSAY_UNROLL
    for (size_t v = 0; v < VECTORS; v++)
        e.shared[v] = vf_mul(vf_set1(args->row[0].scale), vf_from_bits(load_columns(args->scale, v)));
    struct assay_igemm_args one = *args;
    one.same_row = same_row;
    vint sums[MR][VECTORS], before[MR][VECTORS];
    ASSAY_UNROLL
    for (size_t i = 0; i < MR; i++) {
        ASSAY_UNROLL
        for (size_t v = 0; v < VECTORS; v++)
            before[i][v] = vi_zero();
    }
    for (size_t t = 0; t < tiles; t++) {
        if (!same_row)
            one.row = args->row + t * MR;
        begin(&one, MR, sums);
        multiply(args, args->a + t * args->taps * MR, sums, &e, t > 0 ? 0 : END_STEPS, before);
        e.out = (char *)args->c + t * MR * args->c_stride;
        e.row = one.row;
        ASSAY_UNROLL
        for (size_t i = 0; i < MR; i++) {
            ASSAY_UNROLL
            for (size_t v = 0; v < VECTORS; v++)
                before[i][v] = sums[i][v];
        }
    }
    ASSAY_UNROLL
    for (size_t stage = 0; stage < END_STEPS; stage++)
        end_sums(&e, stage, before);
}

static void strip(const struct assay_igemm_args *args)
{
    const size_t tiles = args->cols < NR ? 0 : args->rows / MR;
    if (tiles > 0 && args->same_row && args->clamp)
        compute_tiles(args, tiles, true, true);
    else if (tiles > 0 && args->same_row)
        compute_tiles(args, tiles, true, false);
    else if (tiles > 0 && args->clamp)
        compute_tiles(args, tiles, false, true);
    else if (tiles > 0)
        compute_tiles(args, tiles, false, false);
    struct assay_igemm_args rest = *args;
    for (size_t row = tiles * MR; row < args->rows; row += MR) {
        rest.rows = assay_min(MR, args->rows - row);
        rest.a = args->a + row * args->taps;
        rest.c = (char *)args->c + row * args->c_stride;
        rest.row = args->row + (args->same_row ? 0 : row);
        tile(&rest);
    }
}
