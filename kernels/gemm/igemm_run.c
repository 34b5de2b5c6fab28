/* The order in which tiles are computed, and what happens before them. */
#include "kernels/core/window.h"
#include "kernels/gemm/igemm_layout.h"

#include <string.h>

/* Rows of input that are worth keeping in the second-level cache while panels of weights pass by. */
enum { INPUT_BLOCK_BYTES = 256 * 1024 };

const char *assay_igemm_supports(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    const struct assay_igemm *igemm = kernel->detail;
    return igemm->supports ? igemm->supports(kernel, problem) : NULL;
}

size_t assay_igemm_packed_size(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    return assay_igemm_layout(kernel->detail, problem).packed_bytes;
}

size_t assay_igemm_scratch_size(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    return assay_igemm_layout(kernel->detail, problem).scratch_bytes;
}

static void point_gemm(const struct assay_igemm_layout *l, const char *in, size_t row_bytes, char *scratch)
{
    const void **pointers = (const void **)(void *)(scratch + l->pointers);
    for (size_t r = 0; r < l->tiles * l->mr; r++)
        pointers[r] = in + assay_min(r, l->rows - 1) * row_bytes;
}

static struct assay_igemm_args common_args(const struct assay_igemm_layout *l, const struct assay_problem *problem,
                                           const char *packed)
{
    struct assay_igemm_args args = {
        .taps = l->taps,
        .k = l->k,
        .c_stride = l->out_stride * l->out_size,
        .clamp = assay_clamps(problem),
        .clamp_min = assay_clamp_min(problem),
        .clamp_max = assay_clamp_max(problem),
    };
    if (assay_mode_is_integer(problem->mode)) {
        args.out_zero = problem->quantization.out_zero;
        args.out_min = assay_clamp_min_int(problem);
        args.out_max = assay_clamp_max_int(problem);
    }
    if (problem->mode == ASSAY_MODE_INT8)
        memcpy(&args.bounded, packed + l->columns.bounded, sizeof(args.bounded));
    return args;
}

bool assay_igemm_prepare(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                         const struct assay_io *io, void *scratch)
{
    const struct assay_igemm_layout l = assay_igemm_layout(kernel->detail, problem);
    struct assay_igemm_plan *plan = scratch;
    *plan = (struct assay_igemm_plan){.layout = l, .args = common_args(&l, problem, packed)};
    const bool hybrid = problem->mode == ASSAY_MODE_HYBRID;
    char *base = scratch;
    const char *in = hybrid ? base + l.quantized : io->in;
    const size_t row_bytes = hybrid ? l.k : l.in_stride * l.in_size;
    if (problem->op == ASSAY_OP_GEMM) {
        point_gemm(&l, in, row_bytes, base);
        return true;
    }
    if (!hybrid && problem->conv.batch > 0) /* hybrid learns its zero points only when it runs */
        memset(base + l.padding_row, problem->mode == ASSAY_MODE_INT8 ? problem->quantization.in_zero : 0,
               l.k * l.in_size);
    const struct assay_window window = assay_window_of(problem);
    assay_window_pointers(&window, l.mr, in, row_bytes, base + l.padding_row, hybrid ? l.k : 0,
                          (const void **)(void *)(base + l.pointers));
    return true;
}

/* Hybrid: the input to int8, each row of a gemm and each image of a conv by itself. */
static void quantize_input(const struct assay_igemm *igemm, const struct assay_igemm_layout *l,
                           const struct assay_problem *problem, const float *in, char *scratch)
{
    const bool conv = problem->op == ASSAY_OP_CONV;
    const size_t groups = conv ? problem->conv.batch : l->rows;
    const size_t in_rows = conv ? problem->conv.in_h * problem->conv.in_w : 1; /* of a group */
    const size_t out_rows = conv ? problem->conv.out_h * problem->conv.out_w : 1;
    struct assay_row_quantization *params = (struct assay_row_quantization *)(void *)(scratch + l->row_params);
    for (size_t g = 0; g < groups; g++) {
        int8_t *q = (int8_t *)scratch + l->quantized + g * in_rows * l->k;
        struct assay_row_quantization row = assay_quantize_rows(
            igemm->row_range, igemm->row_quantize, in + g * in_rows * l->in_stride, in_rows, l->k, l->in_stride, q);
        if (conv)
            memset(scratch + l->padding_row + g * l->k, row.zero, l->k);
        row.zero += igemm->input_offset;
        for (size_t r = 0; r < out_rows; r++)
            params[g * out_rows + r] = row;
    }
    for (size_t r = l->rows; r < l->tiles * l->mr; r++)
        params[r] = params[l->rows - 1];
}

static void compute_tile(const struct assay_igemm *igemm, const struct assay_igemm_layout *l,
                         struct assay_igemm_args *args, const char *packed, const char *scratch, char *out,
                         size_t panel, size_t tile)
{
    const size_t column = panel * l->nr, row = tile * l->mr;
    args->rows = assay_min(l->mr, l->rows - row);
    args->cols = assay_min(l->nr, l->cols - column);
    args->a = (const void *const *)(const void *)(scratch + l->pointers) + tile * l->taps * l->mr;
    args->w = packed + l->panel0 + panel * l->panel_bytes;
    args->c = out + (row * l->out_stride + column) * l->out_size;
    args->bias = packed + l->columns.bias + column * l->columns.bias_size;
    args->multiplier = (const int32_t *)(const void *)(packed + l->columns.multiplier) + column;
    args->shift = (const int32_t *)(const void *)(packed + l->columns.shift) + column;
    args->scale = (const float *)(const void *)(packed + l->columns.scale) + column;
    args->weight_sum = (const int32_t *)(const void *)(packed + l->columns.weight_sum) + column;
    args->row = (const struct assay_row_quantization *)(const void *)(scratch + l->row_params) + row;
    igemm->tile(args);
}

void assay_igemm_run(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                     const struct assay_io *io, void *scratch)
{
    const struct assay_igemm *igemm = kernel->detail;
    const struct assay_igemm_plan *plan = scratch;
    const struct assay_igemm_layout *l = &plan->layout;
    if (l->rows == 0 || l->cols == 0)
        return;
    if (problem->mode == ASSAY_MODE_HYBRID)
        quantize_input(igemm, l, problem, io->in, scratch);

    struct assay_igemm_args args = plan->args;
    const size_t tile_bytes = l->mr * l->taps * l->k * l->in_size;
    const size_t block = tile_bytes < INPUT_BLOCK_BYTES / 2 ? INPUT_BLOCK_BYTES / (tile_bytes + 1) : 1;
    for (size_t tile0 = 0; tile0 < l->tiles; tile0 += block)
        for (size_t panel = 0; panel < l->panels; panel++)
            for (size_t tile = tile0; tile < assay_min(l->tiles, tile0 + block); tile++)
                compute_tile(igemm, l, &args, packed, scratch, io->out, panel, tile);
}
