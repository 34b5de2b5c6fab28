# Target: AArch64 Linux. The baseline is Armv8.0 (NEON, no dot products, no fp16 arithmetic, no LSE atomics).
set(assay_arch aarch64)
set(assay_triple aarch64-linux-gnu)
set(assay_baseline -march=armv8-a)
set(assay_loader "")
set(assay_cpu max)
include("${CMAKE_CURRENT_LIST_DIR}/target.cmake")
