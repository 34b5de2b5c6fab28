/* Tensors of any numeric type, quantized or not, seen as reals. */
#ifndef ASSAY_SUITES_EVAL_REALS_H
#define ASSAY_SUITES_EVAL_REALS_H

#include "models/data/dataset.h"
#include "models/ops/op.h"

struct reals {
    enum assay_tensor_type type;
    double scale; /* real = scale * (stored - zero); 1 and 0 where it is not quantized */
    int64_t zero;
    const void *data;
};

/* Whether values of the tensor can be seen as reals: one scale at most, and a number for each element. */
bool reals_possible(const struct assay_tensor *tensor);

struct reals reals_of(const struct assay_tensor *tensor, const void *data);

/* Samples of a dataset, from one on, as the network's input `tensor` means them, but before they are quantized. */
struct reals reals_of_samples(const struct assay_data_array *array, size_t samples, size_t first,
                              const struct assay_tensor *tensor);

/* `count` elements from `first` on. */
void reals_read(const struct reals *reals, size_t first, size_t count, double *to);

#endif
