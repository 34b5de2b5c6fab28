#include "models/run/plan.h"

#include <stdint.h>
#include <stdlib.h>

static size_t padded(const struct assay_plan_block *block)
{
    return (block->bytes + ASSAY_PLAN_ALIGN - 1) / ASSAY_PLAN_ALIGN * ASSAY_PLAN_ALIGN;
}

/* Largest first; then the one that lives first, then by position, so that the plan is the same everywhere. */
static int by_size(const void *left, const void *right)
{
    const struct assay_plan_block *a = *(struct assay_plan_block *const *)left;
    const struct assay_plan_block *b = *(struct assay_plan_block *const *)right;
    if (a->bytes != b->bytes)
        return a->bytes < b->bytes ? 1 : -1;
    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    return a < b ? -1 : a > b;
}

static bool meet(const struct assay_plan_block *a, const struct assay_plan_block *b)
{
    return a->first <= b->last && b->first <= a->last;
}

/* The start of the tightest gap for `block` among `placed`, which are in the order of their offsets. */
static size_t find_gap(const struct assay_plan_block *block, struct assay_plan_block *const *placed, size_t count)
{
    const size_t need = padded(block);
    size_t end = 0, best = SIZE_MAX, best_size = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        if (!meet(block, placed[i]))
            continue;
        const size_t start = placed[i]->offset, after = start + padded(placed[i]);
        if (start > end && start - end >= need && start - end < best_size) {
            best = end;
            best_size = start - end;
        }
        if (after > end)
            end = after;
    }
    return best == SIZE_MAX ? end : best;
}

struct event {
    size_t step, bytes;
    bool dies;
};

/* By step; at one step, what dies before it goes first. */
static int by_step(const void *left, const void *right)
{
    const struct event *a = left, *b = right;
    if (a->step != b->step)
        return a->step < b->step ? -1 : 1;
    return (int)b->dies - (int)a->dies;
}

static size_t bound(const struct assay_plan_block *blocks, size_t count, struct event *events)
{
    for (size_t i = 0; i < count; i++) {
        events[2 * i] = (struct event){blocks[i].first, padded(&blocks[i]), false};
        events[2 * i + 1] = (struct event){blocks[i].last + 1, padded(&blocks[i]), true};
    }
    qsort(events, 2 * count, sizeof(*events), by_step);
    size_t live = 0, most = 0;
    for (size_t i = 0; i < 2 * count; i++) {
        live = events[i].dies ? live - events[i].bytes : live + events[i].bytes;
        most = live > most ? live : most;
    }
    return most;
}

static bool sizes_add_up(const struct assay_plan_block *blocks, size_t count)
{
    size_t sum = 0;
    for (size_t i = 0; i < count; i++)
        if (blocks[i].bytes > SIZE_MAX - ASSAY_PLAN_ALIGN || __builtin_add_overflow(sum, padded(&blocks[i]), &sum))
            return false;
    return true;
}

bool assay_plan_memory(struct assay_plan_block *blocks, size_t count, struct assay_plan *plan)
{
    *plan = (struct assay_plan){0};
    if (count == 0)
        return true;
    if (count > ASSAY_PLAN_MOST || !sizes_add_up(blocks, count))
        return false;
    struct assay_plan_block **order = malloc(2 * count * sizeof(*order));
    struct event *events = malloc(2 * count * sizeof(*events));
    if (!order || !events) {
        free(order);
        free(events);
        return false;
    }
    struct assay_plan_block **placed = order + count;
    for (size_t i = 0; i < count; i++)
        order[i] = &blocks[i];
    qsort(order, count, sizeof(*order), by_size);
    for (size_t i = 0; i < count; i++) {
        order[i]->offset = find_gap(order[i], placed, i);
        size_t at = i;
        for (; at > 0 && placed[at - 1]->offset > order[i]->offset; at--)
            placed[at] = placed[at - 1];
        placed[at] = order[i];
        const size_t end = order[i]->offset + padded(order[i]);
        plan->bytes = end > plan->bytes ? end : plan->bytes;
    }
    plan->lower_bound = bound(blocks, count, events);
    free(order);
    free(events);
    return true;
}
