#include "models/tflite/writing.h"

#include <algorithm>

namespace assay::tflite
{

using flatbuffers::Offset;

enum { DATA_ALIGNMENT = 16, INDEX_ALIGNMENT = 4 }; /* the schema's force_align */

uint32_t write_data(Writing &writing, const void *data, size_t bytes)
{
    if (bytes == 0)
        return 0;
    const auto next = static_cast<uint32_t>(writing.buffers.size());
    const auto [found, is_new] = writing.buffer_of.insert({{data, bytes}, next});
    if (is_new) {
        writing.builder.ForceVectorAlignment(bytes, 1, DATA_ALIGNMENT);
        const auto vector = writing.builder.CreateVector(static_cast<const uint8_t *>(data), bytes);
        writing.buffers.push_back(CreateBuffer(writing.builder, vector));
    }
    return found->second;
}

static TensorType type_of(enum assay_tensor_type type)
{
    switch (type) {
    case ASSAY_TENSOR_F16:
        return TensorType::FLOAT16;
    case ASSAY_TENSOR_I8:
        return TensorType::INT8;
    case ASSAY_TENSOR_U8:
        return TensorType::UINT8;
    case ASSAY_TENSOR_I16:
        return TensorType::INT16;
    case ASSAY_TENSOR_I32:
        return TensorType::INT32;
    case ASSAY_TENSOR_I64:
        return TensorType::INT64;
    case ASSAY_TENSOR_BOOL:
        return TensorType::BOOL;
    case ASSAY_TENSOR_RESOURCE:
        return TensorType::RESOURCE;
    default:
        return TensorType::FLOAT32;
    }
}

static Offset<QuantizationParameters> write_quantization(Writing &writing, const struct assay_tensor_quantization *from)
{
    if (from->count == 0)
        return 0;
    const auto scale = writing.builder.CreateVector(from->scale, from->count);
    const auto zero = writing.builder.CreateVector(from->zero, from->count);
    const int32_t axis = from->count > 1 ? static_cast<int32_t>(from->axis) : 0;
    return CreateQuantizationParameters(writing.builder, 0, 0, scale, zero, axis);
}

template <typename T> static Offset<flatbuffers::Vector<T>> narrow(Writing &writing, const int32_t *from, size_t count)
{
    std::vector<T> to(count);
    std::transform(from, from + count, to.begin(), [](int32_t index) { return static_cast<T>(index); });
    writing.builder.ForceVectorAlignment(count, sizeof(T), INDEX_ALIGNMENT);
    return writing.builder.CreateVector(to);
}

struct Indexes {
    SparseIndexVector type;
    Offset<void> vector;
};

/* Segments or indexes, none below 0: as narrow as the largest of them allows. */
static Indexes write_indexes(Writing &writing, const int32_t *from, size_t count)
{
    const int32_t most = count > 0 ? *std::max_element(from, from + count) : 0;
    if (most <= UINT8_MAX)
        return {SparseIndexVector::Uint8Vector,
                CreateUint8Vector(writing.builder, narrow<uint8_t>(writing, from, count)).Union()};
    if (most <= UINT16_MAX)
        return {SparseIndexVector::Uint16Vector,
                CreateUint16Vector(writing.builder, narrow<uint16_t>(writing, from, count)).Union()};
    return {SparseIndexVector::Int32Vector,
            CreateInt32Vector(writing.builder, writing.builder.CreateVector(from, count)).Union()};
}

static Offset<DimensionMetadata> write_dimension(Writing &writing, const struct assay_sparse_dimension *from)
{
    if (!from->compressed)
        return CreateDimensionMetadata(writing.builder, DimensionType::DENSE, from->size);
    const Indexes segments = write_indexes(writing, from->segments, from->segment_count);
    const Indexes indices = write_indexes(writing, from->indices, from->index_count);
    return CreateDimensionMetadata(writing.builder, DimensionType::SPARSE_CSR, from->size, segments.type,
                                   segments.vector, indices.type, indices.vector);
}

static Offset<SparsityParameters> write_sparsity(Writing &writing, const struct assay_sparsity *from)
{
    if (!from)
        return 0;
    std::vector<Offset<DimensionMetadata>> dimensions(from->dimension_count);
    for (size_t i = 0; i < from->dimension_count; i++)
        dimensions[i] = write_dimension(writing, &from->dimensions[i]);
    const auto order = writing.builder.CreateVector(from->traversal_order, from->traversal_count);
    const auto blocks = writing.builder.CreateVector(from->block_map, from->block_count);
    return CreateSparsityParameters(writing.builder, order, blocks, writing.builder.CreateVector(dimensions));
}

Offset<Tensor> write_tensor(Writing &writing, const struct assay_tensor *from)
{
    const uint32_t buffer = write_data(writing, from->data, from->bytes);
    const auto shape = writing.builder.CreateVector(from->shape.dims, from->shape.rank);
    const auto name = writing.builder.CreateString(from->name);
    const auto quantization = write_quantization(writing, &from->quantization);
    const auto sparsity = write_sparsity(writing, from->sparsity);
    TensorBuilder tensor(writing.builder);
    tensor.add_shape(shape);
    tensor.add_type(type_of(from->type));
    tensor.add_buffer(buffer);
    tensor.add_name(name);
    tensor.add_quantization(quantization);
    tensor.add_is_variable(from->variable);
    tensor.add_sparsity(sparsity);
    tensor.add_has_rank(true); /* a shape without dimensions is a scalar's */
    return tensor.Finish();
}

} // namespace assay::tflite
