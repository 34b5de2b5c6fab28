# What the three cross toolchain files have in common. Each sets `assay_arch`, `assay_triple`, `assay_baseline` and
# `assay_loader`, then includes this.
#
# For the caller's find modules it leaves: ASSAY_SYSROOT, ASSAY_TRIPLE, ASSAY_ARCH, and ASSAY_RUNTIME_LIBRARY_PATH (the
# folders, as the target sees them, that a program's shared libraries come from).

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR ${assay_arch})

# --- the sysroot ---------------------------------------------------------------------------------------------------
# The answer is kept in the cache: CMake reads a toolchain file again for each of its compiler checks.
set(assay_variable ASSAY_SYSROOT_${assay_arch})
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES ${assay_variable} ASSAY_QEMU_CPU_${assay_arch})
if(NOT ${assay_variable})
  if(DEFINED ENV{${assay_variable}})
    set(assay_found "$ENV{${assay_variable}}")
  else()
    execute_process(
      COMMAND "${CMAKE_CURRENT_LIST_DIR}/sysroot.sh" --print ${assay_arch}
      OUTPUT_VARIABLE assay_found OUTPUT_STRIP_TRAILING_WHITESPACE
      RESULT_VARIABLE assay_result)
    if(NOT assay_result EQUAL 0)
      message(FATAL_ERROR "toolchains/sysroot.sh cannot say where the sysroot of ${assay_arch} is: see above.")
    endif()
  endif()
  set(${assay_variable} "${assay_found}" CACHE PATH "Sysroot of the target ${assay_arch}")
endif()
if(NOT EXISTS "${${assay_variable}}/usr/include/stdio.h")
  message(FATAL_ERROR
    "There is no sysroot for ${assay_arch} in \"${${assay_variable}}\".\n"
    "Run scripts/setup (or only toolchains/sysroot.sh ${assay_arch}), or set ${assay_variable} to a sysroot of yours.")
endif()
set(ASSAY_SYSROOT "${${assay_variable}}")
set(ASSAY_TRIPLE ${assay_triple})
set(ASSAY_ARCH ${assay_arch})
set(CMAKE_SYSROOT "${ASSAY_SYSROOT}")

# --- compiler and linker -------------------------------------------------------------------------------------------
foreach(assay_language IN ITEMS C CXX ASM)
  set(assay_driver clang-19)
  if(assay_language STREQUAL CXX)
    set(assay_driver clang++-19)
  endif()
  find_program(ASSAY_CLANG_${assay_language} ${assay_driver})
  if(NOT ASSAY_CLANG_${assay_language})
    message(FATAL_ERROR "${assay_driver} is missing: run scripts/setup, or apt-get install clang-19 lld-19 llvm-19.")
  endif()
  set(CMAKE_${assay_language}_COMPILER "${ASSAY_CLANG_${assay_language}}")
  set(CMAKE_${assay_language}_COMPILER_TARGET ${assay_triple})
  set(CMAKE_${assay_language}_FLAGS_INIT "${assay_baseline}")
  # Debian's multiarch folders; CMake learns them from the compiler only after the first searches.
  set(CMAKE_${assay_language}_LIBRARY_ARCHITECTURE ${assay_triple})
endforeach()
set(CMAKE_LIBRARY_ARCHITECTURE ${assay_triple})
foreach(assay_tool IN ITEMS ar ranlib nm objdump objcopy strip readelf)
  string(TOUPPER ${assay_tool} assay_upper)
  find_program(ASSAY_LLVM_${assay_upper} llvm-${assay_tool}-19)
  if(ASSAY_LLVM_${assay_upper})
    set(CMAKE_${assay_upper} "${ASSAY_LLVM_${assay_upper}}")
  endif()
endforeach()

# A peer's library may need others that nobody links by name; the loader finds them on the target.
foreach(assay_kind IN ITEMS EXE SHARED MODULE)
  set(CMAKE_${assay_kind}_LINKER_FLAGS_INIT "-fuse-ld=lld -Wl,--allow-shlib-undefined")
endforeach()

# --- libraries: the sysroot's, and no others ----------------------------------------------------------------------
set(CMAKE_FIND_ROOT_PATH "${ASSAY_SYSROOT}")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_SYSROOT_DIR} "${ASSAY_SYSROOT}")
set(ENV{PKG_CONFIG_LIBDIR}
  "${ASSAY_SYSROOT}/usr/lib/${assay_triple}/pkgconfig:${ASSAY_SYSROOT}/usr/share/pkgconfig")
# Debian keeps OpenBLAS apart and joins it to the usual folders by "alternatives", which an unpacked system lacks.
list(APPEND CMAKE_INCLUDE_PATH /usr/include/${assay_triple}/openblas-pthread)
list(APPEND CMAKE_LIBRARY_PATH /usr/lib/${assay_triple}/openblas-pthread)
set(ASSAY_RUNTIME_LIBRARY_PATH /usr/lib/${assay_triple}/openblas-pthread)

# --- running what was built ----------------------------------------------------------------------------------------
if(assay_loader)
  # The target's own loader and libraries, not this machine's: their versions differ. (/proc/self/exe is the loader.)
  set(CMAKE_CROSSCOMPILING_EMULATOR
    "${ASSAY_SYSROOT}${assay_loader}" --library-path
    "${ASSAY_SYSROOT}/usr/lib/${assay_triple}:${ASSAY_SYSROOT}${ASSAY_RUNTIME_LIBRARY_PATH}")
else()
  set(ASSAY_QEMU_CPU_${assay_arch} "${assay_cpu}" CACHE STRING "CPU that CTest runs ${assay_arch} programs on")
  find_program(ASSAY_QEMU_${assay_arch} qemu-${assay_arch})
  # Without QEMU all can be built, and run on a board.
  if(ASSAY_QEMU_${assay_arch})
    # Made anew only when the CPU or its description changed; otherwise this only prints its name.
    execute_process(
      COMMAND "${CMAKE_CURRENT_LIST_DIR}/qemu/prefix.sh"
        "${ASSAY_SYSROOT}" ${assay_arch} "${ASSAY_QEMU_CPU_${assay_arch}}"
      OUTPUT_VARIABLE assay_prefix OUTPUT_STRIP_TRAILING_WHITESPACE
      RESULT_VARIABLE assay_result)
    if(NOT assay_result EQUAL 0)
      message(FATAL_ERROR "toolchains/qemu/prefix.sh cannot make the emulator's view of the sysroot: see above.")
    endif()
    set(CMAKE_CROSSCOMPILING_EMULATOR
      "${ASSAY_QEMU_${assay_arch}}" -L "${assay_prefix}" -cpu "${ASSAY_QEMU_CPU_${assay_arch}}"
      -E "LD_LIBRARY_PATH=${ASSAY_RUNTIME_LIBRARY_PATH}")
  endif()
endif()
