/* The steps that make a layer, each in a file of its own; suites/probe/layer.c takes them in order. */
#ifndef ASSAY_SUITES_PROBE_LAYER_PARTS_H
#define ASSAY_SUITES_PROBE_LAYER_PARTS_H

#include "suites/probe/layer.h"

/* Zeroed memory, aligned to 64 bytes, that the layer owns; NULL if there is none. Any size, 0 as well. */
void *layer_take(struct layer *layer, size_t bytes);

/* Fills real_in, real_weights and real_bias. */
bool layer_fill_reals(struct layer *layer);

/* Fills weights, bias, scales, quantization and input of the problem's mode from the reals. */
bool layer_fill_float(struct layer *layer);
bool layer_fill_hybrid(struct layer *layer);
bool layer_fill_integer(struct layer *layer);
bool layer_fill_quantize(struct layer *layer);

/* All of it for add, whose addend is a second input. */
bool layer_fill_add(struct layer *layer);

/* Puts the numbers of `options.values` in the place of an integer layer's own. */
void layer_overwrite_integers(struct layer *layer);

/* Writes the real inputs to io.in as floats of the mode. */
void layer_write_float_input(struct layer *layer);
/* Symmetric int8 weights from the real ones into `values`; scale[c] of each channel. */
void layer_quantize_weights(const struct layer *layer, int8_t *values, float *scale);

#endif
