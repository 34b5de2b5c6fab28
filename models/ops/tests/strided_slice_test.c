/* STRIDED_SLICE against a walk along each dimension, as Python's slices are defined, over random masks and strides. */
#include "models/ops/tests/one_op.h"

enum { ROUNDS = 3000 };

struct walk {
    size_t count;
    int64_t at[16];
};

/* Every index of a dimension in the order of a slice's walk: all of them are tried, none computed. */
static struct walk walk_of(int dim, int begin, int end, int stride, bool from_end, bool to_end)
{
    struct walk walk = {0};
    int at = from_end ? (stride > 0 ? 0 : dim - 1) : begin < 0 ? begin + dim : begin;
    const int stop = end < 0 ? end + dim : end;
    if (stride > 0 && at < 0)
        at = 0;
    if (stride < 0 && at > dim - 1)
        at = dim - 1;
    for (; at >= 0 && at < dim; at += stride) {
        if (!to_end && (stride > 0 ? at >= stop : at <= stop && !(stop < 0 && at < 0)))
            break;
        walk.at[walk.count++] = at;
    }
    return walk;
}

static void random_slices(void)
{
    for (int round = 0; round < ROUNDS; round++) {
        const struct assay_shape in = one_shape(1);
        const enum assay_tensor_type type = one_type();
        const uint8_t *data = one_bytes();
        const size_t size = assay_tensor_type_size(type);
        struct one one = one_of(ASSAY_OPERATOR_STRIDED_SLICE);
        one_input(&one, type, in, data);
        int32_t begin[ASSAY_MAX_RANK], end[ASSAY_MAX_RANK], stride[ASSAY_MAX_RANK];
        struct walk walks[ASSAY_MAX_RANK];
        struct assay_shape out = {0};
        size_t triples = 0, d = 0, source[ASSAY_MAX_RANK]; /* of each dimension of the output; SIZE_MAX: new */
        const size_t whole = (size_t)one_below((int)in.rank + 1), from = (size_t)one_below((int)whole + 1);
        bool ellipsis = false;
        while (d < in.rank) {
            if (whole > 0 && d == from && !ellipsis && triples < 7) { /* an ellipsis, for rank - named dimensions */
                ellipsis = true;
                one.op.strided_slice.ellipsis_mask = 1 << triples;
                begin[triples] = end[triples] = stride[triples] = 1;
                triples++;
                const size_t covered = 1 + (size_t)one_below((int)(in.rank - d));
                for (size_t k = 0; k < covered; k++, d++) {
                    walks[d] = walk_of(in.dims[d], 0, 0, 1, true, true);
                    source[out.rank] = d;
                    out.dims[out.rank++] = in.dims[d];
                }
                continue;
            }
            if (one_below(6) == 0 && out.rank < 6 && triples + (in.rank - d) < 7) {
                one.op.strided_slice.new_axis_mask |= 1 << triples;
                begin[triples] = end[triples] = stride[triples] = 1;
                triples++;
                source[out.rank] = SIZE_MAX;
                out.dims[out.rank++] = 1;
                continue;
            }
            const int dim = in.dims[d];
            begin[triples] = one_below(12) - 6;
            end[triples] = one_below(12) - 6;
            stride[triples] = one_below(2) ? 1 + one_below(3) : -1 - one_below(3);
            if (one_below(20) == 0)
                stride[triples] = stride[triples] > 0 ? INT32_MAX / 2 : INT32_MIN / 2;
            const bool from_end = one_below(4) == 0, to_end = one_below(4) == 0;
            one.op.strided_slice.begin_mask |= from_end << triples;
            one.op.strided_slice.end_mask |= to_end << triples;
            if (one_below(5) == 0 && dim > 0) {
                one.op.strided_slice.shrink_axis_mask |= 1 << triples;
                stride[triples] = 1;
                begin[triples] = one_below(2 * dim) - dim;
                const int at = from_end ? 0 : begin[triples] < 0 ? begin[triples] + dim : begin[triples];
                walks[d] = (struct walk){1, {at}};
            } else {
                walks[d] = walk_of(dim, begin[triples], end[triples], stride[triples], from_end, to_end);
                source[out.rank] = d;
                out.dims[out.rank++] = (int32_t)walks[d].count;
            }
            triples++;
            d++;
        }
        one_integers(&one, triples, begin);
        one_integers(&one, triples, end);
        one_integers(&one, triples, stride);
        one_output(&one, type);
        const bool good = one_run(&one);
        EXPECT(good, "round %d: %s", round, one.error.text);
        const bool same = good && assay_shape_equal(&one.shape[0], &out);
        EXPECT(!good || same, "round %d: another shape", round);
        for (size_t i = 0; same && i < one_count(&out); i++) {
            int64_t to[ASSAY_MAX_RANK], at[ASSAY_MAX_RANK];
            one_where(&out, i, to);
            for (size_t k = 0; k < in.rank; k++)
                at[k] = walks[k].at[0];
            for (size_t k = 0; k < out.rank; k++) {
                if (source[k] != SIZE_MAX)
                    at[source[k]] = walks[source[k]].at[to[k]];
            }
            EXPECT(memcmp((const uint8_t *)one.result[0] + i * size, data + one_index(&in, at) * size, size) == 0,
                   "round %d: element %zu", round, i);
        }
        one_free(&one);
    }
}

