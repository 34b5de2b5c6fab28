#include "models/ops/layer_sparse.h"

#include "models/ops/layer_structure.h"
#include "models/ops/layer_values.h"
#include "models/run/executor.h"

/* Larger matrices are left to the dense kernels: indexes of blocks, and of bytes in a tile, have 32 bits in spmm. */
enum { MOST_INPUTS = 1 << 20 };

static bool is_pointwise(const struct assay_conv_shape *s)
{
    return s->kernel_h == 1 && s->kernel_w == 1 && s->stride_h == 1 && s->stride_w == 1 && s->out_h == s->in_h &&
           s->out_w == s->in_w;
}

bool assay_layer_as_spmm(const struct assay_problem *layer, struct assay_problem *spmm)
{
    *spmm = *layer;
    spmm->op = ASSAY_OP_SPMM;
    if (layer->op == ASSAY_OP_CONV && is_pointwise(&layer->conv)) {
        const struct assay_conv_shape *s = &layer->conv;
        spmm->gemm = (struct assay_gemm_shape){.m = s->batch * s->out_h * s->out_w,
                                               .n = s->out_c,
                                               .k = s->in_c,
                                               .in_stride = s->in_stride,
                                               .out_stride = s->out_stride};
    } else if (layer->op != ASSAY_OP_GEMM) {
        return false;
    }
    return (layer->mode == ASSAY_MODE_FP32 || layer->mode == ASSAY_MODE_HYBRID || layer->mode == ASSAY_MODE_INT8) &&
           spmm->gemm.k <= MOST_INPUTS && spmm->gemm.n <= UINT32_MAX / spmm->gemm.k;
}

/* The largest share of stored weights with which spmm is as fast as the dense kernel, for 16 rows of input and more.
 * Measured with AVX-512 and VNNI by `assay run sparsity`, and by the same with m of 1, 4, 8, 16 and 49 for n = 512,
 * k = 256; NEON and RVV, in executed instructions, are near or above it. Only rules of thumb: they are kept a little
 * below what was measured, so that a doubtful layer stays dense. */
static double most_stored(enum assay_mode mode, enum assay_structure structure)
{
    const bool fp32 = mode == ASSAY_MODE_FP32;
    switch (structure) {
    case ASSAY_BLOCK_1X16:
        return fp32 ? 0.5 : 0.4;
    case ASSAY_BLOCK_4X1:
        return fp32 ? 0.6 : 0.3;
    case ASSAY_BLOCK_1X4:
        return fp32 ? 0.45 : 0.35;
    default:
        return fp32 ? 0.45 : 0.12;
    }
}

/* Vectors of spmm run along the rows of the input: with fewer rows than that they are as slow as with all. */
enum { VECTOR_ROWS = 16 };

bool assay_layer_sparse_pays(const struct assay_problem *spmm, double sparsity)
{
    const double used = (double)assay_min(spmm->gemm.m, VECTOR_ROWS) / VECTOR_ROWS;
    return 1.0 - sparsity <= most_stored(spmm->mode, spmm->structure) * used;
}

static const enum assay_structure structures[] = {ASSAY_BLOCK_1X16, ASSAY_BLOCK_4X1, ASSAY_BLOCK_1X4, ASSAY_RANDOM};

/* The kernel that the options name: of the weights' own structure, else of any, for each computes all weights. */
static const struct assay_kernel *named(const struct assay_node *node, struct assay_problem *spmm)
{
    const struct assay_kernel *kernel = assay_executor_named(node->executor, spmm);
    for (size_t i = 0; !kernel && i < sizeof(structures) / sizeof(structures[0]); i++) {
        spmm->structure = structures[i];
        kernel = assay_executor_named(node->executor, spmm);
    }
    return kernel;
}

static bool may_pay(const struct assay_node *node)
{
    switch (assay_executor_sparse(node->executor)) {
    case ASSAY_SPARSE_NEVER:
        return false;
    case ASSAY_SPARSE_ENCODED:
        return assay_layer_weight_tensor(node)->sparsity != NULL;
    default:
        return true;
    }
}

const struct assay_kernel *assay_layer_choose(const struct assay_node *node, const struct assay_problem *layer,
                                              const void *values, struct assay_problem *chosen,
                                              struct assay_model_error *error)
{
    struct assay_problem spmm, forced;
    if (assay_layer_as_spmm(layer, &spmm)) {
        const struct assay_layer_structure found = assay_layer_structure_of(&spmm, values);
        spmm.structure = found.structure;
        forced = spmm;
        const bool pays = may_pay(node) && assay_layer_sparse_pays(&spmm, found.sparsity);
        const struct assay_kernel *kernel = named(node, &forced), *dense = assay_executor_named(node->executor, layer);
        *chosen = kernel ? forced : spmm;
        if (!kernel && pays && !dense)
            kernel = assay_executor_kernel(node->executor, &spmm, error);
        if (kernel && (pays || !dense))
            return kernel;
    }
    *chosen = *layer;
    return assay_executor_kernel(node->executor, layer, error);
}
