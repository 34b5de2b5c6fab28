/* Layers whose weights are mostly zeros: stored sparse, behind DENSIFY, or dense with zeros; as spmm computes them and
 * as the dense kernels do. Integers are the same to the bit; floats are within a bound of a sum in f64 here. */
#include "models/run/executor.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures;

#define EXPECT(condition, ...)                              \
    do {                                                    \
        if (!(condition)) {                                 \
            fprintf(stderr, "%s:%d: ", __FILE__, __LINE__); \
            fprintf(stderr, __VA_ARGS__);                   \
            fprintf(stderr, "\n");                          \
            failures++;                                     \
        }                                                   \
    } while (0)

static uint32_t random_bits(void)
{
    static uint64_t state = 88172645463325252u;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 16);
}

static size_t below(size_t limit)
{
    return random_bits() % limit;
}

enum how { DENSE, DIRECT, DENSIFIED, HOW_COUNT };
enum { MOST_WEIGHTS = 128 * 160, MOST_ROWS = 80, LIMIT = 1 << 26 };

struct layer {
    enum assay_mode mode; /* FP32, FP16W, HYBRID, INT8 */
    bool conv;            /* with a filter of size x size, on images of rows x 1 pixels; else fully connected */
    size_t size, rows, n, k, block_rows, block_columns, zeros; /* zeros: in percent of the blocks */
    double weights[MOST_WEIGHTS];                              /* integers in int8 and hybrid, [n][size][size][k] */
    double in[MOST_ROWS * 160];
    float scale[128], bias[128];
    int32_t bias_int[128];
    int64_t zero[128];
};

static size_t taps(const struct layer *l)
{
    return l->size * l->size;
}

static bool byte_weights(const struct layer *l)
{
    return l->mode == ASSAY_MODE_HYBRID || l->mode == ASSAY_MODE_INT8;
}

static size_t at(const struct layer *l, size_t o, size_t tap, size_t c)
{
    return (o * taps(l) + tap) * l->k + c;
}

static bool in_kept_block(const unsigned char *kept, const struct layer *l, size_t o, size_t tap, size_t c)
{
    const size_t columns = l->k / l->block_columns;
    return kept[(o / l->block_rows * taps(l) + tap) * columns + c / l->block_columns];
}

static void make_layer(struct layer *l)
{
    static const size_t blocks[][2] = {{1, 1}, {1, 4}, {4, 1}, {1, 16}};
    static unsigned char kept[MOST_WEIGHTS];
    const size_t block = below(4);
    l->block_rows = blocks[block][0];
    l->block_columns = blocks[block][1];
    l->conv = below(2) == 0;
    l->size = l->conv && below(4) == 0 ? 3 : 1;
    l->rows = l->size + below(MOST_ROWS - l->size);
    l->n = l->block_rows * (1 + below((l->size == 3 ? 16 : 128) / l->block_rows));
    l->k = l->block_columns * (1 + below((l->size == 3 ? 32 : 160) / l->block_columns));
    l->zeros = 50 + below(51);
    for (size_t i = 0; i < MOST_WEIGHTS; i++)
        kept[i] = below(100) >= l->zeros;
    for (size_t o = 0; o < l->n; o++) {
        l->scale[o] = 0.001f * (float)(1 + below(20));
        l->bias_int[o] = (int32_t)below(2000) - 1000;
        l->bias[o] = (float)l->bias_int[o] / 256.0f;
        l->zero[o] = 0;
        for (size_t tap = 0; tap < taps(l); tap++)
            for (size_t c = 0; c < l->k; c++) {
                const double weight = (double)(1 + below(127)) * (below(2) ? 1.0 : -1.0);
                l->weights[at(l, o, tap, c)] =
                    in_kept_block(kept, l, o, tap, c) ? weight / (byte_weights(l) ? 1.0 : 512.0) : 0.0;
            }
    }
    for (size_t i = 0; i < l->rows * l->k; i++)
        l->in[i] = (double)below(256) - 128.0;
}

static void put(enum assay_tensor_type type, void *to, size_t i, double value)
{
    if (type == ASSAY_TENSOR_F32)
        ((float *)to)[i] = (float)value;
    else if (type == ASSAY_TENSOR_F16)
        ((assay_f16 *)to)[i] = (assay_f16)value;
    else
        ((int8_t *)to)[i] = (int8_t)value;
}

static enum assay_tensor_type weight_type(const struct layer *l)
{
    return byte_weights(l) ? ASSAY_TENSOR_I8 : l->mode == ASSAY_MODE_FP16W ? ASSAY_TENSOR_F16 : ASSAY_TENSOR_F32;
}

