/* The tile of hybrid (hybrid_tile.h) for the rows of a strip, tile after tile in one call: while one multiplies, the
 * sums of the one before are scaled to float and stored, a few beside each step. So a tile takes half of the registers
 * for sums, and ends for the price of its multiply-adds (docs/limits/int8.md). What is less than a tile is computed by
 * itself. The including file defines MR, TILE_VECTORS and DOT_BYTES as for the tile. */
#include "kernels/gemm/x86_64/hybrid_tile.h"

/* Sums that end beside a step, and the steps that it takes for all of them. */
enum { ENDED_AT_ONCE = 3, END_STEPS = MR * VECTORS / ENDED_AT_ONCE };

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
    step(a, at, w, vi_zero(), MR, sums);
    end_sums(e, stage, before);
}

/* How the inputs of the next tile are quantized: QUANTIZE_STEP of them every so many steps. */
struct beside {
    struct assay_igemm_ahead *ahead;
    struct row_factors factors;
    size_t tile_inputs, every, steps; /* since the last */
};

ASSAY_INLINE struct beside beside_of(const struct assay_igemm_args *args)
{
    struct assay_igemm_ahead *ahead = args->ahead;
    if (!ahead)
        return (struct beside){0};
    const size_t tile_inputs = ahead->count / args->rows * MR;
    const size_t every = (args->k / STEP_BYTES - END_STEPS) * QUANTIZE_STEP / tile_inputs;
    return (struct beside){.ahead = ahead,
                           .factors = row_factors_of(1.0f / ahead->row.scale, ahead->row.zero, QUANTIZED_AS),
                           .tile_inputs = tile_inputs,
                           .every = every > 0 ? every : 1};
}

/* The last of all inputs may have been quantized already. */
ASSAY_INLINE void quantize_next(struct assay_igemm_ahead *ahead, const struct row_factors *factors)
{
    if (ahead->done >= ahead->count)
        return;
    const size_t at = assay_min(ahead->done, ahead->count - QUANTIZE_STEP);
    quantize_step(ahead->from + at, factors, ahead->to + at);
    ahead->done += QUANTIZE_STEP;
}

/* What is left; of fewer than a step that is all of them. */
static void quantize_rest(struct assay_igemm_ahead *ahead)
{
    const struct row_factors factors = row_factors_of(1.0f / ahead->row.scale, ahead->row.zero, QUANTIZED_AS);
    if (ahead->count < QUANTIZE_STEP && ahead->done < ahead->count) {
        quantize_row(ahead->from, ahead->count, &factors, ahead->to);
        ahead->done = ahead->count;
    }
    while (ahead->done < ahead->count)
        quantize_next(ahead, &factors);
}

/* What the first `tiles` tiles read, as far as it is not done. */
ASSAY_INLINE void quantize_tiles(struct beside *beside, size_t tiles)
{
    const size_t wanted = assay_min(beside->ahead->count, tiles * beside->tile_inputs);
    while (beside->ahead->done < wanted)
        quantize_next(beside->ahead, &beside->factors);
}

/* A step of one tap whose pointers are a[], and in it a stage of the tile before; and the next stages, as far as there
 * are steps. */
#define ENDING_STEP(number)                                      \
    case number:                                                 \
        if (at == k)                                             \
            break;                                               \
        step_ending(a, at, w, sums, e, number, before);          \
        at += STEP_BYTES, w += STEP_WEIGHTS, stage = number + 1; \
        __attribute__((fallthrough))
#define ENDING_STEPS \
    ENDING_STEP(0);  \
    ENDING_STEP(1);  \
    ENDING_STEP(2);  \
    ENDING_STEP(3)

ASSAY_INLINE void point_rows(const void *const *pointers, const char **a)
{
    ASSAY_UNROLL
    for (size_t i = 0; i < MR; i++)
        a[i] = pointers[i];
}

/* What is left of the tile before, where there were fewer steps than stages. */
ASSAY_INLINE void end_rest(const struct ending *e, size_t stage, vint (*before)[VECTORS])
{
    switch (stage) {
#define ENDING(number)               \
    case number:                     \
        end_sums(e, number, before); \
        __attribute__((fallthrough))
        ENDING(0);
        ENDING(1);
        ENDING(2);
        ENDING(3);
    default:
        break;
    }
}

/* The products of a tile, and the sums of the one before from stage `stage` on. */
ASSAY_INLINE void multiply(const struct assay_igemm_args *args, const void *const *pointers, vint (*sums)[VECTORS],
                           const struct ending *e, size_t stage, vint (*before)[VECTORS])
{
    const char *w = args->w, *a[MR];
    const size_t k = args->k;
    for (size_t tap = 0; tap < args->taps; tap++, pointers += MR) {
        size_t at = 0;
        point_rows(pointers, a);
        switch (stage) {
            ENDING_STEPS;
        default:
            for (; at < k; at += STEP_BYTES, w += STEP_WEIGHTS)
                step(a, at, w, vi_zero(), MR, sums);
        }
    }
    end_rest(e, stage, before);
}

