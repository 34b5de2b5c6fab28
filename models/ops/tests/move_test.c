/* Operators that move data, against index arithmetic for each element over random shapes; and what they refuse. */
#include "models/ops/tests/one_op.h"

enum { ROUNDS = 300 };

#define SHAPE(...) ((struct assay_shape){sizeof((int32_t[]){__VA_ARGS__}) / sizeof(int32_t), {__VA_ARGS__}})
#define INTEGERS(one, ...) \
    one_integers(one, sizeof((int32_t[]){__VA_ARGS__}) / sizeof(int32_t), (int32_t[]){__VA_ARGS__})

/* Output k has the shape and, element by element, what `source` (an element of `in`; SIZE_MAX: zero) says. */
typedef size_t source_fn(const void *context, const int64_t *at);

static void expect(struct one *one, size_t k, const struct assay_shape *shape, const uint8_t *in, source_fn *source,
                   const void *context)
{
    const char *name = assay_operator_name(one->op.code);
    const size_t size = assay_tensor_type_size(one->tensors[one->out[k]].type);
    EXPECT(assay_shape_equal(&one->shape[k], shape), "%s: another shape", name);
    if (!assay_shape_equal(&one->shape[k], shape))
        return;
    const uint8_t *out = one->result[k];
    static const uint8_t zero[8];
    for (size_t i = 0; i < one_count(shape); i++) {
        int64_t at[ASSAY_MAX_RANK];
        one_where(shape, i, at);
        const size_t from = source(context, at);
        const bool same = memcmp(out + i * size, from == SIZE_MAX ? zero : in + from * size, size) == 0;
        EXPECT(same, "%s: element %zu", name, i);
        if (!same)
            return;
    }
}

static bool ran(struct one *one)
{
    const bool good = one_run(one);
    EXPECT(good, "%s: %s", assay_operator_name(one->op.code), one->error.text);
    return good;
}

static struct one with_input(enum assay_operator_code code, struct assay_shape shape, enum assay_tensor_type type,
                             const uint8_t *data)
{
    struct one one = one_of(code);
    one_input(&one, type, shape, data);
    return one;
}

static size_t same_order(const void *context, const int64_t *at)
{
    return one_index(context, at);
}

static void reshapes(void)
{
    for (int round = 0; round < ROUNDS; round++) {
        const struct assay_shape in = one_shape(0);
        const enum assay_tensor_type type = one_type();
        const uint8_t *data = one_bytes();
        struct one flat = with_input(ASSAY_OPERATOR_RESHAPE, in, type, data);
        const struct assay_shape line = SHAPE((int32_t)one_count(&in), 1);
        if (round % 2)
            INTEGERS(&flat, -1, 1);
        else
            flat.op.reshape.shape = SHAPE(-1, 1), flat.op.reshape.given = true;
        one_output(&flat, type);
        if (ran(&flat))
            expect(&flat, 0, &line, data, same_order, &line);
        one_free(&flat);

        struct one squeezed = with_input(ASSAY_OPERATOR_SQUEEZE, in, type, data);
        struct assay_shape less = {0};
        for (size_t d = 0; d < in.rank; d++) {
            if (in.dims[d] == 1 && squeezed.op.reshape.shape.rank == 0 && round % 3 == 0)
                squeezed.op.reshape.shape = SHAPE((int32_t)d - (round % 2 ? (int32_t)in.rank : 0));
            else if (in.dims[d] != 1 || squeezed.op.reshape.shape.rank > 0)
                less.dims[less.rank++] = in.dims[d];
        }
        one_output(&squeezed, type);
        if (ran(&squeezed))
            expect(&squeezed, 0, &less, data, same_order, &less);
        one_free(&squeezed);

        struct one expanded = with_input(ASSAY_OPERATOR_EXPAND_DIMS, in, type, data);
        const int axis = one_below((int)in.rank + 1);
        struct assay_shape more = {in.rank + 1, {0}};
        for (int d = 0, from = 0; d < (int)more.rank; d++)
            more.dims[d] = d == axis ? 1 : in.dims[from++];
        INTEGERS(&expanded, axis - (round % 2 ? (int)more.rank : 0));
        one_output(&expanded, type);
        if (ran(&expanded))
            expect(&expanded, 0, &more, data, same_order, &more);
        one_free(&expanded);
    }
}

