/* Inputs for a network that is measured: what they are matters little to its speed, that they are finite and the same
 * everywhere does. */
#ifndef ASSAY_SUITES_BENCH_INPUTS_H
#define ASSAY_SUITES_BENCH_INPUTS_H

#include "models/ops/op.h"

/* Bytes of a value as it is in this execution; false on overflow. */
bool inputs_bytes(const struct assay_value *value, size_t *bytes);

/* Fills `data`, of inputs_bytes(), for input number `index`. Reals are uniform within [-1, 1), from the seed alone: the
 * same for a network in every mode, and on every target. Where the input is quantized, they are quantized by its scale
 * and zero point; integers that stand for no reals (indexes, tokens) and truth values are 0. */
void inputs_draw(uint64_t seed, size_t index, const struct assay_value *value, void *data);

#endif
