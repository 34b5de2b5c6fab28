/* Wrong on purpose: see mutants.h. System V ABI. */
    .text
    .macro mutant name
    .globl \name
    .hidden \name
    .type \name, @function
\name:
    .endm

    mutant mutant_clobber_register
    sub $8, %rsp
    call mutant_run_f32
    add $8, %rsp
    mov $1, %r14
    ret

    /* All vector registers are the caller's; the x87 stack, which must be left empty, stands in for them. */
    mutant mutant_clobber_vector
    sub $8, %rsp
    call mutant_run_f32
    add $8, %rsp
    fldz
    ret

    mutant mutant_change_rounding
    sub $8, %rsp
    call mutant_run_f32
    movl $0x7F80, (%rsp) /* toward zero */
    ldmxcsr (%rsp)
    add $8, %rsp
    ret

    mutant mutant_change_flag
    sub $8, %rsp
    call mutant_run_f32
    add $8, %rsp
    std
    ret

    mutant mutant_write_stack
    movq $0, 16(%rsp) /* beyond the return address */
    jmp mutant_run_f32

    .section .note.GNU-stack, "", @progbits
