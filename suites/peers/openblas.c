/* Peer: OpenBLAS, fp32 gemm, and conv of 1x1 with stride 1, which is a gemm.
 *
 * run: the bias is copied into the output's rows, sgemm adds the product to it (in place of clearing the output, which
 * it would otherwise do), and a pass over the output applies the activation. BLAS has no constant operand: the weights
 * are packed by OpenBLAS itself in every call, and that is part of the time. One row is sgemv, as a BLAS user would
 * call it.
 *
 * The library is opened here and not linked, because it starts its threads and chooses its kernels when it is loaded:
 * the environment that says "one thread" must be there before. */
#include "suites/peers/peer.h"

#include <cblas.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct {
    __typeof__(cblas_sgemm) *sgemm;
    __typeof__(cblas_sgemv) *sgemv;
} blas;

static const char *supports(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    (void)kernel;
    if (assay_peer_is_empty(problem))
        return "the peer takes no empty tensors";
    if (problem->op != ASSAY_OP_CONV)
        return NULL;
    const struct assay_conv_shape *s = &problem->conv;
    const bool is_gemm = s->kernel_h == 1 && s->kernel_w == 1 && s->stride_h == 1 && s->stride_w == 1 &&
                         s->pad_top == 0 && s->pad_left == 0 && s->out_h == s->in_h && s->out_w == s->in_w;
    return is_gemm ? NULL : "a BLAS computes only convolutions that are a gemm: 1x1, stride 1, no padding";
}

static size_t packed_size(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    (void)kernel;
    return assay_problem_weight_bytes(problem) + assay_problem_bias_bytes(problem);
}

static bool pack(const struct assay_kernel *kernel, const struct assay_problem *problem,
                 const struct assay_weights *weights, void *packed)
{
    (void)kernel;
    const size_t weight_bytes = assay_problem_weight_bytes(problem), bias_bytes = assay_problem_bias_bytes(problem);
    memcpy(packed, weights->values, weight_bytes);
    if (weights->bias)
        memcpy((char *)packed + weight_bytes, weights->bias, bias_bytes);
    else
        memset((char *)packed + weight_bytes, 0, bias_bytes);
    return true;
}

static void run(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                const struct assay_io *io, void *scratch)
{
    (void)kernel, (void)scratch;
    const struct assay_rows in = assay_problem_in_rows(problem), out = assay_problem_out_rows(problem);
    const size_t m = in.rows, k = in.columns, n = out.columns;
    const float *weights = packed, *bias = weights + n * k;
    float *c = io->out;
    for (size_t i = 0; i < m; i++)
        memcpy(c + i * out.stride, bias, n * sizeof(float));
    if (m == 1)
        blas.sgemv(CblasRowMajor, CblasNoTrans, (blasint)n, (blasint)k, 1.0f, weights, (blasint)k, io->in, 1, 1.0f, c,
                   1);
    else
        blas.sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (blasint)m, (blasint)n, (blasint)k, 1.0f, io->in,
                   (blasint)in.stride, weights, (blasint)k, 1.0f, c, (blasint)out.stride);
    if (!assay_clamps(problem))
        return;
    const float low = assay_clamp_min(problem), high = assay_clamp_max(problem);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++) {
            const float x = c[i * out.stride + j] > low ? c[i * out.stride + j] : low;
            c[i * out.stride + j] = x < high ? x : high;
        }
}

#define OPENBLAS_KERNEL(op_, OP)                            \
    static const struct assay_kernel op_##_f32_openblas = { \
        .name = #op_ "_f32_openblas",                       \
        .origin = "openblas",                               \
        .op = OP,                                           \
        .mode = ASSAY_MODE_FP32,                            \
        .structure = ASSAY_DENSE,                           \
        .accumulator = ASSAY_ACC_F32,                       \
        .rank = 1,                                          \
        .tile = {1, 1, 1},                                  \
        .supports = supports,                               \
        .packed_size = packed_size,                         \
        .pack = pack,                                       \
        .run = run,                                         \
    }
OPENBLAS_KERNEL(gemm, ASSAY_OP_GEMM);
OPENBLAS_KERNEL(conv, ASSAY_OP_CONV);

static const struct assay_kernel *const kernels[] = {&gemm_f32_openblas, &conv_f32_openblas};

/* By the names of the cores that first had the instruction sets. */
static const char *core_of(enum assay_peer_x86 allowed)
{
    switch (allowed) {
    case ASSAY_PEER_AVX512VNNI:
    case ASSAY_PEER_AVX512:
        return "SkylakeX";
    case ASSAY_PEER_AVX2:
        return "Haswell";
    default:
        return "Penryn";
    }
}

/* False: the library cannot be used, and standard error has the reason. */
static bool load(enum assay_peer_x86 allowed, char *release, size_t release_size)
{
    if (allowed == ASSAY_PEER_SSE2) {
        fprintf(stderr, "openblas: it has nothing for SSE2 alone; not used\n");
        return false;
    }
    setenv("OPENBLAS_NUM_THREADS", "1", 1);
    if (allowed != ASSAY_PEER_UNRESTRICTED)
        setenv("OPENBLAS_CORETYPE", core_of(allowed), 1);
    void *library = dlopen(ASSAY_OPENBLAS_SONAME, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        fprintf(stderr, "openblas: %s\n", dlerror());
        return false;
    }
    blas.sgemm = (__typeof__(blas.sgemm))dlsym(library, "cblas_sgemm");
    blas.sgemv = (__typeof__(blas.sgemv))dlsym(library, "cblas_sgemv");
    void (*set_threads)(int) = (void (*)(int))dlsym(library, "openblas_set_num_threads");
    char *(*config)(void) = (char *(*)(void))dlsym(library, "openblas_get_config");
    char *(*core)(void) = (char *(*)(void))dlsym(library, "openblas_get_corename");
    if (!blas.sgemm || !blas.sgemv || !set_threads || !config || !core) {
        fprintf(stderr, "openblas: %s lacks a function that this peer calls\n", ASSAY_OPENBLAS_SONAME);
        dlclose(library);
        return false;
    }
    set_threads(1);
    if (allowed != ASSAY_PEER_UNRESTRICTED && strcmp(core(), core_of(allowed)) != 0) {
        fprintf(stderr, "openblas: this build has no kernels of %s, to which the lane would hold it; not used\n",
                core_of(allowed));
        return false;
    }
    /* "OpenBLAS 0.3.29 options…": the version, and the core whose kernels it chose. */
    char version[32] = "unknown";
    if (sscanf(config(), "OpenBLAS %31s", version) != 1)
        fprintf(stderr, "openblas: its version cannot be told from '%s'\n", config());
    snprintf(release, release_size, "%s (%s)", version, core());
    return true;
}

ASSAY_PEER_EXPORT assay_plugin_fn assay_plugin;
const struct assay_plugin *assay_plugin(uint64_t features)
{
    static char release[96] = "not loaded";
    static struct assay_plugin plugin = {ASSAY_PLUGIN_VERSION, "openblas", release, 0, kernels};
    if (plugin.count == 0 && load(assay_peer_x86_allowed(features), release, sizeof release))
        plugin.count = sizeof kernels / sizeof kernels[0];
    return &plugin;
}
