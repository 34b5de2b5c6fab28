/* What the TFLite 8-bit specification asks of each operator in integers, and the numbers of its affine quantization,
 * real = scale * (q - zero). For integer*.c alone. */
#ifndef ASSAY_MODELS_OPTIMIZE_INTEGER_FORM_H
#define ASSAY_MODELS_OPTIMIZE_INTEGER_FORM_H

#include "models/graph/graph.h"

enum assay_integer_form {
    ASSAY_INTEGER_NONE,   /* the operator has no integer form here */
    ASSAY_INTEGER_LAYER,  /* weights and bias: CONV_2D, DEPTHWISE_CONV_2D, FULLY_CONNECTED */
    ASSAY_INTEGER_FREE,   /* inputs and outputs each have their own parameters */
    ASSAY_INTEGER_SHARED, /* inputs and outputs have the same parameters */
    ASSAY_INTEGER_FIXED,  /* the output's parameters are a constant of the specification */
};
enum assay_integer_form assay_integer_form_of(enum assay_operator_code code);

struct assay_parameters {
    float scale;
    int64_t zero;
};

/* Of operators whose form is FIXED; type i8 or i16. */
struct assay_parameters assay_integer_fixed(enum assay_operator_code code, enum assay_tensor_type type);

/* For activations that lie in [low, high], which holds 0. i8: asymmetric, 255 steps over the range, 0 exactly at the
 * zero point. i16: symmetric, 32767 steps to the larger end, zero point 0. A range of nothing but 0 gets the scale 1;
 * no scale is less than 1e-12, below which products of scales would leave the range of f32. */
struct assay_parameters assay_integer_parameters(enum assay_tensor_type type, double low, double high);

/* The reals that the parameters reach. */
void assay_integer_reach(enum assay_tensor_type type, struct assay_parameters p, double *low, double *high);

/* round(x / scale) + zero, halves away from zero, cut at the type's ends: what QUANTIZE computes. */
int32_t assay_integer_of(enum assay_tensor_type type, float real, struct assay_parameters p);

#endif
