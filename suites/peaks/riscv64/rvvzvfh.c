/* Half arithmetic of Zvfh. */
#include "suites/peaks/loops.h"

#include <riscv_vector.h>

#define IN_REGISTER "vr"
#include "suites/peaks/scalable.inc"

#define MAC_F16(sum, b, lanes) __riscv_vfmacc_vf_f16m2(sum, (_Float16)1.37F, b, lanes)

SCALABLE_LOOP(f16, __riscv_vsetvlmax_e16m2(), vfloat16m2_t, __riscv_vfmv_v_f_f16m2((_Float16)0, lanes), vfloat16m2_t,
              __riscv_vfmv_v_f_f16m2((_Float16)0.73F, lanes), MAC_F16)

extern const struct peak_isa peak_isa_rvvzvfh;
const struct peak_isa peak_isa_rvvzvfh = {
    .name = "rvvzvfh",
    .features = ASSAY_FEATURE_RVV | ASSAY_FEATURE_ZFH | ASSAY_FEATURE_ZVFH,
    .macs = {[PEAK_F16] = f16},
};
