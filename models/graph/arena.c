#include "models/graph/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64 };

struct assay_arena_block {
    struct assay_arena_block *next;
};

void *assay_arena_take(struct assay_arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX - 2 * ALIGNMENT)
        return NULL;
    /* With the block's own cost: a million of empty blocks is not nothing. */
    const size_t taken = ALIGNMENT + (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (arena->bytes > arena->limit || taken > arena->limit - arena->bytes)
        return NULL;
    struct assay_arena_block *block = aligned_alloc(ALIGNMENT, taken);
    if (!block)
        return NULL;
    memset(block, 0, taken);
    block->next = arena->blocks;
    arena->blocks = block;
    arena->bytes += taken;
    return (char *)block + ALIGNMENT;
}

void assay_arena_free(struct assay_arena *arena)
{
    while (arena->blocks) {
        struct assay_arena_block *next = arena->blocks->next;
        free(arena->blocks);
        arena->blocks = next;
    }
    arena->bytes = 0;
}
