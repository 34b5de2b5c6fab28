/* Sound networks are read as they are; each way of damaging one is refused with the line that names it. */
#include "models/tflite/reader.h"
#include "models/tflite/tests/samples.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

using namespace assay::tflite;

enum { LIMIT = 1 << 20 };

static int failures;

static void expect(bool holds, const char *what)
{
    if (!holds) {
        printf("FAILED: %s\n", what);
        failures++;
    }
}

static struct assay_graph *read(const ModelT &model, struct assay_model_error *error)
{
    const std::vector<uint8_t> bytes = pack(model);
    return assay_tflite_read(bytes.data(), bytes.size(), LIMIT, error);
}

static void refused(const char *what, const ModelT &model, const char *text)
{
    struct assay_model_error error = {};
    struct assay_graph *graph = read(model, &error);
    if (graph || !strstr(error.text, text)) {
        printf("FAILED: %s: expected '%s', got %s%s\n", what, text, graph ? "a graph" : "", error.text);
        failures++;
    }
    assay_graph_free(graph);
}

static void test_int8()
{
    struct assay_model_error error;
    struct assay_graph *graph = read(sample_int8(), &error);
    expect(graph, "int8 sample is read");
    if (!graph) {
        puts(error.text);
        return;
    }
    const struct assay_subgraph *s = graph->subgraphs;
    expect(graph->subgraph_count == 1 && s->tensor_count == 10 && s->operator_count == 5, "counts");
    expect(s->operators[0].code == ASSAY_OPERATOR_CONV_2D && s->operators[0].conv.stride_h == 2 &&
               s->operators[0].conv.dilation_w == 1 && s->operators[0].fused == ASSAY_FUSED_RELU,
           "the convolution's settings");
    expect(s->tensors[1].quantization.count == 3 && s->tensors[1].quantization.scale[2] == 0.3f, "scales per channel");
    expect(s->tensors[2].bytes == 12 && static_cast<const int32_t *>(s->tensors[2].data)[1] == -2, "a constant");
    expect(!s->tensors[0].data && s->tensors[0].quantization.zero[0] == -128, "the input");
    expect(s->operators[3].inputs[2] == -1 && s->operators[4].softmax.beta == 1, "no bias; beta");
    assay_graph_free(graph);
}

static void test_sparse_and_variables()
{
    struct assay_model_error error;
    struct assay_graph *graph = read(sample_sparse(), &error);
    expect(graph, "sparse sample is read");
    if (graph) {
        const struct assay_sparsity *s = graph->subgraphs[0].tensors[1].sparsity;
        expect(s && s->dimension_count == 3 && s->dimensions[1].compressed && s->dimensions[1].segments[2] == 2 &&
                   s->dimensions[1].indices[1] == 1,
               "the sparse encoding, widened");
    }
    assay_graph_free(graph);
    graph = read(sample_variables(), &error);
    expect(graph && graph->subgraph_count == 2 && graph->subgraphs[0].operators[0].call_once.subgraph == 1 &&
               strcmp(graph->subgraphs[0].operators[1].variable.name, "state") == 0,
           "sample of variables");
    assay_graph_free(graph);
}

/* A tensor of no elements has no bytes, and is a constant where nothing makes it. */
static void test_empty_constant()
{
    ModelT model = sample_int8();
    model.subgraphs[0]->tensors[5]->shape = {0};
    model.subgraphs[0]->tensors[5]->buffer = 0;
    struct assay_model_error error;
    struct assay_graph *graph = read(model, &error);
    expect(graph && graph->subgraphs[0].tensors[5].data, "an empty constant");
    assay_graph_free(graph);
}