/* The format's own encoding of a layer's weights: blocks of channels and inputs, compressed along the inputs. */
struct encoding {
    int32_t order[6], map[2], segments[MOST_WEIGHTS + 1], indices[MOST_WEIGHTS];
    struct assay_sparse_dimension dimensions[6];
    struct assay_sparsity sparsity;
    float values[MOST_WEIGHTS];
    size_t value_count;
};

static bool block_holds(const struct layer *l, size_t o, size_t tap, size_t c)
{
    for (size_t r = 0; r < l->block_rows; r++)
        for (size_t x = 0; x < l->block_columns; x++)
            if (l->weights[at(l, o + r, tap, c + x)] != 0.0)
                return true;
    return false;
}

static void encode(const struct layer *l, struct encoding *e)
{
    const size_t rank = l->conv ? 4 : 2;
    size_t segment = 0, index = 0;
    e->value_count = 0;
    for (size_t o = 0; o < l->n; o += l->block_rows) {
        for (size_t tap = 0; tap < taps(l); tap++) {
            e->segments[segment++] = (int32_t)index;
            for (size_t c = 0; c < l->k; c += l->block_columns) {
                if (!block_holds(l, o, tap, c))
                    continue;
                e->indices[index++] = (int32_t)(c / l->block_columns);
                for (size_t r = 0; r < l->block_rows; r++)
                    for (size_t x = 0; x < l->block_columns; x++)
                        put(weight_type(l), e->values, e->value_count++, l->weights[at(l, o + r, tap, c + x)]);
            }
        }
    }
    e->segments[segment++] = (int32_t)index;
    const struct assay_sparse_dimension outer = {.size = (int32_t)(l->n / l->block_rows)},
                                        window = {.size = (int32_t)l->size},
                                        inner = {.compressed = true,
                                                 .segment_count = segment,
                                                 .index_count = index,
                                                 .segments = e->segments,
                                                 .indices = e->indices};
    for (int32_t i = 0; i < 6; i++)
        e->order[i] = i;
    for (size_t i = 0; i < rank; i++)
        e->dimensions[i] = i == 0 ? outer : i + 1 == rank ? inner : window;
    e->dimensions[rank] = (struct assay_sparse_dimension){.size = (int32_t)l->block_rows};
    e->dimensions[rank + 1] = (struct assay_sparse_dimension){.size = (int32_t)l->block_columns};
    e->map[0] = 0;
    e->map[1] = (int32_t)rank - 1;
    e->sparsity = (struct assay_sparsity){rank + 2, 2, rank + 2, e->order, e->map, e->dimensions};
}

enum { IN, WEIGHTS, STORED, HALVES, BIAS, OUT, TENSORS };

/* A network of the layer, with DENSIFY (and DEQUANTIZE of f16) before it where asked. */
struct network {
    struct assay_tensor tensors[TENSORS];
    struct assay_operator operators[3];
    struct assay_subgraph subgraph;
    struct assay_graph graph;
    float dense[MOST_WEIGHTS], scale_in, scale_out;
    int64_t zero_in, zero_out;
};

static struct assay_tensor tensor(enum assay_tensor_type type, struct assay_shape shape, const void *data, size_t count)
{
    return (struct assay_tensor){
        .name = "", .type = type, .shape = shape, .data = data, .bytes = count * assay_tensor_type_size(type)};
}

static void quantize_tensors(const struct layer *l, struct network *w)
{
    w->scale_in = 0.05f;
    w->scale_out = 4.0f;
    w->zero_in = -3;
    w->zero_out = 5;
    const struct assay_tensor_quantization each = {l->n, l->scale, l->zero, 0};
    w->tensors[WEIGHTS].quantization = w->tensors[STORED].quantization = each;
    if (l->mode != ASSAY_MODE_INT8)
        return;
    w->tensors[IN].quantization = (struct assay_tensor_quantization){1, &w->scale_in, &w->zero_in, 0};
    w->tensors[OUT].quantization = (struct assay_tensor_quantization){1, &w->scale_out, &w->zero_out, 0};
}

