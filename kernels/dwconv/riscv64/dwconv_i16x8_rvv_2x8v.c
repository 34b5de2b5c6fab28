/* int16x8, RVV: 2 pixels by LMUL 8 of int32 sums (32 channels at VLEN 128), any vector length; up to 512 taps, of which
 * the sum is exact in int32. Weights are widened to 16 bits when packed: 10 instructions a tap, and a ninth of 3, for
 * 16 registers of multiply-accumulates, and a long epilogue in int64. Bound by the vector multiplier. */
#include "kernels/core/riscv64/rounding.h"
#include "kernels/core/riscv64/rvv_rescale64.h"
#include "kernels/dwconv/dwindirect.h"

enum { TAPS_IN_I32 = 512 };

static size_t channels_at_once(void)
{
    return __riscv_vsetvlmax_e32m8();
}

static const char *supports(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    (void)kernel;
    return assay_problem_depth(problem) > TAPS_IN_I32 ? "more than 512 taps may overflow its int32 sums" : NULL;
}

static inline vint32m8_t begin(const struct assay_dw_args *args, size_t channel, size_t vl)
{
    (void)args;
    (void)channel;
    return __riscv_vmv_v_x_i32m8(0, vl);
}

static inline void finish(const struct assay_dw_args *args, int16_t *out, size_t channel, vint32m8_t sums, size_t vl)
{
    const struct assay_rvv_columns64 of = {
        .bias = (const int64_t *)args->bias + channel,
        .multiplier = args->multiplier + channel,
        .shift = args->shift + channel,
        .zero = args->out_zero,
        .min = args->out_min,
        .max = args->out_max,
    };
    const size_t quarter = __riscv_vsetvlmax_e32m2();
    for (size_t first = 0; first < vl; first += quarter) {
        const size_t count = assay_min(quarter, vl - first);
        const vint32m2_t part = __riscv_vget_v_i32m8_i32m2(sums, 0);
        assay_rvv_finish64(&of, first, __riscv_vsext_vf2_i64m4(part, count), out, count);
        sums = __riscv_vslidedown_vx_i32m8(sums, quarter, vl);
    }
}

#define RVV_SUMS vint32m8_t
#define RVV_ELEMENT int16_t
#define RVV_OUTPUT int16_t
#define RVV_WEIGHT int16_t
#define RVV_VTYPE "e16, m4"
#define RVV_LOAD_W "vle16.v v16, (%[w])\n\t"
#define RVV_MAC(sums, x) "vle16.v v24, (" x ")\n\tvwmacc.vv " sums ", v16, v24\n\t"
#include "kernels/dwconv/riscv64/rvv_dw.inc"

static void run(const struct assay_dw_args *args)
{
    const uint64_t vxrm = assay_vxrm_read();
    sum_pixels(args);
    assay_vxrm_leave(vxrm);
}

ASSAY_DWCONV_KERNEL(i16x8_rvv_2x8v, ASSAY_MODE_INT16X8, ASSAY_ACC_I64, 0, channels_at_once, run,
                    .element = ASSAY_PACK_I8_AS_I16, .supports = supports);
