/* void assay_call_hostile(struct call_frame *frame): see call.h. The psABI: s0 to s11, fs0 to fs11, sp, gp, tp and frm are the
   callee's to preserve, vstart is 0 on both ways; vl, vtype, vxrm and vxsat hold anything at entry. */
#include "suites/check/call.h"

    .local current
    .comm current, 8, 8

    .text
    .globl assay_call_hostile
    .hidden assay_call_hostile
    .type assay_call_hostile, @function
assay_call_hostile:
    addi sp, sp, -208
    sd ra, 0(sp)
    .irp i, 0,1,2,3,4,5,6,7,8,9,10,11
    sd s\i, (8 + \i * 8)(sp)
    fsd fs\i, (104 + \i * 8)(sp)
    .endr
    sd sp, CALL_OWN_STACK(a0)
    lla t0, current
    sd a0, 0(t0)
    sd gp, (CALL_EXPECTED + 24 * 8)(a0)
    sd tp, (CALL_EXPECTED + 25 * 8)(a0)

    ld t1, CALL_LEVEL(a0)
    beqz t1, 2f
    .option push
    .option arch, +v
    lb t2, CALL_JUNK(a0)
    vsetvli t0, zero, e8, m8, ta, ma
    vmv.v.x v0, t2
    vmv.v.x v8, t2
    vmv.v.x v16, t2
    vmv.v.x v24, t2
    csrwi vxrm, 2
    csrwi vxsat, 1
    li t2, 1
    beq t1, t2, 1f
    li t2, -1
    vsetvl zero, t2, t2 /* no such type: vill */
    j 2f
1:  vsetivli zero, 3, e64, m2, ta, ma
    .option pop
2:
    csrwi fflags, 31
    ld t2, CALL_JUNK(a0)
    .irp i, 0,1,2,3,4,5,6,7,8,9,10,11
    fmv.d.x ft\i, t2
    .endr
    .irp i, 0,1,2,3,4,5,6,7
    fmv.d.x fa\i, t2
    .endr
    .irp i, 0,1,2,3,4,5,6,7,8,9,10,11
    ld s\i, (CALL_EXPECTED + \i * 8)(a0)
    fld fs\i, (CALL_EXPECTED + 96 + \i * 8)(a0)
    .endr
    ld sp, CALL_STACK(a0)
    ld t3, CALL_FUNCTION(a0)
    mv t0, t2
    mv t1, t2
    mv t4, t2
    mv t5, t2
    mv t6, t2
    mv a5, t2
    mv a6, t2
    mv a7, t2
    ld a1, (CALL_ARGUMENTS + 8)(a0)
    ld a2, (CALL_ARGUMENTS + 16)(a0)
    ld a3, (CALL_ARGUMENTS + 24)(a0)
    ld a4, (CALL_ARGUMENTS + 32)(a0)
    ld a0, CALL_ARGUMENTS(a0)
    jalr t3

    lla t0, current
    ld t0, 0(t0)
    sd sp, CALL_STACK_AFTER(t0)
    ld sp, CALL_OWN_STACK(t0)
    .irp i, 0,1,2,3,4,5,6,7,8,9,10,11
    sd s\i, (CALL_PRESERVED + \i * 8)(t0)
    fsd fs\i, (CALL_PRESERVED + 96 + \i * 8)(t0)
    .endr
    sd gp, (CALL_PRESERVED + 24 * 8)(t0)
    sd tp, (CALL_PRESERVED + 25 * 8)(t0)
    ld gp, (CALL_EXPECTED + 24 * 8)(t0)
    ld tp, (CALL_EXPECTED + 25 * 8)(t0)
    csrr t1, frm
    sd t1, CALL_CONTROL(t0)
    fsrmi zero, 0
    ld t1, CALL_LEVEL(t0)
    beqz t1, 3f
    .option push
    .option arch, +v
    csrr t1, vstart
    sd t1, (CALL_CONTROL + 8)(t0)
    csrwi vxrm, 0
    .option pop
3:
    .irp i, 0,1,2,3,4,5,6,7,8,9,10,11
    ld s\i, (8 + \i * 8)(sp)
    fld fs\i, (104 + \i * 8)(sp)
    .endr
    ld ra, 0(sp)
    addi sp, sp, 208
    ret
    .size assay_call_hostile, . - assay_call_hostile

    .section .note.GNU-stack, "", @progbits
