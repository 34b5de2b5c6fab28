#include "kernels/spmm/spmm.h"

/* Minus zero is zero, and NaN is not. */
static bool is_nonzero(enum assay_type type, const void *values, size_t index)
{
    switch (type) {
    case ASSAY_F32:
        return ((const float *)values)[index] != 0.0f;
    case ASSAY_F16:
        return ((const assay_f16 *)values)[index] != (assay_f16)0.0f;
    default:
        return ((const int8_t *)values)[index] != 0;
    }
}

bool assay_bsr_stores(const struct assay_problem *problem, const void *values, size_t row, size_t column, size_t rows,
                      size_t columns)
{
    const enum assay_type type = assay_mode_weight(problem->mode);
    const size_t n = problem->gemm.n, k = problem->gemm.k;
    for (size_t j = row; j < assay_min(row + rows, n); j++)
        for (size_t l = column; l < assay_min(column + columns, k); l++)
            if (is_nonzero(type, values, j * k + l))
                return true;
    return false;
}

/* Visits the blocks in order. Counts the stored ones; row_start and column may be NULL together. */
static size_t visit(const struct assay_problem *problem, const void *values, uint32_t *row_start, uint32_t *column)
{
    size_t rows, columns, count = 0;
    assay_structure_block(problem->structure, &rows, &columns);
    for (size_t j = 0; j < problem->gemm.n; j += rows) {
        if (row_start)
            row_start[j / rows] = (uint32_t)count;
        for (size_t l = 0; l < problem->gemm.k; l += columns) {
            if (!assay_bsr_stores(problem, values, j, l, rows, columns))
                continue;
            if (column)
                column[count] = (uint32_t)(l / columns);
            count++;
        }
    }
    if (row_start)
        row_start[(problem->gemm.n + rows - 1) / rows] = (uint32_t)count;
    return count;
}

size_t assay_bsr_count(const struct assay_problem *problem, const void *values)
{
    return visit(problem, values, NULL, NULL);
}

void assay_bsr_index(const struct assay_problem *problem, const void *values, uint32_t *row_start, uint32_t *column)
{
    visit(problem, values, row_start, column);
}
