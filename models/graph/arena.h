/* Memory that is freed all at once: a graph, or a prepared network, lives in one. Blocks are zeroed and aligned for
 * vectors. */
#ifndef ASSAY_MODELS_GRAPH_ARENA_H
#define ASSAY_MODELS_GRAPH_ARENA_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct assay_arena {
    struct assay_arena_block *blocks;
    size_t bytes,
        limit; /* taken so far, with what blocks cost; the most that may be: a hostile file must not ask for more */
};

/* NULL: over the limit, or out of memory. count * size is checked for overflow. A block of 0 bytes is not NULL. */
void *assay_arena_take(struct assay_arena *arena, size_t count, size_t size);

void assay_arena_free(struct assay_arena *arena);

#ifdef __cplusplus
}
#endif

#endif
