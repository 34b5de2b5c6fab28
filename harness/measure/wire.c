/* Jobs as the probe reads them (docs/probe-protocol.md). */
#include "harness/measure/plan.h"

static void set(json_t *object, const char *key, size_t value)
{
    json_object_set_new(object, key, json_integer((json_int_t)value));
}

/* conv and dwconv name their geometry alike. */
#define SET(s, member) set(json, #member, (s)->member)
#define SET_WINDOW(s)       \
    do {                    \
        SET(s, batch);      \
        SET(s, in_h);       \
        SET(s, in_w);       \
        SET(s, in_c);       \
        SET(s, kernel_h);   \
        SET(s, kernel_w);   \
        SET(s, stride_h);   \
        SET(s, stride_w);   \
        SET(s, dilation_h); \
        SET(s, dilation_w); \
        SET(s, pad_top);    \
        SET(s, pad_left);   \
        SET(s, out_h);      \
        SET(s, out_w);      \
    } while (0)

json_t *assay_shape_json(const struct assay_problem *problem)
{
    json_t *json = json_object();
    switch (problem->op) {
    case ASSAY_OP_CONV:
        SET_WINDOW(&problem->conv);
        SET(&problem->conv, out_c);
        break;
    case ASSAY_OP_DWCONV:
        SET_WINDOW(&problem->dwconv);
        SET(&problem->dwconv, multiplier);
        break;
    case ASSAY_OP_QUANTIZE:
        json_object_set_new(json, "conversion", json_string(assay_conversion_name(problem->quantize.conversion)));
        SET(&problem->quantize, rows);
        SET(&problem->quantize, columns);
        break;
    case ASSAY_OP_ADD:
        SET(&problem->add, count);
        json_object_set_new(json, "subtract", json_boolean(problem->add.subtract));
        break;
    default:
        SET(&problem->gemm, m);
        SET(&problem->gemm, n);
        SET(&problem->gemm, k);
        break;
    }
    json_object_set_new(json, "activation", json_string(assay_activation_name(problem->activation)));
    return json;
}

static json_t *series_json(const struct assay_series *s, enum assay_op case_op)
{
    json_t *json = json_pack("{ss ss ss sf}", "key", s->key, "mode", assay_mode_name(s->mode), "structure",
                             assay_structure_name(s->structure), "sparsity", s->sparsity);
    json_object_set_new(json, "kernel", json_string(s->kernel ? s->kernel : s->origin ? "best" : s->role));
    if (s->origin)
        json_object_set_new(json, "origin", json_string(s->origin));
    if (s->op != case_op)
        json_object_set_new(json, "op", json_string(assay_op_name(s->op)));
    return json;
}

char *assay_job_line(const struct assay_job *job, const struct assay_suite *suite, bool emulated, json_int_t seed)
{
    const enum assay_op op = job->layer->problem.op == ASSAY_OP_SPMM ? ASSAY_OP_GEMM : job->layer->problem.op;
    json_t *layer = assay_shape_json(&job->layer->problem), *series = json_array();
    json_object_set_new(layer, "name", json_string(job->layer->name));
    json_object_set_new(layer, "op", json_string(assay_op_name(op)));
    for (size_t i = 0; i < job->count; i++)
        json_array_append_new(series, series_json(&job->series[i], op));
    json_t *line = json_pack("{ss si ss sI sI sI so so}", "type", "job", "id", 0, "metric",
                             emulated ? "instructions" : "ns", "rounds", (json_int_t)suite->rounds, "round_ns",
                             (json_int_t)suite->round_us * 1000, "seed", seed, "case", layer, "series", series);
    if (job->threads > 1)
        json_object_set_new(line, "threads", json_integer((json_int_t)job->threads));
    char *text = json_dumps(line, JSON_COMPACT);
    json_decref(line);
    return text;
}
