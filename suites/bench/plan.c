#include "suites/bench/plan.h"

#include "suites/bench/reader.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void read_gemm(struct reader *reader, json_t *object, struct assay_gemm_shape *s)
{
    static const char *const names[] = {"name", "op", "activation", "m", "n", "k", "in_stride", "out_stride", NULL};
    allow_only(reader, object, names);
    s->m = read_size(reader, object, "m", 0, -1);
    s->n = read_size(reader, object, "n", 0, -1);
    s->k = read_size(reader, object, "k", 0, -1);
    s->in_stride = read_size(reader, object, "in_stride", 0, (json_int_t)s->k);
    s->out_stride = read_size(reader, object, "out_stride", 0, (json_int_t)s->n);
}

/* conv and dwconv differ in one member: out_c there, multiplier here. */
static void read_window(struct reader *reader, json_t *object, bool depthwise, struct assay_conv_shape *s)
{
    const char *const names[] = {
        "name",       "op",         "activation", "batch",
        "in_h",       "in_w",       "in_c",       depthwise ? "multiplier" : "out_c",
        "kernel_h",   "kernel_w",   "stride_h",   "stride_w",
        "dilation_h", "dilation_w", "pad_top",    "pad_left",
        "out_h",      "out_w",      "in_stride",  "out_stride",
        NULL,
    };
    allow_only(reader, object, names);
    s->batch = read_size(reader, object, "batch", 0, 1);
    s->in_h = read_size(reader, object, "in_h", 0, -1);
    s->in_w = read_size(reader, object, "in_w", 0, -1);
    s->in_c = read_size(reader, object, "in_c", 0, -1);
    s->out_c = read_size(reader, object, depthwise ? "multiplier" : "out_c", depthwise ? 1 : 0, depthwise ? 1 : -1);
    s->kernel_h = read_size(reader, object, "kernel_h", 1, -1);
    s->kernel_w = read_size(reader, object, "kernel_w", 1, -1);
    s->stride_h = read_size(reader, object, "stride_h", 1, 1);
    s->stride_w = read_size(reader, object, "stride_w", 1, 1);
    s->dilation_h = read_size(reader, object, "dilation_h", 1, 1);
    s->dilation_w = read_size(reader, object, "dilation_w", 1, 1);
    s->pad_top = read_size(reader, object, "pad_top", 0, 0);
    s->pad_left = read_size(reader, object, "pad_left", 0, 0);
    s->out_h = read_size(reader, object, "out_h", 0, -1);
    s->out_w = read_size(reader, object, "out_w", 0, -1);
    const size_t out_c = depthwise ? s->in_c * s->out_c : s->out_c; /* each is below 2^31 */
    s->in_stride = read_size(reader, object, "in_stride", 0, (json_int_t)s->in_c);
    s->out_stride = read_size(reader, object, "out_stride", 0, (json_int_t)out_c);
}

static void read_quantize(struct reader *reader, json_t *object, struct assay_quantize_shape *s)
{
    static const char *const names[] = {"name",    "op",        "activation", "conversion", "rows",
                                        "columns", "in_stride", "out_stride", NULL};
    allow_only(reader, object, names);
    READ_NAME(reader, object, "conversion", NULL, assay_conversion_parse, &s->conversion);
    s->rows = read_size(reader, object, "rows", 0, -1);
    s->columns = read_size(reader, object, "columns", 0, -1);
    s->in_stride = read_size(reader, object, "in_stride", 0, (json_int_t)s->columns);
    s->out_stride = read_size(reader, object, "out_stride", 0, (json_int_t)s->columns);
}

static void read_add(struct reader *reader, json_t *object, struct assay_add_shape *s)
{
    static const char *const names[] = {"name", "op", "activation", "count", "subtract", NULL};
    allow_only(reader, object, names);
    s->count = read_size(reader, object, "count", 0, -1);
    const json_t *subtract = json_object_get(object, "subtract");
    if (subtract && !json_is_boolean(subtract))
        complain(reader, "%ssubtract: must be true or false", reader->path);
    s->subtract = json_is_true(subtract);
}

