#include "harness/base/memory.h"
#include "harness/base/printable.h"
#include "harness/base/say.h"
#include "harness/commands/commands.h"
#include "harness/measure/network.h"
#include "models/graph/facts.h"
#include "models/tflite/reader.h"

#include <argp.h>
#include <inttypes.h>
#include <jansson.h>
#include <string.h>

/* Of the file and the graph together. */
static const size_t memory_limit = (size_t)4 << 30;

struct options {
    const char *path;
    bool json, tensors;
};

static const char doc[] =
    "Tell what a network is, without running it: its operators, tensors, quantization, parameters, "
    "multiply-accumulates, "
    "memory and sparsity, and which modes it can take.\v"
    "A mode is taken as it is, by conversion, or not at all: what is already quantized cannot be made float again. "
    "Peak "
    "activation memory is a lower bound: what is alive at any one operator, if no tensor is computed in the place of "
    "another.";

static const struct argp_option options[] = {
    {"json", 'j', NULL, 0, "Print JSON, which says more than the table", 0},
    {"tensors", 't', NULL, 0, "List the tensors too", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct options *o = state->input;
    switch (key) {
    case 'j':
        o->json = true;
        return 0;
    case 't':
        o->tensors = true;
        return 0;
    case ARGP_KEY_ARG:
        if (o->path)
            argp_error(state, "'%s' is too much: inspect one network at a time", argument);
        o->path = argument;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "name a .tflite file");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static json_t *indexes_json(const int32_t *indexes, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_integer(indexes[i]));
    return list;
}

static json_t *tensor_json(const struct assay_tensor *t)
{
    json_t *shape = indexes_json(t->shape.dims, t->shape.rank), *scales = json_array(), *zeros = json_array();
    for (size_t i = 0; i < t->quantization.count; i++) {
        json_array_append_new(scales, json_real((double)t->quantization.scale[i]));
        json_array_append_new(zeros, json_integer(t->quantization.zero[i]));
    }
    json_t *tensor = json_pack("{ss ss so sb sb sb sI}", "name", assay_printable(t->name), "type",
                               assay_tensor_type_name(t->type), "shape", shape, "constant", t->data != NULL, "sparse",
                               t->sparsity != NULL, "variable", t->variable, "bytes", (json_int_t)t->bytes);
    if (t->quantization.count > 0)
        json_object_set_new(
            tensor, "quantization",
            json_pack("{sO sO sI}", "scale", scales, "zero_point", zeros, "axis", (json_int_t)t->quantization.axis));
    json_decref(scales);
    json_decref(zeros);
    return tensor;
}

static json_t *operators_json(const struct assay_subgraph *s, const struct assay_operator_facts *facts)
{
    json_t *list = json_array();
    for (size_t i = 0; i < s->operator_count; i++) {
        const struct assay_operator *op = &s->operators[i];
        const struct assay_operator_facts *f = &facts[i];
        json_t *row = json_pack("{ss si so so sI sI sI}", "operator", assay_operator_name(op->code), "version",
                                (int)op->version, "inputs", indexes_json(op->inputs, op->input_count), "outputs",
                                indexes_json(op->outputs, op->output_count), "macs", (json_int_t)f->macs, "parameters",
                                (json_int_t)f->parameters, "weight_bytes", (json_int_t)f->bytes);
        if (f->weights >= 0) {
            json_object_set_new(row, "mode", json_string(assay_network_layer_mode(s, op, f->weights)));
            json_object_set_new(row, "weights", json_integer(f->weights));
            json_object_set_new(row, "sparsity", json_real(f->elements ? (double)f->zeros / (double)f->elements : 0));
        }
        json_array_append_new(list, row);
    }
    return list;
}

/* How the network comes into a mode: "as it is", "by conversion", or "no" with the reason. */
static json_t *mode_json(const struct assay_subgraph *s, const struct assay_operator_facts *facts, enum assay_mode mode)
{
    const char *name = assay_mode_name(mode), *float_name = assay_mode_name(ASSAY_MODE_FP32);
    size_t layers = 0, others = 0;
    for (size_t i = 0; i < s->operator_count; i++) {
        if (facts[i].weights < 0)
            continue;
        layers++;
        const char *is = assay_network_layer_mode(s, &s->operators[i], facts[i].weights);
        if (strcmp(is, name) == 0)
            continue;
        if (strcmp(is, float_name) != 0)
            return json_pack("{ss ss ss}", "mode", name, "takes", "no", "why",
                             assay_format("operator %zu (%s) is %s", i, assay_operator_name(s->operators[i].code),
                                          strcmp(is, "other") == 0 ? "in none of the modes" : is));
        others++;
    }
    if (layers == 0)
        return json_pack("{ss ss ss}", "mode", name, "takes", "no", "why", "no operator has weights");
    return json_pack("{ss ss ss}", "mode", name, "takes", others == 0 ? "as it is" : "by conversion", "why",
                     others == 0 ? "every layer with weights has it"
                                 : assay_format("%zu of %zu layers with weights are float", others, layers));
}

static bool is_float(const struct assay_tensor *t)
{
    return t->type == ASSAY_TENSOR_F32 || t->type == ASSAY_TENSOR_F16;
}

/* "yes", or "no: " and the first operator that needs floating point. */
static const char *integer_only(const struct assay_subgraph *s)
{
    for (size_t i = 0; i < s->operator_count; i++) {
        const struct assay_operator *op = &s->operators[i];
        bool floats = false;
        for (size_t j = 0; j < op->input_count; j++)
            floats = floats || (op->inputs[j] >= 0 && is_float(&s->tensors[op->inputs[j]]));
        for (size_t j = 0; j < op->output_count; j++)
            floats = floats || is_float(&s->tensors[op->outputs[j]]);
        if (floats)
            return assay_format("no: operator %zu (%s) is float", i, assay_operator_name(op->code));
    }
    return "yes";
}

static json_t *describe(const struct assay_graph *graph, const char *path)
{
    const struct assay_subgraph *s = graph->subgraphs;
    struct assay_operator_facts *operators = assay_keep((s->operator_count + 1) * sizeof(*operators));
    struct assay_graph_facts all;
    if (!assay_graph_find_facts(graph, operators, &all)) {
        assay_say("%s: out of memory", path);
        return NULL;
    }
    json_t *modes = json_array(), *tensors = json_array();
    for (int mode = 0; mode < ASSAY_MODE_COUNT; mode++)
        json_array_append_new(modes, mode_json(s, operators, (enum assay_mode)mode));
    for (size_t i = 0; i < s->tensor_count; i++)
        json_array_append_new(tensors, tensor_json(&s->tensors[i]));
    return json_pack("{ss ss so so so so sI sI sI sI so ss}", "file", assay_printable(path), "description",
                     assay_printable(graph->description), "inputs", indexes_json(s->inputs, s->input_count), "outputs",
                     indexes_json(s->outputs, s->output_count), "operators", operators_json(s, operators), "tensors",
                     tensors, "macs", (json_int_t)all.macs, "parameters", (json_int_t)all.parameters, "weight_bytes",
                     (json_int_t)all.constant_bytes, "peak_activation_bytes", (json_int_t)all.activation_bytes, "modes",
                     modes, "integer_only", integer_only(s));
}

static const char *shape_text(const struct assay_shape *shape)
{
    const char *text = "";
    for (size_t i = 0; i < shape->rank; i++)
        text = assay_format("%s%s%d", text, i ? "x" : "", shape->dims[i]);
    return shape->rank ? text : "scalar";
}

static void print_border(const char *what, const struct assay_subgraph *s, const int32_t *indexes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct assay_tensor *t = &s->tensors[indexes[i]];
        printf("%-8s t%d %s %s", what, indexes[i], assay_tensor_type_name(t->type), shape_text(&t->shape));
        if (t->quantization.count == 1)
            printf(", scale %g, zero point %" PRId64, (double)t->quantization.scale[0], t->quantization.zero[0]);
        printf("  %s\n", assay_printable(t->name));
    }
}

