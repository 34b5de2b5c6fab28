/* The walk of a tile of the input along the stored blocks, NEON. The includer has chosen the numerics (neon_f32.h,
 * neon_i16.h or neon_dot.h) and says which blocks by one of
 *   SP_SINGLES     a block is one lane of a vector of weights: csr, and 1x4 by dot products
 *   SP_QUADS       a block is this many whole vectors of weights: 1x4 and 1x16, and 1x16 by dot products
 *   SP_COLUMNS     a block is one vector of weights, a lane for each of four outputs: 4x1
 *
 * A vector of weights is loaded once, and multiplied lane by lane with the inputs, 32 rows by one output, or 16 by
 * four. Sums stay in registers while a row of blocks is walked. Instructions per multiply-accumulate with a stored
 * weight: csr    1x4    1x16   4x1 fmla     .469   .430   .414   .360 smlal    .406   .367   .352   .344 sdot .117 .104
 * Tiles with 16 or 8 rows left take only the vectors that they need. Bound by loads, but 4x1 by the multiply pipes. */
#ifndef ASSAY_KERNELS_SPMM_AARCH64_NEON_WALK_H
#define ASSAY_KERNELS_SPMM_AARCH64_NEON_WALK_H

#ifdef SP_COLUMNS
enum { MR = 16, OUTPUTS = 4 };
#else
enum { MR = 32, OUTPUTS = 1 };
#endif

/* The inputs that lane `lane` of a vector of weights meets, after those of lane 0. */
#define AT(x, lane) ((x) + (lane) * MR * LANE_INPUTS)

#if defined(SP_SINGLES)

SP_INLINE const weight_element *walk_row(const struct assay_sptile_args *args, const weight_element *w, size_t begin,
                                         size_t end, sums *sum, const size_t vectors)
{
    size_t b = begin;
    for (; b + 4 <= end; b += 4, w += 4 * LANE_INPUTS) {
        const weights weight = load_weights(w);
        MULTIPLY_ADD(sum, INPUT_AT(args, b), weight, 0)
        MULTIPLY_ADD(sum, INPUT_AT(args, b + 1), weight, 1)
        MULTIPLY_ADD(sum, INPUT_AT(args, b + 2), weight, 2)
        MULTIPLY_ADD(sum, INPUT_AT(args, b + 3), weight, 3)
    }
    for (; b < end; b++, w += LANE_INPUTS)
        MULTIPLY_ADD(sum, INPUT_AT(args, b), load_weight(w), 0)
    return w;
}

#elif defined(SP_QUADS)

SP_INLINE const weight_element *walk_row(const struct assay_sptile_args *args, const weight_element *w, size_t begin,
                                         size_t end, sums *sum, const size_t vectors)
{
    for (size_t b = begin; b < end; b++) {
        const element *x = INPUT_AT(args, b);
#pragma GCC unroll 1 /* or the distances outgrow the offsets of ldp */
        for (size_t q = 0; q < SP_QUADS; q++, w += 4 * LANE_INPUTS, x = AT(x, 4)) {
            const weights weight = load_weights(w);
            MULTIPLY_ADD(sum, AT(x, 0), weight, 0)
            MULTIPLY_ADD(sum, AT(x, 1), weight, 1)
            MULTIPLY_ADD(sum, AT(x, 2), weight, 2)
            MULTIPLY_ADD(sum, AT(x, 3), weight, 3)
        }
    }
    return w;
}

#else

SP_INLINE const weight_element *walk_row(const struct assay_sptile_args *args, const weight_element *w, size_t begin,
                                         size_t end, sums *sum, const size_t vectors)
{
    for (size_t b = begin; b < end; b++, w += 4) {
        const weights weight = load_weights(w);
        MULTIPLY_ADD(sum, INPUT_AT(args, b), weight, 0)
        MULTIPLY_ADD(sum + vectors, INPUT_AT(args, b), weight, 1)
        MULTIPLY_ADD(sum + 2 * vectors, INPUT_AT(args, b), weight, 2)
        MULTIPLY_ADD(sum + 3 * vectors, INPUT_AT(args, b), weight, 3)
    }
    return w;
}

#endif

/* `vectors` (of 4 rows) is a constant wherever this is inlined. */
SP_INLINE void walk(const struct assay_sptile_args *args, const size_t vectors)
{
    const weight_element *w = args->w;
    for (size_t j = 0; j < args->n; j += OUTPUTS) {
        const uint32_t *row_start = args->row_start + j / OUTPUTS;
        sums sum[OUTPUTS * MR / 4];
        for (size_t o = 0; o < OUTPUTS; o++)
            for (size_t v = 0; v < vectors; v++)
                sum[o * vectors + v] = start(args, j + o, v);
        w = walk_row(args, w, row_start[0], row_start[1], sum, vectors);
#pragma GCC unroll 4 /* or the sums of 4x1 live in memory */
        for (size_t o = 0; o < OUTPUTS; o++)
            if (j + o < args->n)
                finish(args, j + o, sum + o * vectors, vectors);
    }
}

static void tile(const struct assay_sptile_args *args)
{
    if (args->rows > MR / 2)
        walk(args, MR / 4);
    else if (args->rows > 8)
        walk(args, 4);
    else
        walk(args, 2);
}

#endif