static void make_network(const struct layer *l, const struct encoding *e, enum how how, struct network *w)
{
    static const int32_t in[] = {IN, WEIGHTS, BIAS}, out[] = {OUT}, stored[] = {STORED}, halves[] = {HALVES},
                         weights[] = {WEIGHTS};
    const bool integer = l->mode == ASSAY_MODE_INT8, half = l->mode == ASSAY_MODE_FP16W;
    const enum assay_tensor_type io = integer ? ASSAY_TENSOR_I8 : ASSAY_TENSOR_F32, type = weight_type(l);
    const int32_t n = (int32_t)l->n, k = (int32_t)l->k, rows = (int32_t)l->rows, size = (int32_t)l->size;
    const struct assay_shape shape =
        l->conv ? (struct assay_shape){4, {n, size, size, k}} : (struct assay_shape){2, {n, k}};
    const size_t count = l->n * taps(l) * l->k;
    for (size_t i = 0; i < count; i++)
        put(type, w->dense, i, l->weights[i]);
    w->tensors[IN] =
        tensor(io, l->conv ? (struct assay_shape){4, {1, rows, size, k}} : (struct assay_shape){2, {rows, k}}, NULL, 0);
    w->tensors[OUT] = tensor(io, (struct assay_shape){0}, NULL, 0);
    w->tensors[BIAS] = tensor(integer ? ASSAY_TENSOR_I32 : ASSAY_TENSOR_F32, (struct assay_shape){1, {n}},
                              integer ? (const void *)l->bias_int : l->bias, l->n);
    w->tensors[STORED] = tensor(type, shape, e->values, e->value_count);
    w->tensors[STORED].sparsity = &e->sparsity;
    w->tensors[HALVES] = tensor(ASSAY_TENSOR_F16, shape, NULL, 0);
    w->tensors[WEIGHTS] = how == DENSE    ? tensor(type, shape, w->dense, count)
                          : how == DIRECT ? w->tensors[STORED]
                                          : tensor(half ? ASSAY_TENSOR_F32 : type, shape, NULL, 0);
    if (byte_weights(l))
        quantize_tensors(l, w);
    size_t operators = 0;
    if (how == DENSIFIED)
        w->operators[operators++] = (struct assay_operator){.code = ASSAY_OPERATOR_DENSIFY,
                                                            .input_count = 1,
                                                            .output_count = 1,
                                                            .inputs = stored,
                                                            .outputs = half ? halves : weights};
    if (how == DENSIFIED && half)
        w->operators[operators++] = (struct assay_operator){.code = ASSAY_OPERATOR_DEQUANTIZE,
                                                            .input_count = 1,
                                                            .output_count = 1,
                                                            .inputs = halves,
                                                            .outputs = weights};
    struct assay_operator *layer = &w->operators[operators++];
    *layer = (struct assay_operator){.code = l->conv ? ASSAY_OPERATOR_CONV_2D : ASSAY_OPERATOR_FULLY_CONNECTED,
                                     .input_count = 3,
                                     .output_count = 1,
                                     .inputs = in,
                                     .outputs = out};
    if (l->conv) {
        layer->conv.padding = ASSAY_PAD_VALID;
        layer->conv.stride_h = layer->conv.stride_w = layer->conv.dilation_h = layer->conv.dilation_w = 1;
    }
    static const int32_t inputs[] = {IN}, outputs[] = {OUT};
    w->subgraph = (struct assay_subgraph){"", TENSORS, operators, 1, 1, w->tensors, w->operators, inputs, outputs};
    w->graph = (struct assay_graph){.subgraph_count = 1, .subgraphs = &w->subgraph};
}

struct result {
    bool ran;
    char kernel[128];
    size_t packed_bytes, count;
    float values[MOST_ROWS * 128]; /* floats, or bytes */
};

static void keep_kernel(void *context, const struct assay_node *node, size_t index)
{
    (void)index;
    struct result *result = context;
    if (node->kernel)
        snprintf(result->kernel, sizeof(result->kernel), "%s", node->kernel);
}

static void run(const struct layer *l, const struct encoding *e, enum how how, const char *glob,
                enum assay_sparse sparse, bool half, struct result *result)
{
    static struct network w;
    struct assay_model_error error = {{0}};
    make_network(l, e, how, &w);
    const struct assay_executor_options options = {
        .features = assay_cpu_features(), .kernel = glob, .memory_limit = LIMIT, .sparse = sparse, .half = half};
    struct assay_executor *executor = assay_executor_make(&w.graph, options, &error);
    result->ran = executor != NULL;
    EXPECT(executor, "%s, %zux%zu: %s", assay_mode_name(l->mode), l->n, l->k, error.text);
    if (!executor)
        return;
    struct assay_value *in = assay_executor_input(executor, 0);
    for (size_t i = 0; i < l->rows * l->size * l->k; i++)
        put(in->tensor->type, in->data, i, l->in[i % (l->rows * l->k)]);
    assay_executor_watch(executor, keep_kernel, result);
    assay_executor_run(executor);
    const struct assay_value *out = assay_executor_output(executor, 0);
    result->count = l->mode == ASSAY_MODE_INT8 ? 1 : sizeof(float);
    for (size_t d = 0; d < out->shape.rank; d++)
        result->count *= (size_t)out->shape.dims[d];
    memcpy(result->values, out->data, result->count);
    result->packed_bytes = assay_executor_memory(executor).packed_bytes;
    assay_executor_free(executor);
}

