/* Small random float networks for tests, as converters of trained networks leave them: layers, what is left of their
 * batch normalization in every form, activations behind, branches, shared weights, constants to be folded. */
#ifndef ASSAY_MODELS_OPTIMIZE_TESTS_RANDOM_NETWORK_H
#define ASSAY_MODELS_OPTIMIZE_TESTS_RANDOM_NETWORK_H

#include "models/graph/draft.h"

struct random {
    uint64_t state;
};
uint32_t random_below(struct random *random, uint32_t limit);
float random_real(struct random *random, float low, float high);

/* The same seed, the same network: one input [1 … 2, h, w, c], one output or more. Never NULL. */
struct assay_graph *random_network(uint64_t seed);

/* `draft` finished, or the test ends. */
struct assay_graph *finish_or_die(const struct assay_draft *draft);

enum { TEST_MEMORY = 64 << 20 };

#endif
