#include "models/tflite/tests/samples.h"

#include <string.h>

namespace assay::tflite
{

template <typename T> static uint32_t add_buffer(ModelT &model, const std::vector<T> &values)
{
    auto buffer = std::make_unique<BufferT>();
    buffer->data.resize(values.size() * sizeof(T));
    if (!values.empty())
        memcpy(buffer->data.data(), values.data(), buffer->data.size());
    model.buffers.push_back(std::move(buffer));
    return static_cast<uint32_t>(model.buffers.size() - 1);
}

static TensorT &add_tensor(SubGraphT &graph, const char *name, TensorType type, std::vector<int32_t> shape,
                           uint32_t buffer = 0)
{
    auto tensor = std::make_unique<TensorT>();
    tensor->name = name;
    tensor->type = type;
    tensor->shape = std::move(shape);
    tensor->buffer = buffer;
    graph.tensors.push_back(std::move(tensor));
    return *graph.tensors.back();
}

static void quantize(TensorT &tensor, std::vector<float> scale, std::vector<int64_t> zero, int32_t dimension = 0)
{
    tensor.quantization = std::make_unique<QuantizationParametersT>();
    tensor.quantization->scale = std::move(scale);
    tensor.quantization->zero_point = std::move(zero);
    tensor.quantization->quantized_dimension = dimension;
}

static OperatorT &add_operator(ModelT &model, SubGraphT &graph, int32_t code, std::vector<int32_t> inputs,
                               std::vector<int32_t> outputs)
{
    auto opcode = std::make_unique<OperatorCodeT>();
    opcode->deprecated_builtin_code = static_cast<int8_t>(code < 127 ? code : 127);
    opcode->builtin_code = code;
    model.operator_codes.push_back(std::move(opcode));
    auto op = std::make_unique<OperatorT>();
    op->opcode_index = static_cast<uint32_t>(model.operator_codes.size() - 1);
    op->inputs = std::move(inputs);
    op->outputs = std::move(outputs);
    graph.operators.push_back(std::move(op));
    return *graph.operators.back();
}

static ModelT empty_model(size_t subgraphs)
{
    ModelT model;
    model.version = 3;
    model.description = "sample";
    add_buffer<uint8_t>(model, {}); /* the format's "no data" */
    for (size_t i = 0; i < subgraphs; i++)
        model.subgraphs.push_back(std::make_unique<SubGraphT>());
    return model;
}

ModelT sample_int8()
{
    ModelT model = empty_model(1);
    SubGraphT &graph = *model.subgraphs[0];
    graph.inputs = {0};
    graph.outputs = {9};
    const uint32_t filter = add_buffer(model, std::vector<int8_t>(3 * 3 * 3 * 2, 5));
    const uint32_t bias = add_buffer(model, std::vector<int32_t>{1, -2, 3});
    const uint32_t shape = add_buffer(model, std::vector<int32_t>{1, 3});
    const uint32_t weights = add_buffer(model, std::vector<int8_t>(2 * 3, -7));
    quantize(add_tensor(graph, "in", TensorType::INT8, {1, 4, 4, 2}), {0.5f}, {-128});
    quantize(add_tensor(graph, "filter", TensorType::INT8, {3, 3, 3, 2}, filter), {0.1f, 0.2f, 0.3f}, {0, 0, 0});
    quantize(add_tensor(graph, "bias", TensorType::INT32, {3}, bias), {0.05f, 0.1f, 0.15f}, {0, 0, 0});
    quantize(add_tensor(graph, "conv", TensorType::INT8, {1, 2, 2, 3}), {0.25f}, {0});
    quantize(add_tensor(graph, "pool", TensorType::INT8, {1, 1, 1, 3}), {0.25f}, {0});
    add_tensor(graph, "shape", TensorType::INT32, {2}, shape);
    quantize(add_tensor(graph, "flat", TensorType::INT8, {1, 3}), {0.25f}, {0});
    quantize(add_tensor(graph, "weights", TensorType::INT8, {2, 3}, weights), {0.125f}, {0});
    quantize(add_tensor(graph, "logits", TensorType::INT8, {1, 2}), {0.5f}, {3});
    quantize(add_tensor(graph, "out", TensorType::INT8, {1, 2}), {1.0f / 256}, {-128});

    Conv2DOptionsT conv;
    conv.padding = Padding::SAME;
    conv.stride_w = conv.stride_h = 2;
    conv.fused_activation_function = ActivationFunctionType::RELU;
    add_operator(model, graph, 3, {0, 1, 2}, {3}).builtin_options.Set(std::move(conv));
    Pool2DOptionsT pool;
    pool.padding = Padding::VALID;
    pool.stride_w = pool.stride_h = pool.filter_width = pool.filter_height = 2;
    add_operator(model, graph, 1, {3}, {4}).builtin_options.Set(std::move(pool));
    add_operator(model, graph, 22, {4, 5}, {6});
    add_operator(model, graph, 9, {6, 7, -1}, {8}).builtin_options.Set(FullyConnectedOptionsT());
    SoftmaxOptionsT softmax;
    softmax.beta = 1;
    add_operator(model, graph, 25, {8}, {9}).builtin_options.Set(std::move(softmax));
    return model;
}

/* Rows of 8 by 4 columns: [x x x x 0 0 0 0] and [0 0 0 0 x x x x], in blocks of 1x4. */
static std::unique_ptr<SparsityParametersT> blocks_1x4()
{
    auto sparsity = std::make_unique<SparsityParametersT>();
    sparsity->traversal_order = {0, 1, 2};
    sparsity->block_map = {1};
    for (int level = 0; level < 3; level++)
        sparsity->dim_metadata.push_back(std::make_unique<DimensionMetadataT>());
    sparsity->dim_metadata[0]->dense_size = 2;
    sparsity->dim_metadata[1]->format = DimensionType::SPARSE_CSR;
    Uint8VectorT segments;
    segments.values = {0, 1, 2};
    Uint16VectorT indices;
    indices.values = {0, 1};
    sparsity->dim_metadata[1]->array_segments.Set(std::move(segments));
    sparsity->dim_metadata[1]->array_indices.Set(std::move(indices));
    sparsity->dim_metadata[2]->dense_size = 4;
    return sparsity;
}

ModelT sample_sparse()
{
    ModelT model = empty_model(1);
    SubGraphT &graph = *model.subgraphs[0];
    graph.inputs = {0};
    graph.outputs = {2, 4};
    const uint32_t values = add_buffer(model, std::vector<float>{1, 2, 3, 4, 5, 6, 7, 8});
    add_tensor(graph, "in", TensorType::FLOAT32, {1, 8});
    add_tensor(graph, "weights", TensorType::FLOAT32, {2, 8}, values).sparsity = blocks_1x4();
    add_tensor(graph, "out", TensorType::FLOAT32, {1, 2});
    add_tensor(graph, "more", TensorType::FLOAT32, {2, 8}, values).sparsity = blocks_1x4();
    add_tensor(graph, "dense", TensorType::FLOAT32, {2, 8});
    add_operator(model, graph, 9, {0, 1}, {2}).builtin_options.Set(FullyConnectedOptionsT());
    add_operator(model, graph, 124, {3}, {4}).builtin_options.Set(DensifyOptionsT());
    return model;
}

static VarHandleOptionsT variable()
{
    VarHandleOptionsT options;
    options.container = "c";
    options.shared_name = "state";
    return options;
}

ModelT sample_variables()
{
    ModelT model = empty_model(2);
    SubGraphT &graph = *model.subgraphs[0], &init = *model.subgraphs[1];
    graph.inputs = {0};
    graph.outputs = {3};
    add_tensor(graph, "in", TensorType::FLOAT32, {1, 4});
    add_tensor(graph, "handle", TensorType::RESOURCE, {});
    add_tensor(graph, "state", TensorType::FLOAT32, {1, 4});
    add_tensor(graph, "sum", TensorType::FLOAT32, {1, 4});
    CallOnceOptionsT call;
    call.init_subgraph_index = 1;
    add_operator(model, graph, 129, {}, {}).builtin_options.Set(std::move(call));
    add_operator(model, graph, 142, {}, {1}).builtin_options.Set(variable());
    add_operator(model, graph, 143, {1}, {2});
    add_operator(model, graph, 0, {0, 2}, {3}).builtin_options.Set(AddOptionsT());
    add_operator(model, graph, 144, {1, 3}, {});

    const uint32_t first = add_buffer(model, std::vector<float>{1, 2, 3, 4});
    add_tensor(init, "handle", TensorType::RESOURCE, {});
    add_tensor(init, "first", TensorType::FLOAT32, {1, 4}, first);
    add_operator(model, init, 142, {}, {0}).builtin_options.Set(variable());
    add_operator(model, init, 144, {0, 1}, {});
    return model;
}

/* Reads the first inputs of the network, and writes a tensor of its own that the network gives out. */
template <typename Options> static void add_reader(ModelT &model, int32_t code, size_t inputs, Options options)
{
    SubGraphT &graph = *model.subgraphs[0];
    const auto out = static_cast<int32_t>(graph.tensors.size());
    add_tensor(graph, "out", TensorType::FLOAT32, {1, 2, 2, 1});
    graph.outputs.push_back(out);
    const std::vector<int32_t> read(graph.inputs.begin(), graph.inputs.begin() + static_cast<ptrdiff_t>(inputs));
    add_operator(model, graph, code, read, {out}).builtin_options.Set(std::move(options));
}

ModelT sample_operators()
{
    ModelT model = empty_model(1);
    for (int32_t i = 0; i < 4; i++) {
        add_tensor(*model.subgraphs[0], "in", TensorType::FLOAT32, {1, 2, 2, 1});
        model.subgraphs[0]->inputs.push_back(i);
    }
    DepthwiseConv2DOptionsT depthwise;
    depthwise.stride_w = depthwise.stride_h = depthwise.depth_multiplier = 1;
    add_reader(model, 4, 3, std::move(depthwise));
    Pool2DOptionsT pool;
    pool.stride_w = pool.stride_h = pool.filter_width = pool.filter_height = 1;
    add_reader(model, 17, 1, std::move(pool));
    ReshapeOptionsT reshape;
    reshape.new_shape = {-1, 4};
    add_reader(model, 22, 1, std::move(reshape));
    LeakyReluOptionsT leaky;
    leaky.alpha = 0.25f;
    add_reader(model, 98, 1, std::move(leaky));
    add_reader(model, 2, 3, ConcatenationOptionsT());
    add_reader(model, 6, 1, DequantizeOptionsT());
    add_reader(model, 11, 1, L2NormOptionsT());
    add_reader(model, 18, 2, MulOptionsT());
    add_reader(model, 23, 2, ResizeBilinearOptionsT());
    add_reader(model, 34, 2, PadOptionsT());
    add_reader(model, 36, 2, GatherOptionsT());
    add_reader(model, 39, 2, TransposeOptionsT());
    add_reader(model, 40, 2, ReducerOptionsT());
    add_reader(model, 41, 2, SubOptionsT());
    add_reader(model, 43, 1, SqueezeOptionsT());
    add_reader(model, 45, 4, StridedSliceOptionsT());
    add_reader(model, 49, 2, SplitOptionsT());
    add_reader(model, 65, 3, SliceOptionsT());
    add_reader(model, 70, 2, ExpandDimsOptionsT());
    add_reader(model, 97, 2, ResizeNearestNeighborOptionsT());
    add_reader(model, 102, 3, SplitVOptionsT());
    add_reader(model, 114, 1, QuantizeOptionsT());
    add_reader(model, 117, 1, HardSwishOptionsT());
    add_reader(model, 126, 2, BatchMatMulOptionsT());
    return model;
}

std::vector<uint8_t> pack(const ModelT &model)
{
    flatbuffers::FlatBufferBuilder builder;
    FinishModelBuffer(builder, Model::Pack(builder, &model));
    return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

} // namespace assay::tflite
