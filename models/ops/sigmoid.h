/* LOGISTIC and TANH, which are one function: tanh(x) = 2 logistic(2x) - 1. What they share in integers. */
#ifndef ASSAY_MODELS_OPS_SIGMOID_H
#define ASSAY_MODELS_OPS_SIGMOID_H

#include "models/ops/op.h"

enum { ASSAY_SIGMOID_ENTRIES = 256 };

struct assay_sigmoid {
    int32_t zero;              /* int8: of the input */
    int32_t radius;            /* int8: inputs so far from zero or farther give the end of the range */
    int32_t multiplier, shift; /* int8: to Q4.27, as assay_rescale(). int16: to 1/(3 * 4096), then a right shift */
    uint16_t table[ASSAY_SIGMOID_ENTRIES]; /* int16: logistic(i / 24) * 2^16, nearly */
};

/* shape(): the output of int8 has this scale and zero point. */
bool assay_sigmoid_shape(struct assay_node *node, float scale, int64_t zero, struct assay_model_error *error);

/* prepare(): integers have an assay_sigmoid for a state. `largest_shift`: an int16 input whose scale is 2^(s - 12), s
 * in [0, largest_shift], is only shifted. */
bool assay_sigmoid_prepare(struct assay_node *node, struct assay_arena *arena, int largest_shift,
                           struct assay_model_error *error);

struct assay_sigmoid_functions {
    float (*f32)(float x);
    int32_t (*i8)(int32_t x); /* of Q4.27, within 15 of 0, as the output has it, but not yet clamped */
    int16_t (*i16)(const struct assay_sigmoid *sigmoid, int16_t x);
};

/* run(), by the input's type. */
void assay_sigmoid_run(struct assay_node *node, const struct assay_sigmoid_functions *functions);

/* An int16 input as a multiple of 1 / (3 * 4096). */
int32_t assay_sigmoid_input(const struct assay_sigmoid *sigmoid, int16_t x);

#endif
