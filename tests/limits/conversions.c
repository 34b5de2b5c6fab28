/* Every conversion beside a loop that copies as many bytes, at sizes that fit each level of caches: a table, of the
 * loop's bandwidth and of each kernel's share of it. It judges nothing: docs/limits/conversions.md does.
 * Usage: conversions-limit [CONVERSION] */
#include "kernels/core/fixed_point.h"
#include "kernels/core/kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LEVELS = 4, LINE = 64, MOST_KERNELS = 16 };

static const struct level {
    const char *name;
    size_t elements;
    int calls, rounds; /* the least time of `rounds` looks at `calls` calls */
} levels[LEVELS] = {{"L1", 3072, 64, 60}, {"L2", 36864, 16, 60}, {"L3", 524288, 1, 300}, {"memory", 16777216, 1, 6}};

struct subject {
    const struct assay_kernel *kernel;
    void *packed;
    double ns;
};

static double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

typedef char line __attribute__((vector_size(LINE), aligned(1)));

/* `loads` lines of `from` for `stores` lines of `to`, one of which is 1. */
static inline void copy_lines(const char *from, size_t read, char *to, const size_t loads, const size_t stores)
{
    for (size_t at = 0; at < read; at += loads * LINE) {
        line x = *(const line *)(const void *)(from + at);
        for (size_t i = 1; i < loads; i++)
            x |= *(const line *)(const void *)(from + at + i * LINE);
        for (size_t i = 0; i < stores; i++, to += LINE)
            *(line *)(void *)to = x;
    }
}

/* Reads `read` bytes and writes `written`: of the greater 2 or 4 lines for one of the lesser. */
static void copy(const char *from, size_t read, char *to, size_t written)
{
    if (read == written)
        copy_lines(from, read, to, 1, 1);
    else if (read == 2 * written)
        copy_lines(from, read, to, 2, 1);
    else if (read == 4 * written)
        copy_lines(from, read, to, 4, 1);
    else if (written == 2 * read)
        copy_lines(from, read, to, 1, 2);
    else
        copy_lines(from, read, to, 1, 4);
    __asm__ volatile("" : : : "memory");
}

static double copy_ns(const struct level *level, const char *from, size_t read, char *to, size_t written)
{
    const double start = now_ns();
    for (int i = 0; i < level->calls; i++)
        copy(from, read, to, written);
    return (now_ns() - start) / level->calls;
}

static double run_ns(const struct level *level, const struct subject *subject, const struct assay_problem *problem,
                     const struct assay_io *io)
{
    subject->kernel->run(subject->kernel, problem, subject->packed, io, NULL);
    const double start = now_ns();
    for (int i = 0; i < level->calls; i++)
        subject->kernel->run(subject->kernel, problem, subject->packed, io, NULL);
    return (now_ns() - start) / level->calls;
}

static size_t subjects_of(const struct assay_problem *problem, const struct assay_weights *weights,
                          struct subject *subjects)
{
    size_t all, count = 0;
    const struct assay_kernel *const *kernels = assay_kernels(ASSAY_OP_QUANTIZE, &all);
    for (size_t i = 0; i < all && count < MOST_KERNELS; i++) {
        const struct assay_kernel *k = kernels[i];
        if (k->mode != problem->mode || (k->features & assay_cpu_features()) != k->features ||
            k->supports(k, problem) || strstr(k->name, "_ref"))
            continue;
        void *packed = aligned_alloc(ASSAY_PACK_ALIGN, (k->packed_size(k, problem) / ASSAY_PACK_ALIGN + 1) * 64);
        if (!packed || !k->pack(k, problem, weights, packed))
            exit(1);
        subjects[count++] = (struct subject){k, packed, 1e300};
    }
    return count;
}

static void measure(enum assay_conversion conversion, const struct level *level)
{
    const size_t n = level->elements, in_size = assay_type_size(assay_conversion_input(conversion));
    const size_t out_size = assay_type_size(assay_conversion_output(conversion));
    const bool wide_in = in_size == 2, wide_out = out_size == 2;
    char *in = aligned_alloc(4096, n * in_size), *out = aligned_alloc(4096, n * out_size);
    if (!in || !out)
        exit(1);
    memset(out, 0, n * out_size);
    for (size_t i = 0; i < n; i++) {
        const float real = (float)((int)(i * 7919 % 24001) - 12000) * 0.001f;
        if (in_size == sizeof(real))
            memcpy(in + i * in_size, &real, sizeof(real));
        else
            memset(in + i * in_size, (int)(i % 61), in_size);
    }
    const struct assay_problem problem = {
        .op = ASSAY_OP_QUANTIZE,
        .mode = assay_conversion_mode(conversion),
        .structure = ASSAY_DENSE,
        .quantization = {.in_scale = 0.0784f,
                         .out_scale = wide_out ? 13.0f / 32767.0f : 0.0931f,
                         .in_zero = wide_in ? 0 : 7,
                         .out_zero = wide_out ? 0 : -19},
        .quantize = {conversion, 1, n, n, n},
    };
    int32_t multiplier, shift;
    assay_fixed_point(0.0784 / 0.0931, &multiplier, &shift);
    const struct assay_weights weights = {.multiplier = &multiplier, .shift = &shift};
    struct assay_row_quantization parameters;
    const struct assay_io io = {.in = in, .out = out, .row_parameters = &parameters};
    struct subject subjects[MOST_KERNELS];
    const size_t count = subjects_of(&problem, &weights, subjects);
    double least = 1e300;
    for (int round = 0; round < level->rounds; round++) {
        const double copied = copy_ns(level, in, n * in_size, out, n * out_size);
        least = copied < least ? copied : least;
        for (size_t i = 0; i < count; i++) {
            const double ns = run_ns(level, &subjects[i], &problem, &io);
            subjects[i].ns = ns < subjects[i].ns ? ns : subjects[i].ns;
        }
    }
    printf("%-9s %-6s copy %6.1f GB/s ", assay_conversion_name(conversion), level->name,
           (double)(n * (in_size + out_size)) / least);
    for (size_t i = 0; i < count; i++) {
        printf(" %s %.2f", strchr(subjects[i].kernel->name + strlen("quantize_"), '_') + 1, least / subjects[i].ns);
        free(subjects[i].packed);
    }
    printf("\n");
    free(in);
    free(out);
}

int main(int argc, char **argv)
{
    for (int conversion = 0; conversion < ASSAY_CONVERSION_COUNT; conversion++)
        for (size_t level = 0; level < LEVELS; level++)
            if (argc < 2 || strcmp(argv[1], assay_conversion_name((enum assay_conversion)conversion)) == 0)
                measure((enum assay_conversion)conversion, &levels[level]);
    return 0;
}
