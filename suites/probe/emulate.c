#include "suites/probe/emulate.h"

#include "kernels/core/features.h"

#include <signal.h>
#include <stddef.h>

#if defined(__x86_64__)

#include <cpuid.h>
#include <string.h>
#include <sys/ucontext.h>

/* The registers that a signal's handler finds saved, in the layout of XSAVE's standard form (Intel SDM volume 1,
 * chapter 13): the lower 16 bytes of each vector in the legacy area, the rest by component where CPUID says. */
enum {
    AT_XMM = 160,
    AT_SOFTWARE = 464, /* what Linux adds: a magic number, then 4 bytes, then the components that were saved */
    AT_COMPONENTS = 512,
    SOFTWARE_MAGIC = 0x46505853,
    COMPONENT_SSE = 1,
    COMPONENT_YMM = 2,
    COMPONENT_ZMM = 6, /* the upper halves of vectors 0 to 15 */
    YMM_BYTES = 16,
    ZMM_BYTES = 32,
    VECTORS = 16,
};

static bool started;
static uint32_t ymm_offset, zmm_offset; /* 0: the CPU has none */

static uint32_t component_offset(unsigned component)
{
    unsigned size, offset, c, d;
    return __get_cpuid_count(13, component, &size, &offset, &c, &d) && size > 0 ? offset : 0;
}

uint64_t emulate_available(void)
{
    return assay_cpu_features() & ASSAY_FEATURE_AVX2 ? ASSAY_FEATURE_AVXVNNI : 0;
}

static void on_illegal(int number, siginfo_t *info, void *context)
{
    (void)info;
    if (!emulate_instruction(context)) /* executed once more, it ends the program */
        signal(number, SIG_DFL);
}

bool emulate_start(void)
{
    ymm_offset = component_offset(COMPONENT_YMM);
    zmm_offset = component_offset(COMPONENT_ZMM);
    struct sigaction action = {.sa_sigaction = on_illegal, .sa_flags = SA_SIGINFO | SA_RESTART};
    sigemptyset(&action.sa_mask);
    started = ymm_offset > 0 && sigaction(SIGILL, &action, NULL) == 0;
    return started;
}

struct instruction {
    bool words; /* vpdpwssd: pairs of signed 16 bits; else vpdpbusd: four unsigned by signed bytes */
    size_t width;
    unsigned sum, x;        /* vectors */
    unsigned y;             /* a vector, if address is NULL */
    const uint8_t *address; /* else y is here */
    const uint8_t *next;
};