/* A shape in the file is for the file's batch: it grows with the executor's. */
static void reshape_batch(void)
{
    struct one one = with_input(ASSAY_OPERATOR_RESHAPE, SHAPE(1, 2, 3), ASSAY_TENSOR_I8, one_bytes());
    INTEGERS(&one, 1, 6);
    one_output(&one, ASSAY_TENSOR_I8)->shape = SHAPE(1, 6);
    one.batch = 4;
    EXPECT(one_run(&one), "%s", one.error.text);
    EXPECT(assay_shape_equal(&one.shape[0], &SHAPE(4, 6)), "RESHAPE: the batch is lost");
    one_free(&one);
}

static void refuse_reshape(struct assay_shape shape, const char *words)
{
    struct one one = with_input(ASSAY_OPERATOR_RESHAPE, SHAPE(2, 3), ASSAY_TENSOR_I8, one_bytes());
    one.op.reshape.shape = shape;
    one.op.reshape.given = true;
    one_output(&one, ASSAY_TENSOR_I8);
    one_refuses(&one, "RESHAPE", words);
}

static void reshapes_refused(void)
{
    refuse_reshape(SHAPE(-1, -1), "second time");
    refuse_reshape(SHAPE(-2, 3), "-2");
    refuse_reshape(SHAPE(7), "elements");
    refuse_reshape(SHAPE(-1, 4), "elements");
    refuse_reshape(SHAPE(-1, 0), "elements");
    refuse_reshape(SHAPE(INT32_MAX, INT32_MAX, INT32_MAX), "larger than memory");
    struct one squeeze = with_input(ASSAY_OPERATOR_SQUEEZE, SHAPE(2, 1), ASSAY_TENSOR_I8, one_bytes());
    squeeze.op.reshape.shape = SHAPE(0);
    one_output(&squeeze, ASSAY_TENSOR_I8);
    one_refuses(&squeeze, "SQUEEZE", "not 1");
    struct one expand = with_input(ASSAY_OPERATOR_EXPAND_DIMS, SHAPE(2, 1), ASSAY_TENSOR_I8, one_bytes());
    INTEGERS(&expand, 4);
    one_output(&expand, ASSAY_TENSOR_I8);
    one_refuses(&expand, "EXPAND_DIMS", "axis 4");
}

/* Part `part` of a tensor that is cut along an axis: its first index there. */
struct part {
    const struct assay_shape *whole;
    size_t axis;
    int64_t first;
};

static size_t from_part(const void *context, const int64_t *at)
{
    const struct part *part = context;
    int64_t whole[ASSAY_MAX_RANK];
    memcpy(whole, at, sizeof(whole));
    whole[part->axis] += part->first;
    return one_index(part->whole, whole);
}

/* SPLIT_V cuts a tensor; CONCATENATION puts the parts together again, and must give the whole. */
static void splits(void)
{
    for (int round = 0; round < ROUNDS; round++) {
        struct assay_shape in = one_shape(1);
        const enum assay_tensor_type type = one_type();
        const size_t axis = (size_t)one_below((int)in.rank);
        const int32_t named = (int32_t)axis - (round % 2 ? (int32_t)in.rank : 0), parts = 1 + one_below(3);
        int32_t sizes[3] = {0}, given[3];
        const bool equal = round % 3 == 0;
        in.dims[axis] = 0;
        for (int k = 0; k < parts; k++)
            in.dims[axis] += sizes[k] = equal && k > 0 ? sizes[0] : one_below(3);
        memcpy(given, sizes, sizeof(given));
        given[one_below(parts)] = -1;
        const uint8_t *data = one_bytes();
        struct one split = one_of(equal ? ASSAY_OPERATOR_SPLIT : ASSAY_OPERATOR_SPLIT_V);
        split.op.split.count = parts;
        if (equal)
            INTEGERS(&split, named);
        one_input(&split, type, in, data);
        if (!equal) {
            one_integers(&split, (size_t)parts, given);
            INTEGERS(&split, named);
        }
        for (int k = 0; k < parts; k++)
            one_output(&split, type);
        struct one join = one_of(ASSAY_OPERATOR_CONCATENATION);
        join.op.axis.axis = named;
        if (ran(&split)) {
            int64_t first = 0;
            for (int k = 0; k < parts; first += sizes[k++]) {
                const struct part part = {&in, axis, first};
                struct assay_shape shape = in;
                shape.dims[axis] = sizes[k];
                expect(&split, (size_t)k, &shape, data, from_part, &part);
                one_input(&join, type, shape, split.result[k]);
            }
            one_output(&join, type);
            if (ran(&join))
                expect(&join, 0, &in, data, same_order, &in);
        }
        one_free(&join);
        one_free(&split);
    }
}

