/* Converted networks, run by the executor and judged by f64 (exact.h). What is wrong is printed and counted. */
#ifndef ASSAY_MODELS_OPTIMIZE_TESTS_JUDGE_H
#define ASSAY_MODELS_OPTIMIZE_TESTS_JUDGE_H

#include "models/optimize/tests/exact.h"
#include "models/run/executor.h"

#include <stdio.h>

extern int failures;

#define EXPECT(condition, ...)                                              \
    do {                                                                    \
        if (!(condition)) {                                                 \
            fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #condition); \
            fprintf(stderr, __VA_ARGS__);                                   \
            fputc('\n', stderr);                                            \
            failures++;                                                     \
        }                                                                   \
    } while (0)

/* malloc'd; the same seed, the same numbers. */
float *random_input(const struct assay_subgraph *network, uint64_t seed);

/* With the input in place; the test ends if the network does not run. */
struct assay_executor *make_executor(const struct assay_graph *graph, const char *kernel, const float *input);

/* The outputs of `changed` are those of `original` within the bounds, on the random input of the seed. */
void compare_outputs(const struct assay_graph *original, const struct assay_graph *changed,
                     struct uncertainty constants, uint64_t seed, const char *kernel);

/* Each layer with f32 input and int8 weights gives what its definition does, of its input as it comes to be. Returns
 * how many there were. */
size_t judge_hybrid_layers(const struct assay_graph *graph, uint64_t seed, const char *kernel);

/* CONV_2D, DEPTHWISE_CONV_2D, FULLY_CONNECTED */
bool is_layer(enum assay_operator_code code);

#endif