static void read_case(struct reader *reader, json_t *object, struct layer_case *c)
{
    reader->path = "case.";
    snprintf(c->name, sizeof(c->name), "%s", read_text(reader, object, "name", "", sizeof(c->name)));
    READ_NAME(reader, object, "op", NULL, assay_op_parse, &c->op);
    READ_NAME(reader, object, "activation", "none", assay_activation_parse, &c->activation);
    if (reader->bad)
        return;
    struct assay_conv_shape window = {0};
    switch (c->op) {
    case ASSAY_OP_CONV:
        read_window(reader, object, false, &c->conv);
        break;
    case ASSAY_OP_DWCONV:
        read_window(reader, object, true, &window);
        c->dwconv = (struct assay_dwconv_shape){
            .window = window.window,
            .in_c = window.in_c,
            .multiplier = window.out_c,
            .in_stride = window.in_stride,
            .out_stride = window.out_stride,
        };
        break;
    case ASSAY_OP_QUANTIZE:
        read_quantize(reader, object, &c->quantize);
        break;
    case ASSAY_OP_ADD:
        read_add(reader, object, &c->add);
        break;
    default:
        read_gemm(reader, object, &c->gemm);
    }
}

/* The product, or UINT64_MAX where that is too small. */
static uint64_t times(uint64_t a, uint64_t b)
{
    uint64_t product;
    return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

static uint64_t plus(uint64_t a, uint64_t b)
{
    uint64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

/* An upper estimate of a layer's bytes: reals, the mode's numbers, and packed weights, at 16 bytes an element. From the
 * case alone, in arithmetic that cannot overflow: the functions of kernels/core trust their sizes. */
static uint64_t memory_of(const struct layer_case *c)
{
    uint64_t in, out, weights;
    const struct assay_conv_shape *v = &c->conv;
    const struct assay_dwconv_shape *d = &c->dwconv;
    switch (c->op) {
    case ASSAY_OP_CONV:
        in = times(times(times(v->batch, v->in_h), v->in_w), v->in_stride);
        out = times(times(times(v->batch, v->out_h), v->out_w), v->out_stride);
        /* Indirection keeps a pointer for each pixel and tap. */
        out = plus(out, times(times(times(v->batch, v->out_h), v->out_w), times(v->kernel_h, v->kernel_w)));
        weights = times(times(v->out_c, v->in_c), times(v->kernel_h, v->kernel_w));
        break;
    case ASSAY_OP_DWCONV:
        in = times(times(times(d->batch, d->in_h), d->in_w), d->in_stride);
        out = times(times(times(d->batch, d->out_h), d->out_w), d->out_stride);
        out = plus(out, times(times(times(d->batch, d->out_h), d->out_w), times(d->kernel_h, d->kernel_w)));
        weights = times(times(d->in_c, d->multiplier), times(d->kernel_h, d->kernel_w));
        break;
    case ASSAY_OP_QUANTIZE:
        in = times(c->quantize.rows, c->quantize.in_stride);
        out = times(c->quantize.rows, c->quantize.out_stride);
        weights = 0;
        break;
    case ASSAY_OP_ADD:
        in = times(2, c->add.count);
        out = c->add.count;
        weights = 0;
        break;
    default:
        in = times(c->gemm.m, c->gemm.in_stride);
        out = times(c->gemm.m, c->gemm.out_stride);
        weights = times(c->gemm.n, c->gemm.k);
    }
    return times(16, plus(plus(in, out), weights));
}

static void read_series(struct reader *reader, json_t *object, const struct layer_case *c, struct plan_series *s)
{
    static const char *const names[] = {"key", "mode", "structure", "sparsity", "kernel", "origin", "op", NULL};
    if (!json_is_object(object)) {
        complain(reader, "%.*s: must be an object", (int)strlen(reader->path) - 1, reader->path);
        return;
    }
    allow_only(reader, object, names);
    snprintf(s->key, sizeof(s->key), "%s", read_text(reader, object, "key", NULL, sizeof(s->key)));
    snprintf(s->kernel, sizeof(s->kernel), "%s", read_text(reader, object, "kernel", "best", sizeof(s->kernel)));
    snprintf(s->origin, sizeof(s->origin), "%s", read_text(reader, object, "origin", "assay", sizeof(s->origin)));
    READ_NAME(reader, object, "mode", NULL, assay_mode_parse, &s->mode);
    READ_NAME(reader, object, "structure", "dense", assay_structure_parse, &s->structure);
    const json_t *sparsity = json_object_get(object, "sparsity");
    s->sparsity = json_number_value(sparsity);
    if (sparsity && (!json_is_number(sparsity) || !(s->sparsity >= 0 && s->sparsity <= 1)))
        complain(reader, "%ssparsity: must be a number within 0 and 1", reader->path);
    s->layer_case = *c;
    READ_NAME(reader, object, "op", assay_op_name(c->op), assay_op_parse, &s->layer_case.op);
    const enum assay_op op = s->layer_case.op;
    if (!reader->bad && op != c->op &&
        ((op != ASSAY_OP_GEMM && op != ASSAY_OP_SPMM) || (c->op != ASSAY_OP_GEMM && c->op != ASSAY_OP_SPMM)))
        complain(reader, "%sop: only gemm and spmm share a case, this one is of %s", reader->path,
                 assay_op_name(c->op));
    if (reader->bad)
        return;
    struct assay_problem problem = {.op = op,
                                    .mode = s->mode,
                                    .structure = s->structure,
                                    .activation = c->activation,
                                    .quantization = {.in_scale = 1.0f, .out_scale = 1.0f, .addend_scale = 1.0f}};
    if (op == ASSAY_OP_CONV)
        problem.conv = c->conv;
    else if (op == ASSAY_OP_DWCONV)
        problem.dwconv = c->dwconv;
    else if (op == ASSAY_OP_QUANTIZE)
        problem.quantize = c->quantize;
    else if (op == ASSAY_OP_ADD)
        problem.add = c->add;
    else
        problem.gemm = c->gemm;
    const char *invalid = assay_problem_invalid(&problem);
    if (invalid)
        complain(reader, "%.*s: %s", (int)strlen(reader->path) - 1, reader->path, invalid);
}

static void read_network(struct reader *reader, json_t *object, struct plan_network *n)
{
    static const char *const names[] = {"key", "file", "kernel", "origin", "threads", "batch", "half", NULL};
    allow_only(reader, object, names);
    snprintf(n->key, sizeof(n->key), "%s", read_text(reader, object, "key", NULL, sizeof(n->key)));
    snprintf(n->file, sizeof(n->file), "%s", read_text(reader, object, "file", NULL, sizeof(n->file)));
    snprintf(n->kernel, sizeof(n->kernel), "%s", read_text(reader, object, "kernel", "best", sizeof(n->kernel)));
    snprintf(n->origin, sizeof(n->origin), "%s", read_text(reader, object, "origin", "assay", sizeof(n->origin)));
    n->threads = (size_t)read_integer(reader, object, "threads", 1, PLAN_THREADS_MAX, 1);
    n->batch = (size_t)read_integer(reader, object, "batch", 1, PLAN_BATCH_MAX, 0);
    const json_t *half = json_object_get(object, "half");
    if (half && !json_is_boolean(half))
        complain(reader, "%shalf: must be true or false", reader->path);
    n->half = json_is_true(half);
}

/* What jobs of both kinds have. */
static void read_measuring(struct reader *reader, json_t *root, struct plan_job *job)
{
    job->id = read_integer(reader, root, "id", 0, INT64_MAX, -1);
    const char *metric = read_text(reader, root, "metric", "ns", PLAN_NAME_MAX);
    if (strcmp(metric, "ns") != 0 && strcmp(metric, "instructions") != 0)
        complain(reader, "metric: '%s' is none: ns or instructions", metric);
    job->metric = strcmp(metric, "instructions") == 0 ? METRIC_INSTRUCTIONS : METRIC_NS;
    job->rounds = (size_t)read_integer(reader, root, "rounds", 1, PLAN_ROUNDS_MAX, 12);
    job->round_ns = (double)read_integer(reader, root, "round_ns", 1, INT64_C(60000000000), 2000000);
    job->seed = (uint64_t)read_integer(reader, root, "seed", 0, INT64_MAX, 1);
}

static json_t *read_list(struct reader *reader, json_t *root, size_t most, struct plan_job *job)
{
    json_t *series = json_object_get(root, "series");
    job->count = json_array_size(series);
    if (!json_is_array(series) || job->count < 1 || job->count > most)
        complain(reader, "series: must be an array of 1 to %zu series", most);
    return series;
}

static void read_networks(struct reader *reader, json_t *root, struct plan_job *job)
{
    static const char *const names[] = {"type", "id", "metric", "rounds", "round_ns", "seed", "name", "series", NULL};
    job->kind = PLAN_NETWORKS;
    allow_only(reader, root, names);
    read_measuring(reader, root, job);
    read_text(reader, root, "name", "", PLAN_NAME_MAX);
    json_t *series = read_list(reader, root, PLAN_NETWORKS_MAX, job);
    for (size_t i = 0; i < job->count && !reader->bad; i++) {
        char path[32];
        snprintf(path, sizeof(path), "series[%zu].", i);
        reader->path = path;
        json_t *object = json_array_get(series, i);
        if (json_is_object(object))
            read_network(reader, object, &job->networks[i]);
        else
            complain(reader, "series[%zu]: must be an object", i);
        reader->path = "";
    }
}

static void read_layers(struct reader *reader, json_t *root, struct plan_job *job)
{
    static const char *const names[] = {"type", "id",      "metric", "rounds", "round_ns",
                                        "seed", "threads", "case",   "series", NULL};
    job->kind = PLAN_LAYERS;
    allow_only(reader, root, names);
    read_measuring(reader, root, job);
    job->threads = (size_t)read_integer(reader, root, "threads", 1, PLAN_THREADS_MAX, 1);
    if (job->threads > 1 && job->metric == METRIC_INSTRUCTIONS)
        complain(reader, "threads: instructions are counted of one");
    json_t *case_object = read_object(reader, root, "case");
    json_t *series = read_list(reader, root, PLAN_SERIES_MAX, job);
    struct layer_case layer_case = {0};
    if (!reader->bad)
        read_case(reader, case_object, &layer_case);
    if (reader->bad)
        return;
    /* Counted runs are made one after the other; timed ones are interleaved and all there at once. */
    const uint64_t memory = times(job->metric == METRIC_NS ? job->count : 1, memory_of(&layer_case));
    if (memory > PLAN_MEMORY_MAX)
        complain(reader, "case: takes about %" PRIu64 " MiB for its series; %" PRIu64 " MiB are the limit",
                 memory >> 20, PLAN_MEMORY_MAX >> 20);
    for (size_t i = 0; i < job->count && !reader->bad; i++) {
        char path[32];
        snprintf(path, sizeof(path), "series[%zu].", i);
        reader->path = path;
        read_series(reader, json_array_get(series, i), &layer_case, &job->series[i]);
        reader->path = "";
    }
}

enum plan_answer plan_parse(const char *line, size_t length, struct plan_job *job, char *why, size_t why_size)
{
    struct reader reader = {.path = "", .why = why, .why_size = why_size};
    json_error_t error;
    json_t *root = json_loadb(line, length, JSON_REJECT_DUPLICATES, &error);
    if (!root) {
        complain(&reader, "column %d: %s", error.column, error.text);
        return PLAN_BAD;
    }
    if (!json_is_object(root))
        complain(&reader, "must be a JSON object");
    const char *type = reader.bad ? "" : read_text(&reader, root, "type", NULL, PLAN_NAME_MAX);
    const bool layers = strcmp(type, "job") == 0, networks = strcmp(type, "model") == 0;
    const bool other = !reader.bad && !layers && !networks;
    if (!reader.bad && layers)
        read_layers(&reader, root, job);
    else if (!reader.bad && networks)
        read_networks(&reader, root, job);
    json_decref(root);
    return reader.bad ? PLAN_BAD : other ? PLAN_OTHER : PLAN_JOB;
}
