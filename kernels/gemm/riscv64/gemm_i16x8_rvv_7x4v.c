/* int16x8, RVV: 7 rows by LMUL 4 of int32 sums (16 columns at VLEN 128), any vector length.
 * A product of an int16 and an int8 is at most 2^15 * 127, so 516 of them fit in an int32. Layers that sum no more run
 * the loop of int8, 18 instructions a step of k for 28 registers of multiply-accumulates, and widen once. Longer sums
 * take two rows at a time, with int64 sums of LMUL 8 beside the int32 ones, which are added to them every 512 steps: 5
 * instructions a step, and pointers, for 8 registers. Bound by the vector multiplier. */
#include "kernels/core/riscv64/rounding.h"
#include "kernels/core/riscv64/rvv_rescale64.h"
#include "kernels/gemm/igemm.h"

enum { STEPS_IN_I32 = 512 };

static size_t columns(void)
{
    return __riscv_vsetvlmax_e32m4();
}

static inline struct assay_rvv_columns64 columns_of(const struct assay_igemm_args *args)
{
    return (struct assay_rvv_columns64){
        .bias = args->bias,
        .multiplier = args->multiplier,
        .shift = args->shift,
        .zero = args->out_zero,
        .min = args->out_min,
        .max = args->out_max,
    };
}

static inline int16_t *out_row(const struct assay_igemm_args *args, size_t row)
{
    return (int16_t *)(void *)((char *)args->c + row * args->c_stride);
}

static inline vint32m4_t begin(const struct assay_igemm_args *args, size_t row, size_t vl)
{
    (void)args;
    (void)row;
    return __riscv_vmv_v_x_i32m4(0, vl);
}

static inline void finish(const struct assay_igemm_args *args, size_t row, vint32m4_t sums, size_t vl)
{
    const struct assay_rvv_columns64 of = columns_of(args);
    const size_t half = __riscv_vsetvlmax_e32m2(), low = assay_min(vl, half), high = vl - low;
    int16_t *out = out_row(args, row);
    assay_rvv_finish64(&of, 0, __riscv_vsext_vf2_i64m4(__riscv_vget_v_i32m4_i32m2(sums, 0), low), out, low);
    assay_rvv_finish64(&of, half, __riscv_vsext_vf2_i64m4(__riscv_vget_v_i32m4_i32m2(sums, 1), high), out, high);
}

#define RVV_MR 7
#define RVV_ACCUMULATOR vint32m4_t
#define RVV_VTYPE "e16, m2"
#define RVV_X "t"
#define RVV_X_SIZE 2
#define RVV_LOAD_X "lh"
#define RVV_LOAD_W "vle16.v v28, (%[w])\n\t"
#define RVV_MAC "vwmacc.vx"
#define RVV_W_BYTES(vl_max) ((vl_max) * sizeof(int16_t))
#include "kernels/gemm/riscv64/rvv_tile.inc"

static inline void finish_long(const struct assay_igemm_args *args, size_t row, vint64m8_t sums, size_t vl)
{
    const struct assay_rvv_columns64 of = columns_of(args);
    const size_t half = __riscv_vsetvlmax_e64m4(), low = assay_min(vl, half), high = vl - low;
    int16_t *out = out_row(args, row);
    assay_rvv_finish64(&of, 0, __riscv_vget_v_i64m8_i64m4(sums, 0), out, low);
    assay_rvv_finish64(&of, half, __riscv_vget_v_i64m8_i64m4(sums, 1), out, high);
}

/* Row `row` and, if `two`, the next. `two` is a constant wherever this is inlined. */
__attribute__((always_inline)) static inline void long_rows(const struct assay_igemm_args *args, size_t row,
                                                            const bool two)
{
    const size_t vl = args->cols, w_step = columns();
    const int16_t *w = args->w;
    vint64m8_t all0 = __riscv_vmv_v_x_i64m8(0, vl), all1 = all0;
    vint32m4_t part0 = __riscv_vmv_v_x_i32m4(0, vl), part1 = part0;
    size_t room = STEPS_IN_I32;
    for (size_t tap = 0; tap < args->taps; tap++) {
        const int16_t *a0 = args->a[tap * RVV_MR + row], *a1 = two ? args->a[tap * RVV_MR + row + 1] : a0;
        for (size_t left = args->k; left > 0;) {
            const size_t steps = assay_min(left, room);
#pragma clang loop unroll_count(4)
            for (size_t l = 0; l < steps; l++, w += w_step) {
                const vint16m2_t weights = __riscv_vle16_v_i16m2(w, vl);
                part0 = __riscv_vwmacc_vx_i32m4(part0, a0[l], weights, vl);
                if (two)
                    part1 = __riscv_vwmacc_vx_i32m4(part1, a1[l], weights, vl);
            }
            a0 += steps;
            a1 += steps;
            left -= steps;
            room -= steps;
            if (room == 0) {
                all0 = __riscv_vwadd_wv_i64m8(all0, part0, vl);
                all1 = __riscv_vwadd_wv_i64m8(all1, part1, vl);
                part0 = part1 = __riscv_vmv_v_x_i32m4(0, vl);
                room = STEPS_IN_I32;
            }
        }
    }
    finish_long(args, row, __riscv_vwadd_wv_i64m8(all0, part0, vl), vl);
    if (two)
        finish_long(args, row + 1, __riscv_vwadd_wv_i64m8(all1, part1, vl), vl);
}

static void tile(const struct assay_igemm_args *args)
{
    const uint64_t vxrm = assay_vxrm_read();
    if (args->taps * args->k <= STEPS_IN_I32) {
        tiles[args->rows - 1](args);
    } else {
        size_t row = 0;
        for (; row + 1 < args->rows; row += 2)
            long_rows(args, row, true);
        if (row < args->rows)
            long_rows(args, row, false);
    }
    assay_vxrm_leave(vxrm);
}

ASSAY_IGEMM_KERNEL(i16x8_rvv_7x4v, ASSAY_MODE_INT16X8, ASSAY_ACC_I64, RVV_MR, 0, columns, 1, tile,
                   .element = ASSAY_PACK_I8_AS_I16);
