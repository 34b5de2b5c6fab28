/* A network in memory: tensors, operators, quantization. Plain data, owned by one arena, made by a reader
 * (models/tflite) or by a converter, and not changed while it runs. Everything in a graph has been checked: indexes are
 * within their arrays, sizes fit their buffers, so that whoever walks it need not check again (assay_graph_check() is
 * that check). */
#ifndef ASSAY_MODELS_GRAPH_GRAPH_H
#define ASSAY_MODELS_GRAPH_GRAPH_H

#include "kernels/core/types.h"
#include "models/graph/arena.h"

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { ASSAY_MAX_RANK = 8, ASSAY_MODEL_MESSAGE = 512 };

/* What went wrong, with what; for people. */
struct assay_model_error {
    char text[ASSAY_MODEL_MESSAGE];
};

/* Writes the message and returns false, so that a check can end in `return assay_model_fail(...)`. */
__attribute__((format(printf, 2, 3))) bool assay_model_fail(struct assay_model_error *error, const char *format, ...);
#ifdef __clang_analyzer__ /* it cannot see that this is false, and would follow what a failed check left undone */
#define assay_model_fail(error, ...) (assay_model_fail(error, __VA_ARGS__), false)
#endif

enum assay_tensor_type {
    ASSAY_TENSOR_F32,
    ASSAY_TENSOR_F16,
    ASSAY_TENSOR_I8,
    ASSAY_TENSOR_U8,
    ASSAY_TENSOR_I16,
    ASSAY_TENSOR_I32,
    ASSAY_TENSOR_I64,
    ASSAY_TENSOR_BOOL,
    ASSAY_TENSOR_RESOURCE, /* a variable's handle: no data of its own */
    ASSAY_TENSOR_TYPE_COUNT,
};

const char *assay_tensor_type_name(enum assay_tensor_type type); /* "f32" …; NULL out of range */
size_t assay_tensor_type_size(enum assay_tensor_type type);      /* bytes; 0 for a resource */

struct assay_shape {
    size_t rank;                  /* 0: a scalar */
    int32_t dims[ASSAY_MAX_RANK]; /* >= 0 in a graph that was checked */
};

/* Elements of a shape; false on overflow of size_t. */
bool assay_shape_count(const struct assay_shape *shape, size_t *count);
bool assay_shape_equal(const struct assay_shape *a, const struct assay_shape *b);

/* real = scale * (q - zero). count 0: not quantized; 1: the whole tensor; else one for each index of dimension `axis`.
 */
struct assay_tensor_quantization {
    size_t count;
    const float *scale;  /* > 0, finite */
    const int64_t *zero; /* within the type's range */
    size_t axis;
};

/* TFLite's encoding of a sparse constant, as the file has it (SparsityParameters): the dense dimensions, then those of
 * the blocks; `data` holds the stored values. */
struct assay_sparse_dimension {
    bool compressed; /* false: dense, `size` entries */
    int32_t size;
    size_t segment_count, index_count;
    const int32_t *segments, *indices; /* widened from 8 or 16 bits if need be */
};
struct assay_sparsity {
    size_t traversal_count, block_count, dimension_count;
    const int32_t *traversal_order, *block_map;
    const struct assay_sparse_dimension *dimensions;
};

struct assay_tensor {
    const char *name; /* "" if it has none */
    enum assay_tensor_type type;
    struct assay_shape shape; /* a dynamic dimension (-1 in the file's signature) is taken as 1 */
    struct assay_tensor_quantization quantization;
    const void *data;                      /* of a constant; NULL: computed, or the network's input */
    size_t bytes;                          /* of `data` */
    const struct assay_sparsity *sparsity; /* NULL: data is dense */
    bool variable;                         /* keeps its contents from run to run */
};

enum assay_operator_code {
#define ASSAY_OPERATOR(name, number) ASSAY_OPERATOR_##name = (number),
#include "models/graph/operators.def"
#undef ASSAY_OPERATOR
    ASSAY_OPERATOR_CODES = 256, /* above all of them */
};

const char *assay_operator_name(enum assay_operator_code code); /* "CONV_2D" …; NULL if it is none of ours */

enum assay_padding { ASSAY_PAD_SAME, ASSAY_PAD_VALID };

enum assay_fused { ASSAY_FUSED_NONE, ASSAY_FUSED_RELU, ASSAY_FUSED_RELU_N1_TO_1, ASSAY_FUSED_RELU6, ASSAY_FUSED_TANH };

struct assay_operator {
    enum assay_operator_code code;
    int32_t version;
    size_t input_count, output_count;
    const int32_t *inputs, *outputs; /* indexes of the subgraph's tensors; -1: an optional input that is absent */
    enum assay_fused fused;
    union {
        struct {
            enum assay_padding padding;
            int32_t stride_h, stride_w, dilation_h, dilation_w;
            int32_t multiplier; /* depthwise */
        } conv;
        struct {
            enum assay_padding padding;
            int32_t stride_h, stride_w, filter_h, filter_w;
        } pool;
        struct {
            bool keep_dims;
        } fully_connected, reduce;
        struct {
            int32_t axis, batch_dims;
        } axis; /* CONCATENATION, GATHER */
        struct {
            float beta;
        } softmax;
        struct {
            float alpha;
        } leaky_relu;
        struct {
            struct assay_shape shape; /* RESHAPE's new shape (dims may be -1), SQUEEZE's dimensions */
            bool given;
        } reshape;
        struct {
            int32_t begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask;
            bool offset;
        } strided_slice;
        struct {
            int32_t count;
        } split;
        struct {
            bool align_corners, half_pixel_centers;
        } resize;
        struct {
            bool adjoint_x, adjoint_y;
        } batch_matmul;
        struct {
            const char *container, *name;
        } variable; /* VAR_HANDLE */
        struct {
            int32_t subgraph;
        } call_once;
    };
};

struct assay_subgraph {
    const char *name;
    size_t tensor_count, operator_count, input_count, output_count;
    const struct assay_tensor *tensors;
    const struct assay_operator *operators; /* in an order in which they can be executed */
    const int32_t *inputs, *outputs;
};

struct assay_graph {
    const char *description;
    size_t subgraph_count; /* >= 1; the first is the network, and the only one that calls (CALL_ONCE) */
    const struct assay_subgraph *subgraphs;
    struct assay_arena arena; /* owns all of the above */
};

void assay_graph_free(struct assay_graph *graph);

/* Holds what the head of this file promises? False: the error names the operator or tensor and what is wrong with it.
 * Readers call it last. */
bool assay_graph_check(const struct assay_graph *graph, struct assay_model_error *error);

/* For people: a line a tensor and an operator. */
void assay_graph_print(const struct assay_graph *graph, FILE *out);

#ifdef __cplusplus
}
#endif

#endif
