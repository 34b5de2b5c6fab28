/* RESIZE_BILINEAR and RESIZE_NEAREST_NEIGHBOR against their definitions in double, or exact integers for int8; scales
 * are taken that both sides have exactly, or nearly. */
#include "models/ops/tests/one_op.h"

#include <math.h>

enum { ROUNDS = 300 };

static double place(int i, int in, int out, bool corners, bool centers)
{
    const double scale = corners && out > 1 ? (in - 1) / (double)(out - 1) : in / (double)out;
    return centers ? (i + 0.5) * scale - 0.5 : i * scale;
}

static int inside(double x, int size)
{
    return x < 0 ? 0 : x > size - 1 ? size - 1 : (int)x;
}

/* In units of 1/1024. */
static long long place_1024(int i, int in, int out, bool corners, bool centers)
{
    const long long span = corners && out > 1 ? in - 1 : in, by = corners && out > 1 ? out - 1 : out;
    const long long scale = (1024 * span + by / 2) / by;
    return i * scale + (centers ? scale / 2 - 512 : 0);
}

static struct one resized(enum assay_operator_code code, enum assay_tensor_type type, struct assay_shape in,
                          const void *data, const int32_t size[2], bool corners, bool centers)
{
    struct one one = one_of(code);
    one.op.resize.align_corners = corners;
    one.op.resize.half_pixel_centers = centers;
    one_input(&one, type, in, data);
    one_integers(&one, 2, size);
    one_output(&one, type);
    return one;
}

static void check(int number)
{
    const struct assay_shape in = {4, {1 + one_below(2), 1 + one_below(6), 1 + one_below(6), 1 + one_below(3)}};
    const int32_t size[2] = {1 + one_below(12), 1 + one_below(12)};
    const bool corners = number % 3 == 0, centers = number % 3 == 1;
    const struct assay_shape out = {4, {in.dims[0], size[0], size[1], in.dims[3]}};
    const int8_t *bytes = (const int8_t *)one_bytes();
    float reals[2 * 6 * 6 * 3];
    for (size_t i = 0; i < one_count(&in); i++)
        reals[i] = bytes[i];
    struct one near =
        resized(ASSAY_OPERATOR_RESIZE_NEAREST_NEIGHBOR, ASSAY_TENSOR_I8, in, bytes, size, corners, centers);
    struct one real = resized(ASSAY_OPERATOR_RESIZE_BILINEAR, ASSAY_TENSOR_F32, in, reals, size, corners, centers);
    struct one exact = resized(ASSAY_OPERATOR_RESIZE_BILINEAR, ASSAY_TENSOR_I8, in, bytes, size, corners, centers);
    const bool good = one_run(&near) && one_run(&real) && one_run(&exact);
    EXPECT(good && assay_shape_equal(&near.shape[0], &out) && assay_shape_equal(&real.shape[0], &out), "%s%s%s",
           near.error.text, real.error.text, exact.error.text);
    for (size_t i = 0; good && i < one_count(&out); i++) {
        int64_t at[4];
        one_where(&out, i, at);
        double y[2], weight = 0, sum = 0;
        long long fixed[2], low[2], total = 0;
        bool unsure = false; /* where double and float may round to another pixel */
        int64_t nearest[4] = {at[0], 0, 0, at[3]};
        for (int d = 0; d < 2; d++) {
            y[d] = place((int)at[d + 1], in.dims[d + 1], size[d], corners, centers);
            const double whole = corners ? round(y[d]) : floor(y[d] + (centers ? 0.5 : 0)),
                         just = y[d] + (corners || centers ? 0.5 : 0);
            unsure |= fabs(just - rint(just)) < 1e-5 && fabs(just * 64 - rint(just * 64)) > 0;
            nearest[d + 1] = inside(whole, in.dims[d + 1]);
            fixed[d] = place_1024((int)at[d + 1], in.dims[d + 1], size[d], corners, centers);
            low[d] = fixed[d] < 0 ? 0 : fixed[d] / 1024;
        }
        for (int corner = 0; corner < 4; corner++) {
            int64_t real_at[4] = {at[0], 0, 0, at[3]}, fixed_at[4] = {at[0], 0, 0, at[3]};
            long long share = 1;
            weight = 1;
            for (int d = 0; d < 2; d++) {
                const bool high = corner >> d & 1;
                const int from = inside(floor(y[d]), in.dims[d + 1]);
                real_at[d + 1] = high ? inside(ceil(y[d]), in.dims[d + 1]) : from;
                weight *= high ? y[d] - from : 1 - (y[d] - from);
                const long long up = fixed[d] < 0 ? 0 : (fixed[d] + 1023) / 1024, part = fixed[d] - 1024 * low[d];
                fixed_at[d + 1] = high ? (up < in.dims[d + 1] ? up : in.dims[d + 1] - 1) : low[d];
                share *= high ? part : 1024 - part;
            }
            sum += weight * (double)reals[one_index(&in, real_at)];
            total += share * bytes[one_index(&in, fixed_at)];
        }
        EXPECT(unsure || ((int8_t *)near.result[0])[i] == bytes[one_index(&in, nearest)], "nearest %d: %zu", number, i);
        EXPECT(fabs((double)((float *)real.result[0])[i] - sum) < 1e-3, "f32 %d: %zu is %g, not %g", number, i,
               (double)((float *)real.result[0])[i], sum);
        const long long rounded = (total + (total > 0 ? 1 << 19 : -(1 << 19))) / (1 << 20);
        EXPECT(((int8_t *)exact.result[0])[i] == rounded, "i8 %d: %zu is %d, not %lld", number, i,
               ((int8_t *)exact.result[0])[i], rounded);
    }
    one_free(&near);
    one_free(&real);
    one_free(&exact);
}

