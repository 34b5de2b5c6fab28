#include "models/tflite/reading.h"

#include <string.h>

namespace assay::tflite
{

static bool read_type(Reading &reading, TensorType from, enum assay_tensor_type *to)
{
    switch (from) {
    case TensorType::FLOAT32:
        *to = ASSAY_TENSOR_F32;
        return true;
    case TensorType::FLOAT16:
        *to = ASSAY_TENSOR_F16;
        return true;
    case TensorType::INT8:
        *to = ASSAY_TENSOR_I8;
        return true;
    case TensorType::UINT8:
        *to = ASSAY_TENSOR_U8;
        return true;
    case TensorType::INT16:
        *to = ASSAY_TENSOR_I16;
        return true;
    case TensorType::INT32:
        *to = ASSAY_TENSOR_I32;
        return true;
    case TensorType::INT64:
        *to = ASSAY_TENSOR_I64;
        return true;
    case TensorType::BOOL:
        *to = ASSAY_TENSOR_BOOL;
        return true;
    case TensorType::RESOURCE:
        *to = ASSAY_TENSOR_RESOURCE;
        return true;
    default:
        return assay_model_fail(reading.error, "has the type number %d%s%s, which is not supported",
                                static_cast<int>(from), *EnumNameTensorType(from) ? ", " : "",
                                EnumNameTensorType(from));
    }
}

static bool read_shape(Reading &reading, const flatbuffers::Vector<int32_t> *from, struct assay_shape *to)
{
    to->rank = count_of(from);
    if (to->rank > ASSAY_MAX_RANK)
        return assay_model_fail(reading.error, "has %zu dimensions; at most %d are supported", to->rank,
                                ASSAY_MAX_RANK);
    for (size_t i = 0; i < to->rank; i++) {
        const int32_t dim = number_at(from, i);
        to->dims[i] = dim == -1 ? 1 : dim;
    }
    return true;
}

static bool read_quantization(Reading &reading, const QuantizationParameters *from,
                              struct assay_tensor_quantization *to)
{
    const size_t zeros = count_of(from->zero_point());
    if (!copy<float>(reading, from->scale(), &to->scale, &to->count))
        return false;
    if (zeros > 1 && zeros != to->count)
        return assay_model_fail(reading.error, "has %zu zero points for %zu scales", zeros, to->count);
    if (from->quantized_dimension() < 0)
        return assay_model_fail(reading.error, "is quantized along dimension %d", from->quantized_dimension());
    to->axis = to->count > 1 ? static_cast<size_t>(from->quantized_dimension()) : 0;
    int64_t *zero = take<int64_t>(reading, to->count);
    for (size_t i = 0; zero && zeros > 0 && i < to->count; i++)
        zero[i] = number_at(from->zero_point(), zeros == 1 ? 0 : i);
    to->zero = zero;
    return zero != nullptr;
}

/* Segments or indexes: 32, 16 or 8 bits wide. */
static bool read_indexes(Reading &reading, SparseIndexVector type, const void *from, const int32_t **to, size_t *count)
{
    switch (from ? type : SparseIndexVector::NONE) {
    case SparseIndexVector::Int32Vector:
        return copy(reading, static_cast<const Int32Vector *>(from)->values(), to, count);
    case SparseIndexVector::Uint16Vector:
        return copy(reading, static_cast<const Uint16Vector *>(from)->values(), to, count);
    case SparseIndexVector::Uint8Vector:
        return copy(reading, static_cast<const Uint8Vector *>(from)->values(), to, count);
    default:
        return assay_model_fail(reading.error, "lacks indexes of its sparse encoding");
    }
}

static const struct assay_sparsity *read_sparsity(Reading &reading, const SparsityParameters *from)
{
    auto *to = take<struct assay_sparsity>(reading, 1);
    if (!to || !copy(reading, from->traversal_order(), &to->traversal_order, &to->traversal_count) ||
        !copy(reading, from->block_map(), &to->block_map, &to->block_count))
        return nullptr;
    to->dimension_count = count_of(from->dim_metadata());
    auto *dimensions = take<struct assay_sparse_dimension>(reading, to->dimension_count);
    if (!dimensions)
        return nullptr;
    to->dimensions = dimensions;
    for (size_t i = 0; i < to->dimension_count; i++) {
        const DimensionMetadata *d = from->dim_metadata()->Get(static_cast<flatbuffers::uoffset_t>(i));
        dimensions[i].compressed = d->format() == DimensionType::SPARSE_CSR;
        dimensions[i].size = d->dense_size();
        if (dimensions[i].compressed && (!read_indexes(reading, d->array_segments_type(), d->array_segments(),
                                                       &dimensions[i].segments, &dimensions[i].segment_count) ||
                                         !read_indexes(reading, d->array_indices_type(), d->array_indices(),
                                                       &dimensions[i].indices, &dimensions[i].index_count)))
            return nullptr;
    }
    return to;
}

static bool read_data(Reading &reading, const Tensor *from, struct assay_tensor *to)
{
    const auto *buffers = reading.model->buffers();
    const uint32_t index = from->buffer();
    if (from->external_buffer() != 0)
        return assay_model_fail(reading.error, "has its data in another file, which is not supported");
    if (index >= count_of(buffers))
        return index == 0 || assay_model_fail(reading.error, "has its data in buffer %u, and there are %zu", index,
                                              count_of(buffers));
    const Buffer *buffer = buffers->Get(index);
    /* Offset 1 is what writers leave in place of an offset that they meant to fill in. */
    if (buffer->offset() > 1 || buffer->size() > 1)
        return assay_model_fail(reading.error,
                                "has its data behind the FlatBuffer (offset %llu, size %llu), as in "
                                "files above 2 GB: this is not supported",
                                static_cast<unsigned long long>(buffer->offset()),
                                static_cast<unsigned long long>(buffer->size()));
    const size_t size = count_of(buffer->data());
    if (size == 0)
        return true;
    if (!reading.data[index]) {
        uint8_t *data = take<uint8_t>(reading, size);
        if (!data)
            return false;
        memcpy(data, buffer->data()->data(), size);
        reading.data[index] = data;
    }
    to->data = reading.data[index];
    to->bytes = size;
    return true;
}

/* Some files give ranges for float tensors too; their numbers are what they are. */
static bool is_quantizable(enum assay_tensor_type type)
{
    return type == ASSAY_TENSOR_I8 || type == ASSAY_TENSOR_U8 || type == ASSAY_TENSOR_I16 || type == ASSAY_TENSOR_I32 ||
           type == ASSAY_TENSOR_I64;
}

bool read_tensor(Reading &reading, const Tensor *from, struct assay_tensor *to)
{
    to->name = copy(reading, from->name());
    to->variable = from->is_variable();
    if (!to->name || !read_type(reading, from->type(), &to->type) || !read_shape(reading, from->shape(), &to->shape))
        return false;
    if (from->quantization() && is_quantizable(to->type) &&
        !read_quantization(reading, from->quantization(), &to->quantization))
        return false;
    if (from->sparsity()) {
        to->sparsity = read_sparsity(reading, from->sparsity());
        if (!to->sparsity)
            return false;
    }
    return read_data(reading, from, to);
}

} // namespace assay::tflite
