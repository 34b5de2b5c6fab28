/* Dynamic quantization of rows: its definition, its corners, the runs of several rows as one, and the layers that do it
 * themselves. */
#include "kernels/core/kernel.h"
#include "kernels/quantize/dynamic.h"
#include "tests/core/expect.h"

#include <math.h>
#include <string.h>

static void expect_row(const char *what, const float *x, size_t count, float scale, int32_t zero, const int8_t *q)
{
    int8_t got[64] = {0};
    float min = 0, max = 0;
    assay_row_range(x, count, &min, &max);
    const struct assay_row_quantization row = assay_row_quantization_of(min, max);
    EXPECT(row.scale == scale && row.zero == zero, "%s: scale %.9g, zero %d", what, (double)row.scale, (int)row.zero);
    assay_row_quantize_all(x, count, row, got);
    for (size_t i = 0; i < count; i++)
        EXPECT(got[i] == q[i], "%s: element %zu is %d, not %d", what, i, got[i], q[i]);
}

static void test_known_rows(void)
{
    expect_row("0 to 255", (const float[]){0, 1, 2, 254, 255}, 5, 1, -128,
               (const int8_t[]){-128, -127, -126, 126, 127});
    expect_row("-255 to 0", (const float[]){-255, -1, 0}, 3, 1, 127, (const int8_t[]){-128, 126, 127});
    /* zero is that of the range widened to hold 0 */
    expect_row("all positive", (const float[]){510, 255}, 2, 2, -128, (const int8_t[]){127, 0});
    /* ties go to the even neighbour, before the zero point is added: 0.5 -> 0, 1.5 -> 2, 2.5 -> 2 */
    expect_row("ties", (const float[]){0.5f, 1.5f, 2.5f, 255}, 4, 1, -128, (const int8_t[]){-128, -126, -126, 127});
    /* and so does that of the zero point: -128 + 127.5 */
    expect_row("a tied zero", (const float[]){-127.5f, 127.5f}, 2, 1, 0, (const int8_t[]){-128, 127});
    expect_row("zeros", (const float[]){0, -0.0f, 0}, 3, 1, 0, (const int8_t[]){0, 0, 0});
    expect_row("vanishing", (const float[]){1e-40f, -1e-40f}, 2, 1, 0, (const int8_t[]){0, 0});
    expect_row("none", NULL, 0, 1, 0, NULL);
}

/* The error of any element is at most half a step, and half a step more for the zero point. */
static void test_error(void)
{
    unsigned state = 1;
    for (int round = 0; round < 200; round++) {
        float x[64], min = 0, max = 0;
        const size_t count = 1 + (size_t)round % 64;
        for (size_t i = 0; i < count; i++) {
            state = state * 1664525U + 1013904223U;
            x[i] = ldexpf((float)(int)(state >> 8) - 0x1p23f * (float)(round % 3), round % 60 - 50);
        }
        assay_row_range(x, count, &min, &max);
        const struct assay_row_quantization row = assay_row_quantization_of(min, max);
        int8_t q[64];
        assay_row_quantize_all(x, count, row, q);
        for (size_t i = 0; i < count; i++) {
            EXPECT(min <= x[i] && x[i] <= max, "%g lies outside of %g … %g", (double)x[i], (double)min, (double)max);
            const double back = (double)row.scale * (q[i] - row.zero);
            EXPECT(fabs(back - (double)x[i]) <= 1.001 * (double)row.scale, "%.9g comes back as %.9g", (double)x[i],
                   back);
        }
    }
}

/* Rows with gaps give what the same rows give without them, and the gaps stay unread. */
static void test_rows_as_one(void)
{
    float gapped[3][7], tight[3][5];
    int8_t from_gapped[15], from_tight[15];
    for (int r = 0; r < 3; r++) {
        for (int c = 0; c < 7; c++)
            gapped[r][c] = c < 5 ? (float)(r * 31 - c * 17) : NAN;
        memcpy(tight[r], gapped[r], sizeof(tight[r]));
    }
    const struct assay_row_quantization a = assay_quantize_rows(NULL, NULL, gapped[0], 3, 5, 7, from_gapped);
    const struct assay_row_quantization b = assay_quantize_rows(NULL, NULL, tight[0], 3, 5, 5, from_tight);
    EXPECT(a.scale == b.scale && a.zero == b.zero, "the parameters differ");
    EXPECT(memcmp(from_gapped, from_tight, sizeof(from_gapped)) == 0, "the elements differ");
    EXPECT(a.scale == (62.0f + 68.0f) / 255.0f, "scale %.9g", (double)a.scale);
}

