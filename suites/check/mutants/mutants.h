/* Kernels that are wrong on purpose. Each is a correct kernel, the twin, with one fault; check must let the twins pass
 * and catch all others. What ought to catch each stands beside it: if something else does, the check that was meant is
 * asleep. */
#ifndef ASSAY_SUITES_CHECK_MUTANTS_MUTANTS_H
#define ASSAY_SUITES_CHECK_MUTANTS_MUTANTS_H

#include "kernels/core/kernel.h"

enum mutation {
    MUTATION_NONE,
    /* memory */
    EDGE_TILE_DROPPED,
    READ_PAST_END,
    READ_BEFORE_START,
    READ_GAP,
    WRITE_PAST_END,
    WRITE_BEFORE_START,
    WRITE_GAP,
    WRITE_INPUT,
    WRITE_PACKED,
    WRITE_PAST_PACKED,
    WEIGHTS_KEPT,
    SCRATCH_TOO_SMALL,
    /* state */
    SCRATCH_UNINITIALISED,
    STATE_FROM_LAST_RUN,
    POINTERS_STALE,
    INPUT_READ_IN_PREPARE,
    ILLEGAL_INSTRUCTION,
    ENDLESS_LOOP,
    /* numbers */
    K_TAIL_OFF_BY_ONE,
    BIAS_OF_NEIGHBOUR,
    ACTIVATION_MISSING,
    NAN_SWALLOWED,
    DENORMALS_FLUSHED,
    F16_ACCUMULATION,
    TIES_UP,
    SINGLE_ROUNDING,
    SATURATION_MISSING,
    ZERO_POINT_IGNORED,
    SCALE_OF_FIRST_CHANNEL,
    PADDING_WITH_ZERO,
    ROW_SCALE_OF_FIRST,
};

/* The symbol ASSAY_MUTANT_SYMBOL of the plugin: `count` expectations, one for each of its kernels in the same order. */
#define ASSAY_MUTANT_SYMBOL "assay_mutant_signs"
struct mutant_sign {
    const char *kernel;
    const char *sign; /* part of the message that catches it; NULL: a twin, nothing may catch it */
};

/* The twins' functions: kernel->detail points to the mutation. */
size_t mutant_packed_size(const struct assay_kernel *kernel, const struct assay_problem *problem);
bool mutant_pack(const struct assay_kernel *kernel, const struct assay_problem *problem,
                 const struct assay_weights *weights, void *packed);
size_t mutant_scratch_size(const struct assay_kernel *kernel, const struct assay_problem *problem);
bool mutant_prepare(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                    const struct assay_io *io, void *scratch);
typedef void mutant_run_fn(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                           const struct assay_io *io, void *scratch);
mutant_run_fn mutant_run_f32, mutant_run_f16, mutant_run_i8, mutant_run_conv_i8, mutant_run_hybrid, mutant_run_add_i8;

/* In assembly (state_<arch>.S): each calls mutant_run_f32 and breaks one rule of the ABI. */
mutant_run_fn mutant_clobber_register, mutant_clobber_vector, mutant_change_rounding, mutant_change_flag,
    mutant_write_stack;

static inline enum mutation mutation_of(const struct assay_kernel *kernel)
{
    return *(const enum mutation *)kernel->detail;
}

#endif
