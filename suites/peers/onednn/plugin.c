#include "suites/peers/onednn/layer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

dnnl_engine_t onednn_engine;
dnnl_stream_t onednn_stream;

/* libgomp's, which oneDNN brings along if it was built with OpenMP; absent otherwise. */
extern void omp_set_num_threads(int count) __attribute__((weak));

bool onednn_one_thread(void)
{
    const unsigned runtime = dnnl_version()->cpu_runtime;
    if (runtime == DNNL_RUNTIME_SEQ)
        return true;
    if (runtime != DNNL_RUNTIME_OMP || !omp_set_num_threads)
        return false;
    omp_set_num_threads(1); /* of this thread's next parallel regions */
    return true;
}

static struct onednn_layer *layer_of(const void *packed)
{
    struct onednn_layer *layer;
    memcpy(&layer, packed, sizeof(layer));
    return layer;
}

static const char *status_text(dnnl_status_t status)
{
    switch (status) {
    case dnnl_out_of_memory:
        return "there is no memory";
    case dnnl_invalid_arguments:
        return "oneDNN calls an argument invalid";
    case dnnl_unimplemented:
        return "oneDNN has no implementation of this";
    default:
        return "oneDNN failed";
    }
}

static const char *supports(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    (void)kernel;
    struct assay_peer_window window;
    if (problem->op == ASSAY_OP_GEMM) {
        /* To oneDNN a column is a vector, whatever the stride is called: 3.7 writes it without the gaps. */
        if (problem->gemm.n == 1 && problem->gemm.out_stride != 1)
            return "oneDNN writes into the gaps of an output of one column";
        return assay_peer_is_empty(problem) ? "the peer takes no empty tensors" : NULL;
    }
    const struct assay_rows in = assay_problem_in_rows(problem), out = assay_problem_out_rows(problem);
    if (in.stride != in.columns || out.stride != out.columns)
        return "oneDNN has only reference code for gaps between pixels";
    return assay_peer_window(problem, &window);
}

static size_t packed_size(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    (void)kernel, (void)problem;
    return sizeof(struct onednn_layer *);
}

static bool pack(const struct assay_kernel *kernel, const struct assay_problem *problem,
                 const struct assay_weights *weights, void *packed)
{
    struct onednn_layer *layer = calloc(1, sizeof *layer);
    if (!layer || !onednn_one_thread()) {
        free(layer);
        return false;
    }
    const dnnl_status_t status = onednn_create(kernel->detail, problem, weights, layer);
    if (status != dnnl_success) {
        fprintf(stderr, "%s: %s\n", kernel->name, status_text(status));
        onednn_delete(layer);
        return false;
    }
    memcpy(packed, &layer, sizeof(layer));
    return true;
}

static bool prepare(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                    const struct assay_io *io, void *scratch)
{
    (void)kernel, (void)problem, (void)scratch;
    const struct onednn_layer *layer = layer_of(packed);
    /* The source is only read: the interface has no word for that. */
    return onednn_one_thread() &&
           dnnl_memory_set_data_handle(layer->args[0].memory, (void *)(uintptr_t)io->in) == dnnl_success &&
           dnnl_memory_set_data_handle(layer->args[1].memory, io->out) == dnnl_success;
}

static void run(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                const struct assay_io *io, void *scratch)
{
    (void)problem, (void)io, (void)scratch;
    const struct onednn_layer *layer = layer_of(packed);
    const dnnl_status_t status = dnnl_primitive_execute(layer->primitive, onednn_stream, layer->count, layer->args);
    if (status != dnnl_success || dnnl_stream_wait(onednn_stream) != dnnl_success) {
        /* run has no way to fail; an output nobody computed must not be measured. */
        fprintf(stderr, "%s: %s\n", kernel->name, status_text(status));
        abort();
    }
}

static void release(const struct assay_kernel *kernel, void *packed, void *scratch)
{
    (void)kernel, (void)scratch;
    onednn_delete(layer_of(packed));
}

