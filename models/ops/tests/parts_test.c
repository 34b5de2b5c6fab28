/* Layers in parts: whatever a layer is cut into, every kernel gives the bytes that it gives for the layer as a whole.
 * Shapes, padding, strides, dilation and batches at random; buffers of exactly their size. In hybrid parts share
 * ranges; an image with a NaN, whose outputs are open, leaves the others what they are. */
#include "models/ops/layer_ranges.h"

#include "kernels/core/fixed_point.h"
#include "kernels/core/select.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures;
static size_t cut_layers, cut_channels, cut_images, cut_ranges, poisoned;

static size_t below(size_t limit)
{
    static uint64_t state = 88172645463325252u;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (size_t)(state >> 16) % limit;
}

static void *buffer(size_t bytes)
{
    void *memory = aligned_alloc(ASSAY_PACK_ALIGN, assay_round_up(bytes + 1, ASSAY_PACK_ALIGN));
    if (!memory)
        abort();
    return memset(memory, 0, assay_round_up(bytes + 1, ASSAY_PACK_ALIGN));
}

static void fill(enum assay_type type, void *to, size_t bytes)
{
    for (size_t i = 0; i < bytes / assay_type_size(type); i++) {
        const int value = (int)below(255) - 127;
        if (type == ASSAY_F32)
            ((float *)to)[i] = (float)value / 64.0f + 0.001f;
        else if (type == ASSAY_F16)
            ((assay_f16 *)to)[i] = (assay_f16)((float)value / 64.0f);
        else if (type == ASSAY_I8)
            ((int8_t *)to)[i] = (int8_t)value;
        else if (type == ASSAY_I16)
            ((int16_t *)to)[i] = (int16_t)(value * 200);
        else if (type == ASSAY_I32)
            ((int32_t *)to)[i] = value * 30;
        else
            ((int64_t *)to)[i] = value * 30;
    }
}

/* Three of four weights become zero, so that sparse kernels have something to skip. */
static void thin_out(void *values, size_t bytes, size_t element)
{
    for (size_t i = 0; i < bytes / element; i++)
        if (below(4) != 0)
            memset((char *)values + i * element, 0, element);
}

static void make_window(struct assay_window *w)
{
    *w = (struct assay_window){.batch = 1 + below(4),
                               .in_h = 1 + below(20),
                               .in_w = 1 + below(9),
                               .kernel_h = 1 + below(4),
                               .kernel_w = 1 + below(3),
                               .stride_h = 1 + below(3),
                               .stride_w = 1 + below(2),
                               .dilation_h = 1 + below(2),
                               .dilation_w = 1 + below(2)};
    if (below(4) == 0)
        w->kernel_h = w->kernel_w = w->stride_h = w->stride_w = 1;
    if (below(2)) {
        assay_pad_same(w->in_h, w->kernel_h, w->stride_h, w->dilation_h, &w->out_h, &w->pad_top);
        assay_pad_same(w->in_w, w->kernel_w, w->stride_w, w->dilation_w, &w->out_w, &w->pad_left);
    } else {
        w->out_h = assay_pad_explicit(w->in_h, w->kernel_h, w->stride_h, w->dilation_h, 0, 0);
        w->out_w = assay_pad_explicit(w->in_w, w->kernel_w, w->stride_w, w->dilation_w, 0, 0);
    }
}

static struct assay_problem make_problem(enum assay_op op)
{
    static const enum assay_mode modes[] = {ASSAY_MODE_FP32,   ASSAY_MODE_FP16W, ASSAY_MODE_FP16,
                                            ASSAY_MODE_HYBRID, ASSAY_MODE_INT8,  ASSAY_MODE_INT16X8};
    struct assay_problem p = {.op = op, .mode = modes[below(6)], .activation = (enum assay_activation)below(3)};
    p.quantization = (struct assay_quantization){.in_scale = 0.05f, .out_scale = 0.4f};
    if (p.mode == ASSAY_MODE_INT8) {
        p.quantization.in_zero = (int32_t)below(50) - 25;
        p.quantization.out_zero = (int32_t)below(50) - 25;
    }
    if (op == ASSAY_OP_CONV) {
        make_window(&p.conv.window);
        p.conv.in_c = p.conv.in_stride = 1 + below(19);
        p.conv.out_c = p.conv.out_stride = 1 + below(70);
    } else if (op == ASSAY_OP_DWCONV) {
        make_window(&p.dwconv.window);
        p.dwconv.in_c = p.dwconv.in_stride = 1 + below(40);
        p.dwconv.multiplier = 1 + (below(4) == 0);
        p.dwconv.out_stride = p.dwconv.in_c * p.dwconv.multiplier;
    } else {
        p.gemm = (struct assay_gemm_shape){.m = 1 + below(60), .n = 1 + below(90), .k = 1 + below(50)};
        if (below(3) == 0)
            p.gemm.m = 1;
        p.gemm.in_stride = p.gemm.k;
        p.gemm.out_stride = p.gemm.n;
        if (op == ASSAY_OP_SPMM && p.mode == ASSAY_MODE_HYBRID)
            p.gemm.range_rows = below(3) == 0 ? p.gemm.m : below(p.gemm.m + 9);
        if (op == ASSAY_OP_SPMM)
            p.structure = (enum assay_structure)(ASSAY_RANDOM + below(4));
    }
    return p;
}

