/* The versions that files ask for, against the format's public table, row by row: what an operator is given, and the
 * number that the table has for it. */
#include "models/tflite/versions.h"

#include <stdio.h>

#define F32 ASSAY_TENSOR_F32
#define F16 ASSAY_TENSOR_F16
#define I8 ASSAY_TENSOR_I8
#define U8 ASSAY_TENSOR_U8
#define I16 ASSAY_TENSOR_I16
#define I32 ASSAY_TENSOR_I32
#define I64 ASSAY_TENSOR_I64
#define BOOL ASSAY_TENSOR_BOOL

/* Tensors 0 to 2 are the inputs, 3 is the output. */
enum { INPUTS = 3, OUT = INPUTS, MOST_SCALES = 8 };

struct row {
    enum assay_operator_code code;
    int32_t expected;
    enum assay_tensor_type in[INPUTS], out;
    size_t ins, rank; /* of all tensors, each dimension being 2; 0: 4 */
    size_t scales[INPUTS + 1];
    struct assay_operator settings;
    bool sparse;   /* input 1 */
    bool narrower; /* input 1 has fewer channels than input 0 */
    bool large;    /* scales are above 1 */
};

static const float below_one[MOST_SCALES] = {0.5f, 0.5f}, above_one[MOST_SCALES] = {4, 4};

static int32_t version_of(const struct row *row)
{
    static const int32_t in[] = {0, 1, 2}, out[] = {OUT};
    static const struct assay_sparsity sparsity;
    struct assay_tensor tensors[INPUTS + 1] = {0};
    const size_t rank = row->rank ? row->rank : 4;
    for (size_t i = 0; i <= INPUTS; i++) {
        struct assay_tensor *t = &tensors[i];
        t->type = i == OUT ? row->out : row->in[i];
        t->shape.rank = rank;
        for (size_t d = 0; d < rank; d++)
            t->shape.dims[d] = 2;
        t->quantization =
            (struct assay_tensor_quantization){.count = row->scales[i], .scale = row->large ? above_one : below_one};
    }
    if (row->sparse)
        tensors[1].sparsity = &sparsity;
    if (row->narrower)
        tensors[1].shape.dims[rank - 1] = 1;
    const struct assay_subgraph subgraph = {.tensor_count = INPUTS + 1, .tensors = tensors};
    struct assay_operator op = row->settings;
    op.code = row->code;
    op.inputs = in;
    op.input_count = row->ins;
    op.outputs = out;
    op.output_count = 1;
    return assay_tflite_version(&subgraph, &op);
}

/* What the macro is not given is 0: one that only differs in the type of all its tensors is short. */
#define ROW(name, version, ...) {.code = ASSAY_OPERATOR_##name, .expected = (version), __VA_ARGS__}
#define UNARY(name, version, type) ROW(name, version, .in = {type}, .out = (type), .ins = 1)
#define BINARY(name, version, type) ROW(name, version, .in = {type, type}, .out = (type), .ins = 2)
#define FLAT .settings.conv = {.dilation_h = 1, .dilation_w = 1}

