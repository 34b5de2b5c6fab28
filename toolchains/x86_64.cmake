# Target: x86-64 Linux. The baseline is the first x86-64 there was (SSE2); a kernel's own file raises it (isa.cmake).
set(assay_arch x86_64)
set(assay_triple x86_64-linux-gnu)
set(assay_baseline -march=x86-64)
set(assay_loader /lib64/ld-linux-x86-64.so.2)
set(assay_cpu "")
include("${CMAKE_CURRENT_LIST_DIR}/target.cmake")
