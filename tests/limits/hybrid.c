/* What the time of hybrid layers consists of: the dense layers of MobileNet v1, each as the kernel computes it that
 * selection takes, and the same without some of its parts, interleaved. It judges nothing: docs/limits/int8.md does.
 *
 *   bound    the products at the core's peak
 *   L1       products and ends of tiles, whose outputs all go to the same lines
 *   tiles    the same, stored where they belong
 *   range    the pass that finds the image's range
 *   quantize the pass that quantizes it, a block at a time, to where the tiles read it
 *   weave    the lines of windows of few channels woven
 *   all      the kernel, which quantizes a block beside the tiles of another where it can
 *   moved    a loop that reads the floats twice and writes the output's, 64 bytes at once
 * Usage: hybrid-limit [KERNEL] */
#include "kernels/core/select.h"
#include "kernels/gemm/igemm.h"
#include "suites/peaks/work.h"
#include "suites/probe/layer.h"
#include "suites/probe/plugins.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 60, CALLS = 6, LINE = 64 };

static const struct shape {
    size_t pixels, in, out, kernel, stride;
} shapes[] = {{224, 3, 32, 3, 2},   {112, 32, 64, 1, 1},  {56, 64, 128, 1, 1},  {56, 128, 128, 1, 1},
              {28, 128, 256, 1, 1}, {28, 256, 256, 1, 1}, {14, 256, 512, 1, 1}, {14, 512, 512, 1, 1},
              {7, 512, 1024, 1, 1}, {7, 1024, 1024, 1, 1}};

enum part { L1, TILES, RANGE, QUANTIZE, WEAVE, ALL, MOVED, PARTS };

static double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

static void *take(size_t bytes)
{
    void *memory = aligned_alloc(ASSAY_PACK_ALIGN, assay_round_up(bytes + 1, ASSAY_PACK_ALIGN));
    if (!memory)
        exit(1);
    return memory;
}

/* In place of the parts that are left out. */
static void no_tile(const struct assay_igemm_args *args)
{
    (void)args;
}

static void no_range(const float *x, size_t count, float *min, float *max)
{
    *min = x[0] - 1.0f;
    *max = *min + (float)(count > 0);
}

static void no_quantization(const float *x, size_t count, struct assay_row_quantization row, int8_t *q)
{
    (void)x, (void)count, (void)row, (void)q;
}

static void no_weaving(const struct assay_igemm_weave *weave)
{
    (void)weave;
}

static assay_igemm_tile_fn *real_tile;
static _Alignas(LINE) float first_level[1024];

static void tile_in_l1(const struct assay_igemm_args *args)
{
    struct assay_igemm_args here = *args;
    here.c = first_level;
    here.c_stride = 0;
    real_tile(&here);
}

typedef char line __attribute__((vector_size(LINE), aligned(1)));

static void move(const struct layer *layer)
{
    const char *in = layer->io.in;
    char *out = layer->io.out;
    line any = {0};
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i + 4 * LINE <= layer->in_bytes; i += 4 * LINE)
            for (size_t j = 0; j < 4 * LINE; j += LINE)
                any |= *(const line *)(const void *)(in + i + j);
    for (size_t i = 0; i + LINE <= layer->out_bytes; i += LINE)
        *(line *)(void *)(out + i) = any;
    __asm__ volatile("" : : : "memory");
}

/* The kernel without what a part is told without; parts are not done beside one another. */
static struct assay_igemm without(const struct assay_igemm *igemm, enum part part)
{
    struct assay_igemm left = *igemm;
    if (part == ALL)
        return left;
    left.end_steps = 0;
    if (part == L1)
        left.tile = tile_in_l1;
    else if (part != TILES)
        left.tile = no_tile;
    if (part != RANGE)
        left.row_range = no_range;
    if (part != QUANTIZE)
        left.row_quantize = no_quantization;
    if (part != WEAVE && left.weave)
        left.weave = no_weaving;
    return left;
}

