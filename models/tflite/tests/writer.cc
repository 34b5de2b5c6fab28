/* What is written is read again as it was, to the member; and the file holds what other runtimes rely on. */
#include "models/tflite/writer.h"
#include "models/graph/equal.h"
#include "models/tflite/reader.h"
#include "models/tflite/tests/round_trip.h"
#include "models/tflite/tests/samples.h"

#include <new>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <string>
#include <sys/mman.h>

using namespace assay::tflite;

enum { LIMIT = 16 << 20 };

static int failures;

static void expect(bool holds, const char *what, const char *more = "")
{
    if (!holds) {
        printf("FAILED: %s %s\n", what, more);
        failures++;
    }
}

/* Memory that runs out at a chosen moment: the allocations of C++ are this program's own. -1: never. */
static long allocations_left = -1;

void *operator new(size_t size)
{
    void *block = allocations_left == 0 ? nullptr : malloc(size > 0 ? size : 1);
    if (!block)
        throw std::bad_alloc();
    allocations_left -= allocations_left > 0;
    return block;
}

void operator delete(void *block) noexcept
{
    free(block);
}

void operator delete(void *block, size_t) noexcept
{
    free(block);
}

static uint32_t random_number()
{
    static uint32_t state = 1;
    return state = state * 1664525 + 1013904223; /* Numerical Recipes' constants */
}

static int32_t below(uint32_t limit)
{
    return static_cast<int32_t>((random_number() >> 8) % limit);
}

/* A network by hand, which points into vectors of its own. */
struct Network {
    std::vector<struct assay_tensor> tensors;
    std::vector<struct assay_operator> operators;
    std::vector<int32_t> inputs, outputs;
    std::vector<struct assay_subgraph> subgraphs;
    struct assay_graph graph = {};

    int32_t add(const char *name, enum assay_tensor_type type, std::vector<int32_t> dims, const void *data = nullptr,
                size_t bytes = 0)
    {
        struct assay_tensor tensor = {};
        tensor.name = name;
        tensor.type = type;
        tensor.shape.rank = dims.size();
        std::copy(dims.begin(), dims.end(), tensor.shape.dims);
        tensor.data = data;
        tensor.bytes = bytes;
        tensors.push_back(tensor);
        return static_cast<int32_t>(tensors.size() - 1);
    }

    const struct assay_graph *finish()
    {
        struct assay_subgraph main = {};
        main.name = "the network";
        main.tensor_count = tensors.size();
        main.tensors = tensors.data();
        main.operator_count = operators.size();
        main.operators = operators.data();
        main.input_count = inputs.size();
        main.inputs = inputs.data();
        main.output_count = outputs.size();
        main.outputs = outputs.data();
        subgraphs.insert(subgraphs.begin(), main);
        graph.description = "made by hand";
        graph.subgraph_count = subgraphs.size();
        graph.subgraphs = subgraphs.data();
        return &graph;
    }
};

static ModelT unpack(const struct assay_graph *graph)
{
    struct assay_model_error error;
    size_t size;
    void *bytes = assay_tflite_write(graph, &size, &error);
    ModelT model;
    if (bytes)
        GetModel(bytes)->UnPackTo(&model);
    expect(bytes, "a network is written:", bytes ? "" : error.text);
    free(bytes);
    return model;
}

static void expect_round_trip(const struct assay_graph *graph, const char *what)
{
    struct assay_model_error error;
    if (!round_trip(graph, &error)) {
        printf("FAILED: %s: %s\n", what, error.text);
        failures++;
    }
}

static struct assay_graph *read(const ModelT &model)
{
    struct assay_model_error error;
    const std::vector<uint8_t> bytes = pack(model);
    struct assay_graph *graph = assay_tflite_read(bytes.data(), bytes.size(), LIMIT, &error);
    expect(graph, "a sample is read:", graph ? "" : error.text);
    return graph;
}

static void test_samples()
{
    for (const ModelT &model : {sample_int8(), sample_sparse(), sample_variables(), sample_operators()}) {
        struct assay_graph *graph = read(model);
        if (graph)
            expect_round_trip(graph, "a sample");
        assay_graph_free(graph);
    }
}

/* --- operators --- */

