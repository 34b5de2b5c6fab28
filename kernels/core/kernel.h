/* A kernel: one way to compute one kind of layer. Ours, a baseline, a peer's or a vendor's: all fill this descriptor,
 * so that whatever is checked, measured or selected is so for all alike.
 *
 * The life of a layer:
 *   supports -> packed_size, pack (once for its weights) -> scratch_size, prepare (once for its buffers) -> run (often)
 *   -> release (peers that own something)
 * Kernels of ours allocate nothing, keep no state and do no I/O: all memory is the caller's. They may be called from
 * several threads with separate scratch. */
#ifndef ASSAY_KERNELS_CORE_KERNEL_H
#define ASSAY_KERNELS_CORE_KERNEL_H

#include "kernels/core/features.h"
#include "kernels/core/problem.h"
#include "kernels/quantize/dynamic.h"

/* Alignment that the caller gives packed weights and scratch. Inputs and outputs have only that of their elements. */
#define ASSAY_PACK_ALIGN 64

/* The block of the output that a kernel computes at once, and the inputs it takes in one step: where its edges are.
 * 1 where there is none. For tests, which visit tile - 1, tile, tile + 1; and for people. */
struct assay_tile {
    size_t m, n, k;
};

struct assay_kernel {
    const char *name;   /* op_signature[_layout]_isa[_tile][_variant], unique, also the symbol */
    const char *origin; /* "assay", or who else made it */
    enum assay_op op;
    enum assay_mode mode;
    enum assay_structure structure;
    enum assay_accumulator accumulator;
    uint64_t features; /* ASSAY_FEATURE_* that the CPU must have */
    int rank;          /* selection tries the highest first; baselines are below 0 */
    struct assay_tile tile;
    /* For scalable vectors: tile.m or tile.n at this CPU's vector length, in place of the constant. NULL elsewhere. */
    size_t (*tile_m)(void);
    size_t (*tile_n)(void);
    const void *detail; /* the folder's own */

    /* NULL if the kernel computes this problem; else, in a few words, why not. op, mode and structure are known to
     * match, and the problem to be valid. A NULL function supports every such problem. */
    const char *(*supports)(const struct assay_kernel *kernel, const struct assay_problem *problem);

    /* What one run is expected to take, in cycles of the core that the kernel was tuned on, with warm buffers: a model
     * made of the kernel's tile and shape of the problem, fitted to measurements (docs/selection.md). Only the order
     * of two kernels' costs for the same problem means anything. The problem is one that it supports. A NULL function,
     * or a NaN: none is known, and the kernel is chosen by rank alone. */
    double (*cost)(const struct assay_kernel *kernel, const struct assay_problem *problem);

    /* Bytes of the packed weights; 0 is allowed. */
    size_t (*packed_size)(const struct assay_kernel *kernel, const struct assay_problem *problem);
    /* Fills `packed`, aligned to ASSAY_PACK_ALIGN. False: a peer failed (ours cannot). */
    bool (*pack)(const struct assay_kernel *kernel, const struct assay_problem *problem,
                 const struct assay_weights *weights, void *packed);

    /* Bytes that run needs beside: 0 where NULL. */
    size_t (*scratch_size)(const struct assay_kernel *kernel, const struct assay_problem *problem);
    /* Once before the first run, and again whenever a pointer of `io`, `packed` or `scratch` changed: pointers are
     * worked out here, contents of `io` are not read. NULL: nothing to do. False: a peer failed. */
    bool (*prepare)(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                    const struct assay_io *io, void *scratch);
    void (*run)(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                const struct assay_io *io, void *scratch);

    /* hybrid: folds the least and the largest of `count` inputs into *min and *max, which begin at 0. A group of rows
     * that share a range (assay_problem_groups) may so be looked at in pieces, by several threads: the folds of all,
     * folded, make the group's parameters (assay_row_quantization_of), and run takes them (group_parameters of struct
     * assay_io) for any part of the group. NULL: run finds ranges itself, always. */
    void (*fold_range)(const struct assay_kernel *kernel, const float *x, size_t count, float *min, float *max);

    /* Frees what a peer's pack or prepare took. NULL for kernels of ours. */
    void (*release)(const struct assay_kernel *kernel, void *packed, void *scratch);
};

/* Where a kernel's edges are on this CPU. */
struct assay_tile assay_kernel_tile(const struct assay_kernel *kernel);

/* All kernels compiled into this program for one operation, in the order of their registration. */
const struct assay_kernel *const *assay_kernels(enum assay_op op, size_t *count);

/* A vendor's or peer's shared object exports this one symbol. `features` are those of the CPU. The array and what it
 * points to live as long as the object stays loaded. ASSAY_PLUGIN_VERSION changes whenever a structure here does. */
#define ASSAY_PLUGIN_VERSION 4
#define ASSAY_PLUGIN_SYMBOL "assay_plugin"
struct assay_plugin {
    uint32_t version; /* ASSAY_PLUGIN_VERSION at its compilation */
    const char *name, *release;
    size_t count;
    const struct assay_kernel *const *kernels;
};
typedef const struct assay_plugin *assay_plugin_fn(uint64_t features);

#endif