struct constants {
    struct assay_weights weights;
    void *values, *bias;
    float *scale;
    int32_t *multiplier, *shift;
};

static struct constants make_constants(const struct assay_problem *p)
{
    const size_t channels = assay_problem_channels(p), bytes = assay_problem_weight_bytes(p);
    struct constants c = {.values = buffer(bytes),
                          .bias = buffer(assay_problem_bias_bytes(p)),
                          .scale = buffer(channels * sizeof(float)),
                          .multiplier = buffer(channels * sizeof(int32_t)),
                          .shift = buffer(channels * sizeof(int32_t))};
    fill(assay_mode_weight(p->mode), c.values, bytes);
    if (p->op == ASSAY_OP_SPMM)
        thin_out(c.values, bytes, assay_type_size(assay_mode_weight(p->mode)));
    fill(assay_mode_bias(p->mode), c.bias, assay_problem_bias_bytes(p));
    for (size_t i = 0; i < channels; i++) {
        c.scale[i] = 0.001f * (float)(1 + below(20));
        assay_fixed_point(0.0001 * (double)(1 + below(30)), &c.multiplier[i], &c.shift[i]);
    }
    const bool integer = assay_mode_is_integer(p->mode);
    c.weights = (struct assay_weights){.values = c.values,
                                       .bias = c.bias,
                                       .scale = p->mode == ASSAY_MODE_HYBRID ? c.scale : NULL,
                                       .multiplier = integer ? c.multiplier : NULL,
                                       .shift = integer ? c.shift : NULL};
    return c;
}

static void free_constants(struct constants *c)
{
    free(c->values);
    free(c->bias);
    free(c->scale);
    free(c->multiplier);
    free(c->shift);
}

static struct assay_weights from_channel(const struct assay_problem *p, struct assay_weights w, size_t first)
{
    const size_t depth = assay_problem_depth(p);
    w.values = (const char *)w.values + first * depth * assay_type_size(assay_mode_weight(p->mode));
    w.bias = (const char *)w.bias + first * assay_type_size(assay_mode_bias(p->mode));
    w.scale = w.scale ? w.scale + first : NULL;
    w.multiplier = w.multiplier ? w.multiplier + first : NULL;
    w.shift = w.shift ? w.shift + first : NULL;
    return w;
}

/* Each part with input of its own, of exactly the bytes that its problem spans. */
static void run_part(const struct assay_kernel *kernel, const struct assay_layer_part *part,
                     const struct assay_row_quantization *groups, const struct assay_weights *weights, const char *in,
                     char *out)
{
    const struct assay_problem *p = &part->problem;
    const size_t in_bytes = assay_problem_in_bytes(p);
    char *own = malloc(in_bytes + 1);
    void *packed = buffer(kernel->packed_size(kernel, p));
    void *scratch = buffer(kernel->scratch_size ? kernel->scratch_size(kernel, p) : 0);
    const struct assay_weights mine = from_channel(p, *weights, part->first_channel);
    if (!own || !kernel->pack(kernel, p, &mine, packed))
        abort();
    memcpy(own, in + part->in, in_bytes);
    const struct assay_io io = {
        .in = own, .out = out + part->out, .group_parameters = groups ? groups + part->first_group : NULL};
    if (kernel->prepare && !kernel->prepare(kernel, p, packed, &io, scratch))
        abort();
    kernel->run(kernel, p, packed, &io, scratch);
    free(own);
    free(packed);
    free(scratch);
}

enum { MOST = 7 };