int main(void)
{
    for (int round = 0; round < ROUNDS; round++)
        check(round);
    const struct assay_shape in = {4, {1, 2, 2, 1}}, empty = {4, {1, 0, 2, 1}}, flat = {3, {2, 2, 1}};
    static const int32_t none[] = {0, 3}, below[] = {3, -1}, two[] = {2, 2};
    const uint8_t *data = one_bytes();
    const enum assay_operator_code codes[] = {ASSAY_OPERATOR_RESIZE_BILINEAR, ASSAY_OPERATOR_RESIZE_NEAREST_NEIGHBOR};
    for (int i = 0; i < 2; i++) {
        const char *name = assay_operator_name(codes[i]);
        struct one zero = resized(codes[i], ASSAY_TENSOR_I8, in, data, none, false, false);
        one_refuses(&zero, name, "above 0");
        struct one negative = resized(codes[i], ASSAY_TENSOR_I8, in, data, below, false, false);
        one_refuses(&negative, name, "above 0");
        struct one nothing = resized(codes[i], ASSAY_TENSOR_I8, empty, data, two, false, false);
        one_refuses(&nothing, name, "no pixels");
        struct one rank = resized(codes[i], ASSAY_TENSOR_I8, flat, data, two, false, false);
        one_refuses(&rank, name, "not 4");
    }
    struct one both = resized(ASSAY_OPERATOR_RESIZE_BILINEAR, ASSAY_TENSOR_F32, in, data, two, true, true);
    one_refuses(&both, "RESIZE_BILINEAR", "exclude");
    /* The integer scale of 2000 to 3000 leads past the last pixel. */
    static const int32_t long_size[] = {1, 3000};
    static int8_t row[2000];
    memset(row, 7, sizeof(row));
    struct one past = resized(ASSAY_OPERATOR_RESIZE_BILINEAR, ASSAY_TENSOR_I8, (struct assay_shape){4, {1, 1, 2000, 1}},
                              row, long_size, false, false);
    EXPECT(one_run(&past) && ((int8_t *)past.result[0])[2999] == 7, "past the last pixel: %s", past.error.text);
    one_free(&past);
    return failures > 0;
}