static void test_strange_values(void)
{
    const float x[] = {NAN, INFINITY, -INFINITY, 3e38f, -3e38f, 1};
    int8_t q[6];
    float min = 0, max = 0;
    assay_row_range(x, 6, &min, &max);
    const struct assay_row_quantization row = assay_row_quantization_of(min, max);
    assay_row_quantize_all(x, 6, row, q); /* unspecified, but the sanitizers would tell of a trap */
    EXPECT(isfinite(row.scale) && row.scale > 0, "scale %g", (double)row.scale);
    EXPECT(row.zero >= -128 && row.zero <= 127, "zero %d", (int)row.zero);
}

enum { MOST_ROWS = 40, MOST_COLUMNS = 150, MOST_STRIDE = MOST_COLUMNS + 3 };

/* Rows of all kinds: of any magnitude, of zeros, vanishing, of one sign. */
static void fill_rows(float *x, size_t rows, size_t columns, size_t stride, unsigned *state)
{
    for (size_t r = 0; r < rows; r++) {
        *state = *state * 1664525U + 1013904223U;
        const unsigned kind = *state >> 28;
        const int exponent = kind == 0 ? -150 : (int)(*state >> 16 & 63) - 50;
        for (size_t c = 0; c < stride; c++) {
            *state = *state * 1664525U + 1013904223U;
            const float any = (float)(*state >> 8) - (kind == 1 ? 0.0f : kind == 2 ? 0x1p24f : 0x1p23f);
            x[r * stride + c] = c >= columns ? NAN : kind == 3 ? 0.0f : ldexpf(any, exponent);
        }
    }
}

/* Many rows at once, as kernels take them, are what each is by itself; nothing between the rows is touched. */
static void test_kernel(const struct assay_kernel *kernel, size_t rows, size_t columns, size_t stride, unsigned *state)
{
    static float x[MOST_ROWS * MOST_STRIDE];
    static int8_t got[MOST_ROWS * MOST_STRIDE], q[MOST_COLUMNS];
    struct assay_row_quantization parameters[MOST_ROWS];
    const struct assay_problem p = {.op = ASSAY_OP_QUANTIZE,
                                    .mode = ASSAY_MODE_HYBRID,
                                    .structure = ASSAY_DENSE,
                                    .quantize = {ASSAY_ROW_F32_I8, rows, columns, stride, stride}};
    if (kernel->mode != p.mode || (kernel->features & assay_cpu_features()) != kernel->features ||
        kernel->supports(kernel, &p) != NULL)
        return;
    fill_rows(x, rows, columns, stride, state);
    memset(got, 0x55, sizeof(got));
    kernel->run(kernel, &p, NULL, &(struct assay_io){.in = x, .out = got, .row_parameters = parameters}, NULL);
    for (size_t r = 0; r < rows; r++) {
        float min = 0.0f, max = 0.0f;
        assay_row_range(x + r * stride, columns, &min, &max);
        const struct assay_row_quantization row = assay_row_quantization_of(min, max);
        assay_row_quantize_all(x + r * stride, columns, row, q);
        EXPECT(row.scale == parameters[r].scale && row.zero == parameters[r].zero &&
                   memcmp(q, got + r * stride, columns) == 0,
               "%s: row %zu of %zu of %zu columns", kernel->name, r, rows, columns);
        for (size_t c = columns; c < stride; c++)
            EXPECT(got[r * stride + c] == 0x55, "%s: writes beyond row %zu of %zu columns", kernel->name, r, columns);
    }
}

