#include "models/ops/layer_structure.h"

#include "kernels/spmm/spmm.h"

static size_t stored(struct assay_problem problem, enum assay_structure structure, const void *values)
{
    size_t rows, columns;
    assay_structure_block(structure, &rows, &columns);
    problem.structure = structure;
    return assay_bsr_count(&problem, values) * rows * columns;
}

struct assay_layer_structure assay_layer_structure_of(const struct assay_problem *problem, const void *values,
                                                      unsigned without)
{
    static const enum assay_structure regular_first[] = {ASSAY_BLOCK_16X4, ASSAY_BLOCK_1X16, ASSAY_BLOCK_4X1,
                                                         ASSAY_BLOCK_1X4};
    const size_t nonzeros = stored(*problem, ASSAY_RANDOM, values);
    const double all = (double)problem->gemm.n * (double)problem->gemm.k;
    for (size_t i = 0; i < sizeof(regular_first) / sizeof(regular_first[0]); i++) {
        if (without >> regular_first[i] & 1)
            continue;
        const size_t kept = stored(*problem, regular_first[i], values);
        if (kept <= nonzeros + nonzeros / 16)
            return (struct assay_layer_structure){regular_first[i], 1.0 - (double)kept / all};
    }
    return (struct assay_layer_structure){ASSAY_RANDOM, 1.0 - (double)nonzeros / all};
}
