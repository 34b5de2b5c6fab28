#include "harness/measure/model_record.h"

#include "harness/base/memory.h"
#include "harness/measure/bound.h"
#include "harness/measure/counts.h"
#include "reports/record/record.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

/* The operation of a record: kernels/'s own name where it has one, so that layers of networks and of suites are called
 * alike. */
static const char *op_of(const struct assay_model_layer *layer)
{
    static const char *const names[][2] = {
        {"CONV_2D", "conv"}, {"DEPTHWISE_CONV_2D", "dwconv"}, {"FULLY_CONNECTED", "gemm"}};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(layer->op, names[i][0]) == 0)
            return names[i][1];
    char *name = assay_keep_string(layer->op);
    for (char *c = name; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return name;
}

static const char *id_of(const struct assay_model_case *c, const char *target, const char *case_name, const char *op)
{
    const char *which = c->named ? c->named : c->origin;
    return assay_format("%s/%s/%s/%s/%s@%g/%s%s%s", target, case_name, op, c->traits.mode, c->traits.structure,
                        c->traits.sparsity, c->role, which ? "/" : "", which ? which : "");
}

const char *assay_model_series_id(const struct assay_model_case *c, const char *target)
{
    return id_of(c, target, c->name, "model");
}

static json_t *number_or_null(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static void set_if_known(json_t *json, const char *key, int64_t value)
{
    if (value >= 0)
        json_object_set_new(json, key, json_integer((json_int_t)value));
}

static json_t *performance(const struct assay_model_value *v, int64_t iterations, int64_t macs)
{
    json_t *json = json_object();
    set_if_known(json, "macs", macs);
    if (v->counts)
        json_object_set_new(json, "counts", assay_counts_record(v->counts));
    if (v->sample_count == 0)
        return json;
    json_t *samples = json_array(), *processes = json_array();
    for (size_t i = 0; i < v->sample_count; i++) {
        json_array_append_new(samples, json_real(v->samples[i]));
        json_array_append_new(processes, json_integer((json_int_t)v->processes[i]));
    }
    json_object_set_new(json, "samples", samples);
    json_object_set_new(json, "processes", processes);
    set_if_known(json, "iterations", iterations);
    return json;
}

/* What is the same for the whole and its layers. */
static json_t *code_of(const struct assay_model_case *c, const struct assay_model_result *r, int64_t weight_bytes)
{
    json_t *code =
        json_pack("{ss sI}", "model_sum", c->traits.sum, "threads", (json_int_t)(c->threads ? c->threads : 1));
    set_if_known(code, "batch", r->batch);
    set_if_known(code, "weight_bytes", weight_bytes);
    return code;
}

/* A record but for what tells whole from layer. */
static json_t *record_of(const struct assay_run_identity *run, const struct assay_stand *stand, json_t *machine,
                         const struct assay_model_case *c, const char *case_name, const char *op, double value,
                         double baseline)
{
    const bool emulated = assay_target_emulated(stand->target);
    json_t *json =
        json_pack("{si ss ss ss ss ss sf ss ss ss sb}", "schema_version", ASSAY_RECORD_SCHEMA, "series_id",
                  id_of(c, stand->label, case_name, op), "target", stand->label, "op", op, "mode", c->traits.mode,
                  "structure", c->traits.structure, "sparsity", c->traits.sparsity, "case", case_name, "role", c->role,
                  "metric", emulated ? "instructions" : "ns", "emulated", (int)emulated);
    json_object_set_new(json, "value", number_or_null(value));
    json_object_set_new(json, "speedup", number_or_null(value > 0 ? baseline / value : NAN));
    json_object_set_new(json, "error", json_null());
    json_object_set_new(json, "identity", assay_identity_json(run));
    json_object_set(json, "machine", machine);
    json_object_set_new(json, "shape", json_object());
    json_object_set_new(json, "accuracy", json_object());
    return json;
}

/* Multiply-accumulates that kernels of plugins computed; -1 if none was asked for, and none did. */
static int64_t peer_macs(const struct assay_model_case *c, const struct assay_model_result *r)
{
    int64_t macs = 0;
    for (size_t i = 0; i < r->layer_count; i++)
        if (r->layers[i].origin && strcmp(r->layers[i].origin, "assay") != 0 && r->layers[i].macs > 0)
            macs += r->layers[i].macs;
    return macs > 0 || c->origin ? macs : -1;
}

/* Its layers follow one another, each bound by itself; those whose bound nobody knows count nothing. Null where that is
 * all of them. */
static json_t *bound_of_whole(const struct assay_model_result *r)
{
    double ns = 0;
    for (size_t i = 0; i < r->layer_count; i++)
        ns += json_number_value(json_object_get(r->layers[i].measured.bound, "ns"));
    json_t *bound = ns > 0 ? json_pack("{sf ss}", "ns", ns, "by", "layers") : NULL;
    json_t *record = assay_bound_record(bound, r->measured.value);
    json_decref(bound);
    return record;
}

static json_t *whole_record(json_t *json, const struct assay_model_case *c, const struct assay_model_result *r)
{
    json_object_set_new(json, "kernel", json_null());
    json_object_set_new(json, "bound", bound_of_whole(r));
    json_object_set_new(json, "origin", json_string(c->origin ? c->origin : "assay"));
    json_object_set_new(json, "outcome", json_string(r->outcome));
    if (r->message)
        json_object_set_new(json, "message", json_string(r->message));
    json_t *code = code_of(c, r, r->weight_bytes);
    set_if_known(code, "model_bytes", r->model_bytes);
    set_if_known(code, "activation_bytes", r->activation_bytes);
    set_if_known(code, "packed_bytes", r->packed_bytes);
    set_if_known(code, "scratch_bytes", r->scratch_bytes);
    if (isfinite(r->pack_ns))
        json_object_set_new(code, "pack_ns", json_real(r->pack_ns));
    json_object_set_new(json, "code", code);
    json_t *measured = performance(&r->measured, r->iterations, r->macs);
    if (isfinite(r->input_ns))
        json_object_set_new(measured, "input_ns", json_real(r->input_ns));
    set_if_known(measured, "peer_macs", peer_macs(c, r));
    json_object_set_new(json, "performance", measured);
    json_object_set_new(json, "network", json_pack("{ss sn}", "name", c->name, "layer"));
    return json;
}

static json_t *layer_record(json_t *json, const struct assay_model_case *c, const struct assay_model_result *r,
                            const struct assay_model_layer *layer)
{
    json_object_set_new(json, "kernel", layer->kernel ? json_string(layer->kernel) : json_null());
    json_object_set_new(json, "origin", json_string(layer->origin ? layer->origin : "assay"));
    json_object_set_new(json, "bound", assay_bound_record(layer->measured.bound, layer->measured.value));
    json_object_set_new(json, "outcome", json_string("pass"));
    json_object_set_new(json, "code", code_of(c, r, layer->weight_bytes));
    json_t *measured = performance(&layer->measured, r->iterations, layer->macs);
    if (isfinite(r->clock_ns))
        json_object_set_new(measured, "clock_ns", json_real(r->clock_ns));
    json_object_set_new(json, "performance", measured);
    json_object_set_new(json, "network",
                        json_pack("{ss sI ss ss?}", "name", c->name, "layer", (json_int_t)layer->index, "operator",
                                  layer->op, "tensor", layer->tensor));
    return json;
}

/* Conversions between numbers come and go with the mode; the other layers stay. */
static bool is_conversion(const struct assay_model_layer *layer)
{
    return strcmp(layer->op, "QUANTIZE") == 0 || strcmp(layer->op, "DEQUANTIZE") == 0 ||
           strcmp(layer->op, "DENSIFY") == 0;
}

/* The first layer from *at on that is no conversion; NULL: there is none. *at is behind it then. */
static const struct assay_model_layer *next_layer(const struct assay_model_result *r, size_t *at)
{
    while (*at < r->layer_count && is_conversion(&r->layers[*at]))
        ++*at;
    return *at < r->layer_count ? &r->layers[(*at)++] : NULL;
}

static bool same_layers(const struct assay_model_result *a, const struct assay_model_result *b)
{
    for (size_t i = 0, j = 0;;) {
        const struct assay_model_layer *x = next_layer(a, &i), *y = next_layer(b, &j);
        if (!x || !y)
            return !x && !y;
        if (strcmp(x->op, y->op) != 0)
            return false;
    }
}

bool assay_model_comparable(const struct assay_model_result *a, const struct assay_model_result *b)
{
    if (strcmp(a->outcome, "pass") != 0 || strcmp(b->outcome, "pass") != 0 || a->macs != b->macs)
        return false;
    return a->macs > 0 || same_layers(a, b);
}

json_t *assay_model_records(const struct assay_run_identity *run, const struct assay_stand *stand, json_t *machine,
                            const struct assay_model_case *c, const struct assay_model_result *r,
                            const struct assay_model_result *baseline)
{
    const bool comparable = baseline && same_layers(r, baseline);
    json_t *records = json_array();
    json_array_append_new(records, whole_record(record_of(run, stand, machine, c, c->name, "model", r->measured.value,
                                                          baseline ? baseline->measured.value : NAN),
                                                c, r));
    for (size_t i = 0, at = 0; i < r->layer_count; i++) {
        const struct assay_model_layer *layer = &r->layers[i];
        const struct assay_model_layer *other = comparable && !is_conversion(layer) ? next_layer(baseline, &at) : NULL;
        const char *op = op_of(layer), *name = assay_format("%s/%03zu_%s", c->name, layer->index, op);
        json_array_append_new(records, layer_record(record_of(run, stand, machine, c, name, op, layer->measured.value,
                                                              other ? other->measured.value : NAN),
                                                    c, r, layer));
    }
    return records;
}

void assay_model_records_set_hashes(json_t *records, const struct assay_code *code, const struct assay_model_result *r)
{
    const char **kernels = assay_keep((r->layer_count + 1) * sizeof(*kernels));
    size_t count = 0;
    for (size_t i = 0; i < r->layer_count; i++) {
        const char *kernel = r->layers[i].kernel;
        if (kernel)
            kernels[count++] = kernel;
        assay_record_set_hash(json_array_get(records, i + 1), assay_code_network_hash(code, &kernel, kernel ? 1 : 0));
    }
    assay_record_set_hash(json_array_get(records, 0),
                          r->layer_count > 0 ? assay_code_network_hash(code, kernels, count) : NULL);
}