/* Of a fully connected layer or a 1x1 convolution in floats. fp32 and fp16w: rounding of k + 1 sums in any order.
 * fp16: the same in f16, and of the input and output.
 * hybrid: each input is off by at most one step of the quantization of its row, or of the image of a convolution, whose
 * range includes zero. */
static void check_floats(const struct layer *l, const struct result *r, const char *what)
{
    const double unit = strstr(r->kernel, "_f16a") || strstr(r->kernel, "_f16_") ? 0x1p-10 : 0x1p-23;
    double worst = 0;
    for (size_t i = 0; i < l->rows; i++) {
        double low = 0, high = 0;
        for (size_t x = l->conv ? 0 : i * l->k; x < (l->conv ? l->rows : i + 1) * l->k; x++) {
            low = fmin(low, l->in[x]);
            high = fmax(high, l->in[x]);
        }
        const double step = l->mode == ASSAY_MODE_HYBRID ? (high - low) / 255.0 : 0.0;
        for (size_t o = 0; o < l->n; o++) {
            const double scale = l->mode == ASSAY_MODE_HYBRID ? (double)l->scale[o] : 1.0;
            double sum = (double)l->bias[o], size = fabs(sum), weights = 0;
            for (size_t c = 0; c < l->k; c++) {
                const double weight = scale * l->weights[o * l->k + c];
                sum += weight * l->in[i * l->k + c];
                size += fabs(weight * l->in[i * l->k + c]);
                weights += fabs(weight);
            }
            const double bound = (double)(l->k + 3) * unit * (size + step * weights) + step * weights;
            worst = fmax(worst, fabs((double)r->values[i * l->n + o] - sum) - bound);
        }
    }
    EXPECT(worst <= 0, "%s %s %s, %zu rows, %zux%zu: %g beyond the bound", what, assay_mode_name(l->mode), r->kernel,
           l->rows, l->n, l->k, worst);
}

static bool is_spmm(const struct result *result)
{
    return strncmp(result->kernel, "spmm_", 5) == 0;
}

static struct layer layer;
static struct encoding encoding;
static struct result dense, result;

/* Hybrid has one meaning: of the same exact sums a kernel makes floats by four roundings. */
static void check_same_sums(void)
{
    double worst = 0;
    for (size_t i = 0; i < result.count / sizeof(float); i++) {
        const double size = fabs((double)dense.values[i]) + 2 * fabs((double)layer.bias[i % layer.n]);
        worst = fmax(worst, fabs((double)result.values[i] - (double)dense.values[i]) - 8 * 0x1.01p-24 * size);
    }
    EXPECT(worst <= 0, "%s is %g beyond the bound of %s", result.kernel, worst, dense.kernel);
}

static void check_one(enum how how, const char *glob, enum assay_sparse sparse, bool must_be_spmm)
{
    run(&layer, &encoding, how, glob, sparse, false, &result);
    if (!result.ran)
        return;
    EXPECT(!must_be_spmm || is_spmm(&result), "%s of %zux%zu, not spmm", result.kernel, layer.n, layer.k);
    EXPECT(sparse != ASSAY_SPARSE_NEVER || glob || !is_spmm(&result), "%s, though it was not to be", result.kernel);
    EXPECT(result.count == dense.count, "%zu bytes, not %zu", result.count, dense.count);
    if (layer.mode == ASSAY_MODE_INT8 || strcmp(result.kernel, dense.kernel) == 0)
        EXPECT(memcmp(result.values, dense.values, dense.count) == 0, "%s is not %s", result.kernel, dense.kernel);
    else
        check_floats(&layer, &result, "sparse");
    if (layer.mode == ASSAY_MODE_HYBRID)
        check_same_sums();
}

