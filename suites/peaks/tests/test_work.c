/* The work of layers against counting it tap by tap; bounds against their parts. No time is judged. */
#include "kernels/core/window.h"
#include "suites/peaks/bound.h"
#include "suites/peaks/loops.h"
#include "suites/probe/plugins.h"

#include <stdio.h>
#include <stdlib.h>

static int failures;

#define CHECK(condition)                                                            \
    do {                                                                            \
        if (!(condition)) {                                                         \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
            failures++;                                                             \
        }                                                                           \
    } while (0)

static struct assay_problem conv(size_t size, size_t kernel, size_t stride, size_t dilation, size_t pad, size_t out)
{
    return (struct assay_problem){.op = ASSAY_OP_CONV,
                                  .mode = ASSAY_MODE_INT8,
                                  .conv = {.batch = 2,
                                           .in_h = size,
                                           .in_w = size,
                                           .in_c = 3,
                                           .in_stride = 5,
                                           .kernel_h = kernel,
                                           .kernel_w = kernel,
                                           .stride_h = stride,
                                           .stride_w = stride,
                                           .dilation_h = dilation,
                                           .dilation_w = dilation,
                                           .pad_top = pad,
                                           .pad_left = pad,
                                           .out_h = out,
                                           .out_w = out,
                                           .out_c = 7,
                                           .out_stride = 9}};
}

static void check_window(size_t size, size_t kernel, size_t stride, size_t dilation, size_t pad, size_t out)
{
    const struct assay_problem problem = conv(size, kernel, stride, dilation, pad, out);
    const struct assay_window window = assay_window_of(&problem);
    const size_t pixels = 2 * size * size;
    bool *seen = calloc(pixels, sizeof(*seen));
    uint64_t pairs = 0, read = 0;
    for (size_t p = 0; seen && p < 2 * out * out; p++)
        for (size_t tap = 0; tap < kernel * kernel; tap++) {
            const size_t source = assay_window_source(&window, p, tap);
            if (source == ASSAY_OUTSIDE)
                continue;
            pairs++;
            read += !seen[source];
            seen[source] = true;
        }
    free(seen);
    const uint64_t weights = 7 * kernel * kernel * 3;
    const struct peak_work work = peak_work_of(&problem, weights);
    CHECK(work.macs == pairs * 3 * 7);
    CHECK(work.read == read * 3 + weights + 7 * sizeof(int32_t));
    CHECK(work.written == (uint64_t)2 * out * out * 7);
    CHECK(work.arithmetic == PEAK_I8);
}

static void check_others(void)
{
    const struct assay_problem sparse = {.op = ASSAY_OP_SPMM,
                                         .mode = ASSAY_MODE_FP32,
                                         .structure = ASSAY_RANDOM,
                                         .gemm = {.m = 10, .n = 8, .k = 16, .in_stride = 20, .out_stride = 8}};
    const struct peak_work of_sparse = peak_work_of(&sparse, 32);
    CHECK(of_sparse.macs == 320 && of_sparse.arithmetic == PEAK_F32);
    CHECK(of_sparse.read == (10 * 16 + 32 + 8) * sizeof(float) && of_sparse.written == 10 * 8 * sizeof(float));
    const struct assay_problem sum = {.op = ASSAY_OP_ADD, .mode = ASSAY_MODE_INT16X8, .add = {.count = 100}};
    const struct peak_work of_sum = peak_work_of(&sum, 0);
    CHECK(of_sum.macs == 0 && of_sum.read == 400 && of_sum.written == 200);
}

/* Each loop that this CPU can run counts what it did, in proportion; a copy copies. */
static void check_loops(void)
{
    CHECK(peak_isa_count > 0 && peak_isas[0]->features == 0);
    for (size_t i = 0; i < peak_isa_count; i++) {
        const struct peak_isa *isa = peak_isas[i];
        if (isa->features & ~plugins_features())
            continue;
        for (int a = 0; a < PEAK_ARITHMETICS; a++)
            if (isa->macs[a])
                CHECK(isa->macs[a](3) > 0 && isa->macs[a](6) == 2 * isa->macs[a](3));
        if (!isa->read)
            continue;
        char *memory = aligned_alloc(PEAK_BLOCK, (size_t)3 * PEAK_BLOCK);
        if (!memory)
            abort();
        for (size_t k = 0; k < 3 * (size_t)PEAK_BLOCK; k++)
            memory[k] = (char)(k * 7 % 251);
        isa->copy(memory + PEAK_BLOCK, memory, PEAK_BLOCK);
        isa->read(memory, 2 * (size_t)PEAK_BLOCK);
        for (size_t k = 0; k < PEAK_BLOCK; k++)
            CHECK(memory[k + PEAK_BLOCK] == (char)(k * 7 % 251));
        isa->write(memory, PEAK_BLOCK);
        CHECK(memory[0] == memory[PEAK_BLOCK - 1] && memory[PEAK_BLOCK] == 0 && memory[2 * PEAK_BLOCK + 1] != 0);
        free(memory);
    }
}

static void check_bounds(void)
{
    peaks_measure();
    for (int a = 0; a < PEAK_ARITHMETICS; a++)
        CHECK(peaks_macs((enum peak_arithmetic)a).per_ns > 0 && peaks_macs((enum peak_arithmetic)a).isa);
    CHECK(peaks_macs(PEAK_F16).per_ns >= peaks_macs(PEAK_F32).per_ns);
    CHECK(peaks_macs(PEAK_I8).per_ns >= peaks_macs(PEAK_I16).per_ns);
    const struct peak_work much = {.arithmetic = PEAK_F32, .macs = 1000 * 1000, .read = 64, .written = 64};
    const struct peak_bound bound = peak_bound_of(&much);
    CHECK(bound.arithmetic_ns == 1000 * 1000 / bound.macs.per_ns);
    size_t count;
    const struct peak_level *levels = peaks_levels(1, &count);
    if (count == 0)
        return;
    CHECK(levels[count - 1].level == PEAK_MEMORY);
    CHECK(bound.level == 1 && bound.memory_ns > 0 && bound.memory_ns < bound.arithmetic_ns);
    const struct peak_work more = {.arithmetic = PEAK_I8, .read = 2 * levels[0].bytes};
    const struct peak_bound of_more = peak_bound_of(&more);
    const double expected = (double)levels[0].bytes / levels[0].read + (double)levels[0].bytes / levels[1].read;
    CHECK(of_more.level == levels[1].level && of_more.arithmetic_ns == 0);
    CHECK(of_more.memory_ns > 0.999999 * expected && of_more.memory_ns < 1.000001 * expected);
}

int main(void)
{
    if (!plugins_start(assay_cpu_features()))
        return 1;
    check_window(7, 3, 1, 1, 1, 7);
    check_window(8, 3, 2, 1, 0, 4);
    check_window(9, 1, 2, 1, 0, 5);
    check_window(9, 2, 3, 1, 0, 3);
    check_window(10, 3, 1, 3, 3, 10);
    check_window(4, 5, 1, 1, 2, 4);
    check_window(1, 3, 1, 1, 1, 1);
    check_others();
    check_loops();
    check_bounds();
    return failures > 0;
}
