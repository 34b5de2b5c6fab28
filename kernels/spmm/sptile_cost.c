/* What a layer costs by the formula of struct assay_sptile_cost. */
#include "kernels/spmm/cost.h"
#include "kernels/spmm/spmm.h"
#include "kernels/spmm/sptile.h"

#include <math.h>

/* A block as the kernel keeps it. */
struct block {
    size_t rows, columns, units;
};

static struct block block_of(const struct assay_kernel *kernel, const struct assay_sptile *sp)
{
    struct block block;
    assay_structure_block(kernel->structure, &block.rows, &block.columns);
    block.rows = sp->block_rows > 0 ? sp->block_rows : block.rows;
    block.columns = sp->block_columns > 0 ? sp->block_columns : block.columns;
    block.units = block.columns / (sp->unit > 0 ? sp->unit : 1);
    return block;
}

static double steps(size_t count, size_t step)
{
    const size_t whole = (count + step - 1) / step;
    return (double)whole;
}

static double tile_cost(const struct assay_sptile *sp, const struct assay_gemm_shape *s, struct block block,
                        double blocks, size_t rows)
{
    const struct assay_sptile_cost *c = &sp->cost;
    const double vectors = sp->lone_row && rows == 1 ? 1.0 / (double)sp->row_step : steps(rows, sp->row_step);
    const double calls = steps(rows, c->rows), step = steps(rows, c->row_step);
    return c->tile + vectors * (steps(s->k, sp->unit > 0 ? sp->unit : 1) * c->turn) +
           calls * steps(s->n, block.rows) * c->list +
           blocks * (double)block.units * (calls * c->block + step * c->row) +
           steps(rows, c->store_rows) * (double)s->n * c->store;
}

static double layer_cost(const struct assay_kernel *kernel, const struct assay_gemm_shape *s, double blocks)
{
    const struct assay_sptile *sp = kernel->detail;
    const struct block block = block_of(kernel, sp);
    const size_t whole = s->m / sp->mr, rest = s->m % sp->mr;
    double cost = (double)whole * tile_cost(sp, s, block, blocks, sp->mr);
    if (rest > 0)
        cost += tile_cost(sp, s, block, blocks, rest);
    return cost;
}

static bool states_cost(const struct assay_kernel *kernel)
{
    return kernel->run == assay_sptile_run && ((const struct assay_sptile *)kernel->detail)->cost.row > 0;
}

double assay_sptile_cost(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    if (!states_cost(kernel))
        return NAN;
    enum { SUPPOSED_ZEROS = 80 }; /* percent of the structure's blocks; the kernel keeps those that hold any other */
    size_t rows, columns;
    assay_structure_block(kernel->structure, &rows, &columns);
    const struct block block = block_of(kernel, kernel->detail);
    const double each = (double)(block.rows * block.columns) / (double)(rows * columns);
    const double kept = 1.0 - pow(SUPPOSED_ZEROS / 100.0, each);
    return layer_cost(kernel, &problem->gemm,
                      kept * steps(problem->gemm.n, block.rows) * steps(problem->gemm.k, block.columns));
}

double assay_spmm_cost(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *values)
{
    if (!states_cost(kernel))
        return NAN;
    const struct block block = block_of(kernel, kernel->detail);
    size_t blocks = 0;
    for (size_t row = 0; row < problem->gemm.n; row += block.rows)
        for (size_t column = 0; column < problem->gemm.k; column += block.columns)
            blocks += assay_bsr_stores(problem, values, row, column, block.rows, block.columns);
    return layer_cost(kernel, &problem->gemm, (double)blocks);
}