static void test_kernels(void)
{
    size_t count;
    const struct assay_kernel *const *kernels = assay_kernels(ASSAY_OP_QUANTIZE, &count);
    unsigned state = 1;
    for (size_t i = 0; i < count; i++) {
        for (size_t rows = 1; rows <= MOST_ROWS; rows += 1 + rows / 5) {
            for (size_t columns = 1; columns <= MOST_COLUMNS; columns += 1 + columns / 9)
                test_kernel(kernels[i], rows, columns, columns + rows % 4, &state);
        }
    }
}

enum { LAYER_COLUMNS = 21, LAYER_ROWS = 3 };

/* Fully connected layers on rows that a kernel quantizes itself, of `inputs`: out = scale * product, to the bit. */
static bool run_layer(const struct assay_kernel *kernel, const float *x, size_t inputs, float *out)
{
    static _Alignas(ASSAY_PACK_ALIGN) char packed[1 << 16], scratch[1 << 16];
    static int8_t weights[LAYER_COLUMNS * MOST_COLUMNS];
    float scale[LAYER_COLUMNS];
    for (size_t i = 0; i < LAYER_COLUMNS * inputs; i++)
        weights[i] = (int8_t)(i * 37 % 255 - 127);
    for (size_t j = 0; j < LAYER_COLUMNS; j++)
        scale[j] = 0.01f + (float)j / 300.0f;
    const struct assay_problem p = {.op = ASSAY_OP_GEMM,
                                    .mode = ASSAY_MODE_HYBRID,
                                    .structure = ASSAY_DENSE,
                                    .gemm = {LAYER_ROWS, LAYER_COLUMNS, inputs, inputs, LAYER_COLUMNS, 0}};
    const struct assay_weights w = {.values = weights, .scale = scale};
    const struct assay_io io = {.in = x, .out = out};
    if (kernel->mode != p.mode || (kernel->features & assay_cpu_features()) != kernel->features ||
        (kernel->supports && kernel->supports(kernel, &p)) || kernel->packed_size(kernel, &p) > sizeof(packed) ||
        (kernel->scratch_size && kernel->scratch_size(kernel, &p) > sizeof(scratch)))
        return false;
    if (!kernel->pack(kernel, &p, &w, packed) ||
        (kernel->prepare && !kernel->prepare(kernel, &p, packed, &io, scratch)))
        return false;
    kernel->run(kernel, &p, packed, &io, scratch);
    return true;
}

static void test_layers(void)
{
    static float x[LAYER_ROWS * MOST_COLUMNS], right[LAYER_ROWS * LAYER_COLUMNS], got[LAYER_ROWS * LAYER_COLUMNS];
    size_t count, compared = 0;
    const struct assay_kernel *const *kernels = assay_kernels(ASSAY_OP_GEMM, &count);
    const struct assay_kernel *reference = NULL;
    for (size_t i = 0; i < count && !reference; i++)
        reference = strcmp(kernels[i]->name, "gemm_hybrid_ref") == 0 ? kernels[i] : NULL;
    unsigned state = 1;
    for (size_t round = 0; round < 4 * MOST_COLUMNS && reference; round++) {
        const size_t inputs = 1 + round % MOST_COLUMNS;
        fill_rows(x, LAYER_ROWS, inputs, inputs, &state);
        EXPECT(run_layer(reference, x, inputs, right), "the reference refuses %zu inputs", inputs);
        for (size_t i = 0; i < count; i++) {
            if (!run_layer(kernels[i], x, inputs, got))
                continue;
            compared++;
            for (size_t j = 0; j < LAYER_ROWS * LAYER_COLUMNS; j++)
                EXPECT(got[j] == right[j], "%s: %zu inputs, output %zu is %.9g, not %.9g", kernels[i]->name, inputs, j,
                       (double)got[j], (double)right[j]);
        }
    }
    EXPECT(compared > 4 * MOST_COLUMNS, "%zu comparisons", compared);
}

int main(void)
{
    test_kernels();
    test_layers();
    test_known_rows();
    test_error();
    test_rows_as_one();
    test_strange_values();
    return expect_report();
}
