/* DENSIFY: random sparse tensors, encoded here level by level from a dense one, with any order and blocks; and damaged
 * encodings, which must be refused or decoded within bounds, never followed outside. */
#include "models/ops/tests/one_op.h"

enum { ROUNDS = 400, MOST = 4096, LEVELS = 2 * ASSAY_MAX_RANK };

struct encoding {
    struct assay_shape shape;
    size_t levels, extent[LEVELS], step[LEVELS];
    bool compressed[LEVELS];
    int32_t order[LEVELS], map[ASSAY_MAX_RANK];
    int32_t segments[LEVELS][MOST + 1], indices[LEVELS][MOST];
    size_t segment_count[LEVELS], index_count[LEVELS];
    struct assay_sparse_dimension dimensions[LEVELS];
    struct assay_sparsity sparsity;
    uint8_t values[MOST * 4];
    size_t value_count;
};

/* Does any non-zero lie below this position? */
static bool holds(const struct encoding *e, const uint8_t *dense, size_t size, size_t level, size_t at)
{
    static const uint8_t zero[4];
    if (level == e->levels)
        return memcmp(dense + at * size, zero, size) != 0;
    for (size_t k = 0; k < e->extent[level]; k++) {
        if (holds(e, dense, size, level + 1, at + k * e->step[level]))
            return true;
    }
    return false;
}

/* Positions of one level, `at` in the dense tensor, become those of the next. */
static void encode(struct encoding *e, const uint8_t *dense, size_t size)
{
    static size_t at[2][MOST];
    size_t count = 1;
    at[0][0] = 0;
    for (size_t level = 0; level < e->levels; level++) {
        size_t next = 0;
        for (size_t p = 0; p < count; p++) {
            e->segments[level][p] = (int32_t)next;
            for (size_t k = 0; k < e->extent[level]; k++) {
                const size_t there = at[level % 2][p] + k * e->step[level];
                if (e->compressed[level] && !holds(e, dense, size, level + 1, there))
                    continue;
                e->indices[level][next] = (int32_t)k;
                at[(level + 1) % 2][next++] = there;
            }
        }
        e->segments[level][count] = (int32_t)next;
        e->segment_count[level] = count + 1;
        e->index_count[level] = next;
        count = next;
    }
    for (size_t p = 0; p < count; p++)
        memcpy(e->values + p * size, dense + at[e->levels % 2][p] * size, size);
    e->value_count = count;
}

static void shuffle(int32_t *order, int from, int count)
{
    for (int i = 0; i < count; i++)
        order[from + i] = from + i;
    for (int i = count; i-- > 1;) {
        const int other = one_below(i + 1);
        const int32_t kept = order[from + i];
        order[from + i] = order[from + other];
        order[from + other] = kept;
    }
}

static void make(struct encoding *e, const uint8_t *dense, size_t size)
{
    const size_t rank = e->shape.rank;
    size_t blocks = 0, block[ASSAY_MAX_RANK], step = 1, extent[LEVELS], steps[LEVELS];
    for (size_t d = rank; d-- > 0; step *= (size_t)e->shape.dims[d]) {
        block[d] = e->shape.dims[d] % 2 == 0 && one_below(2) ? 2 : 1;
        extent[d] = (size_t)e->shape.dims[d] / block[d];
        steps[d] = step * block[d];
        if (block[d] > 1) {
            e->map[blocks] = (int32_t)d;
            extent[rank + blocks] = block[d];
            steps[rank + blocks++] = step;
        }
    }
    e->levels = rank + blocks;
    shuffle(e->order, 0, (int)rank);
    shuffle(e->order, (int)rank, (int)blocks);
    for (size_t i = 0; i < e->levels; i++) {
        e->extent[i] = extent[e->order[i]];
        e->step[i] = steps[e->order[i]];
        e->compressed[i] = i < rank && one_below(2);
    }
    encode(e, dense, size);
    for (size_t i = 0; i < e->levels; i++)
        e->dimensions[i] =
            (struct assay_sparse_dimension){e->compressed[i],  (int32_t)e->extent[i], e->segment_count[i],
                                            e->index_count[i], e->segments[i],        e->indices[i]};
    e->sparsity = (struct assay_sparsity){e->levels, blocks, e->levels, e->order, e->map, e->dimensions};
}

static struct one node_of(const struct encoding *e, enum assay_tensor_type type)
{
    struct one one = one_of(ASSAY_OPERATOR_DENSIFY);
    struct assay_tensor *in = one_constant(&one, type, e->shape, e->values);
    in->bytes = e->value_count * assay_tensor_type_size(type);
    in->sparsity = &e->sparsity;
    one_output(&one, type);
    return one;
}

int main(void)
{
    static const enum assay_tensor_type types[] = {ASSAY_TENSOR_F32, ASSAY_TENSOR_F16, ASSAY_TENSOR_I8};
    static struct encoding e;
    int refused = 0, accepted = 0;
    for (int round = 0; round < ROUNDS; round++) {
        const enum assay_tensor_type type = types[round % 3];
        const size_t size = assay_tensor_type_size(type);
        e.shape = (struct assay_shape){1 + (size_t)one_below(4), {0}};
        for (size_t d = 0; d < e.shape.rank; d++)
            e.shape.dims[d] = 1 + one_below(6);
        uint8_t dense[6 * 6 * 6 * 6 * 4] = {0};
        for (size_t i = 0; i < one_count(&e.shape); i++) {
            if (one_below(3) == 0)
                memset(dense + i * size, 1 + one_below(100), size);
        }
        make(&e, dense, size);
        struct one one = node_of(&e, type);
        const bool good = one_run(&one);
        EXPECT(good, "round %d: %s", round, one.error.text);
        EXPECT(!good || memcmp(one.result[0], dense, one_count(&e.shape) * size) == 0, "round %d: other values", round);
        one_free(&one);

        /* One number of the encoding becomes another. */
        static const int32_t odd[] = {-1, 0, 1, 3, 1000, INT32_MAX, INT32_MIN};
        const int32_t bad = odd[one_below(7)];
        const size_t level = (size_t)one_below((int)e.levels);
        switch (one_below(6)) {
        case 0:
            e.order[level] = bad;
            break;
        case 1:
            e.map[0] = bad;
            break;
        case 2:
            e.segments[level][one_below((int)e.segment_count[level])] = bad;
            break;
        case 3:
            e.indices[level][0] = bad;
            break;
        case 4:
            e.dimensions[level].size = bad;
            break;
        default:
            e.value_count /= 2;
        }
        struct one damaged = node_of(&e, type);
        if (one_run(&damaged)) {
            accepted++;
        } else {
            refused++;
            EXPECT(strstr(damaged.error.text, "DENSIFY") || e.value_count == 0, "said '%s'", damaged.error.text);
        }
        one_free(&damaged);
    }
    EXPECT(refused > ROUNDS / 4 && accepted > 0, "%d refused, %d accepted: nothing was tried", refused, accepted);
    return failures > 0;
}
