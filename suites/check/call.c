#include "suites/check/call.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* AddressSanitizer keeps marks on the stack of a function that a fault ended: they must go before the stack is used
 * anew. */
#if defined(__SANITIZE_ADDRESS__)
#define HAS_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ADDRESS_SANITIZER 1
#endif
#endif
#ifdef HAS_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#else
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#endif

enum { WORDS = 32, CONTROLS = 4, STACK_BYTES = 8 << 20, CANARY_BYTES = 256, POISON_BYTES = 16 << 10 };

struct call_frame {
    void (*function)(const struct assay_kernel *, const struct assay_problem *, const void *, const struct assay_io *,
                     void *);
    const void *arguments[5];
    uint64_t level;
    char *stack, *stack_after, *own_stack;
    uint64_t control[CONTROLS];
    uint64_t expected[WORDS], preserved[WORDS];
    unsigned char junk[64];
};

_Static_assert(offsetof(struct call_frame, arguments) == CALL_ARGUMENTS, "call.h");
_Static_assert(offsetof(struct call_frame, level) == CALL_LEVEL, "call.h");
_Static_assert(offsetof(struct call_frame, stack) == CALL_STACK, "call.h");
_Static_assert(offsetof(struct call_frame, stack_after) == CALL_STACK_AFTER, "call.h");
_Static_assert(offsetof(struct call_frame, own_stack) == CALL_OWN_STACK, "call.h");
_Static_assert(offsetof(struct call_frame, control) == CALL_CONTROL, "call.h");
_Static_assert(offsetof(struct call_frame, expected) == CALL_EXPECTED, "call.h");
_Static_assert(offsetof(struct call_frame, preserved) == CALL_PRESERVED, "call.h");
_Static_assert(offsetof(struct call_frame, junk) == CALL_JUNK, "call.h");

void assay_call_hostile(struct call_frame *frame);

/* In the order in which the assembly keeps them; and what else it reports in `control`, with the bits that count and
 * what they must be. What differs by CPU state (RISC-V's gp and tp) is put in `expected` by the assembly. */
struct control {
    const char *name;
    uint64_t mask, value;
};
#if defined(__x86_64__)
static const char *const registers[] = {"rbx", "rbp", "r12", "r13", "r14", "r15"};
static const struct control controls[CONTROLS] = {
    {"the direction flag", 0x400, 0},
    {"the control bits of MXCSR (rounding, flushing, masks)", 0xFFC0, 0x1F80},
    {"the x87 control word", 0xFFFF, 0x37F},
    {"the x87 stack (registers in use: emms is missing)", 0xFFFF, 0xFFFF},
};
#elif defined(__aarch64__)
static const char *const registers[] = {"x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28",
                                        "x29", "d8",  "d9",  "d10", "d11", "d12", "d13", "d14", "d15"};
static const struct control controls[CONTROLS] = {{"FPCR (rounding, flushing)", UINT64_MAX, 0}};
#else
/* vxrm and vxsat are not preserved across calls, by the psABI: a kernel may change them. */
static const char *const registers[] = {"s0",  "s1",  "s2",  "s3",  "s4",   "s5",   "s6",  "s7",  "s8",
                                        "s9",  "s10", "s11", "fs0", "fs1",  "fs2",  "fs3", "fs4", "fs5",
                                        "fs6", "fs7", "fs8", "fs9", "fs10", "fs11", "gp",  "tp"};
static const struct control controls[CONTROLS] = {
    {"frm (rounding mode)", 7, 0},
    {"vstart (must be 0 on return)", UINT64_MAX, 0},
};
#endif
enum { REGISTERS = sizeof(registers) / sizeof(registers[0]) };

static char *stack_low, *stack_top; /* the kernel's sp at its entry is stack_top */
static uint64_t vector_level;

bool call_start(uint64_t features)
{
    if (stack_top)
        return true;
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *stack = mmap(NULL, STACK_BYTES + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (stack == MAP_FAILED || mprotect(stack + page, STACK_BYTES, PROT_READ | PROT_WRITE) != 0)
        return false;
    stack_low = stack + page;
    stack_top = stack_low + STACK_BYTES - CANARY_BYTES;
#if defined(__x86_64__)
    vector_level = features & ASSAY_FEATURE_AVX512 ? 2 : features & ASSAY_FEATURE_AVX2 ? 1 : 0;
#elif defined(__aarch64__)
    vector_level = features & ASSAY_FEATURE_SVE ? 1 : 0;
#else
    vector_level = features & ASSAY_FEATURE_RVV ? 1 : 0;
#endif
    return true;
}

static unsigned char canary(size_t i)
{
    return (unsigned char)(0xC3 ^ i);
}

static bool complain(char *message, size_t size, const char *what, const char *which)
{
    snprintf(message, size, "%s%s", what, which);
    return false;
}

static bool examine(const struct call_frame *frame, char *message, size_t size)
{
    for (size_t i = 0; i < REGISTERS; i++)
        if (frame->preserved[i] != frame->expected[i])
            return complain(message, size, "it does not preserve the callee-saved register ", registers[i]);
    for (size_t i = 0; i < CONTROLS; i++)
        if (controls[i].name && (frame->control[i] & controls[i].mask) != controls[i].value)
            return complain(message, size, "it changes ", controls[i].name);
    if (frame->stack_after != frame->stack)
        return complain(message, size, "it returns with another stack pointer", "");
    for (size_t i = 0; i < CANARY_BYTES; i++)
        if ((unsigned char)stack_top[i] != canary(i))
            return complain(message, size, "it writes to the stack of its caller", "");
    return true;
}

bool call_kernel(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                 const struct assay_io *io, void *scratch, unsigned variant, char *message, size_t size)
{
    static struct call_frame frame; /* not on our stack: nothing of ours is near the kernel's */
    memset(&frame, 0, sizeof(frame));
    frame.function = kernel->run;
    frame.arguments[0] = kernel;
    frame.arguments[1] = problem;
    frame.arguments[2] = packed;
    frame.arguments[3] = io;
    frame.arguments[4] = scratch;
    frame.stack = stack_top;
#if defined(__riscv)
    frame.level = vector_level ? 1 + variant % 2 : 0; /* 2: with an illegal vtype, as after a system call */
#else
    frame.level = vector_level;
#endif
    for (size_t i = 0; i < WORDS; i++)
        frame.expected[i] = UINT64_C(0x5EED000000000000) + (i << 8) + variant;
    memset(frame.junk, variant % 2 ? 0x7B : 0xFF, sizeof(frame.junk)); /* large floats; NaN */
    ASAN_UNPOISON_MEMORY_REGION(stack_low, STACK_BYTES);
    memset(stack_top - POISON_BYTES, variant % 2 ? 0x3C : 0xFF, POISON_BYTES);
    for (size_t i = 0; i < CANARY_BYTES; i++)
        stack_top[i] = (char)canary(i);
    assay_call_hostile(&frame);
    return examine(&frame, message, size);
}