static const enum assay_operator_code codes[] = {
#define ASSAY_OPERATOR(name, number) ASSAY_OPERATOR_##name,
#include "models/graph/operators.def"
#undef ASSAY_OPERATOR
};

static struct assay_shape random_shape()
{
    struct assay_shape shape = {};
    shape.rank = static_cast<size_t>(below(ASSAY_MAX_RANK + 1));
    for (size_t i = 0; i < shape.rank; i++)
        shape.dims[i] = below(100) - 1;
    return shape;
}

static void set_randomly(struct assay_operator &op)
{
    switch (op.code) {
    case ASSAY_OPERATOR_CONV_2D:
    case ASSAY_OPERATOR_DEPTHWISE_CONV_2D:
        op.conv = {below(2) ? ASSAY_PAD_SAME : ASSAY_PAD_VALID,
                   1 + below(4),
                   1 + below(4),
                   1 + below(4),
                   1 + below(4),
                   below(5)};
        break;
    case ASSAY_OPERATOR_AVERAGE_POOL_2D:
    case ASSAY_OPERATOR_MAX_POOL_2D:
        op.pool = {below(2) ? ASSAY_PAD_SAME : ASSAY_PAD_VALID, 1 + below(4), 1 + below(4), 1 + below(4), 1 + below(4)};
        break;
    case ASSAY_OPERATOR_FULLY_CONNECTED:
    case ASSAY_OPERATOR_MEAN:
        op.reduce.keep_dims = below(2);
        break;
    case ASSAY_OPERATOR_CONCATENATION:
    case ASSAY_OPERATOR_GATHER:
        op.axis = {below(9) - 4, below(9) - 4};
        break;
    case ASSAY_OPERATOR_SOFTMAX:
    case ASSAY_OPERATOR_LEAKY_RELU:
        op.softmax.beta = static_cast<float>(below(9) - 4) / 3;
        break;
    case ASSAY_OPERATOR_RESHAPE:
    case ASSAY_OPERATOR_SQUEEZE:
        op.reshape.given = below(4) > 0;
        if (op.reshape.given)
            op.reshape.shape = random_shape();
        break;
    case ASSAY_OPERATOR_STRIDED_SLICE:
        op.strided_slice = {below(8), below(8), below(8), below(8), below(8), below(2) == 1};
        break;
    case ASSAY_OPERATOR_SPLIT:
    case ASSAY_OPERATOR_SPLIT_V:
        op.split.count = below(9);
        break;
    case ASSAY_OPERATOR_RESIZE_BILINEAR:
    case ASSAY_OPERATOR_RESIZE_NEAREST_NEIGHBOR:
        op.resize = {below(2) == 1, below(2) == 1};
        break;
    case ASSAY_OPERATOR_BATCH_MATMUL:
        op.batch_matmul = {below(2) == 1, below(2) == 1};
        break;
    case ASSAY_OPERATOR_VAR_HANDLE:
        op.variable = {below(2) ? "a container" : "", below(2) ? "a name" : ""};
        break;
    case ASSAY_OPERATOR_CALL_ONCE:
        op.call_once.subgraph = 1;
        break;
    default:
        break;
    }
}

/* A network of one operator with the least number of tensors that the check of graphs lets it have. */
static bool find_network(Network &network, struct assay_operator op, std::vector<int32_t> &list)
{
    struct assay_model_error error;
    list = {0, 1, 2, 3, 4, 5, 6, 7};
    for (size_t ins = 0; ins <= 4; ins++)
        for (size_t outs = 0; outs <= 1; outs++) {
            network = {};
            for (size_t i = 0; i < ins + outs; i++)
                network.add("a tensor", ASSAY_TENSOR_F32, {2, 3});
            op.inputs = list.data();
            op.input_count = ins;
            op.outputs = list.data() + ins;
            op.output_count = outs;
            network.operators = {op};
            network.inputs.assign(list.begin(), list.begin() + static_cast<ptrdiff_t>(ins));
            network.outputs.assign(op.outputs, op.outputs + outs);
            struct assay_subgraph callee = {};
            callee.name = "called";
            network.subgraphs = {callee};
            if (assay_graph_check(network.finish(), &error))
                return true;
        }
    return false;
}

