/* A layer made to be run: problem, weights and buffers of one case in one mode and structure.
 *
 * The reals come from the seed alone (suites/probe/data.h) and are the same in every mode; each mode's numbers are
 * quantized from them as a converter would: int8 weights symmetric with a scale for each output channel, activations
 * asymmetric int8 or symmetric int16 over their range, bias at in_scale * scale[c], the output's scale from the true
 * range of the output (of a sample of it, where the layer is large). Sparse weights: the blocks of smallest mean
 * magnitude are zeroed. */
#ifndef ASSAY_SUITES_PROBE_LAYER_H
#define ASSAY_SUITES_PROBE_LAYER_H

#include "kernels/core/kernel.h"

/* What is computed, whatever the mode: the shape of one operation (kernels/<op>/<op>.h), strides filled in. */
struct layer_case {
    char name[96];
    enum assay_op op;
    enum assay_activation activation;
    union {
        struct assay_gemm_shape gemm; /* gemm and spmm */
        struct assay_conv_shape conv;
        struct assay_dwconv_shape dwconv;
        struct assay_quantize_shape quantize;
        struct assay_add_shape add;
    };
};

/* What kind of numbers. All but TYPICAL are there to break kernels, and are for check. */
enum layer_values {
    VALUES_TYPICAL,
    VALUES_EXTREME,    /* as large as the contract allows, both signs; integers: the ends of their types, wild biases */
    VALUES_CANCELLING, /* large products of opposite sign (float inputs) */
    VALUES_DENORMAL,   /* subnormal inputs (float) */
    VALUES_NAN,        /* one element (float inputs) */
    VALUES_INFINITY,   /* one element (float inputs) */
    VALUES_ZERO_ROW,   /* an all-zero row, and a zero weight channel */
    VALUES_ZERO_POINTS, /* integers: zero points at the ends of the type */
    VALUES_SHIFTS,      /* integers: each channel another shift of [-31, 7] and an extreme multiplier */
    VALUES_TIES,        /* results that lie halfway before rounding */
    VALUES_COUNT,
};
const char *layer_values_name(enum layer_values values);
/* Whether such numbers exist for an operation in a mode. */
bool layer_values_apply(enum layer_values values, enum assay_op op, enum assay_mode mode);

/* How sparse weights are distributed over the rows (output channels). */
enum layer_rows {
    ROWS_PRUNED,    /* by magnitude, over the whole matrix */
    ROWS_EMPTY_ONE, /* the same, and the middle row all zero */
    ROWS_FULL_ONE,  /* the same, and the middle row without a zero */
};

struct layer_options {
    enum assay_mode mode;
    enum assay_structure structure;
    double sparsity; /* 0 … 1: share of zeroed blocks */
    uint64_t seed;
    enum layer_values values;
    enum layer_rows rows;
    bool no_bias;
};

enum { LAYER_MEMORY = 16 };

struct layer {
    struct assay_problem problem;
    struct assay_weights weights; /* into the memory below */
    struct layer_options options;

    /* What run reads and writes, at the problem's strides and aligned to 64 bytes; gaps of `in` hold NaN or 0xFF. */
    struct assay_io io;
    size_t in_bytes, out_bytes, row_parameter_count;

    /* The unquantized reals, without gaps: what a mode's accuracy is told against. Inputs [row][column]; weights,
     * pruned, [channel][depth] whatever the operation's own layout; all are NULL where there is no such tensor. */
    float *real_in, *real_weights, *real_bias;
    float *real_addend;       /* of add */
    bool has_reals;           /* false where VALUES had the integers drawn as integers: they mean no reals then */
    uint64_t nonzero_weights; /* after pruning and quantization */

    void *memory[LAYER_MEMORY]; /* all that the layer owns */
    size_t memory_count;
};

/* A layer, or NULL with *why (static text; never NULL then): the case has no such mode, is invalid, or memory is short.
 */
struct layer *layer_make(const struct layer_case *layer_case, const struct layer_options *options, const char **why);
void layer_free(struct layer *layer);

/* The same for the plain case: typical values, pruned by magnitude, with a bias. */
struct layer *layer_make_typical(const struct layer_case *layer_case, enum assay_mode mode,
                                 enum assay_structure structure, double sparsity, uint64_t seed, const char **why);

#endif
