/* In which structure a layer's weights were pruned: matrices pruned here in each of them, with edges that cut blocks,
 * with zeros by chance inside of blocks, and with none. */
#include "models/ops/layer_structure.h"
#include "models/ops/tests/one_op.h"

#include <math.h>

enum { ROUNDS = 300, MOST = 96 };

static struct assay_problem problem_of(size_t n, size_t k)
{
    return (struct assay_problem){.op = ASSAY_OP_SPMM, .mode = ASSAY_MODE_INT8, .gemm = {1, n, k, k, n, 0}};
}

/* Whole blocks of `structure` are kept, one in `one_in`; what they hold is not zero. The number of blocks kept. */
static size_t prune(enum assay_structure structure, size_t n, size_t k, int one_in, int8_t *values)
{
    size_t rows, columns, kept = 0;
    assay_structure_block(structure, &rows, &columns);
    memset(values, 0, n * k);
    for (size_t j = 0; j < n; j += rows) {
        for (size_t l = 0; l < k; l += columns) {
            if (one_below(one_in) != 0)
                continue;
            kept++;
            for (size_t r = j; r < j + rows && r < n; r++)
                for (size_t c = l; c < l + columns && c < k; c++)
                    values[r * k + c] = (int8_t)(1 + one_below(100));
        }
    }
    return kept;
}

static void check_pruned(void)
{
    static int8_t values[MOST * MOST];
    const unsigned without = 0;
    for (int round = 0; round < ROUNDS; round++) {
        const enum assay_structure structure = (enum assay_structure)(ASSAY_RANDOM + round % 5);
        size_t rows, columns;
        assay_structure_block(structure, &rows, &columns);
        const size_t n = 16 * (size_t)(2 + one_below(MOST / 16 - 1)), k = 16 * (size_t)(2 + one_below(MOST / 16 - 1));
        const size_t kept = prune(structure, n, k, 3 + one_below(3), values);
        const struct assay_problem problem = problem_of(n, k);
        const struct assay_layer_structure found = assay_layer_structure_of(&problem, values, without);
        EXPECT(found.structure == structure, "%zux%zu pruned in %s: %s", n, k, assay_structure_name(structure),
               assay_structure_name(found.structure));
        const double sparsity = 1.0 - (double)(kept * rows * columns) / (double)(n * k);
        EXPECT(fabs(found.sparsity - sparsity) < 1e-12, "sparsity %g, not %g", found.sparsity, sparsity);
    }
}

static void check_single(size_t n, size_t k, const int8_t *values, unsigned without, enum assay_structure structure,
                         double sparsity)
{
    const struct assay_problem problem = problem_of(n, k);
    const struct assay_layer_structure found = assay_layer_structure_of(&problem, values, without);
    EXPECT(found.structure == structure && fabs(found.sparsity - sparsity) < 1e-12, "%zux%zu: %s, %g", n, k,
           assay_structure_name(found.structure), found.sparsity);
}

int main(void)
{
    static int8_t values[64 * 64];
    check_pruned();
    check_single(64, 64, values, 0, ASSAY_BLOCK_16X4, 1.0); /* nothing but zeros */
    check_single(64, 64, values, 1u << ASSAY_BLOCK_16X4, ASSAY_BLOCK_1X16, 1.0);
    memset(values, 1, sizeof(values));
    check_single(64, 64, values, 0, ASSAY_BLOCK_16X4, 0.0); /* dense */
    check_single(3, 5, values, 0, ASSAY_RANDOM, 0.0);       /* any block would be cut */
    check_single(1, 1, values, 0, ASSAY_RANDOM, 0.0);
    check_single(2, 8, values, 0, ASSAY_BLOCK_1X4, 0.0);

    /* One zero by chance in 32 kept weights changes nothing; two are too many. */
    memset(values, 0, sizeof(values));
    memset(values, 1, 32);
    values[7] = 0;
    check_single(1, 64, values, 0, ASSAY_BLOCK_1X16, 0.5);
    values[22] = 0;
    check_single(1, 64, values, 0, ASSAY_RANDOM, 1.0 - 30.0 / 64.0);
    return failures > 0;
}
