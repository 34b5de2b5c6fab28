#include "kernels/core/features.h"

#include <stddef.h>

const char *assay_feature_name(unsigned bit)
{
    static const char *const names[64] = {
        [0] = "avx2",  [1] = "fma",        [2] = "f16c",        [3] = "avx512",     [4] = "avx512vnni",
        [5] = "sse41", [6] = "avx512vbmi", [7] = "avx512vbmi2", [8] = "avx512ifma", [9] = "avxvnni",
        [16] = "fp16", [17] = "dotprod",   [18] = "i8mm",       [19] = "sve",       [32] = "rvv",
        [33] = "zfh",  [34] = "zvfh",
    };
    return bit < 64 ? names[bit] : NULL;
}

#if defined(__x86_64__)

#include <cpuid.h>

/* Not every compiler that builds this knows the name. */
static int has_avxvnni(void)
{
    unsigned a, b, c, d;
    return __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a & (1U << 4));
}

uint64_t assay_cpu_features(void)
{
    __builtin_cpu_init();
    uint64_t features = 0;
    if (__builtin_cpu_supports("ssse3") && __builtin_cpu_supports("sse4.1"))
        features |= ASSAY_FEATURE_SSE41;
    if (__builtin_cpu_supports("avx2"))
        features |= ASSAY_FEATURE_AVX2;
    if (__builtin_cpu_supports("fma"))
        features |= ASSAY_FEATURE_FMA;
    if (__builtin_cpu_supports("f16c"))
        features |= ASSAY_FEATURE_F16C;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl"))
        features |= ASSAY_FEATURE_AVX512;
    if (__builtin_cpu_supports("avx512vnni"))
        features |= ASSAY_FEATURE_AVX512VNNI;
    if (__builtin_cpu_supports("avx512vbmi"))
        features |= ASSAY_FEATURE_AVX512VBMI;
    if (__builtin_cpu_supports("avx512vbmi2"))
        features |= ASSAY_FEATURE_AVX512VBMI2;
    if (__builtin_cpu_supports("avx512ifma"))
        features |= ASSAY_FEATURE_AVX512IFMA;
    if (__builtin_cpu_supports("avx2") && has_avxvnni())
        features |= ASSAY_FEATURE_AVXVNNI;
    return features;
}

size_t assay_vector_bytes(uint64_t features)
{
    (void)features;
    return 0;
}

#elif defined(__aarch64__)

#include <asm/hwcap.h>
#include <sys/auxv.h>

uint64_t assay_cpu_features(void)
{
    const unsigned long hwcap = getauxval(AT_HWCAP), hwcap2 = getauxval(AT_HWCAP2);
    uint64_t features = 0;
    if ((hwcap & HWCAP_FPHP) && (hwcap & HWCAP_ASIMDHP))
        features |= ASSAY_FEATURE_FP16;
    if (hwcap & HWCAP_ASIMDDP)
        features |= ASSAY_FEATURE_DOTPROD;
    if (hwcap & HWCAP_SVE)
        features |= ASSAY_FEATURE_SVE;
    if (hwcap2 & HWCAP2_I8MM)
        features |= ASSAY_FEATURE_I8MM;
    return features;
}

size_t assay_vector_bytes(uint64_t features)
{
    if (!(features & ASSAY_FEATURE_SVE))
        return 0;
    uint64_t bytes;
    /* rdvl x0, #1 as a word: this file is compiled for the baseline, whose assembler may refuse the mnemonic. */
    __asm__ volatile(".inst 0x04bf5020\n\tmov %0, x0" : "=r"(bytes) : : "x0");
    return bytes;
}

#elif defined(__riscv)

#include <setjmp.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { HWPROBE_SYSCALL = 258, HWPROBE_KEY_IMA_EXT_0 = 4 };
#define HWPROBE_IMA_V (UINT64_C(1) << 2)
#define HWPROBE_EXT_ZFH (UINT64_C(1) << 27)
#define HWPROBE_EXT_ZVFH (UINT64_C(1) << 30)

static sigjmp_buf on_illegal;

static void leave_illegal(int number)
{
    siglongjmp(on_illegal, number);
}

static void run_zfh(void)
{
    /* fmv.h.x ft0, zero */
    __asm__ volatile(".word 0xf4000053" : : : "ft0");
}

static void run_zvfh(void)
{
    /* vsetivli zero, 1, e16, m1, ta, ma; vfadd.vv v0, v0, v0 */
    __asm__ volatile(".word 0xcc80f057\n\t.word 0x02001057" : : : "memory");
}

static int executes(void (*instruction)(void))
{
    struct sigaction action = {.sa_handler = leave_illegal}, previous;
    sigemptyset(&action.sa_mask);
    if (sigaction(SIGILL, &action, &previous) != 0)
        return 0;
    const int caught = sigsetjmp(on_illegal, 1);
    if (caught == 0)
        instruction();
    (void)sigaction(SIGILL, &previous, NULL);
    return caught == 0;
}

uint64_t assay_cpu_features(void)
{
    uint64_t features = 0;
    struct {
        int64_t key;
        uint64_t value;
    } pair = {HWPROBE_KEY_IMA_EXT_0, 0};
    if (syscall(HWPROBE_SYSCALL, &pair, 1UL, 0UL, NULL, 0U) == 0 && pair.key == HWPROBE_KEY_IMA_EXT_0) {
        if (pair.value & HWPROBE_IMA_V)
            features |= ASSAY_FEATURE_RVV;
        if (pair.value & HWPROBE_EXT_ZFH)
            features |= ASSAY_FEATURE_ZFH;
        if (pair.value & HWPROBE_EXT_ZVFH)
            features |= ASSAY_FEATURE_ZVFH;
        return features;
    }
    if (getauxval(AT_HWCAP) & (1UL << ('V' - 'A')))
        features |= ASSAY_FEATURE_RVV;
    if (executes(run_zfh))
        features |= ASSAY_FEATURE_ZFH;
    if ((features & ASSAY_FEATURE_RVV) && executes(run_zvfh))
        features |= ASSAY_FEATURE_ZVFH;
    return features;
}

size_t assay_vector_bytes(uint64_t features)
{
    if (!(features & ASSAY_FEATURE_RVV))
        return 0;
    size_t bytes;
    __asm__ volatile("csrr %0, 0xc22" : "=r"(bytes)); /* vlenb */
    return bytes;
}

#else

uint64_t assay_cpu_features(void)
{
    return 0;
}

size_t assay_vector_bytes(uint64_t features)
{
    (void)features;
    return 0;
}

#endif
