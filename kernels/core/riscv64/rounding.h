/* Rounding modes of a RISC-V kernel: set on entry, whatever the caller left there, and put back on exit.
 *
 * The compiler takes frm to be "to nearest" and may move arithmetic over the instruction that sets it. So the pointer
 * to the arguments passes through that instruction: what is computed from them cannot come before it. What was stored
 * cannot come after the memory clobber of the exit. */
#ifndef ASSAY_KERNELS_CORE_RISCV64_RVV_ROUNDING_H
#define ASSAY_KERNELS_CORE_RISCV64_RVV_ROUNDING_H

#include <stdint.h>

/* frm = to nearest, ties to even. Returns what it was; `pointer` is an lvalue through which all operands are read. */
#define ASSAY_FRM_ENTER(pointer)                                                        \
    __extension__({                                                                     \
        uint64_t frm_before;                                                            \
        __asm__ volatile("fsrmi %0, 0" : "=r"(frm_before), "+r"(pointer) : : "memory"); \
        frm_before;                                                                     \
    })

static inline void assay_frm_leave(uint64_t before)
{
    __asm__ volatile("fsrm %0" : : "r"(before) : "memory");
}

/* vxrm: what a kernel sets for its fixed-point instructions, the caller of the kernel must not see. */
static inline uint64_t assay_vxrm_read(void)
{
    uint64_t before;
    __asm__ volatile("csrr %0, vxrm" : "=r"(before) : : "memory");
    return before;
}

static inline void assay_vxrm_leave(uint64_t before)
{
    __asm__ volatile("csrw vxrm, %0" : : "r"(before) : "memory");
}

#endif
