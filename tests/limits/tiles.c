/* Every tile function of the dense kernels that this CPU runs, called in a loop on data in the first-level cache: what
 * a step takes, and what a call takes beside its steps. The driver, which hands out the arguments, is not in it. It
 * judges nothing: docs/limits does.
 *
 * Cycles are told in units of the core's peak loop (suites/peaks): the time in which it does 16 multiply-accumulates in
 * f32, one instruction of 512 bits. On Zen 4 that is a cycle.
 * Usage: tiles-limit [GLOB of kernels' names] */
#include "kernels/core/caches.h"
#include "kernels/gemm/igemm.h"
#include "suites/peaks/work.h"
#include "suites/probe/layer.h"
#include "suites/probe/plugins.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MACS_A_CYCLE = 16, FEW = 64, LOOKS = 4000, LOOK_NS = 10000 };

/* A layer that is one tile. */
struct subject {
    struct layer *layer;
    void *packed, *scratch;
    struct assay_igemm_args args; /* as the driver makes them */
    size_t calls;                 /* in one look */
    double ns;                    /* of a call, the least */
};

static struct assay_igemm_args seen;

/* In place of a tile function: keeps its arguments. */
static void keep(const struct assay_igemm_args *args)
{
    seen = *args;
}

static void *take(size_t bytes)
{
    void *memory = aligned_alloc(ASSAY_PACK_ALIGN, assay_round_up(bytes + 1, ASSAY_PACK_ALIGN));
    if (!memory)
        exit(1);
    return memory;
}

static struct subject make(const struct assay_kernel *kernel, size_t rows, size_t columns, size_t k)
{
    const struct layer_case one = {.op = ASSAY_OP_GEMM,
                                   .gemm = {.m = rows, .n = columns, .k = k, .in_stride = k, .out_stride = columns}};
    const char *why;
    struct layer *layer = layer_make_typical(&one, kernel->mode, ASSAY_DENSE, 0, 1, &why);
    if (!layer)
        exit(1);
    struct assay_igemm keeping = *(const struct assay_igemm *)kernel->detail;
    keeping.tile = keep;
    struct assay_kernel driver = *kernel;
    driver.detail = &keeping;
    struct subject s = {.layer = layer,
                        .packed = take(driver.packed_size(&driver, &layer->problem)),
                        .scratch = take(driver.scratch_size(&driver, &layer->problem)),
                        .calls = 1,
                        .ns = 1e300};
    if (!driver.pack(&driver, &layer->problem, &layer->weights, s.packed) ||
        !driver.prepare(&driver, &layer->problem, s.packed, &layer->io, s.scratch))
        exit(1);
    driver.run(&driver, &layer->problem, s.packed, &layer->io, s.scratch);
    s.args = seen;
    return s;
}

static void end(const struct subject *s)
{
    free(s->scratch);
    free(s->packed);
    layer_free(s->layer);
}

static double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

static void time_once(assay_igemm_tile_fn *tile, struct subject *s)
{
    const double start = now_ns();
    for (size_t call = 0; call < s->calls; call++)
        tile(&s->args);
    const double spent = now_ns() - start, ns = spent / (double)s->calls;
    if (spent < LOOK_NS)
        s->calls++; /* a look at the clock is to be nothing beside it */
    else
        s->ns = ns < s->ns ? ns : s->ns;
}

/* Multiply-accumulates a nanosecond of the mode's arithmetic. */
static double peak_of(enum assay_mode mode)
{
    const struct assay_problem problem = {.op = ASSAY_OP_GEMM, .mode = mode, .structure = ASSAY_DENSE};
    return peaks_macs(peak_work_of(&problem, 0).arithmetic).per_ns;
}

/* A line of the table, for tiles of so many rows. */
static void measure(const struct assay_kernel *kernel, size_t rows)
{
    const struct assay_igemm *igemm = kernel->detail;
    const size_t columns = assay_kernel_tile(kernel).n, kr = igemm->kr;
    /* As many inputs as leave the panel of weights in half of the cache. */
    const size_t weight = assay_pack_element_size(igemm->element, kernel->mode);
    const size_t many = assay_caches()->l1d / 2 / (columns * weight) / FEW * FEW;
    if (many <= FEW)
        return;
    struct subject few = make(kernel, rows, columns, FEW), more = make(kernel, rows, columns, many);
    for (int i = 0; i < LOOKS; i++) {
        time_once(igemm->tile, &few);
        time_once(igemm->tile, &more);
    }
    peaks_measure();
    const double cycle = MACS_A_CYCLE / peaks_macs(PEAK_F32).per_ns, peak = peak_of(kernel->mode);
    const double step = (more.ns - few.ns) / (double)((many - FEW) / kr);
    const double beside = more.ns - step * (double)(many / kr);
    const double macs = (double)(rows * columns);
    end(&few);
    end(&more);
    printf("%-32s %4zu %9.2f %9.2f %7.1f %6.0f %% %6.0f %% (k = %zu)\n", kernel->name, rows, step / cycle,
           macs * (double)kr / peak / cycle, beside / cycle, 100 * macs * FEW / peak / few.ns,
           100 * macs * (double)many / peak / more.ns, many);
}

int main(int argc, char **argv)
{
    size_t count;
    if (!plugins_start(assay_cpu_features())) /* which the peaks are looked for in */
        return 1;
    const struct assay_kernel *const *kernels = assay_kernels(ASSAY_OP_GEMM, &count);
    printf("%-32s %4s %9s %9s %7s %8s %8s\n", "kernel", "rows", "step", "at peak", "beside", "k = 64", "more");
    for (size_t i = 0; i < count; i++) {
        const struct assay_kernel *k = kernels[i];
        if (k->run != assay_igemm_run || (k->features & assay_cpu_features()) != k->features ||
            (argc > 1 && fnmatch(argv[1], k->name, 0) != 0))
            continue;
        const size_t rows[] = {assay_kernel_tile(k).m, assay_kernel_tile(k).m / 2, 1};
        for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++)
            if (rows[r] > 0 && (r == 0 || rows[r] < rows[r - 1]))
                measure(k, rows[r]);
    }
    return 0;
}