static int64_t general_register(const ucontext_t *context, unsigned number)
{
    static const int order[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                                  REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
    return context->uc_mcontext.gregs[order[number]];
}

static int64_t displacement(const uint8_t **at, size_t bytes)
{
    int8_t byte;
    int32_t word;
    memcpy(bytes == 1 ? (void *)&byte : (void *)&word, *at, bytes);
    *at += bytes;
    return bytes == 1 ? byte : word;
}

/* The operand in memory of the ModRM byte at *at, which moves behind it (Intel SDM volume 2, 2.1.5). */
static uint64_t effective_address(const ucontext_t *context, const uint8_t **at, unsigned index_high,
                                  unsigned base_high)
{
    const unsigned mod = **at >> 6, rm = **at & 7;
    uint64_t address = 0;
    bool from_next = false, wide = mod == 2;
    ++*at;
    if (rm == 4) {
        const unsigned scale = **at >> 6, index = (**at >> 3 & 7) | index_high, base = **at & 7;
        ++*at;
        if (index != 4)
            address = (uint64_t)general_register(context, index) << scale;
        if (base == 5 && mod == 0)
            wide = true;
        else
            address += (uint64_t)general_register(context, base | base_high);
    } else if (rm == 5 && mod == 0) {
        from_next = wide = true;
    } else {
        address = (uint64_t)general_register(context, rm | base_high);
    }
    if (mod == 1 || wide)
        address += (uint64_t)displacement(at, wide ? 4 : 1);
    return from_next ? address + (uint64_t)(uintptr_t)*at : address;
}

/* VEX.66.0F38.W0 50 and 52 (Intel SDM volume 2, VPDPBUSD and VPDPWSSD). */
static bool decode(const ucontext_t *context, struct instruction *to)
{
    enum { VEX3 = 0xC4, MAP_0F38 = 2, PREFIX_66 = 1, BYTES = 0x50, WORDS = 0x52 };
    const uint8_t *at = (const uint8_t *)(uintptr_t)context->uc_mcontext.gregs[REG_RIP];
    if (at[0] != VEX3 || (at[1] & 31) != MAP_0F38 || at[2] & 0x80 || (at[2] & 3) != PREFIX_66 ||
        (at[3] != BYTES && at[3] != WORDS))
        return false;
    /* The prefix has these inverted. */
    const unsigned reg_high = at[1] & 0x80 ? 0 : 8, index_high = at[1] & 0x40 ? 0 : 8, base_high = at[1] & 0x20 ? 0 : 8;
    *to = (struct instruction){
        .words = at[3] == WORDS,
        .width = at[2] & 4 ? 32 : 16,
        .sum = (at[4] >> 3 & 7) | reg_high,
        .x = ~at[2] >> 3 & 15,
    };
    at += 4;
    if (*at >> 6 == 3)
        to->y = (*at++ & 7) | base_high;
    else
        to->address = (const uint8_t *)(uintptr_t)effective_address(context, &at, index_high, base_high);
    to->next = at;
    return true;
}

static void read_vector(const char *state, unsigned number, uint8_t *to)
{
    memcpy(to, state + AT_XMM + 16 * number, 16);
    memcpy(to + 16, state + ymm_offset + YMM_BYTES * number, YMM_BYTES);
}

/* What is beyond the width becomes zero, as with all VEX instructions. */
static void write_vector(char *state, unsigned number, const uint8_t *from, size_t width)
{
    static const uint8_t zeros[ZMM_BYTES];
    memcpy(state + AT_XMM + 16 * number, from, 16);
    memcpy(state + ymm_offset + YMM_BYTES * number, width == 32 ? from + 16 : zeros, YMM_BYTES);
    uint64_t components;
    memcpy(&components, state + AT_COMPONENTS, sizeof(components));
    if (zmm_offset > 0 && components & (1U << COMPONENT_ZMM))
        memcpy(state + zmm_offset + ZMM_BYTES * number, zeros, ZMM_BYTES);
}

/* A component that is not marked as present is all zeros, whatever its bytes are: makes it so, and present. */
static void make_present(char *state)
{
    uint64_t components;
    memcpy(&components, state + AT_COMPONENTS, sizeof(components));
    if (!(components & (1U << COMPONENT_SSE)))
        memset(state + AT_XMM, 0, VECTORS * 16);
    if (!(components & (1U << COMPONENT_YMM)))
        memset(state + ymm_offset, 0, VECTORS * YMM_BYTES);
    components |= 1U << COMPONENT_SSE | 1U << COMPONENT_YMM;
    memcpy(state + AT_COMPONENTS, &components, sizeof(components));
}

/* Modulo 2^32. */
static uint32_t dot(const uint8_t *x, const uint8_t *y, bool words)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < 4 && !words; i++)
        sum += (uint32_t)(x[i] * (int8_t)y[i]);
    for (size_t i = 0; i < 4 && words; i += 2) {
        int16_t a, b;
        memcpy(&a, x + i, sizeof(a));
        memcpy(&b, y + i, sizeof(b));
        sum += (uint32_t)(a * b);
    }
    return sum;
}

bool emulate_instruction(void *context)
{
    ucontext_t *frame = context;
    struct instruction instruction;
    if (!started || !decode(frame, &instruction))
        return false;
    char *state = (char *)frame->uc_mcontext.fpregs;
    uint32_t magic;
    uint64_t saved;
    memcpy(&magic, state + AT_SOFTWARE, sizeof(magic));
    memcpy(&saved, state + AT_SOFTWARE + 8, sizeof(saved));
    if (magic != SOFTWARE_MAGIC || !(saved & (1U << COMPONENT_YMM)))
        return false;
    uint8_t sum[32], x[32], y[32];
    if (instruction.address)
        memcpy(y, instruction.address, instruction.width); /* the one that may fault, before anything changes */
    make_present(state);
    read_vector(state, instruction.sum, sum);
    read_vector(state, instruction.x, x);
    if (!instruction.address)
        read_vector(state, instruction.y, y);
    for (size_t i = 0; i < instruction.width; i += 4) {
        uint32_t lane;
        memcpy(&lane, sum + i, sizeof(lane));
        lane += dot(x + i, y + i, instruction.words);
        memcpy(sum + i, &lane, sizeof(lane));
    }
    write_vector(state, instruction.sum, sum, instruction.width);
    frame->uc_mcontext.gregs[REG_RIP] = (greg_t)(uintptr_t)instruction.next;
    return true;
}

#else

uint64_t emulate_available(void)
{
    return 0;
}

bool emulate_start(void)
{
    return false;
}

bool emulate_instruction(void *context)
{
    (void)context;
    return false;
}

#endif