static struct layer *make(const struct shape *s)
{
    const size_t out = s->pixels / s->stride, pad = s->kernel / 2;
    const struct layer_case one = {.op = ASSAY_OP_CONV,
                                   .activation = ASSAY_ACT_RELU6,
                                   .conv = {.window = {.batch = 1,
                                                       .in_h = s->pixels,
                                                       .in_w = s->pixels,
                                                       .out_h = out,
                                                       .out_w = out,
                                                       .kernel_h = s->kernel,
                                                       .kernel_w = s->kernel,
                                                       .stride_h = s->stride,
                                                       .stride_w = s->stride,
                                                       .dilation_h = 1,
                                                       .dilation_w = 1,
                                                       .pad_top = s->stride == 1 ? pad : 0,
                                                       .pad_left = s->stride == 1 ? pad : 0},
                                            .in_c = s->in,
                                            .out_c = s->out,
                                            .in_stride = s->in,
                                            .out_stride = s->out}};
    const char *why;
    struct layer *layer = layer_make_typical(&one, ASSAY_MODE_HYBRID, ASSAY_DENSE, 0, 1, &why);
    if (!layer) {
        fprintf(stderr, "%s\n", why);
        exit(1);
    }
    return layer;
}

static double time_of(const struct assay_kernel *kernel, struct layer *layer, const void *packed, void *scratch,
                      enum part part)
{
    double start = 0;
    if (!kernel->prepare(kernel, &layer->problem, packed, &layer->io, scratch))
        exit(1);
    for (int call = 0; call <= CALLS; call++) {
        if (call == 1)
            start = now_ns();
        if (part == MOVED)
            move(layer);
        else
            kernel->run(kernel, &layer->problem, packed, &layer->io, scratch);
    }
    return (now_ns() - start) / CALLS;
}

static void measure(const struct shape *shape, const char *name)
{
    struct layer *layer = make(shape);
    size_t count;
    const struct assay_kernel *const *kernels = assay_kernels(ASSAY_OP_CONV, &count);
    const struct assay_kernel *kernel = assay_select(kernels, count, &layer->problem, assay_cpu_features(), name, NULL);
    if (!kernel || kernel->run != assay_igemm_run)
        exit(1);
    void *packed = take(kernel->packed_size(kernel, &layer->problem));
    const struct assay_igemm *igemm = kernel->detail;
    size_t scratch_size = 0;
    for (enum part part = 0; part < PARTS; part++) {
        const struct assay_igemm left = without(igemm, part);
        struct assay_kernel driver = *kernel;
        driver.detail = &left;
        const size_t size = driver.scratch_size(&driver, &layer->problem);
        scratch_size = size > scratch_size ? size : scratch_size;
    }
    void *scratch = take(scratch_size);
    if (!kernel->pack(kernel, &layer->problem, &layer->weights, packed))
        exit(1);
    real_tile = igemm->tile;
    double least[PARTS];
    for (int part = 0; part < PARTS; part++)
        least[part] = 1e300;
    for (int round = 0; round < ROUNDS; round++) {
        for (enum part part = 0; part < PARTS; part++) {
            const struct assay_igemm left = without(igemm, part);
            struct assay_kernel driver = *kernel;
            driver.detail = &left;
            const double ns = time_of(&driver, layer, packed, scratch, part);
            least[part] = ns < least[part] ? ns : least[part];
        }
    }
    peaks_measure();
    const struct peak_work work = peak_work_of(&layer->problem, 0);
    const double macs = (double)(layer->problem.conv.out_h * layer->problem.conv.out_w * shape->out) *
                        (double)(shape->kernel * shape->kernel * shape->in);
    const double bound = macs / peaks_macs(work.arithmetic).per_ns;
    printf("%3zu %4zu %4zu  %-28s %7.1f", shape->pixels, shape->in, shape->out, kernel->name, bound / 1e3);
    for (int part = 0; part < PARTS; part++)
        printf(" %8.1f", least[part] / 1e3);
    printf(" %5.0f %%\n", 100 * bound / least[ALL]);
    free(scratch);
    free(packed);
    layer_free(layer);
}

int main(int argc, char **argv)
{
    if (!plugins_start(assay_cpu_features())) /* which the peaks are looked for in */
        return 1;
    printf("us of one core\n%-13s  %-28s %7s %8s %8s %8s %8s %8s %8s %8s\n", "layer", "kernel", "bound", "L1", "tiles",
           "range", "quantize", "weave", "all", "moved");
    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
        measure(&shapes[i], argc > 1 ? argv[1] : NULL);
    return 0;
}
