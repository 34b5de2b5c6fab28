/* Emulated dot products against the definition: vectors and memory in all forms of address as operands, both widths,
 * sums that wrap, and what they must leave alone. A CPU that has the instructions is held to the same. */
#include "suites/probe/emulate.h"

#include "kernels/core/features.h"

#include <stdio.h>
#include <string.h>

#if defined(__x86_64__)

enum { BYTES = 32, LANES = BYTES / 4, SKIPPED = 77 };

struct numbers {
    uint8_t sum[BYTES], x[BYTES], y[BYTES];
};

static int failures;
static struct numbers fixed; /* for an address relative to the next instruction */

static void expect(const char *what, const struct numbers *before, const uint8_t *sum, int words, size_t width)
{
    uint8_t wanted[BYTES] = {0};
    for (size_t lane = 0; lane < width / 4; lane++) {
        uint32_t all;
        memcpy(&all, before->sum + 4 * lane, 4);
        for (size_t i = 0; i < (words ? 2 : 4); i++) {
            int16_t a, b;
            memcpy(&a, before->x + 4 * lane + 2 * (i % 2), 2);
            memcpy(&b, before->y + 4 * lane + 2 * (i % 2), 2);
            all += (uint32_t)(words ? a * b : before->x[4 * lane + i] * (int8_t)before->y[4 * lane + i]);
        }
        memcpy(wanted + 4 * lane, &all, 4);
    }
    if (memcmp(wanted, sum, BYTES) != 0) {
        fprintf(stderr, "%s: another result than by the definition\n", what);
        failures++;
    }
}

/* In registers of the test's own, so that the compiler need not know the extension. */
#define RUN(what, instruction, words, width, ...)                                                                 \
    do {                                                                                                          \
        uint8_t sum[BYTES];                                                                                       \
        memcpy(sum, n->sum, BYTES);                                                                               \
        __asm__ volatile("vmovdqu (%0), %%ymm3\n\tvmovdqu (%1), %%ymm12\n\tvmovdqu (%2), %%ymm14\n\t" instruction \
                         "\n\tvmovdqu %%ymm3, (%0)\n\tvzeroupper"                                                 \
                         :                                                                                        \
                         : "r"(sum), "r"(n->x), "r"(n->y), ##__VA_ARGS__                                          \
                         : "memory", "xmm3", "xmm12", "xmm14", "r12", "r13", "rax");                              \
        expect(what, n, sum, words, width);                                                                       \
    } while (0)

static void run_all(const struct numbers *n)
{
    RUN("bytes", "%{vex%} vpdpbusd %%ymm14, %%ymm12, %%ymm3", 0, 32);
    RUN("bytes of 128 bits", "%{vex%} vpdpbusd %%xmm14, %%xmm12, %%xmm3", 0, 16);
    RUN("words", "%{vex%} vpdpwssd %%ymm14, %%ymm12, %%ymm3", 1, 32);
    RUN("words of 128 bits", "%{vex%} vpdpwssd %%xmm14, %%xmm12, %%xmm3", 1, 16);
    RUN("memory", "%{vex%} vpdpbusd (%2), %%ymm12, %%ymm3", 0, 32);
    RUN("memory, a byte away", "lea -8(%2), %%rax\n\t%{vex%} vpdpbusd 8(%%rax), %%ymm12, %%ymm3", 0, 32);
    RUN("memory, far away", "lea 4096(%2), %%r13\n\t%{vex%} vpdpwssd -4096(%%r13), %%ymm12, %%ymm3", 1, 32);
    RUN("memory, scaled index",
        "mov $5, %%r13d\n\tlea -40(%2), %%r12\n\t%{vex%} vpdpbusd (%%r12,%%r13,8), %%ymm12, %%ymm3", 0, 32);
    RUN("memory, index alone", "mov %2, %%rax\n\tsub $64, %%rax\n\t%{vex%} vpdpbusd 64(,%%rax,1), %%ymm12, %%ymm3", 0,
        32);
    fixed = *n;
    RUN("memory, relative", "%{vex%} vpdpbusd %c3(%%rip), %%ymm12, %%ymm3", 0, 32, "i"(fixed.y));
}

static uint8_t hash(uint32_t x)
{
    x = (x ^ 61 ^ x >> 16) * 9U;
    x = (x ^ x >> 4) * 0x27d4eb2dU;
    return (uint8_t)(x ^ x >> 15);
}

int main(void)
{
    if (!(emulate_available() & ASSAY_FEATURE_AVXVNNI)) {
        puts("skipped: no AVX2 here, on which AVX-VNNI could be emulated");
        return SKIPPED;
    }
    if (!emulate_start()) {
        fputs("emulate_start() failed\n", stderr);
        return 1;
    }
    static const uint8_t extremes[] = {0x00, 0x7F, 0x80, 0xFF};
    for (uint32_t round = 0; round < 200; round++) {
        struct numbers n;
        uint8_t *bytes = (uint8_t *)&n;
        for (uint32_t i = 0; i < sizeof(n); i++)
            bytes[i] = round % 2 ? hash(round * 1000 + i) : extremes[hash(round * 1000 + i) % 4];
        run_all(&n);
    }
    return failures > 0;
}

#else

int main(void)
{
    puts("skipped: nothing is emulated on this architecture");
    return 77;
}

#endif
