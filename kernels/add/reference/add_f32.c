/* float: the sum, then the activation's range. */
#include "kernels/core/reference.h"

static size_t packed_size(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    (void)kernel;
    (void)problem;
    return 0;
}

static bool pack(const struct assay_kernel *kernel, const struct assay_problem *problem,
                 const struct assay_weights *weights, void *packed)
{
    (void)kernel;
    (void)problem;
    (void)weights;
    (void)packed;
    return true;
}

/* NaN stays NaN. Without an activation the range is all there is, infinities included. */
static inline float clamp(float x, float low, float high)
{
    return x < low ? low : x > high ? high : x;
}

static void run(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                const struct assay_io *io, void *scratch)
{
    (void)kernel;
    (void)packed;
    (void)scratch;
    const float *a = io->in, *b = io->addend;
    float *restrict out = io->out;
    const float low = assay_clamp_min(problem), high = assay_clamp_max(problem);
    const size_t count = problem->add.count;
    if (problem->add.subtract) {
        for (size_t i = 0; i < count; i++)
            out[i] = clamp(a[i] - b[i], low, high);
    } else {
        for (size_t i = 0; i < count; i++)
            out[i] = clamp(a[i] + b[i], low, high);
    }
}

const struct assay_kernel ASSAY_SYMBOL(add_f32) = {
    .name = ASSAY_NAME(add_f32),
    .origin = "assay",
    .op = ASSAY_OP_ADD,
    .mode = ASSAY_MODE_FP32,
    .structure = ASSAY_DENSE,
    .accumulator = ASSAY_ACC_F32,
    .features = ASSAY_ISA_FEATURES,
    .rank = ASSAY_ISA_RANK,
    .tile = {1, 1, 1},
    .packed_size = packed_size,
    .pack = pack,
    .run = run,
};
