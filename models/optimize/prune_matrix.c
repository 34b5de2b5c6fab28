#include "models/optimize/prune_matrix.h"

#include "kernels/core/types.h"

#include <math.h>
#include <stdlib.h>

struct candidate {
    double magnitude;
    size_t position; /* so that sorting has one answer */
};

static int by_magnitude(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    if (a->magnitude != b->magnitude)
        return a->magnitude < b->magnitude ? -1 : 1;
    return (a->position > b->position) - (a->position < b->position);
}

struct rectangle {
    float *first;
    size_t rows, columns, stride;
};

static struct rectangle block_at(const struct assay_matrix *m, size_t rows, size_t columns, size_t position)
{
    const size_t across = (m->columns - 1) / columns + 1;
    const size_t row = position / across * rows, column = position % across * columns;
    return (struct rectangle){m->weights + row * m->columns + column, assay_min(rows, m->rows - row),
                              assay_min(columns, m->columns - column), m->columns};
}

static double mean_magnitude(const struct rectangle *block)
{
    double sum = 0;
    for (size_t r = 0; r < block->rows; r++)
        for (size_t c = 0; c < block->columns; c++)
            sum += fabs((double)block->first[r * block->stride + c]);
    return sum / (double)(block->rows * block->columns);
}

static void clear(const struct rectangle *block)
{
    for (size_t r = 0; r < block->rows; r++)
        for (size_t c = 0; c < block->columns; c++)
            block->first[r * block->stride + c] = 0;
}

bool assay_prune_blocks(const struct assay_matrix *matrix, size_t block_rows, size_t block_columns, double sparsity,
                        size_t *pruned)
{
    *pruned = 0;
    if (matrix->rows == 0 || matrix->columns == 0)
        return true;
    const size_t count = ((matrix->rows - 1) / block_rows + 1) * ((matrix->columns - 1) / block_columns + 1);
    struct candidate *blocks = calloc(count, sizeof(*blocks));
    if (!blocks)
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct rectangle block = block_at(matrix, block_rows, block_columns, i);
        blocks[i] = (struct candidate){mean_magnitude(&block), i};
    }
    qsort(blocks, count, sizeof(*blocks), by_magnitude);
    const double wanted = sparsity * ((double)matrix->rows * (double)matrix->columns);
    for (size_t i = 0; i < count; i++) {
        const struct rectangle block = block_at(matrix, block_rows, block_columns, blocks[i].position);
        const size_t then = *pruned + block.rows * block.columns;
        if (fabs((double)then - wanted) >= fabs((double)*pruned - wanted))
            break;
        clear(&block);
        *pruned = then;
    }
    free(blocks);
    return true;
}

bool assay_prune_groups(const struct assay_matrix *matrix, size_t keep, size_t group, size_t *pruned)
{
    *pruned = 0;
    const size_t most = assay_min(group, matrix->columns);
    struct candidate *members = calloc(most + 1, sizeof(*members));
    if (!members)
        return false;
    for (size_t r = 0; r < matrix->rows; r++)
        for (size_t c = 0; c < matrix->columns; c += most) {
            float *first = matrix->weights + r * matrix->columns + c;
            const size_t count = assay_min(most, matrix->columns - c);
            for (size_t i = 0; i < count; i++)
                members[i] = (struct candidate){fabs((double)first[i]), i};
            qsort(members, count, sizeof(*members), by_magnitude);
            for (size_t i = 0; i + keep < count; i++, ++*pruned)
                first[members[i].position] = 0;
        }
    free(members);
    return true;
}