#define ONEDNN_KERNEL(name_, op_, mode_, accumulator_, own_) \
    static const struct assay_kernel name_ = {               \
        .name = #name_,                                      \
        .origin = "onednn",                                  \
        .op = op_,                                           \
        .mode = mode_,                                       \
        .structure = ASSAY_DENSE,                            \
        .accumulator = accumulator_,                         \
        .rank = 1,                                           \
        .tile = {1, 1, 1},                                   \
        .detail = &own_,                                     \
        .supports = supports,                                \
        .packed_size = packed_size,                          \
        .pack = pack,                                        \
        .prepare = prepare,                                  \
        .run = run,                                          \
        .release = release,                                  \
    }
ONEDNN_KERNEL(gemm_f32_onednn, ASSAY_OP_GEMM, ASSAY_MODE_FP32, ASSAY_ACC_F32, onednn_matmul);
ONEDNN_KERNEL(gemm_i8_onednn, ASSAY_OP_GEMM, ASSAY_MODE_INT8, ASSAY_ACC_I32, onednn_matmul);
ONEDNN_KERNEL(conv_f32_onednn, ASSAY_OP_CONV, ASSAY_MODE_FP32, ASSAY_ACC_F32, onednn_convolution);
ONEDNN_KERNEL(conv_i8_onednn, ASSAY_OP_CONV, ASSAY_MODE_INT8, ASSAY_ACC_I32, onednn_convolution);
ONEDNN_KERNEL(dwconv_f32_onednn, ASSAY_OP_DWCONV, ASSAY_MODE_FP32, ASSAY_ACC_F32, onednn_convolution);
ONEDNN_KERNEL(dwconv_i8_onednn, ASSAY_OP_DWCONV, ASSAY_MODE_INT8, ASSAY_ACC_I32, onednn_convolution);

static const struct assay_kernel *const kernels[] = {
    &gemm_f32_onednn, &gemm_i8_onednn, &conv_f32_onednn, &conv_i8_onednn, &dwconv_f32_onednn, &dwconv_i8_onednn,
};

/* oneDNN asks the CPU itself what it can do; a lane may allow it less. */
static bool hold_to(enum assay_peer_x86 allowed)
{
#if defined(__x86_64__)
    static const dnnl_cpu_isa_t isas[] = {
        [ASSAY_PEER_UNRESTRICTED] = dnnl_cpu_isa_default, [ASSAY_PEER_SSE2] = dnnl_cpu_isa_default,
        [ASSAY_PEER_SSE41] = dnnl_cpu_isa_sse41,          [ASSAY_PEER_AVX2] = dnnl_cpu_isa_avx2,
        [ASSAY_PEER_AVX512] = dnnl_cpu_isa_avx512_core,   [ASSAY_PEER_AVX512VNNI] = dnnl_cpu_isa_avx512_core_vnni,
    };
    return allowed == ASSAY_PEER_UNRESTRICTED ||
           (allowed != ASSAY_PEER_SSE2 && dnnl_set_max_cpu_isa(isas[allowed]) == dnnl_success);
#else
    (void)allowed;
    return true;
#endif
}

ASSAY_PEER_EXPORT assay_plugin_fn assay_plugin;
const struct assay_plugin *assay_plugin(uint64_t features)
{
    static char release_text[48];
    static struct assay_plugin plugin = {ASSAY_PLUGIN_VERSION, "onednn", release_text, 0, kernels};
    if (plugin.count > 0)
        return &plugin;
    const dnnl_version_t *version = dnnl_version();
    snprintf(release_text, sizeof release_text, "%d.%d.%d", version->major, version->minor, version->patch);
    if (!onednn_one_thread())
        fprintf(stderr, "onednn: this build's threads cannot be held to one; not used\n");
    else if (!hold_to(assay_peer_x86_allowed(features)))
        fprintf(stderr, "onednn: it can't be held to the instruction sets of this lane; not used\n");
    else if (dnnl_engine_create(&onednn_engine, dnnl_cpu, 0) != dnnl_success ||
             dnnl_stream_create(&onednn_stream, onednn_engine, dnnl_stream_default_flags) != dnnl_success)
        fprintf(stderr, "onednn: it has no engine for this CPU; not used\n");
    else
        plugin.count = sizeof kernels / sizeof kernels[0];
    return &plugin;
}
