#include "suites/plant/plant.h"

#include "suites/check/mutants/mutants.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ABOVE_ALL = 1 << 20 };

#define FOR_EACH_WRONG(WRONG)                                                                             \
    WRONG(rounding, i8_ties_up, GEMM, INT8, I32, mutant_run_i8, TIES_UP)                                  \
    WRONG(rounding_once, i8_single_rounding, GEMM, INT8, I32, mutant_run_i8, SINGLE_ROUNDING)             \
    WRONG(saturation, i8_saturation_missing, GEMM, INT8, I32, mutant_run_i8, SATURATION_MISSING)          \
    WRONG(zero_point, i8_zero_point_ignored, GEMM, INT8, I32, mutant_run_i8, ZERO_POINT_IGNORED)          \
    WRONG(channel_scale, i8_scale_of_first, GEMM, INT8, I32, mutant_run_i8, SCALE_OF_FIRST_CHANNEL)       \
    WRONG(padding, i8_padding_with_zero, CONV, INT8, I32, mutant_run_conv_i8, PADDING_WITH_ZERO)          \
    WRONG(tail, f32_edge_tile_dropped, GEMM, FP32, F32, mutant_run_f32, EDGE_TILE_DROPPED)                \
    WRONG(accumulation, f16_f16_accumulation, GEMM, FP16, F32, mutant_run_f16, F16_ACCUMULATION)          \
    WRONG(row_scale, hybrid_row_scale_of_first, GEMM, HYBRID, I32, mutant_run_hybrid, ROW_SCALE_OF_FIRST) \
    WRONG(twin, i8_twin, GEMM, INT8, I32, mutant_run_i8, MUTATION_NONE)                                   \
    WRONG(twin, conv_i8_twin, CONV, INT8, I32, mutant_run_conv_i8, MUTATION_NONE)                         \
    WRONG(twin, f32_twin, GEMM, FP32, F32, mutant_run_f32, MUTATION_NONE)                                 \
    WRONG(twin, f16_twin, GEMM, FP16, F32, mutant_run_f16, MUTATION_NONE)                                 \
    WRONG(twin, hybrid_twin, GEMM, HYBRID, I32, mutant_run_hybrid, MUTATION_NONE)

#define DEFINE(fault, id, kernel_op, kernel_mode, accumulates, run_fn, kernel_mutation) \
    static const enum mutation id##_mutation = kernel_mutation;                         \
    static const struct assay_kernel id = {                                             \
        .name = "planted_" #id,                                                         \
        .origin = "assay",                                                              \
        .op = ASSAY_OP_##kernel_op,                                                     \
        .mode = ASSAY_MODE_##kernel_mode,                                               \
        .structure = ASSAY_DENSE,                                                       \
        .accumulator = ASSAY_ACC_##accumulates,                                         \
        .rank = ABOVE_ALL,                                                              \
        .tile = {4, 8, 4},                                                              \
        .detail = &id##_mutation,                                                       \
        .packed_size = mutant_packed_size,                                              \
        .pack = mutant_pack,                                                            \
        .scratch_size = mutant_scratch_size,                                            \
        .prepare = mutant_prepare,                                                      \
        .run = run_fn,                                                                  \
    };
FOR_EACH_WRONG(DEFINE)

static const struct {
    const char *fault;
    const struct assay_kernel *kernel;
} wrong[] = {
#define ENTRY(fault, id, ...) {#fault, &id},
    FOR_EACH_WRONG(ENTRY)};

static bool is_twin(size_t i)
{
    return strcmp(wrong[i].fault, "twin") == 0;
}

/* The fault, and correct twins for all that it does not replace: two such runs differ in the fault alone. */
static bool plant_wrong(const char *fault, struct planted_list *list)
{
    enum { ALL = sizeof(wrong) / sizeof(wrong[0]) };
    const struct assay_kernel *found = NULL;
    bool known = false;
    list->items = malloc(ALL * sizeof(*list->items));
    for (size_t i = 0; i < ALL && !found; i++) {
        known = known || strcmp(wrong[i].fault, fault) == 0;
        if (strcmp(wrong[i].fault, fault) == 0 && !is_twin(i))
            found = wrong[i].kernel;
    }
    for (size_t i = 0; list->items && i < ALL; i++)
        if (wrong[i].kernel == found ||
            (is_twin(i) && !(found && wrong[i].kernel->op == found->op && wrong[i].kernel->mode == found->mode)))
            list->items[list->count++] = wrong[i].kernel;
    if (!known)
        fprintf(stderr, PLANT_VARIABLE ": there is no fault '%s'\n", fault);
    return known && list->items;
}

static bool plant(struct planted_list *list)
{
    const char *asked = getenv(PLANT_VARIABLE);
    if (!asked || !*asked)
        return plant_slow(list);
    if (strncmp(asked, "more=", 5) == 0)
        return plant_more(asked + 5, list);
    if (strncmp(asked, "wrong=", 6) == 0)
        return plant_wrong(asked + 6, list);
    fprintf(stderr, PLANT_VARIABLE ": '%s' is none of more=… and wrong=…\n", asked);
    return false;
}

__attribute__((visibility("default"))) const struct assay_plugin *assay_plugin(uint64_t features);

const struct assay_plugin *assay_plugin(uint64_t features)
{
    static struct planted_list list;
    static struct assay_plugin plugin = {.version = ASSAY_PLUGIN_VERSION, .name = "planted", .release = "1"};
    (void)features;
    if (!plant(&list))
        return NULL;
    plugin.count = list.count;
    plugin.kernels = list.items;
    return &plugin;
}
