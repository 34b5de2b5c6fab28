/* What a layer costs by the formula of struct assay_igemm_cost. */
#include "kernels/gemm/igemm_layout.h"

#include <math.h>

static double tile_cost(const struct assay_igemm_cost *cost, double rows, double steps)
{
    return cost->tile + rows * cost->store + steps * fmax(cost->step, rows * cost->row);
}

double assay_igemm_cost(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    const struct assay_igemm *igemm = kernel->detail;
    if (!(igemm->cost.step > 0))
        return NAN;
    const struct assay_igemm_layout l = assay_igemm_layout(igemm, problem);
    const double steps = (double)l.taps * ceil((double)l.k / (double)l.kr);
    const size_t whole = l.rows / l.mr, rest = l.rows % l.mr;
    double column = (double)whole * tile_cost(&igemm->cost, (double)l.mr, steps);
    if (rest > 0)
        column += tile_cost(&igemm->cost, (double)rest, steps);
    return column * (double)l.panels;
}
