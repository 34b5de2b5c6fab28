/* What the XNNPACK peer exports: its kernels, each tried once on the smallest layer there is, because only an
 * operator's creation tells whether XNNPACK has kernels of that kind for this CPU. */
#include "suites/peers/xnnpack/layer.h"

#include <stdio.h>

enum { KERNELS_MAX = 32 };

static struct assay_problem smallest(const struct assay_kernel *kernel)
{
    const struct assay_window one_pixel = {
        .batch = 1,
        .in_h = 1,
        .in_w = 1,
        .kernel_h = 1,
        .kernel_w = 1,
        .stride_h = 1,
        .stride_w = 1,
        .dilation_h = 1,
        .dilation_w = 1,
        .out_h = 1,
        .out_w = 1,
    };
    struct assay_problem problem = {
        .op = kernel->op,
        .mode = kernel->mode,
        .structure = kernel->structure,
        .quantization = {.in_scale = 1.0f, .out_scale = 1.0f},
    };
    if (kernel->op == ASSAY_OP_CONV)
        problem.conv =
            (struct assay_conv_shape){.window = one_pixel, .in_c = 1, .out_c = 1, .in_stride = 1, .out_stride = 1};
    else if (kernel->op == ASSAY_OP_DWCONV)
        problem.dwconv = (struct assay_dwconv_shape){
            .window = one_pixel, .in_c = 1, .multiplier = 1, .in_stride = 1, .out_stride = 1};
    else
        problem.gemm = (struct assay_gemm_shape){.m = 1, .n = 1, .k = 1, .in_stride = 1, .out_stride = 1};
    return problem;
}

static void try_kernel(const struct assay_kernel *kernel)
{
    const struct xnnpack_kernel *own = kernel->detail;
    const struct assay_problem problem = smallest(kernel);
    const int32_t multiplier = 1 << 30, shift = 0;
    const float value = 0.0f, bias = 0.0f, scale = 1.0f;
    const struct assay_weights weights = {&value, &bias, &scale, &multiplier, &shift};
    struct xnnpack_layer *layer;
    *own->missing = xnnpack_make(kernel, &problem, &weights, &layer);
    if (!*own->missing)
        xnnpack_delete(layer);
}

ASSAY_PEER_EXPORT assay_plugin_fn assay_plugin;
const struct assay_plugin *assay_plugin(uint64_t features)
{
    static const struct assay_kernel *kernels[KERNELS_MAX];
    static struct assay_plugin plugin = {ASSAY_PLUGIN_VERSION, "xnnpack", ASSAY_XNNPACK_RELEASE, 0, kernels};
    if (plugin.count > 0)
        return &plugin;
#ifdef __riscv
    if (!(features & ASSAY_FEATURE_RVV)) {
        fprintf(stderr, "xnnpack: this release fails in most operations on a RISC-V CPU without vectors; not used\n");
        return &plugin;
    }
#endif
    if (assay_peer_x86_allowed(features) != ASSAY_PEER_UNRESTRICTED) {
        fprintf(stderr, "xnnpack: it chooses by the CPU, and can't be held to the instruction sets of this lane; not "
                        "used\n");
        return &plugin;
    }
    if (xnn_initialize(NULL) != xnn_status_success) {
        fprintf(stderr, "xnnpack: xnn_initialize failed (an unknown CPU, or no /proc/cpuinfo); not used\n");
        return &plugin;
    }
    const struct assay_kernel *const *tables[] = {xnnpack_fully_connected, xnnpack_convolution, xnnpack_sparse};
    for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++)
        for (size_t i = 0; tables[t][i] && plugin.count < KERNELS_MAX; i++) {
            try_kernel(tables[t][i]);
            kernels[plugin.count++] = tables[t][i];
        }
    return &plugin;
}