/* The same of one tap, which has more steps than stages. Those that are left have the registers of the tile before
 * free, and inputs are quantized beside them. */
ASSAY_INLINE void multiply_beside(const struct assay_igemm_args *args, const void *const *pointers,
                                  vint (*sums)[VECTORS], const struct ending *e, size_t stage, vint (*before)[VECTORS],
                                  struct beside *beside)
{
    const char *w = args->w, *a[MR];
    const size_t k = args->k;
    size_t at = 0;
    point_rows(pointers, a);
    if (stage == 0) {
        ASSAY_UNROLL
        for (size_t i = 0; i < END_STEPS; i++, at += STEP_BYTES, w += STEP_WEIGHTS)
            step_ending(a, at, w, sums, e, i, before);
    }
    for (; at < k; at += STEP_BYTES, w += STEP_WEIGHTS) {
        step(a, at, w, vi_zero(), MR, sums);
        if (++beside->steps >= beside->every) {
            beside->steps = 0;
            quantize_next(beside->ahead, &beside->factors);
        }
    }
}

ASSAY_INLINE void compute_tiles(const struct assay_igemm_args *args, size_t tiles, const bool with_ahead,
                                const bool same_row, const bool clamp)
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
    vint sums[MR][VECTORS], before[MR][VECTORS], first[MR][VECTORS];
    begin(&one, MR, first);
    ASSAY_UNROLL
    for (size_t i = 0; i < MR; i++) {
        ASSAY_UNROLL
        for (size_t v = 0; v < VECTORS; v++)
            before[i][v] = vi_zero();
    }
    struct beside beside = beside_of(args);
    for (size_t t = 0; t < tiles; t++) {
        if (same_row) {
            ASSAY_UNROLL
            for (size_t i = 0; i < MR; i++) {
                ASSAY_UNROLL
                for (size_t v = 0; v < VECTORS; v++)
                    sums[i][v] = first[i][v];
            }
        } else {
            one.row = args->row + t * MR;
            begin(&one, MR, sums);
        }
        const void *const *pointers = args->a + t * args->taps * MR;
        if (with_ahead) {
            quantize_tiles(&beside, t + 1);
            multiply_beside(args, pointers, sums, &e, t > 0 ? 0 : END_STEPS, before, &beside);
        } else {
            multiply(args, pointers, sums, &e, t > 0 ? 0 : END_STEPS, before);
        }
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

/* A tile of a row more, which by itself would read as many weights as all others. */
static void tile_and_row(const struct assay_igemm_args *args)
{
    vint sums[MR + 1][VECTORS];
    begin(args, MR + 1, sums);
    const char *w = args->w, *a[MR + 1];
    for (size_t tap = 0; tap < args->taps; tap++) {
        point_rows(args->a + tap * MR, a);
        a[MR] = args->a[(args->taps + tap) * MR]; /* of the next tile */
        for (size_t at = 0; at < args->k; at += STEP_BYTES, w += STEP_WEIGHTS)
            step(a, at, w, vi_zero(), MR + 1, sums);
    }
    store(args, MR + 1, sums);
}

static void strip(const struct assay_igemm_args *args)
{
    if (args->ahead && args->ahead->count < QUANTIZE_STEP)
        quantize_rest(args->ahead);
    const bool row_more = args->rows > MR && args->rows % MR == 1;
    const size_t tiles = args->cols < NR ? 0 : args->rows / MR - row_more;
    if (tiles > 0 && args->ahead && args->clamp)
        compute_tiles(args, tiles, true, true, true);
    else if (tiles > 0 && args->ahead)
        compute_tiles(args, tiles, true, true, false);
    else if (tiles > 0 && args->same_row && args->clamp)
        compute_tiles(args, tiles, false, true, true);
    else if (tiles > 0 && args->same_row)
        compute_tiles(args, tiles, false, true, false);
    else if (tiles > 0 && args->clamp)
        compute_tiles(args, tiles, false, false, true);
    else if (tiles > 0)
        compute_tiles(args, tiles, false, false, false);
    if (args->ahead)
        quantize_rest(args->ahead);
    struct assay_igemm_args rest = *args;
    for (size_t row = tiles * MR; row < args->rows; row += rest.rows) {
        const bool last = row_more && row + MR + 1 == args->rows;
        rest.rows = last ? MR + 1 : assay_min(MR, args->rows - row);
        rest.a = args->a + row * args->taps;
        rest.c = (char *)args->c + row * args->c_stride;
        rest.row = args->row + (args->same_row ? 0 : row);
        if (last)
            tile_and_row(&rest);
        else
            tile(&rest);
    }
}

/* Members of struct assay_igemm, beside those of the tile. */
#define HYBRID_STRIP .strips = true, .end_steps = END_STEPS