static void splits_refused(void)
{
    static const struct {
        int32_t sizes[2], axis;
        const char *words;
    } cases[] = {{{-1, -1}, 0, "second time"},
                 {{-2, 6}, 0, "-2"},
                 {{3, 3}, 0, "add up"},
                 {{5, -1}, 0, "add up"},
                 {{2, 2}, 2, "axis 2"},
                 {{2, 2}, -3, "axis -3"},
                 {{INT32_MAX, INT32_MAX}, 0, "add up"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct one one = with_input(ASSAY_OPERATOR_SPLIT_V, SHAPE(4, 2), ASSAY_TENSOR_I8, one_bytes());
        one_integers(&one, 2, cases[i].sizes);
        INTEGERS(&one, cases[i].axis);
        one_output(&one, ASSAY_TENSOR_I8);
        one_output(&one, ASSAY_TENSOR_I8);
        one_refuses(&one, "SPLIT_V", cases[i].words);
    }
    struct one odd = one_of(ASSAY_OPERATOR_SPLIT);
    INTEGERS(&odd, 0);
    one_input(&odd, ASSAY_TENSOR_I8, SHAPE(3), one_bytes());
    odd.op.split.count = 2;
    one_output(&odd, ASSAY_TENSOR_I8);
    one_output(&odd, ASSAY_TENSOR_I8);
    one_refuses(&odd, "SPLIT", "multiple of 2");

    struct one join = with_input(ASSAY_OPERATOR_CONCATENATION, SHAPE(2, 3), ASSAY_TENSOR_F32, one_bytes());
    one_input(&join, ASSAY_TENSOR_F32, SHAPE(2, 4), one_bytes());
    one_output(&join, ASSAY_TENSOR_F32);
    one_refuses(&join, "CONCATENATION", "dimension 1");
    static const float scales[] = {0.5f, 0.25f};
    static const int64_t zeros[] = {3};
    struct one scaled = with_input(ASSAY_OPERATOR_CONCATENATION, SHAPE(2), ASSAY_TENSOR_I8, one_bytes());
    scaled.tensors[0].quantization = (struct assay_tensor_quantization){1, scales, zeros, 0};
    one_output(&scaled, ASSAY_TENSOR_I8)->quantization = (struct assay_tensor_quantization){1, scales + 1, zeros, 0};
    one_refuses(&scaled, "CONCATENATION", "quantization");
}

struct region {
    struct assay_shape in;
    int32_t begin[ASSAY_MAX_RANK], step[ASSAY_MAX_RANK], order[ASSAY_MAX_RANK];
};

static size_t from_region(const void *context, const int64_t *at)
{
    const struct region *r = context;
    int64_t in[ASSAY_MAX_RANK];
    for (size_t d = 0; d < r->in.rank; d++) {
        in[d] = r->begin[d] + at[d] * r->step[d];
        if (in[d] < 0 || in[d] >= r->in.dims[d])
            return SIZE_MAX;
    }
    return one_index(&r->in, in);
}

static size_t from_order(const void *context, const int64_t *at)
{
    const struct region *r = context;
    int64_t in[ASSAY_MAX_RANK];
    for (size_t d = 0; d < r->in.rank; d++)
        in[r->order[d]] = at[d];
    return one_index(&r->in, in);
}

static void regions(void)
{
    for (int round = 0; round < ROUNDS; round++) {
        struct region r = {.in = one_shape(1)};
        const size_t rank = r.in.rank;
        const enum assay_tensor_type type = one_type();
        const uint8_t *data = one_bytes();
        struct assay_shape size = {rank, {0}}, padded = r.in, turned = {rank, {0}};
        int32_t given[ASSAY_MAX_RANK], pads[2 * ASSAY_MAX_RANK];
        for (size_t d = 0; d < rank; d++) {
            r.step[d] = 1;
            r.begin[d] = one_below(r.in.dims[d] + 1);
            size.dims[d] = one_below(r.in.dims[d] - r.begin[d] + 1);
            given[d] = size.dims[d] == r.in.dims[d] - r.begin[d] && round % 2 ? -1 : size.dims[d];
        }
        struct one slice = with_input(ASSAY_OPERATOR_SLICE, r.in, type, data);
        one_integers(&slice, rank, r.begin);
        one_integers(&slice, rank, given);
        one_output(&slice, type);
        if (ran(&slice))
            expect(&slice, 0, &size, data, from_region, &r);
        one_free(&slice);

        for (size_t d = 0; d < rank; d++) {
            pads[2 * d] = one_below(3);
            pads[2 * d + 1] = one_below(3);
            r.begin[d] = -pads[2 * d];
            padded.dims[d] += pads[2 * d] + pads[2 * d + 1];
            r.order[d] = (int32_t)d;
        }
        struct one pad = with_input(ASSAY_OPERATOR_PAD, r.in, type, data);
        one_integers(&pad, 2 * rank, pads);
        one_output(&pad, type);
        if (ran(&pad))
            expect(&pad, 0, &padded, data, from_region, &r);
        one_free(&pad);

        for (size_t d = rank; d-- > 1;) {
            const int other = one_below((int)d + 1);
            const int32_t kept = r.order[d];
            r.order[d] = r.order[other];
            r.order[other] = kept;
        }
        for (size_t d = 0; d < rank; d++)
            turned.dims[d] = r.in.dims[r.order[d]];
        struct one transpose = with_input(ASSAY_OPERATOR_TRANSPOSE, r.in, type, data);
        one_integers(&transpose, rank, r.order);
        one_output(&transpose, type);
        if (ran(&transpose))
            expect(&transpose, 0, &turned, data, from_order, &r);
        one_free(&transpose);
    }
    /* The real 0 of a quantized tensor is its zero point. */
    static const float scale = 0.5f;
    static const int64_t zero = -7;
    struct one pad = with_input(ASSAY_OPERATOR_PAD, SHAPE(1), ASSAY_TENSOR_I8, (const uint8_t *)"\5");
    INTEGERS(&pad, 1, 1);
    one_output(&pad, ASSAY_TENSOR_I8)->quantization = (struct assay_tensor_quantization){1, &scale, &zero, 0};
    if (ran(&pad))
        EXPECT(memcmp(pad.result[0], (int8_t[]){-7, 5, -7}, 3) == 0, "PAD: not with the zero point");
    one_free(&pad);
}

static void refuse_2(enum assay_operator_code code, size_t n1, const int32_t *v1, size_t n2, const int32_t *v2,
                     const char *words)
{
    struct one one = with_input(code, SHAPE(2, 3), ASSAY_TENSOR_I8, one_bytes());
    one_integers(&one, n1, v1);
    if (v2)
        one_integers(&one, n2, v2);
    one_output(&one, ASSAY_TENSOR_I8);
    one_refuses(&one, assay_operator_name(code), words);
}

static void regions_refused(void)
{
    refuse_2(ASSAY_OPERATOR_SLICE, 2, (int32_t[]){0, -1}, 2, (int32_t[]){1, 1}, "from -1");
    refuse_2(ASSAY_OPERATOR_SLICE, 2, (int32_t[]){0, 4}, 2, (int32_t[]){1, -1}, "from 4");
    refuse_2(ASSAY_OPERATOR_SLICE, 2, (int32_t[]){1, 0}, 2, (int32_t[]){2, 1}, "no 2 from 1");
    refuse_2(ASSAY_OPERATOR_SLICE, 2, (int32_t[]){1, 1}, 2, (int32_t[]){1, INT32_MAX}, "from 1");
    refuse_2(ASSAY_OPERATOR_SLICE, 2, (int32_t[]){0, 0}, 2, (int32_t[]){-2, 1}, "no -2");
    refuse_2(ASSAY_OPERATOR_SLICE, 1, (int32_t[]){0}, 2, (int32_t[]){1, 1}, "1 begins");
    refuse_2(ASSAY_OPERATOR_PAD, 4, (int32_t[]){0, 0, -1, 0}, 0, NULL, "-1");
    refuse_2(ASSAY_OPERATOR_PAD, 4, (int32_t[]){INT32_MAX, 1, 0, 0}, 0, NULL, "overflows");
    refuse_2(ASSAY_OPERATOR_PAD, 3, (int32_t[]){0, 0, 0}, 0, NULL, "3 paddings");
    refuse_2(ASSAY_OPERATOR_TRANSPOSE, 2, (int32_t[]){1, 1}, 0, NULL, "twice");
    refuse_2(ASSAY_OPERATOR_TRANSPOSE, 2, (int32_t[]){0, 2}, 0, NULL, "axis 2");
    refuse_2(ASSAY_OPERATOR_TRANSPOSE, 1, (int32_t[]){0}, 0, NULL, "1 dimensions");
    struct one loose = with_input(ASSAY_OPERATOR_TRANSPOSE, SHAPE(2, 3), ASSAY_TENSOR_I8, one_bytes());
    one_input(&loose, ASSAY_TENSOR_I32, SHAPE(2), one_bytes());
    one_output(&loose, ASSAY_TENSOR_I8);
    one_refuses(&loose, "TRANSPOSE", "must be a constant");
}

struct gathered {
    struct assay_shape in, at;
    size_t axis, batch;
    const int32_t *positions;
};

static size_t from_gather(const void *context, const int64_t *out)
{
    const struct gathered *g = context;
    int64_t in[ASSAY_MAX_RANK], at[ASSAY_MAX_RANK];
    const size_t more = g->at.rank - g->batch;
    for (size_t d = 0; d < g->at.rank; d++)
        at[d] = d < g->batch ? out[d] : out[g->axis + d - g->batch];
    for (size_t d = 0; d < g->in.rank; d++)
        in[d] = d < g->axis ? out[d] : d > g->axis ? out[d - 1 + more] : 0;
    in[g->axis] = g->positions[one_index(&g->at, at)];
    return in[g->axis] < 0 || in[g->axis] >= g->in.dims[g->axis] ? SIZE_MAX : one_index(&g->in, in);
}

static void gathers(void)
{
    for (int round = 0; round < ROUNDS; round++) {
        struct gathered g = {.in = one_shape(1), .at = {.rank = (size_t)one_below(3)}};
        const enum assay_tensor_type type = one_type();
        g.axis = (size_t)one_below((int)g.in.rank);
        g.batch = (size_t)one_below(1 + (int)(g.axis < g.at.rank ? g.axis : g.at.rank));
        struct assay_shape out = {0};
        for (size_t d = 0; d < g.axis; d++)
            out.dims[out.rank++] = g.in.dims[d];
        for (size_t d = 0; d < g.at.rank; d++) {
            g.at.dims[d] = d < g.batch ? g.in.dims[d] : one_below(4);
            if (d >= g.batch)
                out.dims[out.rank++] = g.at.dims[d];
        }
        for (size_t d = g.axis + 1; d < g.in.rank; d++)
            out.dims[out.rank++] = g.in.dims[d];
        int32_t positions[64] = {0};
        for (size_t i = 0; i < one_count(&g.at); i++)
            positions[i] = one_below(8) == 0 ? (one_below(2) ? INT32_MIN : INT32_MAX) : one_below(6) - 1;
        g.positions = positions;
        const uint8_t *data = one_bytes();
        struct one one = with_input(ASSAY_OPERATOR_GATHER, g.in, type, data);
        one.op.axis.axis = (int32_t)g.axis - (round % 2 ? (int32_t)g.in.rank : 0);
        one.op.axis.batch_dims = (int32_t)g.batch;
        one_input(&one, ASSAY_TENSOR_I32, g.at, positions);
        one_output(&one, type);
        if (ran(&one))
            expect(&one, 0, &out, data, from_gather, &g);
        one_free(&one);
    }
    struct one outside = with_input(ASSAY_OPERATOR_GATHER, SHAPE(2, 3), ASSAY_TENSOR_I8, one_bytes());
    INTEGERS(&outside, 1, 2);
    one_output(&outside, ASSAY_TENSOR_I8);
    one_refuses(&outside, "GATHER", "position 1 is 2");
    struct one axis = with_input(ASSAY_OPERATOR_GATHER, SHAPE(2, 3), ASSAY_TENSOR_I8, one_bytes());
    axis.op.axis.axis = -3;
    INTEGERS(&axis, 0);
    one_output(&axis, ASSAY_TENSOR_I8);
    one_refuses(&axis, "GATHER", "axis -3");
    struct one batch = with_input(ASSAY_OPERATOR_GATHER, SHAPE(2, 3), ASSAY_TENSOR_I8, one_bytes());
    batch.op.axis.batch_dims = 1;
    INTEGERS(&batch, 0);
    one_output(&batch, ASSAY_TENSOR_I8);
    one_refuses(&batch, "GATHER", "batch dimensions");
}

int main(void)
{
    reshapes();
    reshape_batch();
    reshapes_refused();
    splits();
    splits_refused();
    regions();
    regions_refused();
    gathers();
    return failures > 0;
}