static struct one slice_of_6(int32_t begin, int32_t end, int32_t stride)
{
    static const int8_t data[] = {0, 1, 2, 3, 4, 5};
    static int32_t triple[3][1];
    triple[0][0] = begin;
    triple[1][0] = end;
    triple[2][0] = stride;
    struct one one = one_of(ASSAY_OPERATOR_STRIDED_SLICE);
    one_input(&one, ASSAY_TENSOR_I8, (struct assay_shape){1, {6}}, data);
    for (int i = 0; i < 3; i++)
        one_integers(&one, 1, triple[i]);
    one_output(&one, ASSAY_TENSOR_I8);
    return one;
}

int main(void)
{
    random_slices();
    struct one offset = slice_of_6(-4, 3, 2); /* from 2 to 2 + 3 */
    offset.op.strided_slice.offset = true;
    EXPECT(one_run(&offset) && offset.shape[0].dims[0] == 2 && memcmp(offset.result[0], "\2\4", 2) == 0, "offset: %s",
           offset.error.text);
    one_free(&offset);
    struct one still = slice_of_6(0, 6, 0);
    one_refuses(&still, "STRIDED_SLICE", "stride 0 is 0");
    struct one beyond = slice_of_6(6, 7, 1);
    beyond.op.strided_slice.shrink_axis_mask = 1;
    one_refuses(&beyond, "STRIDED_SLICE", "none at 6");
    struct one before = slice_of_6(-7, 7, 1);
    before.op.strided_slice.shrink_axis_mask = 1;
    one_refuses(&before, "STRIDED_SLICE", "none at -7");
    struct one backwards = slice_of_6(1, 0, -1);
    backwards.op.strided_slice.shrink_axis_mask = 1;
    one_refuses(&backwards, "STRIDED_SLICE", "stride -1");
    struct one extremes = slice_of_6(INT32_MIN, INT32_MAX, INT32_MIN);
    EXPECT(one_run(&extremes) && extremes.shape[0].dims[0] == 0, "extremes: %s", extremes.error.text);
    one_free(&extremes);
    static const int32_t two[] = {0, 0}, ones[] = {1, 1};
    struct one more = one_of(ASSAY_OPERATOR_STRIDED_SLICE);
    one_input(&more, ASSAY_TENSOR_I8, (struct assay_shape){1, {6}}, one_bytes());
    one_integers(&more, 2, two);
    one_integers(&more, 2, ones);
    one_integers(&more, 2, ones);
    one_output(&more, ASSAY_TENSOR_I8);
    struct one twice = more;
    twice.op.strided_slice.ellipsis_mask = 3;
    one_refuses(&more, "STRIDED_SLICE", "slices 2 dimensions of 1");
    one_refuses(&twice, "STRIDED_SLICE", "ellipsis");
    return failures > 0;
}
