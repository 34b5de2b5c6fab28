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
    if (__builtin_mul_overflow(count, size, &bytes) || arena->bytes > arena->limit ||
        bytes > arena->limit - arena->bytes || bytes > SIZE_MAX - 2 * ALIGNMENT)
        return NULL;
    const size_t rounded = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    struct assay_arena_block *block = aligned_alloc(ALIGNMENT, ALIGNMENT + rounded);
    if (!block)
        return NULL;
    memset(block, 0, ALIGNMENT + rounded);
    block->next = arena->blocks;
    arena->blocks = block;
    arena->bytes += bytes;
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
