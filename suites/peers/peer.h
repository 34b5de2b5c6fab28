/* What the adapters of peers share. A peer is one shared object that exports `assay_plugin` (kernels/core/kernel.h).
 *
 * The rules for all of them:
 *   one thread, whatever the library's default and the environment say;
 *   supports() refuses what the library cannot compute; nothing else is ever computed in its place;
 *   weights are handed over in pack, shapes and pointers in prepare: run is what a network's steady state would
 * execute. Libraries may read some bytes past the end of the input (ASSAY_PEER_OVERREAD): whoever calls a peer leaves
 * them readable. */
#ifndef ASSAY_SUITES_PEERS_PEER_H
#define ASSAY_SUITES_PEERS_PEER_H

#include "kernels/core/kernel.h"

#define ASSAY_PEER_OVERREAD 128
#define ASSAY_PEER_EXPORT __attribute__((visibility("default")))

/* conv and dwconv in the terms that libraries share: grouped, and with the padding of all four sides. */
struct assay_peer_window {
    ASSAY_WINDOW_IN_SHAPE
    size_t pad_bottom, pad_right, in_stride, out_stride;
    size_t groups, group_in, group_out; /* channels of a group */
};

/* NULL, or why the problem has no such form: then *window is not to be used. */
const char *assay_peer_window(const struct assay_problem *problem, struct assay_peer_window *window);

/* True for a problem without outputs, or without inputs to sum: the libraries refuse them. */
bool assay_peer_is_empty(const struct assay_problem *problem);

/* The scale of channel c's int8 weights, from the multiplier and shift that stand for in_scale * scale / out_scale. A
 * factor that became 0 is given as the smallest that libraries accept. */
float assay_peer_weight_scale(const struct assay_problem *problem, const struct assay_weights *weights, size_t c);

/* Lanes that hide features of an x86-64 CPU (--without) hold a peer to what is left, or it would be compared with
 * kernels that may not use as much. The instruction sets that libraries tell apart: */
enum assay_peer_x86 {
    ASSAY_PEER_UNRESTRICTED, /* nothing is hidden: the library chooses, as it always does */
    ASSAY_PEER_SSE2,
    ASSAY_PEER_SSE41,
    ASSAY_PEER_AVX2,
    ASSAY_PEER_AVX512,
    ASSAY_PEER_AVX512VNNI,
};
/* The greatest that `features` allow. */
enum assay_peer_x86 assay_peer_x86_allowed(uint64_t features);

#endif
