/* A plugin whose kernels crash at once, crash later, compute nothing, and fail to pack. */
#include "kernels/core/kernel.h"

static size_t packed_size(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    (void)kernel, (void)problem;
    return 0;
}

static bool pack(const struct assay_kernel *kernel, const struct assay_problem *problem,
                 const struct assay_weights *weights, void *packed)
{
    (void)problem, (void)weights, (void)packed;
    return kernel->rank != 4;
}

static void crash(void)
{
    volatile int *nowhere = NULL;
    *nowhere = 1;
}

static void run(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                const struct assay_io *io, void *scratch)
{
    (void)problem, (void)packed, (void)io, (void)scratch;
    static int runs;
    if (kernel->rank == 1 || (kernel->rank == 2 && ++runs > 3))
        crash();
}

#define KERNEL(name_, origin_, rank_)                                     \
    static const struct assay_kernel name_ = {.name = #name_,             \
                                              .origin = origin_,          \
                                              .op = ASSAY_OP_GEMM,        \
                                              .mode = ASSAY_MODE_FP32,    \
                                              .rank = rank_,              \
                                              .tile = {1, 1, 1},          \
                                              .packed_size = packed_size, \
                                              .pack = pack,               \
                                              .run = run}
KERNEL(gemm_f32_crash, "vendor", 1);
KERNEL(gemm_f32_crash_later, "vendor", 2);
KERNEL(gemm_f32_nothing, "assay", -1000);
KERNEL(gemm_f32_unpacked, "vendor", 4);

assay_plugin_fn assay_plugin;
const struct assay_plugin *assay_plugin(uint64_t features)
{
    (void)features;
    static const struct assay_kernel *const kernels[] = {&gemm_f32_crash, &gemm_f32_crash_later, &gemm_f32_nothing,
                                                         &gemm_f32_unpacked};
    static const struct assay_plugin plugin = {ASSAY_PLUGIN_VERSION, "misbehaving", "1", 4, kernels};
    return &plugin;
}
