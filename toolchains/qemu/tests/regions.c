/*
 * A program whose counts are known: each region is written in assembly, and counts.sh knows what it must count.
 * It stands alone (no C library), so that no sysroot is needed and nothing but the regions matters.
 */
#include "../markers.h"

static _Alignas(64) unsigned char from_memory[4096];
static _Alignas(64) unsigned char to_memory[4096];

#if defined(__aarch64__)
static inline __attribute__((noreturn)) void leave(void)
{
    /* exit_group(0); all in one, so that the compiler moves no part of it into the region before. */
    __asm__ volatile("mov x8, #94\n"
                     "mov x0, #0\n"
                     "svc #0\n");
    __builtin_unreachable();
}

#define MIXED_LOOP                               \
    __asm__ volatile("mov x9, #1000\n"           \
                     "1: ldr q0, [%0]\n"         \
                     "add v0.4s, v0.4s, v0.4s\n" \
                     "str q0, [%1]\n"            \
                     "ldr d1, [%0, #16]\n"       \
                     "fadd d1, d1, d1\n"         \
                     "subs x9, x9, #1\n"         \
                     "b.ne 1b\n"                 \
                     :                           \
                     : "r"(from), "r"(to)        \
                     : "x9", "v0", "v1", "cc", "memory")

/* Every form of load and store whose class the plugin tells by its encoding, and arithmetic of both classes. */
#define FORMS                                       \
    __asm__ volatile("ldp q0, q1, [%0]\n"           \
                     "stp q0, q1, [%1]\n"           \
                     "ldp d2, d3, [%0]\n"           \
                     "stp s2, s3, [%1]\n"           \
                     "ld1 {v0.16b, v1.16b}, [%0]\n" \
                     "st1 {v0.8h}, [%1]\n"          \
                     "ld2 {v4.4s, v5.4s}, [%0]\n"   \
                     "ld1r {v6.4s}, [%0]\n"         \
                     "ldr q7, 2f\n"                 \
                     "ldr d7, 2f\n"                 \
                     "ldur q0, [%0, #1]\n"          \
                     "stur h0, [%1, #1]\n"          \
                     "fmla v0.4s, v1.4s, v2.4s\n"   \
                     "fmla s0, s1, v2.s[0]\n"       \
                     "fmadd d0, d1, d2, d3\n"       \
                     "dup v0.4s, v1.s[1]\n"         \
                     "fcvt h0, s0\n"                \
                     "ldr x9, [%0]\n"               \
                     "ldp x9, x10, [%0]\n"          \
                     "strb w9, [%1]\n"              \
                     "b 3f\n"                       \
                     ".balign 16\n"                 \
                     "2: .quad 1, 2\n"              \
                     "3:\n"                         \
                     :                              \
                     : "r"(from), "r"(to)           \
                     : "x9", "x10", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "memory")

#define LONG_VECTORS                             \
    __asm__ volatile(".arch_extension sve\n"     \
                     "ptrue p0.s\n"              \
                     "ld1w {z0.s}, p0/z, [%0]\n" \
                     "fadd z0.s, z0.s, z0.s\n"   \
                     "st1w {z0.s}, p0, [%1]\n"   \
                     :                           \
                     : "r"(from), "r"(to)        \
                     : "p0", "v0", "memory")

#elif defined(__riscv)
static inline __attribute__((noreturn)) void leave(void)
{
    /* exit_group(0); all in one, so that the compiler moves no part of it into the region before. */
    __asm__ volatile("li a7, 94\n"
                     "li a0, 0\n"
                     "ecall\n");
    __builtin_unreachable();
}

#define MIXED_LOOP                                          \
    __asm__ volatile("li t1, 1000\n"                        \
                     "1: vsetvli t0, x0, e32, m4, ta, ma\n" \
                     "vle32.v v0, (%0)\n"                   \
                     "vadd.vv v0, v0, v0\n"                 \
                     "vse32.v v0, (%1)\n"                   \
                     "fld ft0, 16(%0)\n"                    \
                     "fadd.d ft0, ft0, ft0\n"               \
                     "addi t1, t1, -1\n"                    \
                     "bnez t1, 1b\n"                        \
                     :                                      \
                     : "r"(from), "r"(to)                   \
                     : "t0", "t1", "ft0", "v0", "v1", "v2", "v3", "memory")

/* Every LMUL once or more, then one vtype that comes from a register. */
#define FORMS                                            \
    __asm__ volatile("vsetivli x0, 2, e8, mf8, ta, ma\n" \
                     "vadd.vv v0, v0, v0\n"              \
                     "vsetivli x0, 2, e8, mf4, ta, ma\n" \
                     "vadd.vv v0, v0, v0\n"              \
                     "vsetivli x0, 2, e8, mf2, ta, ma\n" \
                     "vadd.vv v0, v0, v0\n"              \
                     "vsetivli x0, 2, e8, m1, ta, ma\n"  \
                     "vadd.vv v0, v0, v0\n"              \
                     "vsub.vv v0, v0, v0\n"              \
                     "vsetvli x0, x0, e16, m2, ta, ma\n" \
                     "vadd.vv v0, v0, v0\n"              \
                     "vadd.vv v0, v0, v0\n"              \
                     "vadd.vv v0, v0, v0\n"              \
                     "vsetivli x0, 2, e8, m8, ta, ma\n"  \
                     "vadd.vv v0, v0, v0\n"              \
                     "flw ft0, 0(%0)\n"                  \
                     "c.fld fs0, 8(a0)\n"                \
                     "lw t0, 0(%0)\n"                    \
                     "sd t0, 0(%1)\n"                    \
                     :                                   \
                     : "r"(from), "r"(to)                \
                     : "t0", "ft0", "fs0", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "memory")

#define LONG_VECTORS                        \
    __asm__ volatile("csrr t0, vtype\n"     \
                     "li t1, 2\n"           \
                     "vsetvl x0, t1, t0\n"  \
                     "vadd.vv v0, v0, v0\n" \
                     :                      \
                     :                      \
                     : "t0", "t1", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7")
#else
#error "a test for emulated architectures"
#endif

/* The stack may be anywhere, and holds the environment: the counts must not depend on it. */
__attribute__((noreturn, used)) void _start(void)
{
    /* In registers before the first region, so that no region computes an address; c.fld wants one of a few registers.
     */
#if defined(__riscv)
    register unsigned char *from __asm__("a0") = from_memory;
    register unsigned char *to __asm__("a1") = to_memory;
#else
    unsigned char *from = from_memory;
    unsigned char *to = to_memory;
#endif
    __asm__ volatile("" : "+r"(from), "+r"(to));
    /* Region 0: a loop. Region 1: the same, translated already. */
    for (unsigned i = 0; i < 2; i++) {
        assay_region_begin(1);
        MIXED_LOOP;
        assay_region_end(1);
    }
    /* Region 2: nothing. */
    assay_region_begin(0);
    assay_region_end(0);
    /* Not counted, and ends nothing. */
    MIXED_LOOP;
    assay_region_end(0);
    /* Region 3: abandoned. */
    assay_region_begin(15);
    MIXED_LOOP;
    /* Region 4. */
    assay_region_begin(2);
    FORMS;
    assay_region_end(2);
    /* Region 5: ended by another's marker. */
    assay_region_begin(4);
    assay_region_end(5);
    /* Region 6. */
    assay_region_begin(6);
    LONG_VECTORS;
    assay_region_end(6);
    /* Region 7: open at the end of the process. */
    assay_region_begin(7);
    leave();
}
