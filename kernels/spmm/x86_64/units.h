/* What the sparse tiles of x86-64 have in common: inputs in 32-bit units, turned so that the rows of a unit lie side by
 * side. The including file defines MODE: fp32 (a unit is one input), int8 or hybrid (four inputs, for vpdpbusd, else
 * two int16). */
#ifndef ASSAY_KERNELS_SPMM_X86_64_UNITS_H
#define ASSAY_KERNELS_SPMM_X86_64_UNITS_H

#include "kernels/core/x86_64/simd.h"
#include "kernels/spmm/sptile.h"

enum {
    INTEGER = MODE != ASSAY_MODE_FP32,
#ifdef ASSAY_SIMD_DOT4
    WIDENED = false,
    UNIT = INTEGER ? 4 : 1,
#else
    WIDENED = INTEGER,
    UNIT = INTEGER ? 2 : 1,
#endif
    UNIT_BYTES = 4,
    INPUT_STEP = 16 * UNIT, /* inputs are turned a vector at a time */
    INPUT_OFFSET = INTEGER && !WIDENED ? 128 : 0,
};
#define ELEMENT (WIDENED ? ASSAY_PACK_I8_AS_I16 : ASSAY_PACK_SAME)
#define ACCUMULATOR (INTEGER ? ASSAY_ACC_I32 : ASSAY_ACC_F32)

ASSAY_INLINE vint multiply_add(vint x, vint w, vint sum)
{
#ifdef ASSAY_SIMD_DOT4
    if (INTEGER)
        return vi_dot4(sum, x, w);
#endif
    if (WIDENED)
        return vi_dot2(sum, x, w);
    return vi_from_float_bits(vf_fma(vf_from_bits(x), vf_from_bits(w), vf_from_bits(sum)));
}

/* Up to LANES units of a row, of which `bytes` bytes are left; zeros beyond. */
ASSAY_INLINE vint load_units(const char *from, size_t bytes)
{
    if (WIDENED)
        return vi_load_part_i8_as_i16((const int8_t *)from, bytes);
    return bytes >= sizeof(vint) ? vi_load(from) : vi_load_part_bytes(from, bytes);
}

/* A single row needs no turning. */
static void copy_inputs(const struct assay_sptile_rows *args)
{
    const size_t size = INTEGER ? sizeof(int8_t) : sizeof(float), step = WIDENED ? 2 * LANES : sizeof(vint);
    const size_t bytes = args->k * size, end = assay_round_up(args->k, INPUT_STEP) * size;
    const vint sign_bits = vi_opaque((int32_t)0x80808080);
    int32_t *to = args->x;
    for (size_t at = 0; at < end; at += step, to += LANES) {
        const vint x = at < bytes ? load_units((const char *)args->in + at, bytes - at) : vi_zero();
        vi_store(to, INPUT_OFFSET ? vi_xor(x, sign_bits) : x);
    }
}

/* x[unit][row]. Rows beyond the last repeat it; inputs beyond the last are zeros. */
static void turn_inputs(const struct assay_sptile_rows *args)
{
    const size_t size = INTEGER ? sizeof(int8_t) : sizeof(float), step = WIDENED ? 2 * LANES : sizeof(vint);
    const size_t bytes = args->k * size, end = assay_round_up(args->k, INPUT_STEP) * size;
    const vint sign_bits = vi_opaque((int32_t)0x80808080);
    if (args->mr == 1) {
        copy_inputs(args);
        return;
    }
    for (size_t row = 0; row < args->rows; row += LANES) {
        const char *from[LANES];
        for (size_t i = 0; i < LANES; i++)
            from[i] = (const char *)args->in + assay_min(row + i, args->rows - 1) * args->in_stride;
        int32_t *to = (int32_t *)args->x + row;
        for (size_t at = 0; at < end; at += step, to += LANES * args->mr) {
            vint x[LANES];
            ASSAY_UNROLL
            for (size_t i = 0; i < LANES; i++)
                x[i] = at < bytes ? load_units(from[i] + at, bytes - at) : vi_zero();
            vi_transpose(x);
            ASSAY_UNROLL
            for (size_t i = 0; i < LANES; i++)
                vi_store(to + i * args->mr, INPUT_OFFSET ? vi_xor(x[i], sign_bits) : x[i]);
        }
    }
}

#endif