/* As the executor's threads do, the last piece first. */
static void run_parts(const struct assay_kernel *kernel, const struct assay_problem *p,
                      const struct assay_layer_part *parts, size_t count, const struct assay_weights *weights,
                      const char *in, char *out)
{
    const bool share = assay_layer_shares_ranges(kernel, parts, count);
    void *memory = buffer(assay_layer_ranges_bytes(p, count));
    struct assay_layer_ranges ranges = assay_layer_ranges_make(kernel, p, count, memory);
    ranges.in = (const float *)(const void *)in;
    for (size_t i = count; share && i-- > 0;)
        assay_layer_ranges_find(&ranges, i);
    if (share)
        assay_layer_ranges_merge(&ranges);
    for (size_t i = 0; i < count; i++)
        run_part(kernel, &parts[i], share ? ranges.parameters : NULL, weights, in, out);
    cut_ranges += share;
    free(memory);
}

/* A NaN in the first of several groups whose range is shared: the others' outputs stay. */
static void check_poison(const struct assay_kernel *kernel, const struct assay_problem *p,
                         const struct assay_weights *weights, const char *in, const char *whole)
{
    const struct assay_groups groups = assay_problem_groups(p);
    if (p->mode != ASSAY_MODE_HYBRID || groups.count < 2 || groups.rows < 2)
        return;
    struct assay_layer_part parts[MOST];
    const struct assay_rows out = assay_problem_out_rows(p);
    const size_t bytes = assay_problem_out_bytes(p),
                 rows = p->op == ASSAY_OP_SPMM ? groups.rows : out.rows / groups.count;
    const size_t first = rows * out.stride * sizeof(float), in_bytes = assay_problem_in_bytes(p);
    char *cut = buffer(bytes);
    float *copy = buffer(in_bytes);
    memcpy(copy, in, in_bytes);
    copy[below(groups.rows * assay_problem_in_rows(p).stride)] = below(2) ? NAN : INFINITY;
    run_parts(kernel, p, parts, assay_layer_split(p, kernel, MOST, 1, parts), weights, (const char *)copy, cut);
    if (memcmp(whole + first, cut + first, bytes - first) != 0) {
        fprintf(stderr, "%s: a NaN in one image changes others\n", kernel->name);
        failures++;
    }
    poisoned++;
    free(copy);
    free(cut);
}

static void check(const struct assay_kernel *kernel, const struct assay_problem *p, const struct assay_weights *weights,
                  const char *in)
{
    static const size_t counts[] = {2, 3, MOST};
    struct assay_layer_part parts[MOST];
    const size_t bytes = assay_problem_out_bytes(p);
    char *whole = buffer(bytes), *cut = buffer(bytes);
    const struct assay_layer_part all = {.problem = *p};
    run_part(kernel, &all, NULL, weights, in, whole);
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        const size_t count = assay_layer_split(p, kernel, counts[i], 1, parts);
        memset(cut, 0x5a, bytes);
        run_parts(kernel, p, parts, count, weights, in, cut);
        if (count < 1 || count > counts[i] || memcmp(whole, cut, bytes) != 0) {
            fprintf(stderr, "%s in %zu parts of %zu gives another result\n", kernel->name, count, counts[i]);
            failures++;
        }
        cut_layers += count > 1;
        cut_channels += count > 1 && parts[1].first_channel > 0;
        cut_images += count > 1 && p->op == ASSAY_OP_CONV && p->conv.batch >= counts[i];
    }
    check_poison(kernel, p, weights, in, whole);
    free(whole);
    free(cut);
}

int main(void)
{
    static const enum assay_op ops[] = {ASSAY_OP_GEMM, ASSAY_OP_CONV, ASSAY_OP_DWCONV, ASSAY_OP_SPMM};
    const uint64_t features = assay_cpu_features();
    for (int round = 0; round < 600; round++) {
        const struct assay_problem p = make_problem(ops[round % 4]);
        if (assay_problem_invalid(&p) || assay_problem_out_bytes(&p) == 0)
            continue;
        size_t count;
        const struct assay_kernel *const *kernels = assay_kernels(p.op, &count);
        struct constants c = make_constants(&p);
        char *in = buffer(assay_problem_in_bytes(&p));
        fill(assay_mode_input(p.mode), in, assay_problem_in_bytes(&p));
        for (size_t i = 0; i < count; i++)
            if (!assay_kernel_refuses(kernels[i], &p, features))
                check(kernels[i], &p, &c.weights, in);
        free(in);
        free_constants(&c);
    }
    if (cut_layers < 1000 || cut_channels < 100 || cut_images < 100 || cut_ranges < 300 || poisoned < 50) {
        fprintf(stderr, "only %zu were cut, %zu by channels, %zu by images, %zu with shared ranges; %zu had a NaN\n",
                cut_layers, cut_channels, cut_images, cut_ranges, poisoned);
        failures++;
    }
    return failures > 0;
}
