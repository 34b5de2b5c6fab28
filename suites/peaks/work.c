#include "suites/peaks/work.h"

#include "kernels/core/window.h"

static enum peak_arithmetic arithmetic_of(enum assay_mode mode)
{
    switch (mode) {
    case ASSAY_MODE_FP16:
        return PEAK_F16;
    case ASSAY_MODE_HYBRID:
    case ASSAY_MODE_INT8:
        return PEAK_I8;
    case ASSAY_MODE_INT16X8:
        return PEAK_I16;
    default:
        return PEAK_F32;
    }
}

/* One dimension of a window that walks over an input: the pairs of an output and a tap that lie inside, and the
 * inputs that any of them reads. */
struct walk {
    uint64_t pairs, inputs;
};

static struct walk walk_over(size_t in, size_t out, size_t kernel, size_t stride, size_t dilation, size_t before)
{
    struct walk walk = {0};
    for (size_t i = 0; i < in; i++) {
        uint64_t pairs = 0;
        for (size_t tap = 0; tap < kernel && tap * dilation <= i + before; tap++) {
            const size_t from = i + before - tap * dilation;
            pairs += from % stride == 0 && from / stride < out;
        }
        walk.pairs += pairs;
        walk.inputs += pairs > 0;
    }
    return walk;
}

struct peak_work peak_work_of(const struct assay_problem *problem, uint64_t nonzero_weights)
{
    const struct assay_rows in = assay_problem_in_rows(problem), out = assay_problem_out_rows(problem);
    const uint64_t weights = (uint64_t)assay_problem_channels(problem) * assay_problem_depth(problem);
    const uint64_t counted = problem->structure == ASSAY_DENSE ? weights : nonzero_weights;
    uint64_t in_rows = in.rows, pairs = out.rows, of = 1;
    if (problem->op == ASSAY_OP_CONV || problem->op == ASSAY_OP_DWCONV) {
        const struct assay_window w = assay_window_of(problem);
        const struct walk y = walk_over(w.in_h, w.out_h, w.kernel_h, w.stride_h, w.dilation_h, w.pad_top);
        const struct walk x = walk_over(w.in_w, w.out_w, w.kernel_w, w.stride_w, w.dilation_w, w.pad_left);
        in_rows = w.batch * y.inputs * x.inputs;
        pairs = w.batch * y.pairs * x.pairs;
        of = w.kernel_h * w.kernel_w;
    }
    const uint64_t inputs = problem->op == ASSAY_OP_ADD ? 2 : 1;
    struct peak_work work = {
        .arithmetic = arithmetic_of(problem->mode),
        .read = inputs * in_rows * in.columns * assay_type_size(in.type) + assay_problem_bias_bytes(problem),
        .written = (uint64_t)out.rows * out.columns * assay_type_size(out.type),
    };
    if (weights > 0) {
        work.read += counted * assay_type_size(assay_mode_weight(problem->mode));
        work.macs = (uint64_t)((double)pairs / (double)of * (double)counted);
    }
    return work;
}