static bool takes_activation(enum assay_operator_code code)
{
    switch (code) {
    case ASSAY_OPERATOR_ADD:
    case ASSAY_OPERATOR_SUB:
    case ASSAY_OPERATOR_MUL:
    case ASSAY_OPERATOR_CONV_2D:
    case ASSAY_OPERATOR_DEPTHWISE_CONV_2D:
    case ASSAY_OPERATOR_FULLY_CONNECTED:
    case ASSAY_OPERATOR_AVERAGE_POOL_2D:
    case ASSAY_OPERATOR_MAX_POOL_2D:
    case ASSAY_OPERATOR_CONCATENATION:
    case ASSAY_OPERATOR_L2_NORMALIZATION:
        return true;
    default:
        return false;
    }
}

static void test_operators()
{
    enum { TURNS = 40 };
    for (enum assay_operator_code code : codes)
        for (int turn = 0; turn < TURNS; turn++) {
            Network network;
            std::vector<int32_t> list;
            struct assay_operator op = {};
            op.code = code;
            op.version = turn;
            op.fused = static_cast<enum assay_fused>(turn % (ASSAY_FUSED_TANH + 1));
            set_randomly(op);
            if (!find_network(network, op, list)) {
                expect(false, "there is a network of", assay_operator_name(code));
                break;
            }
            if (op.fused == ASSAY_FUSED_NONE || takes_activation(code)) {
                expect_round_trip(&network.graph, assay_operator_name(code));
                const ModelT model = unpack(&network.graph);
                expect(model.operator_codes.size() == 1 && model.operator_codes[0]->builtin_code == code &&
                           model.operator_codes[0]->deprecated_builtin_code == (code < 127 ? code : 127) &&
                           model.operator_codes[0]->version >= turn && model.operator_codes[0]->version >= 1,
                       "the code of", assay_operator_name(code));
                continue;
            }
            struct assay_model_error error = {};
            size_t size;
            void *bytes = assay_tflite_write(&network.graph, &size, &error);
            expect(!bytes && strstr(error.text, "fused activation") && strstr(error.text, assay_operator_name(code)),
                   "an activation that would be lost is refused:", assay_operator_name(code));
            free(bytes);
        }
}

/* One code for each operator and version; several operators share it. */
static void test_codes()
{
    Network network;
    for (int i = 0; i < 5; i++)
        network.add("", ASSAY_TENSOR_F32, {1});
    static const int32_t chain[] = {0, 1, 2, 3, 4};
    for (int i = 0; i < 4; i++) {
        struct assay_operator op = {};
        op.code = i == 2 ? ASSAY_OPERATOR_TANH : ASSAY_OPERATOR_LOGISTIC;
        op.version = i == 3 ? 2 : 1;
        op.inputs = chain + i;
        op.outputs = chain + i + 1;
        op.input_count = op.output_count = 1;
        network.operators.push_back(op);
    }
    network.inputs = {0};
    network.outputs = {4};
    const ModelT model = unpack(network.finish());
    expect(model.operator_codes.size() == 3, "LOGISTIC 1, TANH 1, LOGISTIC 2");
    const auto &ops = model.subgraphs[0]->operators;
    expect(ops[0]->opcode_index == ops[1]->opcode_index && ops[0]->opcode_index != ops[3]->opcode_index,
           "codes are shared");
    expect(model.operator_codes[ops[3]->opcode_index]->version == 2, "a version that is higher stays");
    expect_round_trip(&network.graph, "several versions");
}

/* --- tensors --- */

