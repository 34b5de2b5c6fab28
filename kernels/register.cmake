# Registration of kernels: one line each, in the CMakeLists.txt beside the file.
#
#   assay_kernel(gemm_f32_avx2_6x16 [ALSO conv])   gemm_f32_avx2_6x16.c, at the flags of the ISA its name declares.
#       ALSO: the file defines the same kernel for these operations too (conv_f32_avx2_6x16).
#   assay_reference(gemm_f32 [ALSO …])              gemm_f32.c, compiled as gemm_f32_ref (vectorizer off) and, for each ISA
#       of the target that is marked AUTO, as gemm_f32_<isa>_auto: what a compiler alone would give.
# Both check the name, set the flags, and put the kernel in the table of its operation, where tests, benches and selection
# find it. A kernel of another architecture is passed over.

set(ASSAY_OPS gemm conv dwconv spmm quantize add)
set(ASSAY_LAYOUTS csr bsr1x4 bsr4x1 bsr1x16 bsr16x4)
set_property(GLOBAL PROPERTY ASSAY_KERNEL_OBJECTS "")
foreach(op IN LISTS ASSAY_OPS)
  set_property(GLOBAL PROPERTY ASSAY_TABLE_${op} "")
endforeach()

if(CMAKE_C_COMPILER_ID MATCHES Clang)
  set(ASSAY_NO_VECTORIZER -fno-vectorize -fno-slp-vectorize)
  # clang-19's SLP vectorizer packs row pointers into vectors and leaves extracts in the inner loop of an indirect kernel.
  set(ASSAY_KERNEL_FLAGS -fno-slp-vectorize)
else()
  set(ASSAY_NO_VECTORIZER -fno-tree-vectorize)
  set(ASSAY_KERNEL_FLAGS -fno-tree-slp-vectorize)
endif()

# Under AddressSanitizer a tile that is unrolled whole takes up to three minutes to compile, and a minute and a half where
# UndefinedBehaviorSanitizer looks at each pointer's arithmetic, a quarter of a minute where it doesn't. What kernels read
# and write is held by guard pages (assay check), and the indexes of their own arrays by the rest of that, which stays on.
if(CMAKE_C_FLAGS MATCHES "-fsanitize=[a-z,-]*address")
  list(APPEND ASSAY_KERNEL_FLAGS -fno-sanitize=address,pointer-overflow)
endif()

# Splits a name by the grammar op_signature[_layout]_isa[_tile][_variant]; sets <prefix>_OP and <prefix>_ISA.
function(assay_parse_name name prefix)
  list(JOIN ASSAY_OPS "|" ops)
  list(JOIN ASSAY_LAYOUTS "|" layouts)
  list(JOIN ASSAY_ISA_NAMES "|" isas)
  if(NOT name MATCHES "^(${ops})_([a-z0-9]+)(_(${layouts}))?_(${isas}|ref)(_([0-9]+v?)x([0-9]+v?))?(_[a-z0-9]+)?$")
    message(FATAL_ERROR "kernel name '${name}': it must read op_signature[_layout]_isa[_tile][_variant] with an ISA of "
                        "toolchains/isa.cmake (docs/adding-a-kernel.md)")
  endif()
  set(${prefix}_OP ${CMAKE_MATCH_1} PARENT_SCOPE)
  set(${prefix}_ISA ${CMAKE_MATCH_5} PARENT_SCOPE)
endfunction()

# Compiles `source` as kernel `name`, and enters it in the tables of its operation and those of `also`.
function(assay_add_kernel name source isa rank also)
  assay_parse_name(${name} KERNEL)
  if(also AND NOT also IN_LIST ASSAY_OPS)
    message(FATAL_ERROR "kernel '${name}': ALSO '${also}' is no operation")
  endif()
  set(target kernel_${name})
  add_library(${target} OBJECT ${source})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_options(${target} PRIVATE ${ASSAY_WARNINGS} ${ASSAY_ISA_${isa}_FLAGS} ${ARGN})
  target_compile_definitions(${target} PRIVATE ASSAY_ISA_FEATURES=${ASSAY_ISA_${isa}_FEATURES} ASSAY_ISA_RANK=${rank})
  set_property(GLOBAL APPEND PROPERTY ASSAY_KERNEL_OBJECTS $<TARGET_OBJECTS:${target}>)
  set_property(GLOBAL APPEND PROPERTY ASSAY_SCAN_LIST "${isa} $<TARGET_OBJECTS:${target}>")
  foreach(op ${KERNEL_OP} ${also})
    # Not REGEX REPLACE: its ^ matches anew after each replacement, and gemm_hybrid_rvv would lose more than "gemm".
    string(REGEX MATCH "_.*" signature ${name})
    set(symbol ${op}${signature})
    set_property(GLOBAL APPEND PROPERTY ASSAY_TABLE_${op} ${symbol})
  endforeach()
