/* The list of mutants, and the plugin that they are. */
#include "suites/check/mutants/mutants.h"

#define FOR_EACH_MUTANT(MUTANT)                                                                                        \
    MUTANT(gemm_f32_twin, GEMM, FP32, F32, mutant_run_f32, MUTATION_NONE, NULL)                                        \
    MUTANT(gemm_f32_edge_tile_dropped, GEMM, FP32, F32, mutant_run_f32, EDGE_TILE_DROPPED, "got nan, exactly")         \
    MUTANT(gemm_f32_read_past_end, GEMM, FP32, F32, mutant_run_f32, READ_PAST_END,                                     \
           "0 bytes past the end of the input")                                                                        \
    MUTANT(gemm_f32_read_before_start, GEMM, FP32, F32, mutant_run_f32, READ_BEFORE_START,                             \
           "1 bytes before the start of the input")                                                                    \
    MUTANT(gemm_f32_read_gap, GEMM, FP32, F32, mutant_run_f32, READ_GAP, "allowed error")                              \
    MUTANT(gemm_f32_write_past_end, GEMM, FP32, F32, mutant_run_f32, WRITE_PAST_END,                                   \
           "0 bytes past the end of the output")                                                                       \
    MUTANT(gemm_f32_write_before_start, GEMM, FP32, F32, mutant_run_f32, WRITE_BEFORE_START,                           \
           "writes outside of the output")                                                                             \
    MUTANT(gemm_f32_write_gap, GEMM, FP32, F32, mutant_run_f32, WRITE_GAP, "gaps between rows")                        \
    MUTANT(gemm_f32_write_input, GEMM, FP32, F32, mutant_run_f32, WRITE_INPUT, "of the input, forbidden here")         \
    MUTANT(gemm_f32_write_packed, GEMM, FP32, F32, mutant_run_f32, WRITE_PACKED, "of the packed weights, forbidden")   \
    MUTANT(gemm_f32_write_past_packed, GEMM, FP32, F32, mutant_run_f32, WRITE_PAST_PACKED,                             \
           "past the end of the packed weights")                                                                       \
    MUTANT(gemm_f32_weights_kept, GEMM, FP32, F32, mutant_run_f32, WEIGHTS_KEPT, "of the weights, forbidden here")     \
    MUTANT(gemm_f32_scratch_too_small, GEMM, FP32, F32, mutant_run_f32, SCRATCH_TOO_SMALL, "the scratch")              \
    MUTANT(gemm_f32_scratch_uninitialised, GEMM, FP32, F32, mutant_run_f32, SCRATCH_UNINITIALISED, "got nan, exactly") \
    MUTANT(gemm_f32_state_from_last_run, GEMM, FP32, F32, mutant_run_f32, STATE_FROM_LAST_RUN, "run again: row")       \
    MUTANT(gemm_f32_pointers_stale, GEMM, FP32, F32, mutant_run_f32, POINTERS_STALE, "odd addresses, used scratch: ")  \
    MUTANT(gemm_f32_input_read_in_prepare, GEMM, FP32, F32, mutant_run_f32, INPUT_READ_IN_PREPARE,                     \
           "byte 0 of the input, forbidden here")                                                                      \
    MUTANT(gemm_f32_illegal_instruction, GEMM, FP32, F32, mutant_run_f32, ILLEGAL_INSTRUCTION, "SIGILL")               \
    MUTANT(gemm_f32_endless_loop, GEMM, FP32, F32, mutant_run_f32, ENDLESS_LOOP, "still running")                      \
    MUTANT(gemm_f32_clobber_register, GEMM, FP32, F32, mutant_clobber_register, MUTATION_NONE, "callee-saved")         \
    MUTANT(gemm_f32_clobber_vector, GEMM, FP32, F32, mutant_clobber_vector, MUTATION_NONE, VECTOR_SIGN)                \
    MUTANT(gemm_f32_change_rounding, GEMM, FP32, F32, mutant_change_rounding, MUTATION_NONE, "rounding")               \
    MUTANT(gemm_f32_change_flag, GEMM, FP32, F32, mutant_change_flag, MUTATION_NONE, FLAG_SIGN)                        \
    MUTANT(gemm_f32_write_stack, GEMM, FP32, F32, mutant_write_stack, MUTATION_NONE, "the stack of its caller")        \
    MUTANT(gemm_f32_k_tail_off_by_one, GEMM, FP32, F32, mutant_run_f32, K_TAIL_OFF_BY_ONE, "allowed error")            \
    MUTANT(gemm_f32_bias_of_neighbour, GEMM, FP32, F32, mutant_run_f32, BIAS_OF_NEIGHBOUR, "allowed error")            \
    MUTANT(gemm_f32_activation_missing, GEMM, FP32, F32, mutant_run_f32, ACTIVATION_MISSING, "allowed error")          \
    MUTANT(gemm_f32_nan_swallowed, GEMM, FP32, F32, mutant_run_f32, NAN_SWALLOWED, "exactly nan")                      \
    MUTANT(gemm_f32_denormals_flushed, GEMM, FP32, F32, mutant_run_f32, DENORMALS_FLUSHED, "got 0, exactly")           \
    MUTANT(gemm_f16_twin, GEMM, FP16, F32, mutant_run_f16, MUTATION_NONE, NULL)                                        \
    MUTANT(gemm_f16_f16_accumulation, GEMM, FP16, F32, mutant_run_f16, F16_ACCUMULATION, "allowed error")              \
    MUTANT(gemm_i8_twin, GEMM, INT8, I32, mutant_run_i8, MUTATION_NONE, NULL)                                          \
    MUTANT(gemm_i8_ties_up, GEMM, INT8, I32, mutant_run_i8, TIES_UP, "must be")                                        \
    MUTANT(gemm_i8_single_rounding, GEMM, INT8, I32, mutant_run_i8, SINGLE_ROUNDING, "must be")                        \
    MUTANT(gemm_i8_saturation_missing, GEMM, INT8, I32, mutant_run_i8, SATURATION_MISSING, "must be")                  \
    MUTANT(gemm_i8_zero_point_ignored, GEMM, INT8, I32, mutant_run_i8, ZERO_POINT_IGNORED, "must be")                  \
    MUTANT(gemm_i8_scale_of_first_channel, GEMM, INT8, I32, mutant_run_i8, SCALE_OF_FIRST_CHANNEL, "must be")          \
    MUTANT(conv_i8_twin, CONV, INT8, I32, mutant_run_conv_i8, MUTATION_NONE, NULL)                                     \
    MUTANT(conv_i8_padding_with_zero, CONV, INT8, I32, mutant_run_conv_i8, PADDING_WITH_ZERO, "must be")               \
    MUTANT(add_i8_twin, ADD, INT8, I32, mutant_run_add_i8, MUTATION_NONE, NULL)                                        \
    MUTANT(add_i8_ties_up, ADD, INT8, I32, mutant_run_add_i8, TIES_UP, "must be")                                      \
    MUTANT(add_i8_single_rounding, ADD, INT8, I32, mutant_run_add_i8, SINGLE_ROUNDING, "must be")                      \
    MUTANT(add_i8_zero_point_ignored, ADD, INT8, I32, mutant_run_add_i8, ZERO_POINT_IGNORED, "must be")                \
    MUTANT(add_i8_read_past_end, ADD, INT8, I32, mutant_run_add_i8, READ_PAST_END, "past the end of the addend")       \
    MUTANT(gemm_hybrid_twin, GEMM, HYBRID, I32, mutant_run_hybrid, MUTATION_NONE, NULL)                                \
    MUTANT(gemm_hybrid_row_scale_of_first, GEMM, HYBRID, I32, mutant_run_hybrid, ROW_SCALE_OF_FIRST, "allowed error")