static void test_tensors()
{
    static const int64_t bytes[3] = {INT64_MIN, 0x123456789abcdef, -1};
    static const float scales[] = {0.5f, 0.25f, 3e-30f};
    static const int64_t zeros[] = {0, 1, -7};
    Network network;
    for (int type = 0; type < ASSAY_TENSOR_TYPE_COUNT; type++) {
        const auto t = static_cast<enum assay_tensor_type>(type);
        const size_t size = assay_tensor_type_size(t);
        network.inputs.push_back(network.add(assay_tensor_type_name(t), t, {1, 2, 3, 4, 5, 6, 7, 8}));
        network.add("a scalar", t, {}, size ? bytes : nullptr, size);
        network.add("three", t, {3}, size ? bytes : nullptr, 3 * size);
        network.inputs.push_back(network.add("of nothing", t, {5, 0, 7}));
        if (size > 0)
            network.add("a constant of nothing", t, {0}, bytes, 0);
        network.tensors[static_cast<size_t>(network.add("state", t, {2}))].variable = true;
        network.tensors[static_cast<size_t>(network.add("empty state", t, {0}))].variable = true;
    }
    for (enum assay_tensor_type type : {ASSAY_TENSOR_I8, ASSAY_TENSOR_I16, ASSAY_TENSOR_I32, ASSAY_TENSOR_I64}) {
        const size_t size = 3 * assay_tensor_type_size(type);
        network.tensors[static_cast<size_t>(network.add("one scale", type, {3}, bytes, size))].quantization = {
            1, scales, zeros + 2, 0};
        network.tensors[static_cast<size_t>(network.add("three scales", type, {1, 3, 1}, bytes, size))].quantization = {
            3, scales, zeros, 1};
    }
    expect_round_trip(network.finish(), "tensors of all types");
    const ModelT model = unpack(&network.graph);
    const QuantizationParametersT &q = *model.subgraphs[0]->tensors.back()->quantization;
    expect(q.quantized_dimension == 1 && q.scale == std::vector<float>({0.5f, 0.25f, 3e-30f}) &&
               q.zero_point == std::vector<int64_t>({0, 1, -7}),
           "scales on dimension 1");
    expect(model.subgraphs[0]->tensors[0]->type == TensorType::FLOAT32 &&
               !model.subgraphs[0]->tensors[0]->quantization && model.subgraphs[0]->tensors[0]->buffer == 0,
           "a float input has no quantization and no data");
}

static void test_buffers()
{
    static const char odd[] = "13 bytes long";
    Network network;
    std::vector<std::string> names;
    /* Names of every length, so that what comes before a constant does not align it by chance. */
    for (int i = 0; i < 40; i++)
        names.push_back(std::string(static_cast<size_t>(i), 'n'));
    for (int i = 0; i < 40; i++)
        network.add(names[static_cast<size_t>(i)].c_str(), ASSAY_TENSOR_I8, {1 + i % 13}, odd,
                    static_cast<size_t>(1 + i % 13));
    struct assay_subgraph second = {};
    second.name = "second";
    second.tensor_count = 1;
    second.tensors = &network.tensors[12];
    network.subgraphs = {second};
    expect_round_trip(network.finish(), "constants that share their data");

    struct assay_model_error error;
    size_t size;
    auto *bytes = static_cast<uint8_t *>(assay_tflite_write(&network.graph, &size, &error));
    expect(bytes, "a network of constants is written");
    if (!bytes)
        return;
    expect(memcmp(bytes + 4, "TFL3", 4) == 0, "the identifier");
    const Model *model = GetModel(bytes);
    expect(model->version() == 3, "the version");
    expect(model->buffers()->size() == 14, "nothing, and thirteen lengths of one string");
    expect(!model->buffers()->Get(0)->data(), "buffer 0 has no data");
    for (flatbuffers::uoffset_t i = 1; i < model->buffers()->size(); i++)
        expect((model->buffers()->Get(i)->data()->data() - bytes) % 16 == 0, "constants are aligned in the file");
    expect(model->subgraphs()->Get(1)->tensors()->Get(0)->buffer() ==
               model->subgraphs()->Get(0)->tensors()->Get(12)->buffer(),
           "subgraphs share, too");
    free(bytes);
}

/* --- sparse constants --- */

