/* Wrong on purpose: see mutants.h. AAPCS64. */
    .text
    .macro mutant name
    .globl \name
    .hidden \name
    .type \name, %function
\name:
    .endm

    mutant mutant_clobber_register
    stp x29, x30, [sp, #-16]!
    bl mutant_run_f32
    ldp x29, x30, [sp], #16
    mov x28, #1
    ret

    mutant mutant_clobber_vector
    stp x29, x30, [sp, #-16]!
    bl mutant_run_f32
    ldp x29, x30, [sp], #16
    movi v15.16b, #1
    ret

    mutant mutant_change_rounding
    stp x29, x30, [sp, #-16]!
    bl mutant_run_f32
    ldp x29, x30, [sp], #16
    mov x9, #0xC00000 /* toward zero */
    msr fpcr, x9
    ret

    mutant mutant_change_flag
    stp x29, x30, [sp, #-16]!
    bl mutant_run_f32
    ldp x29, x30, [sp], #16
    mov x9, #0x1000000 /* flush subnormals */
    msr fpcr, x9
    ret

    mutant mutant_write_stack
    str xzr, [sp, #8]
    b mutant_run_f32

    .section .note.GNU-stack, "", %progbits
