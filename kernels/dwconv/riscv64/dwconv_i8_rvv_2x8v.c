/* int8, RVV: 2 pixels by LMUL 8 of int32 sums (32 channels at VLEN 128), any vector length.
 * 12 instructions a tap, and an eighth of 3, for 16 registers of multiply-accumulates; 22 a pixel for the epilogue.
 * Bound by vector arithmetic: products of LMUL 4, and every second tap sums of LMUL 8. */
#include "kernels/core/riscv64/rounding.h"
#include "kernels/core/riscv64/rvv_rescale.h"
#include "kernels/dwconv/dwindirect.h"

static size_t channels_at_once(void)
{
    return __riscv_vsetvlmax_e32m8();
}

static inline vint32m8_t begin(const struct assay_dw_args *args, size_t channel, size_t vl)
{
    return __riscv_vle32_v_i32m8((const int32_t *)args->bias + channel, vl);
}

static inline void finish(const struct assay_dw_args *args, int8_t *out, size_t channel, vint32m8_t sums, size_t vl)
{
    sums = assay_rvv_rescale_m8(sums, args->multiplier + channel, args->shift + channel, vl);
    assay_rvv_store_i8_m8(out, sums, args->out_zero, args->out_min, args->out_max, vl);
}

#define RVV_SUMS vint32m8_t
#define RVV_ELEMENT int8_t
#define RVV_OUTPUT int8_t
#define RVV_WEIGHT int8_t
#include "kernels/dwconv/riscv64/rvv_dw_i8.inc"

static void run(const struct assay_dw_args *args)
{
    const uint64_t vxrm = assay_vxrm_read();
    sum_pixels(args);
    assay_vxrm_leave(vxrm);
}

ASSAY_DWCONV_KERNEL(i8_rvv_2x8v, ASSAY_MODE_INT8, ASSAY_ACC_I32, 0, channels_at_once, run);