/* A row of `columns` of which those at `indices` are stored. */
static void test_width(int32_t columns, std::vector<int32_t> indices, SparseIndexVector segments_type,
                       SparseIndexVector indices_type)
{
    const std::vector<int32_t> segments = {0, static_cast<int32_t>(indices.size())};
    const std::vector<int8_t> values(indices.size() + 1, 3);
    static const int32_t order[] = {0, 1};
    struct assay_sparse_dimension dimensions[2] = {};
    dimensions[0].size = 1;
    dimensions[1].compressed = true;
    dimensions[1].size = columns; /* which the format does not need */
    dimensions[1].segment_count = segments.size();
    dimensions[1].segments = segments.data();
    dimensions[1].index_count = indices.size();
    dimensions[1].indices = indices.data();
    struct assay_sparsity sparsity = {};
    sparsity.traversal_count = sparsity.dimension_count = 2;
    sparsity.traversal_order = order;
    sparsity.dimensions = dimensions;
    Network network;
    network.add("sparse", ASSAY_TENSOR_I8, {1, columns}, values.data(), indices.size());
    network.tensors[0].sparsity = &sparsity;
    expect_round_trip(network.finish(), "a sparse row");
    const ModelT model = unpack(&network.graph);
    const auto &written = *model.subgraphs[0]->tensors[0]->sparsity->dim_metadata[1];
    expect(written.array_segments.type == segments_type, "segments are as narrow as can be");
    expect(written.array_indices.type == indices_type, "indexes are as narrow as can be");
}

static void test_sparse()
{
    const auto byte = SparseIndexVector::Uint8Vector, two = SparseIndexVector::Uint16Vector,
               four = SparseIndexVector::Int32Vector;
    test_width(256, {0, 255}, byte, byte);
    test_width(257, {0, 256}, byte, two);
    test_width(65536, {65535}, byte, two);
    test_width(65537, {65536}, byte, four);
    std::vector<int32_t> many(70000);
    for (size_t i = 0; i < many.size(); i++)
        many[i] = static_cast<int32_t>(i);
    test_width(70000, many, four, four);
    test_width(300, {many.begin(), many.begin() + 300}, two, two);
    test_width(8, {}, byte, byte); /* nothing is stored */
}

/* --- what cannot be written --- */

static void test_too_large()
{
    const size_t size = size_t{1} << 31;
    /* Never touched: to refuse it, nobody needs to copy it. */
    void *data = mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (data == MAP_FAILED) {
        expect(false, "2 GB of addresses are to be had");
        return;
    }
    Network network;
    network.add("large", ASSAY_TENSOR_F16, {1 << 30}, data, size);
    struct assay_model_error error = {};
    size_t written;
    expect(!assay_tflite_write(network.finish(), &written, &error) && strstr(error.text, "2 GB"),
           "2 GB of constants are refused:", error.text);
    munmap(data, size);
}

static void test_broken()
{
    struct assay_graph *graph = read(sample_int8());
    if (!graph)
        return;
    std::vector<struct assay_tensor> tensors(graph->subgraphs[0].tensors,
                                             graph->subgraphs[0].tensors + graph->subgraphs[0].tensor_count);
    tensors[1].bytes--;
    struct assay_subgraph subgraph = graph->subgraphs[0];
    subgraph.tensors = tensors.data();
    struct assay_graph broken = *graph;
    broken.subgraphs = &subgraph;
    struct assay_model_error error = {};
    size_t size;
    expect(!assay_tflite_write(&broken, &size, &error) && strstr(error.text, "53 bytes of data"),
           "a graph that is not right is refused:", error.text);
    assay_graph_free(graph);
}

/* Wherever memory runs out: a reason, and nothing leaks (which the sanitizers see). */
static void test_memory(const ModelT &model)
{
    struct assay_graph *graph = read(model);
    if (!graph)
        return;
    long failed = 0;
    for (bool done = false; !done; failed++) {
        struct assay_model_error error = {};
        size_t size;
        allocations_left = failed;
        void *bytes = assay_tflite_write(graph, &size, &error);
        allocations_left = -1;
        done = bytes;
        if (!bytes && !strstr(error.text, "no memory")) {
            expect(false, "missing memory is said to be missing:", error.text);
            break;
        }
        free(bytes);
    }
    expect(failed > 10, "memory was missing at more than ten places");
    assay_graph_free(graph);
}

int main()
{
    test_samples();
    test_operators();
    test_codes();
    test_tensors();
    test_buffers();
    test_sparse();
    test_too_large();
    test_broken();
    test_memory(sample_int8());
    test_memory(sample_sparse());
    test_memory(sample_variables());
    printf("%d failures\n", failures);
    return failures != 0;
}
