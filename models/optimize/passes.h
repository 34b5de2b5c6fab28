/* The steps of a conversion. Each changes a draft and leaves it right: assay_draft_finish() takes it after any of them.
 * `choices` has an entry for each operator of the network as it was read, found by the draft's marks; operators with
 * mark -1 have none. `notes` is told, in a line, what a user should know ("operator 7 (SOFTMAX) stays float: …"). All
 * return false with the error written, which names the operator. */
#ifndef ASSAY_MODELS_OPTIMIZE_PASSES_H
#define ASSAY_MODELS_OPTIMIZE_PASSES_H

#include "models/data/dataset.h"
#include "models/optimize/choice.h"

struct assay_notes {
    void (*say)(void *context, const char *line); /* NULL: nobody listens */
    void *context;
};
__attribute__((format(printf, 2, 3))) void assay_note(const struct assay_notes *notes, const char *format, ...);

/* fold_constants.c … : operators on constants alone become constants; MUL and ADD by a number for each channel go into
 * the weights and bias of the convolution or fully connected layer before them (what is left of batch normalization);
 * ReLU, ReLU6 and ReLU-1-to-1 go into the operator before them where that can take them. */
bool assay_fold_constants(struct assay_draft *draft, const struct assay_notes *notes, struct assay_model_error *error);
bool assay_fold_batch_norm(struct assay_draft *draft, const struct assay_notes *notes, struct assay_model_error *error);
bool assay_fuse_activations(struct assay_draft *draft, const struct assay_notes *notes,
                            struct assay_model_error *error);

/* add_bias.c: each float convolution has a bias, be it of zeros: TFLite's interpreter wants one. */
bool assay_add_biases(struct assay_draft *draft, struct assay_model_error *error);

/* expand_sparse.c: f32 weights that layers take in the sparse encoding become dense. */
bool assay_expand_sparse(struct assay_draft *draft, struct assay_model_error *error);

/* prune.c: zeroes the weights of least magnitude (of a block: the mean of its magnitudes), layer by layer. Weights that
 * are f32 constants. A sparsity of 0 leaves a layer as it is, and nothing is said of it. */
bool assay_prune(struct assay_draft *draft, const struct assay_layer_choice *choices, const struct assay_notes *notes,
                 struct assay_model_error *error);

/* Ranges of activations, by tensor of the graph that was run; low > high: never seen. low and high are the method's,
 * for int8; least and most are the extremes, for int16, whose steps are so fine that cutting gains nothing. */
struct assay_ranges {
    size_t count;
    float *low, *high, *least, *most; /* malloc'd */
};
void assay_ranges_free(struct assay_ranges *ranges);

enum assay_calibration {
    ASSAY_CALIBRATE_MINMAX,         /* the least and the largest seen */
    ASSAY_CALIBRATE_MOVING_AVERAGE, /* of each sample's least and largest, with `momentum` */
    ASSAY_CALIBRATE_PERCENTILE,     /* `percentile` of the values lie within, as many beyond each end */
    ASSAY_CALIBRATE_MSE,            /* the range whose quantization to `bits` has the least mean squared error */
    ASSAY_CALIBRATION_COUNT,
};
/* What is taken where nothing is asked for: outliers cost the others none of their steps. Measured against minmax in
 * models/optimize/tests/agreement.c. */
enum { ASSAY_CALIBRATE_DEFAULT = ASSAY_CALIBRATE_PERCENTILE };
const char *assay_calibration_name(enum assay_calibration method); /* "minmax", "moving-average", "percentile", "mse" */
struct assay_calibration_options {
    enum assay_calibration method;
    double momentum;   /* in (0, 1); 0: 0.9 */
    double percentile; /* in (50, 100]; 0: 99.99 */
    size_t samples;    /* the first so many of the dataset; 0: all */
    uint64_t features; /* of the CPU, for the kernels it runs with */
    /* Told after each sample; NULL: nobody is. */
    void (*progress)(void *context, size_t done, size_t all);
    void *context;
};
/* calibrate.c: runs the float network on the samples and finds the range of each tensor that is no constant. */
bool assay_calibrate(const struct assay_graph *graph, const struct assay_dataset *samples,
                     const struct assay_calibration_options *options, struct assay_ranges *ranges,
                     struct assay_model_error *error);

/* integer.c …: operators whose choice is INT8 or INT16X8 become integer where the specification has them so; QUANTIZE
 * and DEQUANTIZE stand at the borders between types. `ranges` are of the draft's tensors as they are before the pass.
 * integer_io: the network's inputs and outputs are integer, too. */
bool assay_convert_integer(struct assay_draft *draft, const struct assay_layer_choice *choices,
                           const struct assay_ranges *ranges, bool integer_io, const struct assay_notes *notes,
                           struct assay_model_error *error);

/* fp16w.c: f32 constants of operators whose choice is FP16W become f16, behind a DEQUANTIZE each. */
bool assay_convert_fp16w(struct assay_draft *draft, const struct assay_layer_choice *choices,
                         const struct assay_notes *notes, struct assay_model_error *error);
/* hybrid.c: f32 weights of layers whose choice is HYBRID become int8, symmetric, one scale for each output channel. */
bool assay_convert_hybrid(struct assay_draft *draft, const struct assay_layer_choice *choices,
                          const struct assay_notes *notes, struct assay_model_error *error);

/* encode.c: weights of layers whose choice has a pattern are stored in the format's sparse encoding (of f32, f16 and
 * int8), where that is smaller: directly where TFLite's kernels take it (fully connected), behind a DENSIFY elsewhere.
 */
bool assay_encode_sparse(struct assay_draft *draft, const struct assay_layer_choice *choices,
                         const struct assay_notes *notes, struct assay_model_error *error);

#endif
