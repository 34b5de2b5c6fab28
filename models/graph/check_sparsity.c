/* The encoding nests its dimensions in traversal order. At each level there is a number of positions so far: a dense
 * level multiplies it by its size; a compressed one has a segment for each position, and an index for each position of
 * the next level. What is left after the last level is the number of stored values. */
#include "models/graph/parts.h"

enum { MAX_LEVELS = 2 * ASSAY_MAX_RANK };

static bool check_compressed(const struct assay_sparse_dimension *d, size_t level, size_t positions, int32_t extent,
                             struct assay_model_error *error)
{
    if (d->segment_count != positions + 1 || d->segments[0] != 0 || (size_t)d->segments[positions] != d->index_count)
        return assay_model_fail(error,
                                "level %zu of its sparse encoding has segments that do not enclose its %zu indexes",
                                level, d->index_count);
    for (size_t i = 0; i < positions; i++) {
        /* Before the range is walked: a segment in the middle may point anywhere. */
        if (d->segments[i] > d->segments[i + 1] || (size_t)d->segments[i + 1] > d->index_count)
            return assay_model_fail(error, "level %zu of its sparse encoding: segment %zu ends before it begins", level,
                                    i);
        for (int32_t j = d->segments[i]; j < d->segments[i + 1]; j++)
            if (d->indices[j] < 0 || d->indices[j] >= extent ||
                (j > d->segments[i] && d->indices[j] <= d->indices[j - 1]))
                return assay_model_fail(error,
                                        "level %zu of its sparse encoding: index %d is %d; rising ones below %d "
                                        "are expected",
                                        level, j, d->indices[j], extent);
    }
    return true;
}

/* extents[l]: how many places level l has. */
static bool find_extents(const struct assay_tensor *tensor, int32_t *extents, struct assay_model_error *error)
{
    const struct assay_sparsity *s = tensor->sparsity;
    const size_t rank = tensor->shape.rank;
    size_t level_of[MAX_LEVELS];
    bool seen[MAX_LEVELS] = {false};
    int32_t outer[ASSAY_MAX_RANK];
    if (s->block_count > rank || s->traversal_count != rank + s->block_count ||
        s->dimension_count != s->traversal_count || rank == 0)
        return assay_model_fail(error, "its sparse encoding has %zu levels and %zu blocks for %zu dimensions",
                                s->traversal_count, s->block_count, rank);
    for (size_t l = 0; l < s->traversal_count; l++) {
        const int32_t t = s->traversal_order[l];
        if (t < 0 || (size_t)t >= s->traversal_count || seen[t])
            return assay_model_fail(error, "the traversal order of its sparse encoding is no order of its dimensions");
        seen[t] = true;
        level_of[t] = l;
    }
    for (size_t i = 0; i < rank; i++)
        outer[i] = tensor->shape.dims[i];
    for (size_t b = 0; b < s->block_count; b++) {
        const struct assay_sparse_dimension *block = &s->dimensions[level_of[rank + b]];
        const int32_t i = s->block_map[b];
        if (i < 0 || (size_t)i >= rank || (b > 0 && i <= s->block_map[b - 1]))
            return assay_model_fail(error, "the block map of its sparse encoding is out of order");
        if (block->compressed || block->size < 1 || outer[i] % block->size != 0)
            return assay_model_fail(error, "blocks of %d do not divide its dimension %d, of %d", block->size, i,
                                    outer[i]);
        extents[level_of[rank + b]] = block->size;
        outer[i] /= block->size;
    }
    for (size_t i = 0; i < rank; i++)
        extents[level_of[i]] = outer[i];
    return true;
}

bool assay_graph_check_sparsity(const struct assay_tensor *tensor, size_t *stored, struct assay_model_error *error)
{
    const struct assay_sparsity *s = tensor->sparsity;
    int32_t extents[MAX_LEVELS] = {0};
    if (!find_extents(tensor, extents, error))
        return false;
    size_t positions = 1;
    for (size_t l = 0; l < s->dimension_count; l++) {
        const struct assay_sparse_dimension *d = &s->dimensions[l];
        if (d->compressed) {
            if (!check_compressed(d, l, positions, extents[l], error))
                return false;
            positions = d->index_count;
        } else {
            if (d->size != extents[l])
                return assay_model_fail(error, "level %zu of its sparse encoding has the size %d in place of %d", l,
                                        d->size, extents[l]);
            /* A dimension of 0 hides what the others multiply to. */
            if (__builtin_mul_overflow(positions, (size_t)d->size, &positions))
                return assay_model_fail(error, "is larger than any memory");
        }
    }
    *stored = positions;
    return true;
}
