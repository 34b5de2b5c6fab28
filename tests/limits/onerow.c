/* Each mode's kernel for one row beside a loop that reads its packed weights, in order, and does nothing else: a table,
 * of the loop's bandwidth and of the kernel's share of it. It judges nothing: docs/limits does.
 * Usage: onerow-limit [K N]... */
#include "kernels/core/select.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LINE = 64, AT_ONCE = 8, BURST_NS = 100 * 1000, ROUNDS = 400 };

typedef char line __attribute__((vector_size(LINE), aligned(1)));

static double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

static void *take(size_t bytes)
{
    const size_t size = assay_round_up(bytes + 1, ASSAY_PACK_ALIGN);
    void *memory = aligned_alloc(ASSAY_PACK_ALIGN, size);
    if (!memory)
        exit(1);
    return memset(memory, 1, size);
}

struct row {
    const struct assay_kernel *kernel;
    struct assay_problem problem;
    struct assay_io io;
    void *packed, *scratch;
    size_t read; /* bytes, whole steps of the loop */
};

static void run(const struct row *row)
{
    row->kernel->run(row->kernel, &row->problem, row->packed, &row->io, row->scratch);
}

static void read_weights(const struct row *row)
{
    const line *at = row->packed;
    line any = {0};
    for (const line *end = at + row->read / LINE; at < end; at += AT_ONCE) {
        line all = at[0];
        for (int i = 1; i < AT_ONCE; i++)
            all |= at[i];
        any |= all;
    }
    __asm__ volatile("" : : "m"(any));
}

/* Of a burst of calls, after one that is not counted. */
static double time_of(void (*function)(const struct row *), const struct row *row)
{
    function(row);
    double start = now_ns(), ns = 0;
    int calls = 0;
    do {
        function(row);
        calls++;
        ns = now_ns() - start;
    } while (ns < BURST_NS);
    return ns / calls;
}

static void measure(enum assay_mode mode, size_t k, size_t n)
{
    struct row row = {.problem = {.op = ASSAY_OP_GEMM,
                                  .mode = mode,
                                  .structure = ASSAY_DENSE,
                                  .quantization = {.in_scale = 1, .out_scale = 1},
                                  .gemm = {1, n, k, k, n, 0}}};
    size_t count;
    const struct assay_kernel *const *kernels = assay_kernels(ASSAY_OP_GEMM, &count);
    row.kernel = assay_select(kernels, count, &row.problem, assay_cpu_features(), NULL, NULL);
    if (!row.kernel)
        return;
    float *scale = take(n * sizeof(*scale));
    int32_t *multiplier = take(n * sizeof(*multiplier)), *shift = take(n * sizeof(*shift));
    for (size_t j = 0; j < n; j++) {
        scale[j] = 1.0f;
        multiplier[j] = 1 << 30;
        shift[j] = -8;
    }
    const bool integer = assay_mode_is_integer(mode);
    void *values = take(assay_problem_weight_bytes(&row.problem));
    const struct assay_weights weights = {.values = values,
                                          .scale = mode == ASSAY_MODE_HYBRID ? scale : NULL,
                                          .multiplier = integer ? multiplier : NULL,
                                          .shift = integer ? shift : NULL};
    row.packed = take(row.kernel->packed_size(row.kernel, &row.problem));
    row.scratch = take(row.kernel->scratch_size(row.kernel, &row.problem));
    void *in = take(assay_problem_in_bytes(&row.problem)), *out = take(assay_problem_out_bytes(&row.problem));
    for (size_t i = 0; mode == ASSAY_MODE_HYBRID && i < k; i++) /* whose range is to have a scale */
        ((float *)in)[i] = (float)(i % 7) - 3.0f;
    row.io = (struct assay_io){.in = in, .out = out};
    row.read = assay_problem_weight_bytes(&row.problem) / (AT_ONCE * LINE) * (AT_ONCE * LINE);
    if (!row.kernel->pack(row.kernel, &row.problem, &weights, row.packed) ||
        !row.kernel->prepare(row.kernel, &row.problem, row.packed, &row.io, row.scratch))
        exit(1);
    double read = 1e300, ran = 1e300;
    for (int i = 0; i < ROUNDS; i++) {
        const double a = time_of(read_weights, &row), b = time_of(run, &row);
        read = a < read ? a : read;
        ran = b < ran ? b : ran;
    }
    printf("%-8s 1x%zux%zu %7.0f KiB  read %6.1f GB/s  %-28s %8.0f ns  %.2f of reading\n", assay_mode_name(mode), k, n,
           (double)row.read / 1024, (double)row.read / read, row.kernel->name, ran, read / ran);
    void *all[] = {scale, multiplier, shift, values, row.packed, row.scratch, in, out};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        free(all[i]);
}

int main(int count, char **arguments)
{
    static const size_t layers[][2] = {{128, 640}, {640, 128}, {1024, 1001}, {1024, 1024}, {1280, 1001}, {1024, 4096}};
    for (int mode = 0; mode < ASSAY_MODE_COUNT; mode++) {
        for (int i = 1; i + 1 < count; i += 2)
            measure((enum assay_mode)mode, strtoul(arguments[i], NULL, 10), strtoul(arguments[i + 1], NULL, 10));
        for (size_t i = 0; count == 1 && i < sizeof(layers) / sizeof(layers[0]); i++)
            measure((enum assay_mode)mode, layers[i][0], layers[i][1]);
    }
    return 0;
}
