#include "models/optimize/encode_tensor.h"

#include <string.h>

/* A constant as its encoding sees it: `positions` rows of blocks, each `across` blocks wide. */
struct layout {
    const struct assay_tensor *dense;
    struct assay_sparse_block block;
    size_t last, middle; /* elements of the last dimension, of those between it and the first */
    size_t positions, across, size;
};

static struct layout layout_of(const struct assay_tensor *dense, struct assay_sparse_block block)
{
    const size_t rank = dense->shape.rank;
    struct layout l = {.dense = dense,
                       .block = block,
                       .last = (size_t)dense->shape.dims[rank - 1],
                       .middle = 1,
                       .size = assay_tensor_type_size(dense->type)};
    for (size_t d = 1; d + 1 < rank; d++)
        l.middle *= (size_t)dense->shape.dims[d];
    l.positions = (size_t)dense->shape.dims[0] / block.rows * l.middle;
    l.across = l.last / block.columns;
    return l;
}

/* Row r of a block: its bytes in the dense constant. */
static const char *block_row(const struct layout *l, size_t position, size_t index, size_t r)
{
    const size_t first = position / l->middle * l->block.rows + r;
    const size_t element = (first * l->middle + position % l->middle) * l->last + index * l->block.columns;
    return (const char *)l->dense->data + element * l->size;
}

static bool is_stored(const struct layout *l, size_t position, size_t index)
{
    if (position == 0 && index == 0)
        return true;
    for (size_t r = 0; r < l->block.rows; r++) {
        const char *bytes = block_row(l, position, index, r);
        for (size_t i = 0; i < l->block.columns * l->size; i++)
            if (bytes[i] != 0)
                return true;
    }
    return false;
}

static size_t count_stored(const struct layout *l)
{
    size_t count = 0;
    for (size_t p = 0; p < l->positions; p++)
        for (size_t i = 0; i < l->across; i++)
            count += is_stored(l, p, i);
    return count;
}

static void store(const struct layout *l, int32_t *segments, int32_t *indices, char *values)
{
    const size_t bytes = l->block.columns * l->size;
    int32_t stored = 0;
    for (size_t p = 0; p < l->positions; p++) {
        for (size_t i = 0; i < l->across; i++) {
            if (!is_stored(l, p, i))
                continue;
            indices[stored++] = (int32_t)i;
            for (size_t r = 0; r < l->block.rows; r++, values += bytes)
                memcpy(values, block_row(l, p, i, r), bytes);
        }
        segments[p + 1] = stored;
    }
}

/* Levels in the order of the dimensions, those of blocks behind. */
static void describe(const struct layout *l, struct assay_sparsity *s, int32_t *order, int32_t *map,
                     struct assay_sparse_dimension *dimensions)
{
    const struct assay_shape *shape = &l->dense->shape;
    const size_t rank = shape->rank;
    for (size_t d = 0; d + 1 < rank; d++)
        dimensions[d].size = d == 0 ? (int32_t)((size_t)shape->dims[0] / l->block.rows) : shape->dims[d];
    if (l->block.rows > 1) {
        dimensions[rank + s->block_count].size = (int32_t)l->block.rows;
        map[s->block_count++] = 0;
    }
    if (l->block.columns > 1) {
        dimensions[rank + s->block_count].size = (int32_t)l->block.columns;
        map[s->block_count++] = (int32_t)rank - 1;
    }
    s->traversal_count = s->dimension_count = rank + s->block_count;
    for (size_t i = 0; i < s->traversal_count; i++)
        order[i] = (int32_t)i;
    s->traversal_order = order;
    s->block_map = map;
    s->dimensions = dimensions;
}

bool assay_encode_tensor(struct assay_draft *draft, const struct assay_tensor *dense, struct assay_sparse_block block,
                         struct assay_tensor *sparse)
{
    const struct layout l = layout_of(dense, block);
    const size_t rank = dense->shape.rank, stored = count_stored(&l);
    const size_t bytes = stored * block.rows * block.columns * l.size;
    struct assay_sparsity *s = assay_draft_take(draft, 1, sizeof(*s));
    int32_t *order = assay_draft_take(draft, rank + 2, sizeof(*order)), *map = assay_draft_take(draft, 2, sizeof(*map));
    int32_t *segments = assay_draft_take(draft, l.positions + 1, sizeof(*segments));
    int32_t *indices = assay_draft_take(draft, stored, sizeof(*indices));
    struct assay_sparse_dimension *dimensions = assay_draft_take(draft, rank + 2, sizeof(*dimensions));
    char *values = assay_draft_take(draft, bytes, 1);
    if (!s || !order || !map || !segments || !indices || !dimensions || !values)
        return false;
    store(&l, segments, indices, values);
    describe(&l, s, order, map, dimensions);
    dimensions[rank - 1] = (struct assay_sparse_dimension){true, 0, l.positions + 1, stored, segments, indices};
    *sparse = *dense;
    sparse->data = values;
    sparse->bytes = bytes;
    sparse->sparsity = s;
    return true;
}

/* A vector of numbers in a file: its length, and one to four bytes a number. */
static size_t vector_bytes(const int32_t *numbers, size_t count)
{
    int32_t most = 0;
    for (size_t i = 0; i < count; i++)
        most = numbers[i] > most ? numbers[i] : most;
    return 4 + count * (most <= UINT8_MAX ? 1 : most <= UINT16_MAX ? 2 : 4);
}

size_t assay_encoded_bytes(const struct assay_tensor *sparse)
{
    const struct assay_sparsity *s = sparse->sparsity;
    /* The table of the encoding with its two vectors of numbers; a table and its place for each level. */
    size_t bytes = sparse->bytes + 80 + 4 * (s->traversal_count + s->block_count);
    for (size_t i = 0; i < s->dimension_count; i++) {
        const struct assay_sparse_dimension *d = &s->dimensions[i];
        bytes += 24;
        if (d->compressed)
            bytes += 24 + vector_bytes(d->segments, d->segment_count) + vector_bytes(d->indices, d->index_count);
    }
    return bytes;
}
