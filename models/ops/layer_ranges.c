#include "models/ops/layer_ranges.h"

#include <sched.h>
#include <stdatomic.h>
#include <string.h>

/* One piece's share of a group: no threads write to the same line of a cache. */
struct assay_layer_fold {
    _Alignas(ASSAY_PACK_ALIGN) float min, max;
};

/* Each on a line of its own: one is written by all threads, the other read by all until it is written. */
struct assay_layer_meeting {
    _Alignas(ASSAY_PACK_ALIGN) atomic_size_t found;  /* pieces, of all runs so far */
    _Alignas(ASSAY_PACK_ALIGN) atomic_size_t merged; /* those of them that `parameters` are made of */
};

bool assay_layer_shares_ranges(const struct assay_kernel *kernel, const struct assay_layer_part *parts, size_t count)
{
    if (parts[0].problem.mode != ASSAY_MODE_HYBRID || !kernel->fold_range ||
        assay_problem_groups(&parts[0].problem).rows < 2)
        return false;
    for (size_t i = 1; i < count; i++)
        if (parts[i].first_group == parts[i - 1].first_group)
            return true;
    return false;
}

size_t assay_layer_ranges_bytes(const struct assay_problem *problem, size_t parts)
{
    const size_t groups = assay_problem_groups(problem).count;
    return sizeof(struct assay_layer_meeting) +
           groups * (parts * sizeof(struct assay_layer_fold) + sizeof(struct assay_row_quantization));
}

struct assay_layer_ranges assay_layer_ranges_make(const struct assay_kernel *kernel,
                                                  const struct assay_problem *problem, size_t parts, void *memory)
{
    struct assay_layer_ranges ranges = {.kernel = kernel, .problem = *problem, .pieces = parts, .meeting = memory};
    ranges.folds = (struct assay_layer_fold *)(ranges.meeting + 1);
    ranges.parameters = (struct assay_row_quantization *)(ranges.folds + parts * assay_problem_groups(problem).count);
    return ranges;
}

static void fold_rows(const struct assay_layer_ranges *ranges, size_t first, size_t end, struct assay_layer_fold *fold)
{
    const struct assay_rows in = assay_problem_in_rows(&ranges->problem);
    const bool gaps = in.stride != in.columns;
    const size_t runs = gaps ? end - first : 1, length = gaps ? in.columns : (end - first) * in.columns;
    for (size_t r = 0; r < runs; r++)
        ranges->kernel->fold_range(ranges->kernel, ranges->in + (first + r) * in.stride, length, &fold->min,
                                   &fold->max);
}

void assay_layer_ranges_find(void *context, size_t i)
{
    const struct assay_layer_ranges *ranges = context;
    const struct assay_groups groups = assay_problem_groups(&ranges->problem);
    const size_t rows = assay_problem_in_rows(&ranges->problem).rows;
    const size_t end = rows * (i + 1) / ranges->pieces;
    struct assay_layer_fold *folds = ranges->folds + i * groups.count;
    memset(folds, 0, groups.count * sizeof(*folds));
    for (size_t row = rows * i / ranges->pieces; row < end;) {
        const size_t group = row / groups.rows, last = assay_min((group + 1) * groups.rows, end);
        fold_rows(ranges, row, last, &folds[group]);
        row = last;
    }
}

void assay_layer_ranges_merge(const struct assay_layer_ranges *ranges)
{
    const size_t groups = assay_problem_groups(&ranges->problem).count;
    for (size_t g = 0; g < groups; g++) {
        struct assay_layer_fold all = {.min = 0.0f, .max = 0.0f};
        for (size_t i = 0; i < ranges->pieces; i++) {
            const struct assay_layer_fold *fold = &ranges->folds[i * groups + g];
            const float ends[] = {fold->min, fold->max};
            ranges->kernel->fold_range(ranges->kernel, ends, 2, &all.min, &all.max);
        }
        ranges->parameters[g] = assay_row_quantization_of(all.min, all.max);
    }
}

void assay_layer_ranges_share(struct assay_layer_ranges *ranges, size_t i)
{
    enum { SPINS = 4096 }; /* where there are fewer cores than threads, one that waits lets others run */
    struct assay_layer_meeting *meeting = ranges->meeting;
    assay_layer_ranges_find(ranges, i);
    const size_t found = atomic_fetch_add_explicit(&meeting->found, 1, memory_order_acq_rel) + 1;
    if (found % ranges->pieces == 0) { /* the last of this run */
        assay_layer_ranges_merge(ranges);
        atomic_store_explicit(&meeting->merged, found, memory_order_release);
        return;
    }
    for (size_t spins = 1; atomic_load_explicit(&meeting->merged, memory_order_acquire) < found; spins++)
        if (spins % SPINS == 0)
            sched_yield();
}
