#include "models/tflite/writer.h"
#include "models/tflite/tables.h"
#include "models/tflite/versions.h"
#include "models/tflite/writing.h"

#include <algorithm>
#include <new>
#include <set>
#include <stdlib.h>
#include <string.h>

namespace assay::tflite
{

using flatbuffers::Offset;

enum { FORMAT_VERSION = 3, LAST_OLD_CODE = 127 };

/* A graph made by hand may have no description. */
static const char *text(const char *from)
{
    return from ? from : "";
}

static uint32_t write_code(Writing &writing, const struct assay_subgraph *subgraph, const struct assay_operator *op)
{
    const int32_t code = op->code, version = std::max(op->version, assay_tflite_version(subgraph, op));
    const auto next = static_cast<uint32_t>(writing.codes.size());
    const auto [found, is_new] = writing.code_of.insert({{code, version}, next});
    if (is_new)
        writing.codes.push_back(CreateOperatorCode(
            writing.builder, static_cast<int8_t>(std::min<int32_t>(code, LAST_OLD_CODE)), 0, version, code));
    return found->second;
}

static Offset<Operator> write_operator(Writing &writing, const struct assay_subgraph *subgraph,
                                       const struct assay_operator *from)
{
    const uint32_t code = write_code(writing, subgraph, from);
    const BuiltinOptions table = table_of(from->code);
    const Offset<void> options = table == BuiltinOptions::NONE ? 0 : write_options(writing, subgraph, from);
    const auto inputs = writing.builder.CreateVector(from->inputs, from->input_count);
    const auto outputs = writing.builder.CreateVector(from->outputs, from->output_count);
    return CreateOperator(writing.builder, code, inputs, outputs, table, options);
}

static Offset<SubGraph> write_subgraph(Writing &writing, const struct assay_subgraph *from)
{
    std::vector<Offset<Tensor>> tensors(from->tensor_count);
    std::vector<Offset<Operator>> operators(from->operator_count);
    for (size_t i = 0; i < from->tensor_count; i++)
        tensors[i] = write_tensor(writing, &from->tensors[i]);
    for (size_t i = 0; i < from->operator_count; i++)
        operators[i] = write_operator(writing, from, &from->operators[i]);
    const auto name = writing.builder.CreateString(text(from->name));
    const auto inputs = writing.builder.CreateVector(from->inputs, from->input_count);
    const auto outputs = writing.builder.CreateVector(from->outputs, from->output_count);
    const auto all_tensors = writing.builder.CreateVector(tensors);
    return CreateSubGraph(writing.builder, all_tensors, inputs, outputs, writing.builder.CreateVector(operators), name);
}

static void write_model(Writing &writing, const struct assay_graph *from)
{
    writing.buffers.push_back(CreateBuffer(writing.builder)); /* number 0: no data */
    std::vector<Offset<SubGraph>> subgraphs(from->subgraph_count);
    for (size_t i = 0; i < from->subgraph_count; i++)
        subgraphs[i] = write_subgraph(writing, &from->subgraphs[i]);
    const auto description = writing.builder.CreateString(text(from->description));
    const auto codes = writing.builder.CreateVector(writing.codes);
    const auto buffers = writing.builder.CreateVector(writing.buffers);
    const auto all = writing.builder.CreateVector(subgraphs);
    FinishModelBuffer(writing.builder, CreateModel(writing.builder, FORMAT_VERSION, codes, all, description, buffers));
}

/* More than the tables of anything take, with its offsets and what aligns them. */
enum { TABLES = 512 };

static size_t room_for(const struct assay_tensor *tensor)
{
    size_t room = TABLES + strlen(tensor->name) + 12 * tensor->quantization.count;
    const struct assay_sparsity *s = tensor->sparsity;
    for (size_t i = 0; s && i < s->dimension_count; i++)
        room += TABLES + 4 * (s->dimensions[i].segment_count + s->dimensions[i].index_count);
    return room;
}

static size_t room_for(const struct assay_operator *op)
{
    size_t room = TABLES + 4 * (op->input_count + op->output_count);
    if (op->code == ASSAY_OPERATOR_VAR_HANDLE)
        room += strlen(op->variable.container) + strlen(op->variable.name);
    return room;
}

/* No less than the bytes of the file. */
static size_t room_for(const struct assay_graph *graph)
{
    std::set<std::pair<const void *, size_t>> counted;
    size_t room = TABLES + strlen(text(graph->description));
    for (size_t g = 0; g < graph->subgraph_count; g++) {
        const struct assay_subgraph *s = &graph->subgraphs[g];
        room += TABLES + strlen(text(s->name)) + 4 * (s->input_count + s->output_count);
        for (size_t i = 0; i < s->tensor_count; i++) {
            room += room_for(&s->tensors[i]);
            if (counted.insert({s->tensors[i].data, s->tensors[i].bytes}).second)
                room += s->tensors[i].bytes;
        }
        for (size_t i = 0; i < s->operator_count; i++)
            room += room_for(&s->operators[i]);
    }
    return room;
}

/* What the format has no place for. */
static bool check(const struct assay_graph *graph, struct assay_model_error *error)
{
    if (!assay_graph_check(graph, error))
        return false;
    for (size_t g = 0; g < graph->subgraph_count; g++)
        for (size_t i = 0; i < graph->subgraphs[g].operator_count; i++) {
            const struct assay_operator *op = &graph->subgraphs[g].operators[i];
            if (op->fused != ASSAY_FUSED_NONE && !takes_fused(op->code))
                return assay_model_fail(error,
                                        "subgraph %zu, operator %zu (%s) has a fused activation, which the format has "
                                        "no place for: make it an operator of its own",
                                        g, i, assay_operator_name(op->code));
        }
    return true;
}

static void *write(const struct assay_graph *graph, size_t *size, struct assay_model_error *error)
{
    const size_t room = room_for(graph);
    if (room >= FLATBUFFERS_MAX_BUFFER_SIZE) {
        assay_model_fail(error, "the network needs %zu bytes; the format allows 2 GB", room);
        return nullptr;
    }
    Writing writing(room);
    write_model(writing, graph);
    void *bytes = malloc(writing.builder.GetSize());
    if (!bytes)
        throw std::bad_alloc();
    memcpy(bytes, writing.builder.GetBufferPointer(), writing.builder.GetSize());
    *size = writing.builder.GetSize();
    return bytes;
}

} // namespace assay::tflite

void *assay_tflite_write(const struct assay_graph *graph, size_t *size, struct assay_model_error *error)
{
    try {
        return assay::tflite::check(graph, error) ? assay::tflite::write(graph, size, error) : nullptr;
    } catch (const std::bad_alloc &) {
        assay_model_fail(error, "no memory to write the network in");
        return nullptr;
    }
}
