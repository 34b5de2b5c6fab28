#include "models/tflite/reader.h"
#include "models/tflite/reading.h"

#include <algorithm>
#include <string.h>

namespace assay::tflite
{

/* Networks are a few tables deep. The number bounds the time that a file takes whose tables all point at each other. */
enum { MAX_DEPTH = 16, MAX_TABLES = 1 << 20, ALIGNMENT = 16, FORMAT_VERSION = 3 };

const char *copy(Reading &reading, const flatbuffers::String *string)
{
    const size_t length = string ? string->size() : 0;
    char *text = take<char>(reading, length + 1);
    if (text && length > 0)
        memcpy(text, string->data(), length);
    return text;
}

static bool read_code(Reading &reading, const Operator *from, struct assay_operator *to)
{
    const auto *codes = reading.model->operator_codes();
    if (from->opcode_index() >= count_of(codes))
        return assay_model_fail(reading.error, "has the operator code %u, and there are %zu", from->opcode_index(),
                                count_of(codes));
    const OperatorCode *code = codes->Get(from->opcode_index());
    const int32_t number = std::max<int32_t>(code->deprecated_builtin_code(), code->builtin_code());
    enum { CUSTOM = 32 };
    if (number == CUSTOM)
        return assay_model_fail(reading.error, "is the custom operator '%.80s', which is not supported",
                                code->custom_code() ? code->custom_code()->c_str() : "");
    if (number < 0 || !assay_operator_name(static_cast<enum assay_operator_code>(number)))
        return assay_model_fail(reading.error, "is the builtin operator number %d, which is not supported", number);
    to->code = static_cast<enum assay_operator_code>(number);
    to->version = code->version();
    return true;
}

/* A tensor of no elements, or a sparse one of none that are stored, needs no buffer. One that nothing computes is a
 * constant all the same. */
static bool give_data_to_empty(Reading &reading, struct assay_subgraph *subgraph, struct assay_tensor *tensors)
{
    unsigned char *made = take<unsigned char>(reading, subgraph->tensor_count);
    if (!made)
        return false;
    const auto mark = [&](const int32_t *indexes, size_t count) {
        for (size_t i = 0; i < count; i++)
            if (indexes[i] >= 0 && static_cast<size_t>(indexes[i]) < subgraph->tensor_count)
                made[indexes[i]] = 1;
    };
    mark(subgraph->inputs, subgraph->input_count);
    for (size_t i = 0; i < subgraph->operator_count; i++)
        mark(subgraph->operators[i].outputs, subgraph->operators[i].output_count);
    for (size_t i = 0; i < subgraph->tensor_count; i++) {
        size_t count;
        if (tensors[i].data || made[i] || tensors[i].variable || tensors[i].type == ASSAY_TENSOR_RESOURCE ||
            !assay_shape_count(&tensors[i].shape, &count) || (count != 0 && !tensors[i].sparsity))
            continue;
        tensors[i].data = take<char>(reading, 0);
        if (!tensors[i].data)
            return false;
    }
    return true;
}

/* The error, made to say where. */
static bool fail_at(Reading &reading, const char *what, size_t subgraph, size_t index, const char *name)
{
    const struct assay_model_error why = *reading.error;
    return assay_model_fail(reading.error, "subgraph %zu, %s %zu%s%.80s%s %s", subgraph, what, index,
                            name[0] ? " (" : "", name, name[0] ? ")" : "", why.text);
}

static bool read_subgraph(Reading &reading, const SubGraph *from, size_t index, struct assay_subgraph *to)
{
    to->tensor_count = count_of(from->tensors());
    to->operator_count = count_of(from->operators());
    auto *tensors = take<struct assay_tensor>(reading, to->tensor_count);
    auto *operators = take<struct assay_operator>(reading, to->operator_count);
    to->name = copy(reading, from->name());
    if (!tensors || !operators || !to->name || !copy<int32_t>(reading, from->inputs(), &to->inputs, &to->input_count) ||
        !copy<int32_t>(reading, from->outputs(), &to->outputs, &to->output_count))
        return false;
    to->tensors = tensors;
    to->operators = operators;
    for (size_t i = 0; i < to->tensor_count; i++) {
        const Tensor *tensor = from->tensors()->Get(static_cast<flatbuffers::uoffset_t>(i));
        if (!read_tensor(reading, tensor, &tensors[i]))
            return fail_at(reading, "tensor", index, i, tensor->name() ? tensor->name()->c_str() : "");
    }
    for (size_t i = 0; i < to->operator_count; i++) {
        const Operator *op = from->operators()->Get(static_cast<flatbuffers::uoffset_t>(i));
        struct assay_operator *o = &operators[i];
        if (!read_code(reading, op, o))
            return fail_at(reading, "operator", index, i, "");
        if (!copy<int32_t>(reading, op->inputs(), &o->inputs, &o->input_count) ||
            !copy<int32_t>(reading, op->outputs(), &o->outputs, &o->output_count) || !read_options(reading, op, o))
            return fail_at(reading, "operator", index, i, assay_operator_name(o->code));
    }
    return give_data_to_empty(reading, to, tensors);
}

static bool read_model(Reading &reading, struct assay_graph *to)
{
    const Model *from = reading.model;
    if (from->version() != FORMAT_VERSION)
        return assay_model_fail(reading.error, "has the format version %u; this program reads version %d",
                                from->version(), FORMAT_VERSION);
    to->subgraph_count = count_of(from->subgraphs());
    auto *subgraphs = take<struct assay_subgraph>(reading, to->subgraph_count);
    to->description = copy(reading, from->description());
    reading.data = take<const void *>(reading, count_of(from->buffers()));
    if (!subgraphs || !to->description || !reading.data)
        return false;
    to->subgraphs = subgraphs;
    for (size_t i = 0; i < to->subgraph_count; i++)
        if (!read_subgraph(reading, from->subgraphs()->Get(static_cast<flatbuffers::uoffset_t>(i)), i, &subgraphs[i]))
            return false;
    return assay_graph_check(to, reading.error);
}

static bool verify(const uint8_t *bytes, size_t size, struct assay_model_error *error)
{
    enum { LEAST = 8 }; /* the root's offset, and the identifier */
    if (size < LEAST || !ModelBufferHasIdentifier(bytes))
        return assay_model_fail(error, "is not a .tflite file: it lacks the identifier %s", ModelIdentifier());
    if (size >= FLATBUFFERS_MAX_BUFFER_SIZE)
        return assay_model_fail(error, "has %zu bytes; the format allows 2 GB", size);
    flatbuffers::Verifier verifier(bytes, size, MAX_DEPTH, MAX_TABLES);
    if (!VerifyModelBuffer(verifier))
        return assay_model_fail(error, "is damaged: it is cut short, or its parts point outside of it");
    return true;
}

/* FlatBuffers' numbers are aligned with respect to the file's beginning, and are read as they stand. */
static const uint8_t *align(Reading &reading, const void *bytes, size_t size)
{
    if (reinterpret_cast<uintptr_t>(bytes) % ALIGNMENT == 0)
        return static_cast<const uint8_t *>(bytes);
    uint8_t *aligned = take<uint8_t>(reading, size);
    if (aligned && size > 0)
        memcpy(aligned, bytes, size);
    return aligned;
}

} // namespace assay::tflite

struct assay_graph *assay_tflite_read(const void *bytes, size_t size, size_t memory_limit,
                                      struct assay_model_error *error)
{
    using namespace assay::tflite;
    Reading reading = {};
    reading.error = error;
    reading.arena.limit = memory_limit;
    const uint8_t *aligned = align(reading, bytes, size);
    if (aligned && verify(aligned, size, error)) {
        reading.model = GetModel(aligned);
        auto *graph = take<struct assay_graph>(reading, 1);
        if (graph && read_model(reading, graph)) {
            graph->arena = reading.arena;
            return graph;
        }
    }
    assay_arena_free(&reading.arena);
    return nullptr;
}
