/* What the CPU that runs this program can do. */
#ifndef ASSAY_KERNELS_CORE_FEATURES_H
#define ASSAY_KERNELS_CORE_FEATURES_H

#include <stddef.h>
#include <stdint.h>

/* Bits of a feature set; one numbering for all architectures, so that records of different targets can be read alike.
 */
#define ASSAY_FEATURE_AVX2 (UINT64_C(1) << 0)
#define ASSAY_FEATURE_FMA (UINT64_C(1) << 1)
#define ASSAY_FEATURE_F16C (UINT64_C(1) << 2)
#define ASSAY_FEATURE_AVX512 (UINT64_C(1) << 3) /* F, BW, DQ and VL together */
#define ASSAY_FEATURE_AVX512VNNI (UINT64_C(1) << 4)
#define ASSAY_FEATURE_SSE41 (UINT64_C(1) << 5) /* SSE3 and SSSE3 with it */
#define ASSAY_FEATURE_AVX512VBMI (UINT64_C(1) << 6)
#define ASSAY_FEATURE_AVX512VBMI2 (UINT64_C(1) << 7)
#define ASSAY_FEATURE_AVX512IFMA (UINT64_C(1) << 8)
#define ASSAY_FEATURE_AVXVNNI (UINT64_C(1) << 9) /* VNNI without AVX-512: its encodings are others */
#define ASSAY_FEATURE_FP16 (UINT64_C(1) << 16)   /* AArch64: scalar and vector half arithmetic */
#define ASSAY_FEATURE_DOTPROD (UINT64_C(1) << 17)
#define ASSAY_FEATURE_I8MM (UINT64_C(1) << 18)
#define ASSAY_FEATURE_SVE (UINT64_C(1) << 19)
#define ASSAY_FEATURE_RVV (UINT64_C(1) << 32)
#define ASSAY_FEATURE_ZFH (UINT64_C(1) << 33)
#define ASSAY_FEATURE_ZVFH (UINT64_C(1) << 34)

/* Features of this CPU, as far as the operating system lets programs use them. Where the kernel of a RISC-V system is
 * too old to be asked (no riscv_hwprobe), Zfh and Zvfh are found by executing one instruction of each under a SIGILL
 * handler: call it before other threads or handlers exist. */
uint64_t assay_cpu_features(void);

/* Bytes of a scalable vector register (SVE, RVV); 0 where there is none. */
size_t assay_vector_bytes(uint64_t features);

/* Name of the single bit, or NULL. For lists: for (bit = 0; bit < 64; bit++). */
const char *assay_feature_name(unsigned bit);

#endif