/* f16 weights, computed with f16 activations. */
static void check_half(enum how how)
{
    run(&layer, &encoding, how, NULL, ASSAY_SPARSE_ANY, true, &result);
    EXPECT(!strstr(result.kernel, "f16w"), "%s, not fp16", result.kernel);
    if (layer.size == 1)
        check_floats(&layer, &result, "half");
}

static void check_random_layers(void)
{
    static const enum assay_mode modes[] = {ASSAY_MODE_FP32, ASSAY_MODE_HYBRID, ASSAY_MODE_INT8, ASSAY_MODE_FP16W};
    for (int round = 0; round < 400; round++) {
        layer.mode = modes[round % 4];
        make_layer(&layer);
        encode(&layer, &encoding);
        run(&layer, &encoding, DENSE, NULL, ASSAY_SPARSE_NEVER, false, &dense);
        EXPECT(!is_spmm(&dense), "%s, though it was not to be", dense.kernel);
        if (layer.mode != ASSAY_MODE_INT8 && layer.size == 1)
            check_floats(&layer, &dense, "dense");
        const bool eligible = layer.mode != ASSAY_MODE_FP16W && layer.size == 1;
        /* A dense kernel multiplies few weights in less time than the input takes to be turned. */
        const bool sparse_wins = eligible && layer.zeros == 100 && layer.rows >= 16 && layer.n >= 32 && layer.k >= 64;
        for (enum how how = DENSE; how < HOW_COUNT; how++) {
            check_one(how, eligible ? "spmm_*" : NULL, ASSAY_SPARSE_NEVER, eligible);
            check_one(how, NULL, ASSAY_SPARSE_ANY, sparse_wins);
            check_one(how, NULL, ASSAY_SPARSE_NEVER, false);
            if (layer.mode == ASSAY_MODE_FP16W)
                check_half(how);
            if (layer.size == 1)
                check_one(how, "ref", ASSAY_SPARSE_ANY, false);
        }
        check_one(DENSE, NULL, ASSAY_SPARSE_ENCODED, false);
        EXPECT(!is_spmm(&result), "%s of weights that were not stored sparse", result.kernel);
    }
}

/* Enough rows of input, nearly all blocks zero: spmm, in less memory than dense weights take. */
static void check_memory(void)
{
    static const enum assay_mode modes[] = {ASSAY_MODE_FP32, ASSAY_MODE_HYBRID, ASSAY_MODE_INT8};
    for (size_t i = 0; i < 12; i++) {
        layer.mode = modes[i % 3];
        do
            make_layer(&layer);
        while (layer.size != 1 || layer.n < 64 || layer.k < 64 || layer.zeros < 96 || layer.rows < 16);
        encode(&layer, &encoding);
        run(&layer, &encoding, DENSE, NULL, ASSAY_SPARSE_NEVER, false, &dense);
        for (enum how how = DENSE; how < HOW_COUNT; how++) {
            check_one(how, NULL, ASSAY_SPARSE_ANY, true);
            EXPECT(result.packed_bytes < dense.packed_bytes, "%s: %zu bytes, %s: %zu (%zux%zu, %zu %% zero)",
                   result.kernel, result.packed_bytes, dense.kernel, dense.packed_bytes, layer.n, layer.k, layer.zeros);
        }
    }
}

/* A few stored values that decode to more than memory has. */
static void check_hostile(void)
{
    static struct network w;
    struct assay_model_error error = {{0}};
    layer.mode = ASSAY_MODE_FP32;
    do
        make_layer(&layer);
    while (layer.conv);
    encode(&layer, &encoding);
    make_network(&layer, &encoding, DIRECT, &w);
    const struct assay_executor_options options = {.features = assay_cpu_features(), .memory_limit = LIMIT};
    static const int32_t segments[] = {0};
    const int32_t size = 1 << 26;
    for (int32_t rows = 1; rows <= 32; rows += 31) {
        w.tensors[IN].shape = (struct assay_shape){2, {1, size}};
        w.tensors[WEIGHTS].shape = (struct assay_shape){2, {0, size}};
        w.tensors[WEIGHTS].shape.dims[0] = rows;
        EXPECT(!assay_executor_make(&w.graph, options, &error), "not refused");
    }
    encoding.dimensions[0].size = 1;
    encoding.dimensions[1] =
        (struct assay_sparse_dimension){.compressed = true, .segment_count = 1, .segments = segments};
    EXPECT(!assay_executor_make(&w.graph, options, &error), "not refused");
    EXPECT(strstr(error.text, "weights"), "said '%s'", error.text);
}

int main(void)
{
    check_random_layers();
    check_memory();
    check_hostile();
    return failures > 0;
}
