#include "kernels/gemm/igemm_layout.h"

static void lay_out_packed(struct assay_igemm_layout *l, const struct assay_problem *problem)
{
    size_t size = 0;
    l->columns = assay_columns_layout(problem->mode, l->panels * l->nr, &size);
    l->panel_bytes = l->taps * assay_round_up(l->k, l->kr) * l->nr * l->weight_size;
    l->panel0 = assay_append(&size, l->panels * l->panel_bytes);
    l->packed_bytes = size;
}

static void lay_out_scratch(struct assay_igemm_layout *l, const struct assay_problem *problem)
{
    const bool hybrid = problem->mode == ASSAY_MODE_HYBRID;
    const struct assay_rows in = assay_problem_in_rows(problem);
    const size_t images = problem->op == ASSAY_OP_CONV ? problem->conv.batch : 0;
    const size_t padding_rows = hybrid ? images : images ? 1 : 0;
    size_t size = 0;
    assay_append(&size, sizeof(struct assay_igemm_plan));
    l->pointers = assay_append(&size, l->tiles * l->taps * l->mr * sizeof(void *));
    l->padding_row = assay_append(&size, padding_rows * l->k * l->in_size);
    l->quantized = assay_append(&size, hybrid ? in.rows * l->k : 0);
    l->row_params = assay_append(&size, hybrid ? l->tiles * l->mr * sizeof(struct assay_row_quantization) : 0);
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
        .weight_size = assay_pack_element_size(igemm->element, problem->mode),
    };
    l.tiles = (l.rows + l.mr - 1) / l.mr;
    l.panels = (l.cols + l.nr - 1) / l.nr;
    lay_out_packed(&l, problem);
    lay_out_scratch(&l, problem);
    return l;
}
