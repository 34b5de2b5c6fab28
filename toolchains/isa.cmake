# The instruction sets a kernel's name may declare: one line each, the only place where a name meets compiler flags and
# CPU features. FEATURES are the ASSAY_FEATURE_* bits (kernels/core/features.h) a CPU must have to run the kernel.
# RANK orders them for selection: of two kernels that can run, the higher rank is tried first.
# AUTO marks the sets for which the reference sources are compiled once more as the `auto` baseline.
# The scan for foreign instructions has its own view of the same names: toolchains/scan/isa.tsv.

set(ASSAY_ISA_NAMES "" CACHE INTERNAL "")

function(assay_isa name)
  cmake_parse_arguments(ARG "AUTO" "ARCH;RANK" "FLAGS;FEATURES" ${ARGN})
  set(features "0")
  foreach(feature IN LISTS ARG_FEATURES)
    string(APPEND features "|ASSAY_FEATURE_${feature}")
  endforeach()
  set(ASSAY_ISA_${name}_ARCH "${ARG_ARCH}" CACHE INTERNAL "")
  set(ASSAY_ISA_${name}_RANK "${ARG_RANK}" CACHE INTERNAL "")
  set(ASSAY_ISA_${name}_FLAGS "${ARG_FLAGS}" CACHE INTERNAL "")
  set(ASSAY_ISA_${name}_FEATURES "(${features})" CACHE INTERNAL "")
  set(ASSAY_ISA_${name}_AUTO "${ARG_AUTO}" CACHE INTERNAL "")
  list(APPEND ASSAY_ISA_NAMES ${name})
  set(ASSAY_ISA_NAMES "${ASSAY_ISA_NAMES}" CACHE INTERNAL "")
endfunction()

assay_isa(sse2       ARCH x86_64 RANK 10 AUTO FLAGS -march=x86-64)
assay_isa(sse41      ARCH x86_64 RANK 15 FLAGS -march=x86-64 -mssse3 -msse4.1 FEATURES SSE41)
assay_isa(avx2       ARCH x86_64 RANK 20 AUTO FLAGS -march=x86-64 -mavx2 -mfma -mf16c -mbmi -mbmi2
                     FEATURES AVX2 FMA F16C)
# Cores without AVX-512 that have dot products: Alder Lake and its small relatives (N100), Sierra Forest.
assay_isa(avxvnni    ARCH x86_64 RANK 25
                     FLAGS -march=x86-64 -mavx2 -mfma -mf16c -mbmi -mbmi2 -mavxvnni
                     FEATURES AVX2 FMA F16C AVXVNNI)
assay_isa(avx512     ARCH x86_64 RANK 30
                     FLAGS -march=x86-64 -mavx2 -mfma -mf16c -mbmi -mbmi2 -mavx512f -mavx512bw -mavx512dq -mavx512vl
                           -mprefer-vector-width=512
                     FEATURES AVX2 FMA F16C AVX512)
assay_isa(avx512vnni ARCH x86_64 RANK 40 AUTO
                     FLAGS -march=x86-64 -mavx2 -mfma -mf16c -mbmi -mbmi2 -mavx512f -mavx512bw -mavx512dq -mavx512vl
                           -mavx512vnni -mprefer-vector-width=512
                     FEATURES AVX2 FMA F16C AVX512 AVX512VNNI)
assay_isa(avx512vbmi ARCH x86_64 RANK 50
                     FLAGS -march=x86-64 -mavx2 -mfma -mf16c -mbmi -mbmi2 -mavx512f -mavx512bw -mavx512dq -mavx512vl
                           -mavx512vnni -mavx512vbmi -mprefer-vector-width=512
                     FEATURES AVX2 FMA F16C AVX512 AVX512VNNI AVX512VBMI)
# What Ice Lake, Zen 4 and all later ones have beside VNNI; Cascade Lake and Cooper Lake have none of it.
assay_isa(avx512ifma ARCH x86_64 RANK 60
                     FLAGS -march=x86-64 -mavx2 -mfma -mf16c -mbmi -mbmi2 -mavx512f -mavx512bw -mavx512dq -mavx512vl
                           -mavx512vnni -mavx512vbmi -mavx512vbmi2 -mavx512ifma -mprefer-vector-width=512
                     FEATURES AVX2 FMA F16C AVX512 AVX512VNNI AVX512VBMI AVX512VBMI2 AVX512IFMA)

assay_isa(neon     ARCH aarch64 RANK 10 AUTO FLAGS -march=armv8-a)
assay_isa(neonfp16 ARCH aarch64 RANK 20 FLAGS -march=armv8-a+fp16 FEATURES FP16)
assay_isa(neondot  ARCH aarch64 RANK 30 FLAGS -march=armv8-a+dotprod FEATURES DOTPROD)
assay_isa(neoni8mm ARCH aarch64 RANK 40 AUTO FLAGS -march=armv8-a+fp16+dotprod+i8mm FEATURES FP16 DOTPROD I8MM)
assay_isa(sve      ARCH aarch64 RANK 15 AUTO FLAGS -march=armv8-a+sve FEATURES SVE)

assay_isa(rv64gc  ARCH riscv64 RANK 10 AUTO FLAGS -march=rv64gc)
assay_isa(rvv     ARCH riscv64 RANK 20 AUTO FLAGS -march=rv64gcv FEATURES RVV)
assay_isa(rvvzvfh ARCH riscv64 RANK 30 AUTO FLAGS -march=rv64gcv_zfh_zvfh FEATURES RVV ZFH ZVFH)