#define REFUSED(sample, change, text)       \
    do {                                    \
        ModelT model = sample();            \
        SubGraphT &g = *model.subgraphs[0]; \
        (void)g;                            \
        change;                             \
        refused(#change, model, text);      \
    } while (0)

static void test_tensors()
{
    REFUSED(sample_int8, g.tensors[0]->shape[1] = -4, "dimension 1 is -4");
    REFUSED(sample_int8, g.tensors[3]->shape = std::vector<int32_t>(9, 1), "9 dimensions");
    REFUSED(sample_int8, g.tensors[3]->shape = std::vector<int32_t>(8, INT32_MAX), "larger than any memory");
    REFUSED(sample_int8, g.tensors[1]->shape[3] = 1000, "has 54 bytes of data");
    REFUSED(sample_int8, g.tensors[1]->buffer = 99, "buffer 99");
    REFUSED(sample_int8, g.tensors[1]->external_buffer = 1, "another file");
    REFUSED(sample_int8, g.tensors[1]->type = TensorType::INT4, "type number 17, INT4");
    REFUSED(sample_int8, g.tensors[1]->type = static_cast<TensorType>(99), "type number 99");
    REFUSED(sample_int8, g.tensors[0]->quantization->scale[0] = 0, "scale 0 is 0");
    REFUSED(sample_int8, g.tensors[0]->quantization->scale[0] = -1, "scale 0 is -1");
    REFUSED(sample_int8, g.tensors[1]->quantization->scale[2] = NAN, "scale 2 is");
    REFUSED(sample_int8, g.tensors[1]->quantization->scale[2] = INFINITY, "scale 2 is inf");
    REFUSED(sample_int8, g.tensors[0]->quantization->zero_point[0] = 128, "zero point 0 is 128");
    REFUSED(sample_int8, g.tensors[1]->quantization->scale.push_back(1), "3 zero points for 4 scales");
    REFUSED(sample_int8, g.tensors[1]->quantization->quantized_dimension = -1, "along dimension -1");
    REFUSED(sample_int8, g.tensors[1]->quantization->quantized_dimension = 3, "not the size of its dimension 3");
    REFUSED(sample_int8, model.buffers[1]->offset = 4096; model.buffers[1]->size = 54, "behind the FlatBuffer");
    REFUSED(sample_int8, model.buffers[1]->data.resize(2 << 20), "more memory than the limit");
}

static void test_operators()
{
    REFUSED(sample_int8, model.version = 2, "format version 2");
    REFUSED(sample_int8, model.subgraphs.clear(), "no subgraph");
    REFUSED(sample_int8, model.operator_codes[0]->builtin_code = 209, "builtin operator number 209");
    REFUSED(sample_int8, model.operator_codes[0]->builtin_code = 1000, "builtin operator number 1000");
    REFUSED(sample_int8, model.operator_codes[0]->builtin_code = 32;
            model.operator_codes[0]->custom_code = "Mystery", "custom operator 'Mystery'");
    REFUSED(sample_int8, g.operators[0]->opcode_index = 77, "operator code 77");
    REFUSED(sample_int8, g.operators[0]->inputs = {0}, "has 1 inputs; it needs 2");
    REFUSED(sample_int8, g.operators[0]->inputs.push_back(2), "has 4 inputs; it takes 3");
    REFUSED(sample_int8, g.operators[0]->inputs[1] = -1, "lacks its input 1");
    REFUSED(sample_int8, g.operators[0]->inputs[1] = -2, "is tensor -2");
    REFUSED(sample_int8, g.operators[0]->inputs[1] = 10, "is tensor 10");
    REFUSED(sample_int8, g.operators[0]->inputs[0] = 4, "before anything has made it");
    REFUSED(sample_int8, g.operators[1]->outputs[0] = 3, "made already");
    REFUSED(sample_int8, g.operators[0]->outputs[0] = 1, "a constant, an input or a variable");
    REFUSED(sample_int8, g.operators[0]->outputs.clear(), "has 0 outputs");
    REFUSED(sample_int8, g.inputs[0] = 10, "input 0 is tensor 10");
    REFUSED(sample_int8, g.inputs[0] = 1, "constant tensor 1");
    REFUSED(sample_int8, g.inputs.push_back(0), "an input twice");
    REFUSED(sample_int8, g.outputs[0] = -1, "output 0 is tensor -1");
    REFUSED(sample_int8, g.operators.pop_back(), "which nothing makes");
    REFUSED(sample_int8, g.operators[0]->builtin_options.Set(SoftmaxOptionsT()), "options table number 9");
    REFUSED(sample_int8, g.operators[0]->builtin_options.Reset(), "lacks its options");
    REFUSED(sample_int8, g.operators[0]->builtin_options.AsConv2DOptions()->stride_h = 0, "stride of 0 x 2");
    REFUSED(sample_int8, g.operators[0]->builtin_options.AsConv2DOptions()->padding = static_cast<Padding>(7),
            "padding number 7");
    REFUSED(sample_int8,
            g.operators[0]->builtin_options.AsConv2DOptions()->fused_activation_function =
                ActivationFunctionType::SIGN_BIT,
            "fused activation number 5");
    REFUSED(sample_variables, g.operators[0]->builtin_options.AsCallOnceOptions()->init_subgraph_index = 0,
            "calls subgraph 0");
    REFUSED(sample_variables, g.operators[0]->builtin_options.AsCallOnceOptions()->init_subgraph_index = 2,
            "calls subgraph 2");
    REFUSED(sample_variables, OperatorT &op = *model.subgraphs[1]->operators[1]; op.opcode_index = 0; op.inputs.clear();
            op.builtin_options.Set(CallOnceOptionsT()), "calls from a subgraph that is not the first");
    REFUSED(sample_variables, model.subgraphs[1]->outputs = {1}, "has inputs or outputs");
}

static void test_sparsity()
{
    REFUSED(sample_sparse, g.tensors[1]->sparsity->traversal_order[0] = 1, "no order of its dimensions");
    REFUSED(sample_sparse, g.tensors[1]->sparsity->traversal_order[0] = -1, "no order of its dimensions");
    REFUSED(sample_sparse, g.tensors[1]->sparsity->block_map[0] = 2, "block map");
    REFUSED(sample_sparse, g.tensors[1]->sparsity->dim_metadata.pop_back(), "levels");
    REFUSED(sample_sparse, g.tensors[1]->sparsity->dim_metadata[2]->dense_size = 3, "do not divide");
    REFUSED(sample_sparse, g.tensors[1]->sparsity->dim_metadata[2]->dense_size = 0, "do not divide");
    REFUSED(sample_sparse, g.tensors[1]->sparsity->dim_metadata[0]->dense_size = 3, "size 3 in place of 2");
    REFUSED(sample_sparse, g.tensors[1]->sparsity->dim_metadata[1]->array_segments.Reset(), "lacks indexes");
    REFUSED(sample_sparse, g.tensors[1]->sparsity->dim_metadata[1]->array_segments.AsUint8Vector()->values[2] = 9,
            "do not enclose");
    REFUSED(sample_sparse, g.tensors[1]->sparsity->dim_metadata[1]->array_segments.AsUint8Vector()->values[1] = 9,
            "ends before it begins");
    REFUSED(sample_sparse, g.tensors[1]->sparsity->dim_metadata[1]->array_indices.AsUint16Vector()->values[1] = 2,
            "rising ones below 2");
    REFUSED(sample_sparse, g.tensors[0]->sparsity = std::make_unique<SparsityParametersT>(), "not a constant");
}

/* A file of `size` bytes, at an address of every alignment in turn: it may be read or refused, but with a reason. */
static size_t try_bytes(const uint8_t *bytes, size_t size, size_t turn)
{
    std::vector<uint8_t> copy(size + 16);
    uint8_t *at = copy.data() + turn % 16;
    if (size > 0)
        memcpy(at, bytes, size);
    struct assay_model_error error = {};
    struct assay_graph *graph = assay_tflite_read(at, size, LIMIT, &error);
    expect(graph || error.text[0], "a file that is refused has a reason");
    assay_graph_free(graph);
    return graph != nullptr;
}

static void test_damage(const ModelT &model)
{
    const std::vector<uint8_t> bytes = pack(model);
    for (size_t size = 0; size < bytes.size(); size++)
        try_bytes(bytes.data(), size, size);
    size_t read = 0;
    for (size_t i = 0; i < bytes.size(); i++) {
        static const uint8_t masks[] = {0x01, 0x80, 0xff};
        for (uint8_t mask : masks) {
            std::vector<uint8_t> damaged = bytes;
            damaged[i] ^= mask;
            read += try_bytes(damaged.data(), damaged.size(), i);
        }
    }
    /* Most bytes are names and numbers that may have other values. */
    expect(read > 0 && read < 3 * bytes.size(), "some damage is seen, some cannot be");
}

int main()
{
    test_int8();
    test_sparse_and_variables();
    test_empty_constant();
    test_tensors();
    test_operators();
    test_sparsity();
    test_damage(sample_int8());
    test_damage(sample_sparse());
    test_damage(sample_variables());
    test_damage(sample_operators());
    printf("%d failures\n", failures);
    return failures != 0;
}
