/* Memory planning: blocks with lifetimes get offsets in one region, so that blocks that live at the same time do not
 * overlap. Greedy by size (Pisarchyk and Lee, Efficient Memory Management for Deep Neural Net Inference, 2020): the
 * largest block first, each into the smallest gap between its neighbours in time that holds it, or behind them all. */
#ifndef ASSAY_MODELS_RUN_PLAN_H
#define ASSAY_MODELS_RUN_PLAN_H

#include <stdbool.h>
#include <stddef.h>

enum {
    ASSAY_PLAN_ALIGN = 64,
    ASSAY_PLAN_MOST = 1 << 14, /* blocks: the effort grows with the square of their number */
};

struct assay_plan_block {
    size_t bytes;
    size_t first, last; /* steps at which it holds something, both inclusive; first <= last */
    size_t offset;      /* the answer: a multiple of ASSAY_PLAN_ALIGN */
};

struct assay_plan {
    size_t bytes;       /* of the region */
    size_t lower_bound; /* the most bytes, rounded up to the alignment, that live at one step */
};

/* Fills in the offsets. False: more than ASSAY_PLAN_MOST blocks, a sum of sizes that no size_t holds, or no memory for
 * the work. */
bool assay_plan_memory(struct assay_plan_block *blocks, size_t count, struct assay_plan *plan);

#endif
