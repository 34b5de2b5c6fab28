/* Sparse kernels that take k in panels give what they give without, to the bit, whatever the caches: the checks' layers
 * are too small to have several panels. */
#include "kernels/core/caches.h"
#include "kernels/core/kernel.h"
#include "tests/core/expect.h"

#include <stdlib.h>
#include <string.h>

enum { M = 70, N = 37, K = 300, MOST_BYTES = 1 << 20 };

static float real_in[M * K], real_weights[N * K], bias[N], scale[N];
static int8_t in[M * K], weights[N * K];
static int32_t int_bias[N], multiplier[N], shift[N];

static void fill(enum assay_structure structure)
{
    unsigned state = 11;
    size_t rows, columns;
    assay_structure_block(structure, &rows, &columns);
    for (size_t i = 0; i < M * K; i++) {
        state = state * 1664525U + 1013904223U;
        in[i] = (int8_t)(state >> 24);
        real_in[i] = (float)in[i] / 77.0f;
    }
    for (size_t i = 0; i < N * K; i++) {
        state = state * 1664525U + 1013904223U;
        const unsigned block = (unsigned)(i / K / rows * K + i % K / columns) * 2654435761U;
        weights[i] = block >> 16 & 1 ? (int8_t)(state >> 24 | 1) : 0;
        weights[i] = weights[i] == -128 ? -127 : weights[i];
        real_weights[i] = (float)weights[i] / 99.0f;
    }
    for (size_t i = 0; i < N; i++) {
        bias[i] = (float)i;
        scale[i] = 0.01f;
        int_bias[i] = (int32_t)i * 100;
        multiplier[i] = (1 << 30) + (int32_t)i;
        shift[i] = -9;
    }
}

static void *take(size_t bytes)
{
    return aligned_alloc(ASSAY_PACK_ALIGN, assay_round_up(bytes + 1, ASSAY_PACK_ALIGN));
}

/* The output with caches of these sizes. */
static void run(const struct assay_kernel *kernel, struct assay_caches caches, char *out, size_t out_bytes)
{
    const bool real = kernel->mode == ASSAY_MODE_FP32, integer = kernel->mode == ASSAY_MODE_INT8;
    const struct assay_problem p = {.op = ASSAY_OP_SPMM,
                                    .mode = kernel->mode,
                                    .structure = kernel->structure,
                                    .quantization = {1.0f, 1.0f, 3, -5, 0.0f, 0},
                                    .gemm = {M, N, K, K, N, 0}};
    const struct assay_weights w = {.values = real ? (const void *)real_weights : weights,
                                    .bias = integer ? (const void *)int_bias : bias,
                                    .scale = kernel->mode == ASSAY_MODE_HYBRID ? scale : NULL,
                                    .multiplier = integer ? multiplier : NULL,
                                    .shift = integer ? shift : NULL};
    const struct assay_io io = {.in = integer ? (const void *)in : real_in, .out = out};
    assay_caches_set(caches);
    void *packed = take(kernel->packed_size(kernel, &p)), *scratch = take(kernel->scratch_size(kernel, &p));
    memset(out, 0, out_bytes);
    if (kernel->pack(kernel, &p, &w, packed))
        kernel->run(kernel, &p, packed, &io, scratch);
    free(packed);
    free(scratch);
}

int main(void)
{
    static char large[M * N * sizeof(float)], small[M * N * sizeof(float)];
    size_t count, tried = 0;
    const struct assay_kernel *const *kernels = assay_kernels(ASSAY_OP_SPMM, &count);
    for (size_t i = 0; i < count; i++) {
        const struct assay_kernel *kernel = kernels[i];
        if (kernel->rank < 0 || (kernel->features & assay_cpu_features()) != kernel->features)
            continue;
        fill(kernel->structure);
        run(kernel, (struct assay_caches){MOST_BYTES, MOST_BYTES, MOST_BYTES}, large, sizeof(large));
        run(kernel, (struct assay_caches){8192, 32768, 65536}, small, sizeof(small));
        EXPECT(memcmp(large, small, sizeof(large)) == 0, "%s: panels change what comes out", kernel->name);
        tried++;
    }
    EXPECT(tried > 0, "this CPU has no sparse kernel of ours");
    return expect_report();
}
