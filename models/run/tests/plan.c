/* The planner against an independent judge: no two blocks that live at one step share a byte, the region holds them
 * all, and the lower bound is what a count of every step gives. */
#include "models/run/plan.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static int failures;

static void expect(bool good, const char *what, size_t round)
{
    if (good)
        return;
    fprintf(stderr, "round %zu: %s\n", round, what);
    failures++;
}

static size_t rounded(size_t bytes)
{
    return (bytes + ASSAY_PLAN_ALIGN - 1) / ASSAY_PLAN_ALIGN * ASSAY_PLAN_ALIGN;
}

static void judge(const struct assay_plan_block *blocks, size_t count, const struct assay_plan *plan, size_t steps,
                  size_t round)
{
    for (size_t i = 0; i < count; i++) {
        expect(blocks[i].offset % ASSAY_PLAN_ALIGN == 0, "a block is not aligned", round);
        expect(blocks[i].offset + blocks[i].bytes <= plan->bytes, "a block leaves the region", round);
        for (size_t j = 0; j < i; j++) {
            const bool together = !(blocks[i].last < blocks[j].first || blocks[j].last < blocks[i].first);
            const bool apart = blocks[i].offset + blocks[i].bytes <= blocks[j].offset ||
                               blocks[j].offset + blocks[j].bytes <= blocks[i].offset;
            expect(!together || apart || blocks[i].bytes == 0 || blocks[j].bytes == 0, "two blocks overlap", round);
        }
    }
    size_t most = 0;
    for (size_t s = 0; s < steps; s++) {
        size_t live = 0;
        for (size_t i = 0; i < count; i++)
            if (blocks[i].first <= s && s <= blocks[i].last)
                live += rounded(blocks[i].bytes);
        most = live > most ? live : most;
    }
    expect(most == plan->lower_bound, "the lower bound is another", round);
    expect(plan->bytes >= plan->lower_bound, "the region is smaller than the lower bound", round);
}

static uint64_t counter = 1;
static uint64_t draw(uint64_t below)
{
    counter = counter * 6364136223846793005u + 1442695040888963407u;
    return (counter >> 33) % below;
}

int main(void)
{
    enum { MOST = 60, STEPS = 40, ROUNDS = 500 };
    struct assay_plan plan;
    struct assay_plan_block blocks[MOST];
    for (size_t round = 0; round < ROUNDS; round++) {
        const size_t count = round % (MOST + 1);
        for (size_t i = 0; i < count; i++) {
            const size_t first = draw(STEPS), length = draw(8);
            blocks[i] = (struct assay_plan_block){
                .bytes = draw(5000), .first = first, .last = first + length < STEPS ? first + length : STEPS - 1};
        }
        expect(assay_plan_memory(blocks, count, &plan), "no plan", round);
        judge(blocks, count, &plan, STEPS, round);
    }

    /* A chain, each block living with the next: two regions of the largest are enough, and that is the bound. */
    for (size_t i = 0; i < 10; i++)
        blocks[i] = (struct assay_plan_block){.bytes = 640, .first = i, .last = i + 1};
    expect(assay_plan_memory(blocks, 10, &plan), "no plan of a chain", 0);
    expect(plan.bytes == 1280 && plan.lower_bound == 1280, "a chain takes more than two of its blocks", 0);

    blocks[0] = blocks[1] = (struct assay_plan_block){.bytes = SIZE_MAX / 2 + 64, .first = 0, .last = 0};
    expect(!assay_plan_memory(blocks, 2, &plan), "sizes beyond all memory are planned", 0);
    blocks[0].bytes = SIZE_MAX;
    expect(!assay_plan_memory(blocks, 1, &plan), "a size beyond all memory is planned", 0);
    return failures != 0;
}
