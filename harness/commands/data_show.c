#include "harness/base/memory.h"
#include "harness/base/printable.h"
#include "harness/base/say.h"
#include "harness/commands/data_parts.h"
#include "models/data/dataset.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

struct options {
    const char *path;
    bool json;
};

static const char doc[] = "Tell what is in a dataset: task, samples, shapes, types, the range and mean of the values, "
                          "and how often each class is there.";

static const struct argp_option options[] = {
    {"json", 'j', NULL, 0, "Print JSON", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct options *o = state->input;
    switch (key) {
    case 'j':
        o->json = true;
        return 0;
    case ARGP_KEY_ARG:
        if (o->path)
            argp_error(state, "'%s' is too much: one dataset at a time", argument);
        o->path = argument;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "name a dataset");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static double value_at(const struct assay_data_array *array, size_t i)
{
    switch (array->type) {
    case ASSAY_TENSOR_F32:
        return (double)((const float *)array->data)[i];
    case ASSAY_TENSOR_I8:
        return ((const int8_t *)array->data)[i];
    case ASSAY_TENSOR_U8:
        return ((const uint8_t *)array->data)[i];
    case ASSAY_TENSOR_I16:
        return ((const int16_t *)array->data)[i];
    default:
        return ((const int32_t *)array->data)[i];
    }
}

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *array_json(const struct assay_data_array *array)
{
    json_t *shape = json_array();
    for (size_t i = 0; i < array->shape.rank; i++)
        json_array_append_new(shape, json_integer(array->shape.dims[i]));
    const size_t count = array->bytes / assay_tensor_type_size(array->type);
    double least = INFINITY, most = -INFINITY, sum = 0;
    size_t finite = 0;
    for (size_t i = 0; i < count; i++) {
        const double value = value_at(array, i);
        if (!isfinite(value))
            continue;
        least = fmin(least, value);
        most = fmax(most, value);
        sum += value;
        finite++;
    }
    return json_pack("{ss ss so sI so so so sI}", "name", array->name, "type", assay_tensor_type_name(array->type),
                     "shape", shape, "bytes", (json_int_t)array->bytes, "min", number(least), "max", number(most),
                     "mean", number(sum / (double)finite), "not_finite", (json_int_t)(count - finite));
}

static json_t *histogram_json(const struct assay_dataset *dataset)
{
    const size_t classes = dataset->classes ? dataset->classes : 2;
    size_t *counts = assay_keep(classes * sizeof(*counts));
    for (size_t i = 0; i < dataset->samples; i++)
        counts[((const int32_t *)dataset->labels->data)[i]]++;
    json_t *list = json_array();
    for (size_t i = 0; i < classes; i++)
        json_array_append_new(list, json_integer((json_int_t)counts[i]));
    return list;
}

static json_t *describe(const struct assay_dataset *dataset)
{
    json_t *inputs = json_array();
    for (size_t i = 0; i < dataset->input_count; i++)
        json_array_append_new(inputs, array_json(&dataset->inputs[i]));
    json_t *all =
        json_pack("{ss ss sI sI so}", "name", dataset->name, "task", assay_task_name(dataset->task), "samples",
                  (json_int_t)dataset->samples, "classes", (json_int_t)dataset->classes, "inputs", inputs);
    if (dataset->labels)
        json_object_set_new(all, "labels", array_json(dataset->labels));
    if (dataset->labels && dataset->labels->type == ASSAY_TENSOR_I32)
        json_object_set_new(all, "histogram", histogram_json(dataset));
    return all;
}

static void print_array(const char *role, const json_t *array)
{
    const json_t *dim;
    size_t i;
    printf("%-6s  %s ", role, json_string_value(json_object_get(array, "type")));
    json_array_foreach(json_object_get(array, "shape"), i, dim)
        printf("%s%" JSON_INTEGER_FORMAT, i ? "x" : "", json_integer_value(dim));
    printf(", %g to %g, mean %g", json_number_value(json_object_get(array, "min")),
           json_number_value(json_object_get(array, "max")), json_number_value(json_object_get(array, "mean")));
    const json_int_t odd = json_integer_value(json_object_get(array, "not_finite"));
    if (odd > 0)
        printf(", %" JSON_INTEGER_FORMAT " values not finite", odd);
    printf("  %s\n", assay_printable(json_string_value(json_object_get(array, "name"))));
}

static void print_text(const json_t *all)
{
    const json_t *row;
    size_t i;
    printf("%s: task %s, %" JSON_INTEGER_FORMAT " samples",
           assay_printable(json_string_value(json_object_get(all, "name"))),
           json_string_value(json_object_get(all, "task")), json_integer_value(json_object_get(all, "samples")));
    const json_int_t classes = json_integer_value(json_object_get(all, "classes"));
    if (classes > 0)
        printf(", %" JSON_INTEGER_FORMAT " classes", classes);
    putchar('\n');
    json_array_foreach(json_object_get(all, "inputs"), i, row) print_array("input", row);
    if (json_object_get(all, "labels"))
        print_array("labels", json_object_get(all, "labels"));
    json_array_foreach(json_object_get(all, "histogram"), i, row) if (json_integer_value(row) > 0)
        printf("class %zu: %" JSON_INTEGER_FORMAT "\n", i, json_integer_value(row));
}

int assay_data_show(int argc, char **argv)
{
    const struct argp argp = {options, parse, "SET.assay", doc, NULL, NULL, NULL};
    struct options o = {0};
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    struct assay_model_error error;
    struct assay_dataset *dataset = assay_dataset_open(o.path, &error);
    if (!dataset) {
        assay_say("%s", error.text);
        return ASSAY_EXIT_USAGE;
    }
    json_t *all = describe(dataset);
    if (o.json) {
        json_dumpf(all, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
        putchar('\n');
    } else {
        print_text(all);
    }
    json_decref(all);
    assay_dataset_close(dataset);
    return ASSAY_EXIT_FINE;
}