#if defined(__x86_64__)
#define VECTOR_SIGN "x87 stack"
#define FLAG_SIGN "direction flag"
#elif defined(__aarch64__)
#define VECTOR_SIGN "register d15"
#define FLAG_SIGN "FPCR"
#else
#define VECTOR_SIGN "register fs11"
#define FLAG_SIGN "register tp"
#endif

#define DEFINE(kernel_name, kernel_op, kernel_mode, accumulates, run_fn, kernel_mutation, sign) \
    static const enum mutation kernel_name##_mutation = kernel_mutation;                        \
    static const struct assay_kernel kernel_name = {                                            \
        .name = #kernel_name,                                                                   \
        .origin = "assay",                                                                      \
        .op = ASSAY_OP_##kernel_op,                                                             \
        .mode = ASSAY_MODE_##kernel_mode,                                                       \
        .accumulator = ASSAY_ACC_##accumulates,                                                 \
        .tile = {4, 8, 4},                                                                      \
        .detail = &kernel_name##_mutation,                                                      \
        .packed_size = mutant_packed_size,                                                      \
        .pack = mutant_pack,                                                                    \
        .scratch_size = mutant_scratch_size,                                                    \
        .prepare = mutant_prepare,                                                              \
        .run = run_fn,                                                                          \
    };
FOR_EACH_MUTANT(DEFINE)

#define ADDRESS(kernel_name, ...) &kernel_name,
static const struct assay_kernel *const kernels[] = {FOR_EACH_MUTANT(ADDRESS)};

#define EXPECT(kernel_name, kernel_op, kernel_mode, accumulates, run_fn, kernel_mutation, sign) {#kernel_name, sign},
__attribute__((visibility("default"))) extern const struct mutant_sign assay_mutant_signs[];
const struct mutant_sign assay_mutant_signs[] = {FOR_EACH_MUTANT(EXPECT)};

static const struct assay_plugin plugin = {ASSAY_PLUGIN_VERSION, "mutants", "1", sizeof(kernels) / sizeof(kernels[0]),
                                           kernels};

__attribute__((visibility("default"))) assay_plugin_fn assay_plugin;
const struct assay_plugin *assay_plugin(uint64_t features)
{
    (void)features;
    return &plugin;
}
