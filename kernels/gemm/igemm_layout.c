#include "kernels/gemm/igemm_layout.h"

/* Appends a block of `bytes` to a growing size and returns its offset. */
static size_t append(size_t *size, size_t bytes)
{
    const size_t offset = *size;
    *size = assay_round_up(offset + bytes, ASSAY_PACK_ALIGN);
    return offset;
}

static size_t packed_element(const struct assay_igemm *igemm, enum assay_mode mode)
{
    switch (igemm->element) {
    case ASSAY_PACK_I8_AS_I16:
        return 2;
    case ASSAY_PACK_F16_AS_F32:
        return 4;
    default:
        return assay_type_size(assay_mode_weight(mode));
    }
}

static void lay_out_packed(struct assay_igemm_layout *l, const struct assay_problem *problem)
{
    const size_t columns = l->panels * l->nr;
    const bool integer = assay_mode_is_integer(problem->mode), hybrid = problem->mode == ASSAY_MODE_HYBRID;
    size_t size = 0;
    l->bias_size = assay_type_size(assay_mode_bias(problem->mode));
    l->bias = append(&size, columns * l->bias_size);
    l->multiplier = append(&size, integer ? columns * sizeof(int32_t) : 0);
    l->shift = append(&size, integer ? columns * sizeof(int32_t) : 0);
    l->scale = append(&size, hybrid ? columns * sizeof(float) : 0);
    l->weight_sum = append(&size, hybrid ? columns * sizeof(int32_t) : 0);
    l->panel_bytes = l->taps * assay_round_up(l->k, l->kr) * l->nr * l->weight_size;
    l->panel0 = append(&size, l->panels * l->panel_bytes);
    l->packed_bytes = size;
}

static void lay_out_scratch(struct assay_igemm_layout *l, const struct assay_problem *problem)
{
    const bool hybrid = problem->mode == ASSAY_MODE_HYBRID;
    const struct assay_rows in = assay_problem_in_rows(problem);
    const size_t images = problem->op == ASSAY_OP_CONV ? problem->conv.batch : 0;
    const size_t padding_rows = hybrid ? images : images ? 1 : 0;
    size_t size = 0;
    l->pointers = append(&size, l->tiles * l->taps * l->mr * sizeof(void *));
    l->padding_row = append(&size, padding_rows * l->k * l->in_size);
    l->quantized = append(&size, hybrid ? in.rows * l->k : 0);
    l->row_params = append(&size, hybrid ? l->tiles * l->mr * sizeof(struct assay_row_quantization) : 0);
    l->scratch_bytes = size;
}

struct assay_igemm_layout assay_igemm_layout(const struct assay_igemm *igemm, const struct assay_problem *problem)
{
    const struct assay_rows in = assay_problem_in_rows(problem), out = assay_problem_out_rows(problem);
    const bool conv = problem->op == ASSAY_OP_CONV;
    struct assay_igemm_layout l = {
        .rows = out.rows,
        .cols = out.columns,
        .taps = conv ? problem->conv.kernel_h * problem->conv.kernel_w : 1,
        .k = in.columns,
        .mr = igemm->mr,
        .nr = igemm->scalable_nr ? igemm->scalable_nr() : igemm->nr,
        .kr = igemm->kr,
        /* The micro-kernel of a hybrid layer sees quantized inputs. */
        .in_size = problem->mode == ASSAY_MODE_HYBRID ? 1 : assay_type_size(in.type),
        .out_size = assay_type_size(out.type),
        .in_stride = in.stride,
        .out_stride = out.stride,
        .weight_size = packed_element(igemm, problem->mode),
    };
    l.tiles = (l.rows + l.mr - 1) / l.mr;
    l.panels = (l.cols + l.nr - 1) / l.nr;
    lay_out_packed(&l, problem);
    lay_out_scratch(&l, problem);
    return l;
}
