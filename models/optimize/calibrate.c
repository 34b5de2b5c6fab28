#include "models/optimize/calibrate_range.h"
#include "models/run/executor.h"

#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdlib.h>

static const char *const names[ASSAY_CALIBRATION_COUNT] = {"minmax", "moving-average", "percentile", "mse"};

const char *assay_calibration_name(enum assay_calibration method)
{
    return (size_t)method < ASSAY_CALIBRATION_COUNT ? names[method] : NULL;
}

void assay_ranges_free(struct assay_ranges *ranges)
{
    free(ranges->low);
    free(ranges->high);
    free(ranges->least);
    free(ranges->most);
    *ranges = (struct assay_ranges){0};
}

struct calibration {
    const struct assay_subgraph *network;
    const struct assay_dataset *samples;
    struct assay_calibration_options options;
    size_t sample_count, passes, pass, sample;
    struct assay_executor *executor;
    struct assay_watched *watched; /* one for each tensor */
    struct assay_model_error *error;
    bool failed; /* and the error is written */
};

static void take(struct calibration *c, int32_t index, const struct assay_value *value)
{
    size_t count;
    if (c->failed || value->tensor->type != ASSAY_TENSOR_F32 || !value->data ||
        !assay_shape_count(&value->shape, &count))
        return;
    if (c->pass > 0)
        assay_watched_count(&c->watched[index], value->data, count);
    else if (!assay_watched_take(&c->watched[index], value->data, count))
        c->failed =
            !assay_model_fail(c->error, "sample %zu makes NaN or infinity of tensor %d (%s): its range cannot be found",
                              c->sample, (int)index, value->tensor->name);
}

/* Variables are nobody's output: they are looked at where they are used. */
static void watch(void *context, const struct assay_node *node, size_t index)
{
    struct calibration *c = context;
    const struct assay_operator *op = &c->network->operators[index];
    for (size_t i = 0; i < op->input_count; i++)
        if (op->inputs[i] >= 0 && node->in[i]->tensor->variable)
            take(c, op->inputs[i], node->in[i]);
    for (size_t i = 0; i < op->output_count; i++)
        take(c, op->outputs[i], node->out[i]);
}

static bool run_samples(struct calibration *c)
{
    for (c->sample = 0; c->sample < c->sample_count && !c->failed; c->sample++) {
        for (size_t i = 0; i < c->network->input_count; i++) {
            struct assay_value *input = assay_executor_input(c->executor, i);
            assay_dataset_load(c->samples, i, c->sample, 1, input->tensor, input->data);
            take(c, c->network->inputs[i], input);
        }
        if (!c->failed)
            assay_executor_run(c->executor);
        const double momentum = c->options.method == ASSAY_CALIBRATE_MOVING_AVERAGE ? c->options.momentum : 0;
        for (size_t t = 0; c->pass == 0 && t < c->network->tensor_count; t++)
            assay_watched_end_sample(&c->watched[t], momentum);
        if (c->options.progress && !c->failed)
            c->options.progress(c->options.context, c->pass * c->sample_count + c->sample + 1,
                                c->passes * c->sample_count);
    }
    return !c->failed;
}

static bool run_passes(struct calibration *c)
{
    if (!run_samples(c))
        return false;
    if (c->passes == 1)
        return true;
    for (size_t t = 0; t < c->network->tensor_count; t++)
        if (!assay_watched_start_histogram(&c->watched[t]))
            return assay_model_fail(c->error, "no memory for the histograms of calibration");
    assay_executor_reset(c->executor);
    c->pass = 1;
    if (!run_samples(c))
        return false;
    for (size_t t = 0; t < c->network->tensor_count; t++) {
        if (c->options.method == ASSAY_CALIBRATE_PERCENTILE)
            assay_watched_cut_percentile(&c->watched[t], c->options.percentile);
        else
            assay_watched_cut_mse(&c->watched[t]);
    }
    return true;
}

