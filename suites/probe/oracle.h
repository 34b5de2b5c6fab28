/* The oracle: what the contract's answer is, by code that shares nothing with any kernel. Integer modes and
 * conversions: exact integers, compared to the bit. Float modes: f64, judged by the error bound of kernels/gemm/gemm.h.
 */
#ifndef ASSAY_SUITES_PROBE_ORACLE_H
#define ASSAY_SUITES_PROBE_ORACLE_H

#include "suites/probe/layer.h"

struct oracle_verdict {
    /* "mismatches": elements that differ; bound 0.
     * "error_over_bound": largest |out - exact| / (the element's own error bound); bound 1. Infinite where an element
     * that must be exact (an empty sum, an infinity, a NaN) is not. "rel_rms": see oracle_mode_error(); bound NaN: it
     * is told, not judged. */
    const char *metric;
    double value, bound;
    size_t judged;     /* elements looked at */
    char message[192]; /* the first wrong element; empty if none is */
};

/* Judges `out` (at the problem's strides; with row_parameters for ROW_F32_I8; by the layer's group_parameters if it has
 * them) against the contract. limit: at most
 * about that many outputs, spread over the layer by a fixed rule (0: all). True if value <= bound. */
bool oracle_judge(const struct layer *layer, enum assay_accumulator accumulator, const void *out,
                  const struct assay_row_quantization *row_parameters, size_t limit, struct oracle_verdict *verdict);

/* Accuracy of the mode itself: the root mean square of (out, dequantized, minus the f64 answer of the unquantized
 * reals), over the root mean square of that answer. Sparse weights count as pruned: what pruning costs a network only
 * training tells. Value NaN (and false) where there are no reals, or the answer is all zero. */
bool oracle_mode_error(const struct layer *layer, const void *out, size_t limit, struct oracle_verdict *verdict);

#endif
