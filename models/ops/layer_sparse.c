#include "models/ops/layer_sparse.h"

#include "kernels/core/select.h"
#include "kernels/spmm/cost.h"
#include "models/ops/layer_structure.h"
#include "models/ops/layer_values.h"
#include "models/run/executor.h"

#include <math.h>

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
        if (layer->mode == ASSAY_MODE_HYBRID)
            spmm->gemm.range_rows = s->out_h * s->out_w;
    } else if (layer->op != ASSAY_OP_GEMM) {
        return false;
    }
    return (layer->mode == ASSAY_MODE_FP32 || layer->mode == ASSAY_MODE_HYBRID || layer->mode == ASSAY_MODE_INT8) &&
           spmm->gemm.k <= MOST_INPUTS && spmm->gemm.n <= UINT32_MAX / spmm->gemm.k;
}

/* For kernels that state no cost: the largest share of stored weights with which spmm is as fast as a dense kernel of
 * these features, for 16 rows of input and more: what the dense kernel has for int8 decides. Rules of thumb, a little
 * below the least that was found over the shapes of suites/breakeven.yaml, so that a doubtful layer stays dense. By
 * time, all shapes: `assay run breakeven` with x86_64, x86_64@avx512 and x86_64@avx2. By executed instructions, 64 rows
 * of 128x128 alone (--filter): aarch64@cortex-a72 (no dot products), @cortex-a76 and @max (I8MM). riscv64 has no dot
 * products either; there even 60 % stored weights are 1.15 to 2 times as fast, which its row does not use up. */
struct limits {
    uint64_t features; /* all of these; the first that fits holds */
    double stored[ASSAY_STRUCTURE_COUNT];
};

static const struct limits of_fp32[] = {
    {ASSAY_FEATURE_AVX512,
     {[ASSAY_RANDOM] = 0.45,
      [ASSAY_BLOCK_1X4] = 0.45,
      [ASSAY_BLOCK_4X1] = 0.6,
      [ASSAY_BLOCK_1X16] = 0.45,
      [ASSAY_BLOCK_16X4] = 0.8}},
    {0,
     {[ASSAY_RANDOM] = 0.35,
      [ASSAY_BLOCK_1X4] = 0.38,
      [ASSAY_BLOCK_4X1] = 0.55,
      [ASSAY_BLOCK_1X16] = 0.4,
      [ASSAY_BLOCK_16X4] = 0.7}},
};

static const struct limits of_int8[] = {
    {ASSAY_FEATURE_I8MM,
     {[ASSAY_RANDOM] = 0.06, [ASSAY_BLOCK_1X4] = 0.25, [ASSAY_BLOCK_4X1] = 0.06, [ASSAY_BLOCK_1X16] = 0.3}},
    {ASSAY_FEATURE_DOTPROD,
     {[ASSAY_RANDOM] = 0.1, [ASSAY_BLOCK_1X4] = 0.45, [ASSAY_BLOCK_4X1] = 0.12, [ASSAY_BLOCK_1X16] = 0.5}},
    {ASSAY_FEATURE_AVX512VNNI,
     {[ASSAY_RANDOM] = 0.08,
      [ASSAY_BLOCK_1X4] = 0.3,
      [ASSAY_BLOCK_4X1] = 0.2,
      [ASSAY_BLOCK_1X16] = 0.35,
      [ASSAY_BLOCK_16X4] = 0.6}},
    {0,
     {[ASSAY_RANDOM] = 0.35,
      [ASSAY_BLOCK_1X4] = 0.5,
      [ASSAY_BLOCK_4X1] = 0.45,
      [ASSAY_BLOCK_1X16] = 0.5,
      [ASSAY_BLOCK_16X4] = 0.5}},
};

static double most_stored(enum assay_mode mode, enum assay_structure structure, uint64_t features)
{
    const struct limits *row = mode == ASSAY_MODE_FP32 ? of_fp32 : of_int8;
    while ((row->features & features) != row->features)
        row++;
    return row->stored[structure];
}

/* Where a lane is a row of the input, fewer rows than lanes take as long as all. With 8 rows about half of the share
 * holds, with one row next to nothing (x86-64, breakeven). */
enum { VECTOR_ROWS = 16 };

static bool pays_by_rule(const struct assay_problem *spmm, double sparsity, const struct assay_kernel *dense)
{
    const size_t rows = spmm->structure == ASSAY_BLOCK_16X4 ? VECTOR_ROWS : assay_min(spmm->gemm.m, VECTOR_ROWS);
    return 1.0 - sparsity <=
           most_stored(spmm->mode, spmm->structure, dense->features) * (double)rows / (double)VECTOR_ROWS;
}

/* Whether spmm is expected to be faster than the dense kernel: by what both state that they take, or else by rule. */
static bool pays(const struct assay_problem *spmm, const void *values, double sparsity,
                 const struct assay_kernel *sparse, const struct assay_problem *layer, const struct assay_kernel *dense)
{
    const double sparse_cost = assay_spmm_cost(sparse, spmm, values), dense_cost = assay_kernel_cost(dense, layer);
    if (isnan(sparse_cost) || isnan(dense_cost))
        return pays_by_rule(spmm, sparsity, dense);
    return sparse_cost < dense_cost;
}

static const enum assay_structure structures[] = {ASSAY_BLOCK_16X4, ASSAY_BLOCK_1X16, ASSAY_BLOCK_4X1, ASSAY_BLOCK_1X4,
                                                  ASSAY_RANDOM};

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

/* Structures for which this CPU has nothing but a baseline that nobody asked for: blocks in them are better seen as
 * smaller ones. */
static unsigned without_kernel(const struct assay_node *node, struct assay_problem spmm)
{
    unsigned without = 0;
    for (size_t i = 0; i < sizeof(structures) / sizeof(structures[0]); i++) {
        struct assay_model_error ignored;
        spmm.structure = structures[i];
        const struct assay_kernel *kernel = assay_executor_kernel(node->executor, &spmm, &ignored);
        if (structures[i] != ASSAY_RANDOM && (!kernel || kernel->rank < 0) &&
            !assay_executor_named(node->executor, &spmm))
            without |= 1u << structures[i];
    }
    return without;
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

/* Weights with fewer zeros than this are dense: what both kernels state is not exact enough for a layer of a few
 * numbers, and nobody expects them to be computed as sparse ones. */
static const double FEWEST_ZEROS = 0.2;

const struct assay_kernel *assay_layer_choose(const struct assay_node *node, const struct assay_problem *layer,
                                              const void *values, struct assay_problem *chosen,
                                              struct assay_model_error *error)
{
    *chosen = *layer;
    const struct assay_kernel *dense = assay_executor_kernel(node->executor, layer, error);
    struct assay_problem spmm;
    if (!dense || !assay_layer_as_spmm(layer, &spmm))
        return dense;
    const struct assay_layer_structure found = assay_layer_structure_of(&spmm, values, without_kernel(node, spmm));
    spmm.structure = found.structure;
    const struct assay_kernel *sparse = assay_executor_kernel(node->executor, &spmm, error);
    if (!sparse)
        return NULL;
    const bool worth =
        may_pay(node) && found.sparsity >= FEWEST_ZEROS && pays(&spmm, values, found.sparsity, sparse, layer, dense);
    const bool names_dense = assay_executor_named(node->executor, layer) != NULL;
    struct assay_problem forced = spmm;
    const struct assay_kernel *kernel = named(node, &forced);
    if (kernel && (worth || !names_dense)) {
        *chosen = forced;
        return kernel;
    }
    if (!worth || names_dense)
        return dense;
    *chosen = spmm;
    return sparse;
}
