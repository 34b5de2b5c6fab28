/* Wrong on purpose: see mutants.h. RISC-V psABI. */
    .text
    .macro mutant name
    .globl \name
    .hidden \name
    .type \name, @function
\name:
    .endm

    .macro run
    addi sp, sp, -16
    sd ra, 8(sp)
    call mutant_run_f32
    ld ra, 8(sp)
    addi sp, sp, 16
    .endm

    mutant mutant_clobber_register
    run
    li s11, 1
    ret

    mutant mutant_clobber_vector
    run
    fmv.d.x fs11, zero
    ret

    mutant mutant_change_rounding
    run
    fsrmi 1 /* toward zero */
    ret

    /* There is no flag; the thread pointer is as much the caller's. */
    mutant mutant_change_flag
    run
    li tp, 16
    ret

    mutant mutant_write_stack
    sd zero, 8(sp)
    tail mutant_run_f32

    .section .note.GNU-stack, "", @progbits
