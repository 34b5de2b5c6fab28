# This machine, for the host tool. The same compiler as for the targets if it is here, or whatever CMake finds: the host
# tool must build on any system.
find_program(ASSAY_CLANG_C clang-19)
find_program(ASSAY_CLANG_CXX clang++-19)
find_program(ASSAY_LLD ld.lld-19)
if(ASSAY_CLANG_C AND ASSAY_CLANG_CXX)
  # As a default only: CC and CXX, or -D on the command line, name another.
  if(NOT DEFINED ENV{CC} AND NOT DEFINED CMAKE_C_COMPILER)
    set(CMAKE_C_COMPILER "${ASSAY_CLANG_C}")
  endif()
  if(NOT DEFINED ENV{CXX} AND NOT DEFINED CMAKE_CXX_COMPILER)
    set(CMAKE_CXX_COMPILER "${ASSAY_CLANG_CXX}")
  endif()
  if(ASSAY_LLD AND NOT DEFINED ENV{CC} AND NOT DEFINED ENV{CXX} AND CMAKE_C_COMPILER STREQUAL ASSAY_CLANG_C)
    foreach(assay_kind IN ITEMS EXE SHARED MODULE)
      set(CMAKE_${assay_kind}_LINKER_FLAGS_INIT "-fuse-ld=lld")
    endforeach()
  endif()
endif()
