/* Peer: XNNPACK. What its kernels have in common.
 *
 * run is xnn_run_operator and nothing else: for hybrid twice (the dynamic quantization of the input, then the layer),
 * for sparse weights three times (see sparse.c). Weights are packed, and the operator made, in pack; shapes,
 * indirection and pointers are set in prepare. No thread pool is ever given, so everything happens on the calling
 * thread. */
#ifndef ASSAY_SUITES_PEERS_XNNPACK_LAYER_H
#define ASSAY_SUITES_PEERS_XNNPACK_LAYER_H

#include "suites/peers/peer.h"

#include <xnnpack.h>

/* One layer: XNNPACK's operators in the order they run in, and the memory they need. `packed` holds a pointer to it. */
struct xnnpack_layer {
    xnn_operator_t stage[3];
    void *memory;
};

/* A kernel's own part; `*missing` is why this CPU or this build of XNNPACK cannot make its operator, or NULL. */
struct xnnpack_kernel {
    enum xnn_status (*create)(const struct assay_problem *problem, const struct assay_weights *weights,
                              struct xnnpack_layer *layer);
    enum xnn_status (*setup)(const struct assay_problem *problem, const struct assay_io *io,
                             struct xnnpack_layer *layer);
    const char *(*refuses)(const struct assay_problem *problem);
    const char **missing;
};

extern const struct assay_kernel *const xnnpack_fully_connected[],
    *const xnnpack_convolution[], *const xnnpack_sparse[]; /* each ends with NULL */

/* Makes a layer; NULL, or why XNNPACK could not. Deletes one. */
const char *xnnpack_make(const struct assay_kernel *kernel, const struct assay_problem *problem,
                         const struct assay_weights *weights, struct xnnpack_layer **layer);
void xnnpack_delete(struct xnnpack_layer *layer);

/* The life of a layer, the same for all. */
const char *xnnpack_supports(const struct assay_kernel *kernel, const struct assay_problem *problem);
size_t xnnpack_packed_size(const struct assay_kernel *kernel, const struct assay_problem *problem);
bool xnnpack_pack(const struct assay_kernel *kernel, const struct assay_problem *problem,
                  const struct assay_weights *weights, void *packed);
bool xnnpack_prepare(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                     const struct assay_io *io, void *scratch);
void xnnpack_run(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                 const struct assay_io *io, void *scratch);
void xnnpack_release(const struct assay_kernel *kernel, void *packed, void *scratch);

/* Memory of the layer, freed with it or when asked for again: aligned to ASSAY_PACK_ALIGN, with what XNNPACK may read
 * beyond. NULL if there is none. */
void *xnnpack_memory(struct xnnpack_layer *layer, size_t bytes);

/* Per-channel scales of int8 weights for XNNPACK, and f16 weights as f32: to be freed by the caller. NULL: no memory.
 */
float *xnnpack_weight_scales(const struct assay_problem *problem, const struct assay_weights *weights);
float *xnnpack_weights_as_f32(const struct assay_problem *problem, const struct assay_weights *weights);

#define XNNPACK_KERNEL(name_, op_, mode_, structure_, accumulator_, create_, setup_, refuses_)      \
    static const char *name_##_missing;                                                             \
    static const struct xnnpack_kernel name_##_own = {create_, setup_, refuses_, &name_##_missing}; \
    static const struct assay_kernel name_ = {                                                      \
        .name = #name_,                                                                             \
        .origin = "xnnpack",                                                                        \
        .op = op_,                                                                                  \
        .mode = mode_,                                                                              \
        .structure = structure_,                                                                    \
        .accumulator = accumulator_,                                                                \
        .rank = 1,                                                                                  \
        .tile = {1, 1, 1},                                                                          \
        .detail = &name_##_own,                                                                     \
        .supports = xnnpack_supports,                                                               \
        .packed_size = xnnpack_packed_size,                                                         \
        .pack = xnnpack_pack,                                                                       \
        .prepare = xnnpack_prepare,                                                                 \
        .run = xnnpack_run,                                                                         \
        .release = xnnpack_release,                                                                 \
    }

/* fp16: XNNPACK accumulates in f16 where the CPU has that arithmetic, and in f32 on x86. */
#ifdef __x86_64__
#define XNNPACK_F16_ACCUMULATOR ASSAY_ACC_F32
#else
#define XNNPACK_F16_ACCUMULATOR ASSAY_ACC_F16
#endif

#endif
