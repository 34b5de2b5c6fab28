/* void assay_call_hostile(struct call_frame *frame): see call.h. System V ABI: rbx, rbp, r12 to r15, rsp, the control bits
   of MXCSR and the x87 control word are the callee's to preserve; DF is clear and the x87 stack empty on both ways. */
#include "suites/check/call.h"

    .local current
    .comm current, 8, 8

    .text
    .globl assay_call_hostile
    .hidden assay_call_hostile
    .type assay_call_hostile, @function
assay_call_hostile:
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    mov %rsp, CALL_OWN_STACK(%rdi)
    mov %rdi, current(%rip)

    cmpq $1, CALL_LEVEL(%rdi)
    ja .Lavx512
    je .Lavx
    .irp i, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
    movups CALL_JUNK(%rdi), %xmm\i
    .endr
    jmp .Lfilled
.Lavx:
    .irp i, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
    vmovups CALL_JUNK(%rdi), %ymm\i
    .endr
    jmp .Lfilled
.Lavx512:
    .irp i, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    vmovups CALL_JUNK(%rdi), %zmm\i
    .endr
    .irp i, 0,1,2,3,4,5,6,7
    kmovq CALL_JUNK(%rdi), %k\i
    .endr
.Lfilled:
    mov CALL_STACK(%rdi), %rsp
    mov CALL_FUNCTION(%rdi), %r11
    mov CALL_JUNK(%rdi), %rax
    mov CALL_JUNK(%rdi), %r9
    mov CALL_JUNK(%rdi), %r10
    mov CALL_EXPECTED+0(%rdi), %rbx
    mov CALL_EXPECTED+8(%rdi), %rbp
    mov CALL_EXPECTED+16(%rdi), %r12
    mov CALL_EXPECTED+24(%rdi), %r13
    mov CALL_EXPECTED+32(%rdi), %r14
    mov CALL_EXPECTED+40(%rdi), %r15
    mov CALL_ARGUMENTS+8(%rdi), %rsi
    mov CALL_ARGUMENTS+16(%rdi), %rdx
    mov CALL_ARGUMENTS+24(%rdi), %rcx
    mov CALL_ARGUMENTS+32(%rdi), %r8
    mov CALL_ARGUMENTS+0(%rdi), %rdi
    call *%r11

    mov current(%rip), %rax
    mov %rsp, CALL_STACK_AFTER(%rax)
    mov CALL_OWN_STACK(%rax), %rsp
    mov %rbx, CALL_PRESERVED+0(%rax)
    mov %rbp, CALL_PRESERVED+8(%rax)
    mov %r12, CALL_PRESERVED+16(%rax)
    mov %r13, CALL_PRESERVED+24(%rax)
    mov %r14, CALL_PRESERVED+32(%rax)
    mov %r15, CALL_PRESERVED+40(%rax)
    pushfq
    pop CALL_CONTROL+0(%rax)
    stmxcsr CALL_CONTROL+8(%rax)
    sub $32, %rsp
    fnstenv (%rsp)
    movzwl 0(%rsp), %ecx
    mov %rcx, CALL_CONTROL+16(%rax)
    movzwl 8(%rsp), %ecx
    mov %rcx, CALL_CONTROL+24(%rax)

    /* As in a new thread again. */
    fninit
    cld
    movl $0x1F80, (%rsp)
    ldmxcsr (%rsp)
    add $32, %rsp
    cmpq $0, CALL_LEVEL(%rax)
    je .Lnarrow
    vzeroupper
.Lnarrow:
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    ret
    .size assay_call_hostile, . - assay_call_hostile

    .section .note.GNU-stack, "", @progbits