static void print_text(const struct assay_graph *graph, const json_t *all)
{
    const struct assay_subgraph *s = graph->subgraphs;
    size_t i;
    const json_t *row;
    print_border("input", s, s->inputs, s->input_count);
    print_border("output", s, s->outputs, s->output_count);
    printf("\n%4s  %-24s %-8s %-18s %12s %12s %12s  %s\n", "", "operator", "mode", "output", "macs", "parameters",
           "bytes", "zeros");
    json_array_foreach(json_object_get(all, "operators"), i, row)
    {
        const struct assay_operator *op = &s->operators[i];
        const char *mode = json_string_value(json_object_get(row, "mode"));
        printf("%4zu  %-24s %-8s %-18s %12" JSON_INTEGER_FORMAT " %12" JSON_INTEGER_FORMAT " %12" JSON_INTEGER_FORMAT,
               i, assay_operator_name(op->code), mode ? mode : "-",
               op->output_count ? shape_text(&s->tensors[op->outputs[0]].shape) : "-",
               json_integer_value(json_object_get(row, "macs")), json_integer_value(json_object_get(row, "parameters")),
               json_integer_value(json_object_get(row, "weight_bytes")));
        if (mode)
            printf("  %.1f %%", 100 * json_real_value(json_object_get(row, "sparsity")));
        putchar('\n');
    }
    static const char *const totals[][2] = {{"macs", "multiply-accumulates"},
                                            {"parameters", "parameters"},
                                            {"weight_bytes", "bytes of constants"},
                                            {"peak_activation_bytes", "bytes of activations, at least"}};
    putchar('\n');
    for (i = 0; i < sizeof(totals) / sizeof(totals[0]); i++)
        printf("%12" JSON_INTEGER_FORMAT " %s\n", json_integer_value(json_object_get(all, totals[i][0])), totals[i][1]);
    putchar('\n');
    json_array_foreach(json_object_get(all, "modes"), i, row)
        printf("%-8s %s: %s\n", json_string_value(json_object_get(row, "mode")),
               json_string_value(json_object_get(row, "takes")), json_string_value(json_object_get(row, "why")));
    printf("integer-only: %s\n", json_string_value(json_object_get(all, "integer_only")));
}

int assay_command_inspect(int argc, char **argv)
{
    const struct argp argp = {options, parse, "MODEL.tflite", doc, NULL, NULL, NULL};
    struct options o = {0};
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    struct assay_model_error error;
    struct assay_graph *graph = assay_tflite_read_file(o.path, memory_limit, &error);
    if (!graph) {
        assay_say("%s", error.text);
        return ASSAY_EXIT_USAGE;
    }
    json_t *all = describe(graph, o.path);
    if (all && o.json) {
        json_dumpf(all, stdout, JSON_INDENT(2));
        putchar('\n');
    } else if (all) {
        print_text(graph, all);
    }
    if (all && o.tensors && !o.json) {
        putchar('\n');
        assay_graph_print(graph, stdout);
    }
    const bool fine = all != NULL;
    json_decref(all);
    assay_graph_free(graph);
    return fine ? ASSAY_EXIT_FINE : ASSAY_EXIT_USAGE;
}