static const struct row rows[] = {
    ROW(CONV_2D, 1, .in = {F32, F32, F32}, .out = F32, .ins = 3, FLAT),
    ROW(CONV_2D, 2, .in = {F32, I8, F32}, .out = F32, .ins = 3, .scales = {0, 1}),
    ROW(CONV_2D, 5, .in = {F32, I8, F32}, .out = F32, .ins = 3, .scales = {0, 2}),
    ROW(CONV_2D, 3, .in = {I8, I8, I32}, .out = I8, .ins = 3, .scales = {1, 2, 2, 1}),
    ROW(CONV_2D, 4, .in = {I16, I8, I64}, .out = I16, .ins = 3, .scales = {1, 2, 2, 1}),
    ROW(CONV_2D, 6, .in = {F32, F32, F32}, .out = F32, .ins = 3, .narrower = true),
    ROW(CONV_2D, 1, .in = {U8, U8, I32}, .out = U8, .ins = 3, .scales = {1, 1, 1, 1}),
    ROW(DEPTHWISE_CONV_2D, 1, .in = {F32, F32, F32}, .out = F32, .ins = 3, FLAT),
    ROW(DEPTHWISE_CONV_2D, 2, .in = {F32, F32, F32}, .out = F32, .ins = 3,
        .settings.conv = {.dilation_h = 1, .dilation_w = 2}),
    ROW(DEPTHWISE_CONV_2D, 3, .in = {I8, I8, I32}, .out = I8, .ins = 3, FLAT),
    ROW(DEPTHWISE_CONV_2D, 4, .in = {F32, I8, F32}, .out = F32, .ins = 3, .scales = {0, 1}, FLAT),
    ROW(DEPTHWISE_CONV_2D, 6, .in = {F32, I8, F32}, .out = F32, .ins = 3, .scales = {0, 2}, FLAT),
    ROW(DEPTHWISE_CONV_2D, 5, .in = {I16, I8, I64}, .out = I16, .ins = 3, FLAT),
    ROW(FULLY_CONNECTED, 1, .in = {F32, F32, F32}, .out = F32, .ins = 3, .rank = 2),
    ROW(FULLY_CONNECTED, 6, .in = {F32, F32}, .out = F32, .ins = 2, .rank = 2),
    ROW(FULLY_CONNECTED, 5, .in = {F32, F32, F32}, .out = F32, .ins = 3, .settings.fully_connected.keep_dims = true),
    ROW(FULLY_CONNECTED, 4, .in = {I8, I8, I32}, .out = I8, .ins = 3, .rank = 2),
    ROW(FULLY_CONNECTED, 7, .in = {I16, I8, I64}, .out = I16, .ins = 3, .rank = 2),
    ROW(FULLY_CONNECTED, 8, .in = {F32, F32, F32}, .out = F32, .ins = 3, .rank = 2, .sparse = true),
    ROW(FULLY_CONNECTED, 8, .in = {I8, I8}, .out = I8, .ins = 2, .rank = 2, .sparse = true),
    ROW(FULLY_CONNECTED, 9, .in = {F32, I8, F32}, .out = F32, .ins = 3, .rank = 2, .scales = {0, 1}),
    ROW(FULLY_CONNECTED, 12, .in = {F32, I8, F32}, .out = F32, .ins = 3, .rank = 2, .scales = {0, 2}),
    BINARY(ADD, 1, F32),
    BINARY(ADD, 2, I8),
    ROW(ADD, 3, .in = {I16, I16}, .out = I16, .ins = 2, .scales = {1, 1, 0, 1}),
    BINARY(ADD, 5, I16),
    BINARY(ADD, 4, I64),
    BINARY(ADD, 6, F16),
    BINARY(SUB, 1, F32),
    BINARY(SUB, 2, I8),
    ROW(SUB, 5, .in = {I16, I16}, .out = I16, .ins = 2, .scales = {1, 1, 0, 1}),
    BINARY(SUB, 4, I64),
    ROW(SUB, 3, .in = {F32, F32}, .out = F32, .ins = 2, .rank = 5, .narrower = true),
    ROW(SUB, 1, .in = {F32, F32}, .out = F32, .ins = 2, .rank = 5),
    BINARY(MUL, 1, F32),
    ROW(MUL, 2, .in = {I8, I8}, .out = I8, .ins = 2, .scales = {1, 1, 0, 1}), /* 0.5 * 0.5 / 0.5 */
    ROW(MUL, 3, .in = {I8, I8}, .out = I8, .ins = 2, .scales = {1, 1, 0, 1}, .large = true),
    BINARY(MUL, 7, I16),
    ROW(MUL, 4, .in = {I16, I16}, .out = I16, .ins = 2, .scales = {1, 1, 0, 1}),
    BINARY(MUL, 5, I64),
    UNARY(AVERAGE_POOL_2D, 1, F32),
    UNARY(AVERAGE_POOL_2D, 2, I8),
    UNARY(MAX_POOL_2D, 3, I16),
    BINARY(CONCATENATION, 1, F32),
    BINARY(CONCATENATION, 2, I8),
    BINARY(CONCATENATION, 3, I16),
    UNARY(SOFTMAX, 1, F32),
    UNARY(SOFTMAX, 2, I8),
    UNARY(SOFTMAX, 3, I16),
    UNARY(LOGISTIC, 2, I8),
    UNARY(LOGISTIC, 3, I16),
    UNARY(TANH, 2, I8),
    UNARY(TANH, 3, I16),
    ROW(MEAN, 2, .in = {I8, I32}, .out = I8, .ins = 2),
    ROW(MEAN, 3, .in = {I16, I32}, .out = I16, .ins = 2),
    ROW(MEAN, 1, .in = {F32, I32}, .out = F32, .ins = 2),
    UNARY(RELU, 1, F32),
    UNARY(RELU, 2, U8),
    UNARY(RELU, 3, I16),
    UNARY(RELU6, 2, I8),
    UNARY(RELU6, 3, I16),
    UNARY(RELU_N1_TO_1, 1, I8),
    UNARY(LEAKY_RELU, 1, I8),
    UNARY(LEAKY_RELU, 2, I16),
    UNARY(HARD_SWISH, 1, I8),
    UNARY(L2_NORMALIZATION, 2, I8),
    UNARY(L2_NORMALIZATION, 1, F32),
    ROW(SPLIT, 1, .in = {I32, F32}, .out = F32, .ins = 2),
    ROW(SPLIT, 2, .in = {I32, I8}, .out = I8, .ins = 2),
    ROW(SPLIT, 3, .in = {I32, I32}, .out = I32, .ins = 2),
    ROW(SPLIT, 4, .in = {I32, I16}, .out = I16, .ins = 2),
    ROW(SPLIT_V, 2, .in = {I8, I32, I32}, .out = I8, .ins = 3),
    ROW(SPLIT_V, 1, .in = {I16, I32, I32}, .out = I16, .ins = 3),
    ROW(SLICE, 1, .in = {F32, I32, I32}, .out = F32, .ins = 3),
    ROW(SLICE, 2, .in = {I8, I32, I32}, .out = I8, .ins = 3),
    ROW(SLICE, 4, .in = {I16, I32, I32}, .out = I16, .ins = 3),
    ROW(SLICE, 5, .in = {I8, I32, I32}, .out = I8, .ins = 3, .rank = 5),
    ROW(STRIDED_SLICE, 1, .in = {F32, I32, I32}, .out = F32, .ins = 3),
    ROW(STRIDED_SLICE, 2, .in = {I8, I32, I32}, .out = I8, .ins = 3),
    ROW(STRIDED_SLICE, 3, .in = {BOOL, I32, I32}, .out = BOOL, .ins = 3),
    ROW(STRIDED_SLICE, 4, .in = {I8, I32, I32}, .out = I8, .ins = 3, .rank = 5),
    ROW(STRIDED_SLICE, 6, .in = {F32, I32, I32}, .out = F32, .ins = 3, .settings.strided_slice.ellipsis_mask = 1),
    ROW(STRIDED_SLICE, 6, .in = {F32, I32, I32}, .out = F32, .ins = 3, .settings.strided_slice.new_axis_mask = 2),
    ROW(STRIDED_SLICE, 8, .in = {F32, I32, I32}, .out = F32, .ins = 3, .settings.strided_slice.offset = true),
    ROW(PAD, 1, .in = {F32, I32}, .out = F32, .ins = 2),
    ROW(PAD, 2, .in = {I8, I32}, .out = I8, .ins = 2),
    ROW(PAD, 3, .in = {I16, I32}, .out = I16, .ins = 2),
    ROW(PAD, 4, .in = {I16, I32}, .out = I16, .ins = 2, .rank = 5),
    ROW(PAD, 5, .in = {BOOL, I32}, .out = BOOL, .ins = 2),
    ROW(TRANSPOSE, 1, .in = {F32, I32}, .out = F32, .ins = 2),
    ROW(TRANSPOSE, 2, .in = {I8, I32}, .out = I8, .ins = 2),
    ROW(TRANSPOSE, 3, .in = {BOOL, I32}, .out = BOOL, .ins = 2),
    ROW(TRANSPOSE, 4, .in = {F32, I32}, .out = F32, .ins = 2, .rank = 5),
    ROW(TRANSPOSE, 5, .in = {I16, I32}, .out = I16, .ins = 2, .rank = 5),
    ROW(TRANSPOSE, 6, .in = {F32, I32}, .out = F32, .ins = 2, .rank = 6),
    ROW(TRANSPOSE, 8, .in = {F32, I32}, .out = F32, .ins = 2, .rank = 7),
    ROW(GATHER, 1, .in = {F32, I32}, .out = F32, .ins = 2),
    ROW(GATHER, 2, .in = {I8, I32}, .out = I8, .ins = 2),
    ROW(GATHER, 3, .in = {BOOL, I32}, .out = BOOL, .ins = 2),
    ROW(GATHER, 4, .in = {I16, I32}, .out = I16, .ins = 2),
    ROW(GATHER, 5, .in = {I8, I32}, .out = I8, .ins = 2, .settings.axis.batch_dims = 1),
    ROW(GATHER, 6, .in = {F32, I16}, .out = F32, .ins = 2),
    ROW(RESIZE_BILINEAR, 1, .in = {F32, I32}, .out = F32, .ins = 2, .settings.resize.align_corners = true),
    ROW(RESIZE_BILINEAR, 2, .in = {I8, I32}, .out = I8, .ins = 2),
    ROW(RESIZE_BILINEAR, 3, .in = {I8, I32}, .out = I8, .ins = 2, .settings.resize.half_pixel_centers = true),
    ROW(RESIZE_BILINEAR, 4, .in = {I16, I32}, .out = I16, .ins = 2),
    ROW(RESIZE_NEAREST_NEIGHBOR, 2, .in = {I8, I32}, .out = I8, .ins = 2),
    ROW(RESIZE_NEAREST_NEIGHBOR, 3, .in = {F32, I32}, .out = F32, .ins = 2, .settings.resize.align_corners = true),
    ROW(RESIZE_NEAREST_NEIGHBOR, 4, .in = {I16, I32}, .out = I16, .ins = 2),
    ROW(QUANTIZE, 1, .in = {F32}, .out = I8, .ins = 1, .scales[OUT] = 1),
    ROW(QUANTIZE, 2, .in = {F32}, .out = I16, .ins = 1, .scales[OUT] = 1),
    ROW(QUANTIZE, 3, .in = {F32}, .out = I8, .ins = 1, .scales[OUT] = 2),
    ROW(DEQUANTIZE, 1, .in = {U8}, .out = F32, .ins = 1, .scales = {1}),
    ROW(DEQUANTIZE, 2, .in = {I8}, .out = F32, .ins = 1, .scales = {1}),
    ROW(DEQUANTIZE, 3, .in = {F16}, .out = F32, .ins = 1),
    ROW(DEQUANTIZE, 3, .in = {I16}, .out = F32, .ins = 1, .scales = {1}),
    ROW(DEQUANTIZE, 5, .in = {I8}, .out = F32, .ins = 1, .scales = {2}),
    BINARY(BATCH_MATMUL, 1, F32),
    BINARY(BATCH_MATMUL, 2, I8),
    BINARY(BATCH_MATMUL, 3, I16),
    ROW(BATCH_MATMUL, 4, .in = {F32, I8}, .out = F32, .ins = 2),
    UNARY(DENSIFY, 1, F32),
    UNARY(RESHAPE, 1, I8),
    UNARY(SQUEEZE, 1, I16),
    BINARY(EXPAND_DIMS, 1, I8),
};

int main(void)
{
    int failures = 0;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const int32_t version = version_of(&rows[i]);
        if (version != rows[i].expected) {
            printf("row %zu, %s: version %d in place of %d\n", i, assay_operator_name(rows[i].code), version,
                   rows[i].expected);
            failures++;
        }
    }
    return failures != 0;
}
