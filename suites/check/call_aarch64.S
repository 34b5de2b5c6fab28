/* void assay_call_hostile(struct call_frame *frame): see call.h. AAPCS64: x19 to x29, sp, the low halves of v8 to v15 and
   FPCR are the callee's to preserve. x18 is the platform's on some systems, and is left alone. */
#include "suites/check/call.h"

    .local current
    .comm current, 8, 8

    .text
    .globl assay_call_hostile
    .hidden assay_call_hostile
    .type assay_call_hostile, %function
assay_call_hostile:
    stp x29, x30, [sp, #-176]!
    stp x19, x20, [sp, #16]
    stp x21, x22, [sp, #32]
    stp x23, x24, [sp, #48]
    stp x25, x26, [sp, #64]
    stp x27, x28, [sp, #80]
    stp d8, d9, [sp, #96]
    stp d10, d11, [sp, #112]
    stp d12, d13, [sp, #128]
    stp d14, d15, [sp, #144]
    mov x9, sp
    str x9, [x0, #CALL_OWN_STACK]
    adrp x9, current
    str x0, [x9, :lo12:current]

    ldr x9, [x0, #CALL_LEVEL]
    cbz x9, .Lneon
    .arch_extension sve
    ldrb w9, [x0, #CALL_JUNK]
    .irp i, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    dup z\i\().b, w9
    .endr
    .irp i, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
    ptrue p\i\().h
    .endr
    setffr
    b .Lfilled
.Lneon:
    add x10, x0, #CALL_JUNK
    .irp i, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    ldr q\i, [x10]
    .endr
.Lfilled:
    /* Into the low halves only: the rest of these registers stays garbage. */
    add x10, x0, #CALL_EXPECTED
    .irp i, 8,9,10,11,12,13,14,15
    ldr x9, [x10, #(11 + \i - 8) * 8]
    mov v\i\().d[0], x9
    .endr
    ldp x19, x20, [x10, #0]
    ldp x21, x22, [x10, #16]
    ldp x23, x24, [x10, #32]
    ldp x25, x26, [x10, #48]
    ldp x27, x28, [x10, #64]
    ldr x29, [x10, #80]
    ldr x9, [x0, #CALL_STACK]
    mov sp, x9
    ldr x16, [x0, #CALL_FUNCTION]
    ldr x9, [x0, #CALL_JUNK]
    .irp i, 5,6,7,8,10,11,12,13,14,15,17
    mov x\i, x9
    .endr
    ldr x1, [x0, #CALL_ARGUMENTS+8]
    ldr x2, [x0, #CALL_ARGUMENTS+16]
    ldr x3, [x0, #CALL_ARGUMENTS+24]
    ldr x4, [x0, #CALL_ARGUMENTS+32]
    ldr x0, [x0, #CALL_ARGUMENTS]
    blr x16

    adrp x9, current
    ldr x9, [x9, :lo12:current]
    mov x10, sp
    str x10, [x9, #CALL_STACK_AFTER]
    ldr x10, [x9, #CALL_OWN_STACK]
    mov sp, x10
    add x10, x9, #CALL_PRESERVED
    stp x19, x20, [x10, #0]
    stp x21, x22, [x10, #16]
    stp x23, x24, [x10, #32]
    stp x25, x26, [x10, #48]
    stp x27, x28, [x10, #64]
    str x29, [x10, #80]
    .irp i, 8,9,10,11,12,13,14,15
    str d\i, [x10, #(11 + \i - 8) * 8]
    .endr
    mrs x10, fpcr
    str x10, [x9, #CALL_CONTROL]
    msr fpcr, xzr

    ldp x19, x20, [sp, #16]
    ldp x21, x22, [sp, #32]
    ldp x23, x24, [sp, #48]
    ldp x25, x26, [sp, #64]
    ldp x27, x28, [sp, #80]
    ldp d8, d9, [sp, #96]
    ldp d10, d11, [sp, #112]
    ldp d12, d13, [sp, #128]
    ldp d14, d15, [sp, #144]
    ldp x29, x30, [sp], #176
    ret
    .size assay_call_hostile, . - assay_call_hostile

    .section .note.GNU-stack, "", %progbits