endfunction()

function(assay_kernel name)
  cmake_parse_arguments(ARG "" "ALSO" "" ${ARGN})
  assay_parse_name(${name} KERNEL)
  if(NOT ASSAY_ISA_${KERNEL_ISA}_ARCH STREQUAL ASSAY_ARCH)
    return()
  endif()
  assay_add_kernel(${name} ${CMAKE_CURRENT_SOURCE_DIR}/${name}.c ${KERNEL_ISA} ${ASSAY_ISA_${KERNEL_ISA}_RANK}
                   "${ARG_ALSO}" ${ASSAY_KERNEL_FLAGS})
endfunction()

# One compilation of a reference source. The wrapper gives each its own object, named like its kernel.
function(assay_add_reference stem variant isa rank also)
  set(wrapper ${CMAKE_CURRENT_BINARY_DIR}/${stem}_${variant}.c)
  file(CONFIGURE OUTPUT ${wrapper} CONTENT
       "#define ASSAY_VARIANT ${variant}\n#include \"${CMAKE_CURRENT_SOURCE_DIR}/${stem}.c\"\n" @ONLY)
  assay_add_kernel(${stem}_${variant} ${wrapper} ${isa} ${rank} "${also}" ${ARGN})
endfunction()

function(assay_reference stem)
  cmake_parse_arguments(ARG "" "ALSO" "" ${ARGN})
  foreach(isa IN LISTS ASSAY_ISA_NAMES)
    if(NOT ASSAY_ISA_${isa}_ARCH STREQUAL ASSAY_ARCH OR NOT ASSAY_ISA_${isa}_AUTO)
      continue()
    endif()
    if(ASSAY_ISA_${isa}_RANK EQUAL 10) # the target's baseline: where the scalar reference belongs
      assay_add_reference(${stem} ref ${isa} -100 "${ARG_ALSO}" ${ASSAY_NO_VECTORIZER} -ffp-contract=off)
    endif()
    math(EXPR rank "${ASSAY_ISA_${isa}_RANK} - 90")
    assay_add_reference(${stem} ${isa}_auto ${isa} ${rank} "${ARG_ALSO}" -ffp-contract=on)
  endforeach()
endfunction()

# Writes the tables, and makes them and every kernel the library `kernels`.
function(assay_kernel_library)
  set(declarations "")
  set(tables "")
  set(cases "")
  foreach(op IN LISTS ASSAY_OPS)
    get_property(symbols GLOBAL PROPERTY ASSAY_TABLE_${op})
    list(LENGTH symbols count)
    string(TOUPPER ${op} upper)
    set(entries "")
    foreach(symbol IN LISTS symbols)
      string(APPEND declarations "extern const struct assay_kernel ${symbol};\n")
      string(APPEND entries "    &${symbol},\n")
    endforeach()
    string(APPEND tables "static const struct assay_kernel *const ${op}_kernels[] = {\n${entries}    NULL,\n};\n")
    string(APPEND cases "    case ASSAY_OP_${upper}:\n        *count = ${count};\n        return ${op}_kernels;\n")
  endforeach()
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/tables.c @ONLY CONTENT
"#include \"kernels/core/kernel.h\"

${declarations}
${tables}
const struct assay_kernel *const *assay_kernels(enum assay_op op, size_t *count)
{
    switch (op) {
${cases}    default:
        *count = 0;
        return NULL;
    }
}
")
  get_property(objects GLOBAL PROPERTY ASSAY_KERNEL_OBJECTS)
  target_sources(kernels PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/tables.c ${objects})

  # For the scan: a line an object, "isa path".
  get_property(scan GLOBAL PROPERTY ASSAY_SCAN_LIST)
  list(JOIN scan "\n" scan)
  file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/kernel-objects.txt CONTENT "${scan}\n")
endfunction()
