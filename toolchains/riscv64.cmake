# Target: 64-bit RISC-V Linux. The baseline is rv64gc, without vectors.
set(assay_arch riscv64)
set(assay_triple riscv64-linux-gnu)
set(assay_baseline "-march=rv64gc -mabi=lp64d")
set(assay_loader "")
set(assay_cpu "rv64,v=true,vext_spec=v1.0,vlen=128")
include("${CMAKE_CURRENT_LIST_DIR}/target.cmake")
