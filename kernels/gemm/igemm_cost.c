/* What a layer costs by the formula of struct assay_igemm_cost. */
#include "kernels/gemm/igemm_layout.h"

#include <math.h>

/* `part`: of the columns of a panel. */
static double tile_cost(const struct assay_igemm_cost *cost, double rows, double steps, double part)
{
    return cost->tile + part * (rows * cost->store + steps * fmax(cost->step, rows * cost->row));
}

static double panel_cost(const struct assay_igemm *igemm, const struct assay_igemm_layout *l, double part)
{
    const double steps = (double)l->taps * ceil((double)l->k / (double)l->kr);
    if (l->tiles == 0)
        return 0.0;
    const size_t last = l->rows - assay_igemm_first_row(l, l->tiles - 1); /* as all that are not full, or fewer */
    const size_t full = l->full_tiles < l->tiles ? l->full_tiles : l->tiles - 1;
    const double all_full = (double)full * tile_cost(&igemm->cost, (double)l->tile_rows, steps, part);
    if (igemm->strips && full > 0 && last == 1) /* goes with the last full one */
        return all_full + part * (igemm->cost.store + steps * igemm->cost.row);
    return all_full + (double)(l->tiles - full) * tile_cost(&igemm->cost, (double)last, steps, part);
}

static double panels_cost(const struct assay_igemm *igemm, const struct assay_igemm_layout *l)
{
    const size_t rest = l->cols % l->nr;
    if (rest == 0 || !(igemm->cost.cut > 0))
        return (double)l->panels * panel_cost(igemm, l, 1.0);
    const double part = ceil((double)rest / igemm->cost.cut) * igemm->cost.cut / (double)l->nr;
    return (double)(l->panels - 1) * panel_cost(igemm, l, 1.0) + panel_cost(igemm, l, part);
}

double assay_igemm_cost(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    const struct assay_igemm *igemm = kernel->detail;
    const struct assay_igemm_cost *cost = &igemm->cost;
    if (!(cost->step > 0))
        return NAN;
    const struct assay_igemm_layout l = assay_igemm_layout(igemm, problem);
    double cycles = panels_cost(igemm, &l);
    if (cost->strip > 0 && l.tiles > 0)
        cycles += cost->strip * ceil((double)l.tiles / (double)l.block) * (double)l.calls;
    if (problem->op == ASSAY_OP_GEMM)
        cycles += cost->own * (double)(l.rows * l.panels);
    return cycles;
}