static bool find_ranges(struct calibration *c, struct assay_ranges *ranges)
{
    const size_t count = c->network->tensor_count;
    *ranges = (struct assay_ranges){.count = count};
    float **const ends[] = {&ranges->low, &ranges->high, &ranges->least, &ranges->most};
    for (size_t i = 0; i < 4; i++) {
        *ends[i] = calloc(count + 1, sizeof(float));
        if (!*ends[i])
            return assay_model_fail(c->error, "no memory for the ranges of %zu tensors", count);
    }
    for (size_t t = 0; t < count; t++) {
        const struct assay_watched *w = &c->watched[t];
        ranges->low[t] = w->seen ? fminf((float)w->low, 0) : 1;
        ranges->high[t] = w->seen ? fmaxf((float)w->high, 0) : -1;
        ranges->least[t] = w->seen ? fminf((float)w->least, 0) : 1;
        ranges->most[t] = w->seen ? fmaxf((float)w->most, 0) : -1;
    }
    return true;
}

static bool set_options(struct calibration *c, const struct assay_calibration_options *options)
{
    c->options = *options;
    if (options->momentum == 0)
        c->options.momentum = 0.9;
    if (options->percentile == 0)
        c->options.percentile = 99.99;
    if (!(c->options.momentum > 0 && c->options.momentum < 1))
        return assay_model_fail(c->error, "calibration: a momentum of %g; it lies between 0 and 1", options->momentum);
    if (!(c->options.percentile > 50 && c->options.percentile <= 100))
        return assay_model_fail(c->error, "calibration: a percentile of %g; it lies above 50, up to 100",
                                options->percentile);
    if (!assay_calibration_name(options->method))
        return assay_model_fail(c->error, "calibration: there is no method %d", (int)options->method);
    c->passes = options->method == ASSAY_CALIBRATE_PERCENTILE || options->method == ASSAY_CALIBRATE_MSE ? 2 : 1;
    return true;
}

static bool start(struct calibration *c, const struct assay_graph *graph)
{
    if (!c->samples || c->samples->samples == 0)
        return assay_model_fail(c->error, "calibration needs samples, and there are none");
    if (!assay_dataset_fits(c->samples, c->network, c->error))
        return false;
    c->sample_count = c->samples->samples;
    if (c->options.samples > 0 && c->options.samples < c->sample_count)
        c->sample_count = c->options.samples;
    c->watched = calloc(c->network->tensor_count + 1, sizeof(*c->watched));
    if (!c->watched)
        return assay_model_fail(c->error, "no memory for the ranges of %zu tensors", c->network->tensor_count);
    for (size_t t = 0; t < c->network->tensor_count; t++)
        c->watched[t] = (struct assay_watched){.sample_low = INFINITY, .sample_high = -INFINITY};
    /* One sample a run, whatever batch the file has. */
    const struct assay_executor_options run = {
        .features = c->options.features, .memory_limit = (size_t)4 << 30, .batch = c->network->input_count > 0};
    c->executor = assay_executor_make(graph, run, c->error);
    if (c->executor)
        assay_executor_watch(c->executor, watch, c);
    return c->executor != NULL;
}

bool assay_calibrate(const struct assay_graph *graph, const struct assay_dataset *samples,
                     const struct assay_calibration_options *options, struct assay_ranges *ranges,
                     struct assay_model_error *error)
{
    *ranges = (struct assay_ranges){0};
    struct calibration c = {.network = &graph->subgraphs[0], .samples = samples, .error = error};
    if (!set_options(&c, options))
        return false;
    /* GSL would end the program where memory ends. */
    gsl_error_handler_t *before = gsl_set_error_handler_off();
    const bool good = start(&c, graph) && run_passes(&c) && find_ranges(&c, ranges);
    for (size_t t = 0; c.watched && t < c.network->tensor_count; t++)
        if (c.watched[t].histogram)
            gsl_histogram_free(c.watched[t].histogram);
    gsl_set_error_handler(before);
    assay_executor_free(c.executor);
    free(c.watched);
    if (!good)
        assay_ranges_free(ranges);
    return good;
}
