#include "models/ops/sparse.h"

#include <string.h>

enum { MOST_LEVELS = 2 * ASSAY_MAX_RANK };

struct level {
    const struct assay_sparse_dimension *dimension;
    size_t extent; /* indexes that there are */
    size_t step;   /* elements of the dense tensor from one index to the next */
};

struct levels {
    size_t count;
    struct level level[MOST_LEVELS];
};

/* Dimensions and blocks to levels: extents, steps. */
static bool make_levels(const struct assay_tensor *tensor, struct levels *levels, struct assay_model_error *error)
{
    const struct assay_sparsity *s = tensor->sparsity;
    const struct assay_shape *shape = &tensor->shape;
    const size_t rank = shape->rank, count = rank + s->block_count;
    if (s->block_count > rank || s->traversal_count != count || s->dimension_count != count)
        return assay_model_fail(error, "%zu dimensions and %zu blocks, %zu in traversal order, %zu described", rank,
                                s->block_count, s->traversal_count, s->dimension_count);
    size_t level_of[MOST_LEVELS];
    bool seen[MOST_LEVELS] = {false};
    for (size_t i = 0; i < count; i++) {
        const int32_t d = s->traversal_order[i];
        if (d < 0 || (size_t)d >= count || seen[d] || ((size_t)d < rank) != (i < rank))
            return assay_model_fail(error, "the traversal order is no order: %d at %zu", d, i);
        seen[d] = true;
        level_of[d] = i;
    }
    size_t extent[ASSAY_MAX_RANK], scale[ASSAY_MAX_RANK], block_of[ASSAY_MAX_RANK];
    for (size_t d = 0; d < rank; d++) {
        extent[d] = (size_t)shape->dims[d];
        block_of[d] = SIZE_MAX;
        scale[d] = 1;
    }
    for (size_t b = 0; b < s->block_count; b++) {
        const int32_t d = s->block_map[b], size = s->dimensions[level_of[rank + b]].size;
        if (d < 0 || (size_t)d >= rank || block_of[d] != SIZE_MAX)
            return assay_model_fail(error, "block %zu is one of dimension %d", b, d);
        if (s->dimensions[level_of[rank + b]].compressed || size <= 0 || shape->dims[d] % size != 0)
            return assay_model_fail(error, "dimension %d has %d elements, its blocks %d", d, shape->dims[d], size);
        block_of[d] = b;
        scale[d] = (size_t)size;
        extent[d] /= (size_t)size;
    }
    *levels = (struct levels){.count = count};
    size_t step = 1;
    for (size_t d = rank; d-- > 0; step *= (size_t)shape->dims[d]) {
        levels->level[level_of[d]] = (struct level){&s->dimensions[level_of[d]], extent[d], step * scale[d]};
        if (block_of[d] != SIZE_MAX) {
            const size_t inner = level_of[rank + block_of[d]];
            levels->level[inner] = (struct level){&s->dimensions[inner], scale[d], step};
        }
    }
    return true;
}

static bool check_compressed(const struct level *level, size_t i, size_t parents, struct assay_model_error *error)
{
    const struct assay_sparse_dimension *d = level->dimension;
    if (d->segment_count == 0 || d->segment_count - 1 != parents)
        return assay_model_fail(error, "level %zu has %zu segments for %zu positions", i, d->segment_count, parents);
    if (d->segments[0] != 0 || (size_t)d->segments[parents] != d->index_count)
        return assay_model_fail(error, "level %zu: segments from %d to %d, for %zu indices", i, d->segments[0],
                                d->segments[parents], d->index_count);
    for (size_t k = 0; k < parents; k++) {
        if (d->segments[k + 1] < d->segments[k])
            return assay_model_fail(error, "level %zu: segment %zu ends at %d, and begins at %d", i, k,
                                    d->segments[k + 1], d->segments[k]);
    }
    for (size_t k = 0; k < d->index_count; k++) {
        if (d->indices[k] < 0 || (size_t)d->indices[k] >= level->extent)
            return assay_model_fail(error, "level %zu: index %d of %zu", i, d->indices[k], level->extent);
    }
    return true;
}

/* Positions of all levels, one below the other; the last one's are the values. */
static bool count_positions(const struct levels *levels, size_t *positions, struct assay_model_error *error)
{
    *positions = 1;
    for (size_t i = 0; i < levels->count; i++) {
        const struct level *level = &levels->level[i];
        const struct assay_sparse_dimension *d = level->dimension;
        if (d->compressed) {
            if (!check_compressed(level, i, *positions, error))
                return false;
            *positions = d->index_count;
        } else if (d->size < 0 || (size_t)d->size != level->extent) {
            return assay_model_fail(error, "level %zu has size %d, its dimension %zu", i, d->size, level->extent);
        } else if (__builtin_mul_overflow(*positions, level->extent, positions)) {
            return assay_model_fail(error, "level %zu: more positions than memory can have", i);
        }
    }
    return true;
}

bool assay_sparse_check(const struct assay_tensor *tensor, struct assay_model_error *error)
{
    const enum assay_tensor_type type = tensor->type;
    size_t elements, positions;
    if (!tensor->sparsity || !tensor->data)
        return assay_model_fail(error, "the input is no sparse constant");
    if (type != ASSAY_TENSOR_F32 && type != ASSAY_TENSOR_F16 && type != ASSAY_TENSOR_I8)
        return assay_model_fail(error, "%s is not stored sparse", assay_tensor_type_name(type));
    if (!assay_shape_count(&tensor->shape, &elements))
        return assay_model_fail(error, "more elements than memory can have");
    if (elements == 0)
        return true;
    struct levels levels;
    if (!make_levels(tensor, &levels, error) || !count_positions(&levels, &positions, error))
        return false;
    return positions <= tensor->bytes / assay_tensor_type_size(type) ||
           assay_model_fail(error, "%zu bytes for %zu values of %s", tensor->bytes, positions,
                            assay_tensor_type_name(type));
}

struct target {
    const struct levels *levels;
    const char *values;
    char *out;
    size_t element;
};

/* Position `position` of the level above `depth` is at element `at` of the dense tensor. */
static void fill(const struct target *t, size_t depth, size_t position, size_t at)
{
    if (depth == t->levels->count) {
        memcpy(t->out + at * t->element, t->values + position * t->element, t->element);
        return;
    }
    const struct level *level = &t->levels->level[depth];
    const struct assay_sparse_dimension *d = level->dimension;
    if (d->compressed) {
        for (size_t k = (size_t)d->segments[position]; k < (size_t)d->segments[position + 1]; k++)
            fill(t, depth + 1, k, at + (size_t)d->indices[k] * level->step);
    } else {
        for (size_t k = 0; k < level->extent; k++)
            fill(t, depth + 1, position * level->extent + k, at + k * level->step);
    }
}

void assay_sparse_decode(const struct assay_tensor *tensor, void *out)
{
    struct levels levels;
    struct assay_model_error none;
    size_t elements;
    if (!assay_shape_count(&tensor->shape, &elements) || elements == 0 || !make_levels(tensor, &levels, &none))
        return;
    const struct target target = {&levels, tensor->data, out, assay_tensor_type_size(tensor->type)};
    memset(out, 0, elements * target.element);
    fill(&target, 0, 0, 0);
}
