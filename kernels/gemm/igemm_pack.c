/* Packing of dense weights into panels: once for a layer. */
#include "kernels/gemm/igemm_layout.h"

#include <string.h>

/* Where input i of a tap stands among its weights, which for a woven window are [lines][pixels][channels], and read as
 * [pixels][lines][channels]. */
static size_t weight_of(const struct assay_igemm_layout *l, size_t i)
{
    if (l->weave_taps == 0)
        return i;
    const size_t pixel = i / l->staged_stride, in_pixel = i % l->staged_stride;
    return in_pixel / l->depth * (l->k / l->weave_taps) + pixel * l->depth + in_pixel % l->depth;
}

/* Weights of one output channel: taps * k elements, contiguous in gemm's [n][k] and conv's [o][h][w][c] alike. */
static void pack_column(const struct assay_igemm *igemm, const struct assay_igemm_layout *l, enum assay_mode mode,
                        const char *source, size_t column, char *panels)
{
    const size_t index_of_panel = column / l->nr, lane = column % l->nr;
    const size_t width = index_of_panel + 1 == l->panels ? l->last_nr : l->nr;
    char *panel = panels + index_of_panel * l->panel_bytes;
    const size_t source_size = assay_type_size(assay_mode_weight(mode));
    const size_t groups = assay_round_up(l->k, l->kr) / l->kr;
    for (size_t tap = 0; tap < l->taps; tap++) {
        for (size_t i = 0; i < l->k; i++) {
            const size_t index = ((tap * groups + i / l->kr) * width + lane) * l->kr + i % l->kr;
            assay_pack_element_copy(igemm->element, mode, source + (tap * l->k + weight_of(l, i)) * source_size,
                                    panel + index * l->weight_size);
        }
    }
}

bool assay_igemm_pack(const struct assay_kernel *kernel, const struct assay_problem *problem,
                      const struct assay_weights *weights, void *packed)
{
    const struct assay_igemm *igemm = kernel->detail;
    const struct assay_igemm_layout l = assay_igemm_layout(igemm, problem);
    const size_t depth = l.taps * l.k, column_bytes = depth * assay_type_size(assay_mode_weight(problem->mode));
    char *base = packed;
    memset(base, 0, l.packed_bytes);
    for (size_t j = 0; j < l.cols; j++)
        pack_column(igemm, &l, problem->mode, (const char *)weights->values + j * column_bytes, j, base + l.panel0);
    assay_columns_pack(&l.columns, problem, weights, depth, 1, igemm->input_offset, packed);
    return true;
}
