#include "harness/evaluate/layers.h"

#include "harness/base/memory.h"
#include "harness/base/printable.h"
#include "models/optimize/optimize.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double number_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

/* Squared error as a share of squares. */
static double noise_of(const json_t *figures)
{
    const double rms = number_of(figures, "rms"), mse = number_of(figures, "mse");
    return mse == 0 ? 0 : mse / (rms * rms);
}

double assay_layer_own_noise(const json_t *layer)
{
    return noise_of(json_object_get(layer, "own"));
}

/* Larger first; what is not known last. */
static int by_number(double a, double b)
{
    if (isnan(a) || isnan(b))
        return isnan(a) - isnan(b);
    return (a < b) - (a > b);
}

static int by_hurt(const void *a, const void *b)
{
    const json_t *x = *(const json_t *const *)a, *y = *(const json_t *const *)b;
    const int own = by_number(assay_layer_own_noise(x), assay_layer_own_noise(y));
    const int gathered = own ? own : by_number(noise_of(x), noise_of(y));
    const double at = number_of(x, "index"), other = number_of(y, "index");
    return gathered ? gathered : (at > other) - (at < other);
}

json_t *assay_layers_sorted(const json_t *answer)
{
    const json_t *layers = json_object_get(answer, "layers");
    const size_t count = json_array_size(layers);
    json_t **order = assay_keep((count + 1) * sizeof(*order)), *sorted = json_array();
    for (size_t i = 0; i < count; i++)
        order[i] = json_array_get(layers, i);
    qsort(order, count, sizeof(*order), by_hurt);
    for (size_t i = 0; i < count; i++)
        json_array_append(sorted, order[i]);
    return sorted;
}

/* How many samples the reference classified rightly and this network did not, and the other way round. */
static void count_flips(const struct assay_evaluation *e, const struct assay_dataset *dataset, double *lost,
                        double *won)
{
    const json_t *mine = json_object_get(e->answer, "answers");
    const json_t *others = json_object_get(json_object_get(e->answer, "reference"), "answers");
    const int32_t *labels = dataset->labels->data;
    *lost = *won = 0;
    for (size_t i = 0; i < json_array_size(mine) && i < dataset->samples; i++) {
        const bool right = json_integer_value(json_array_get(mine, i)) == labels[i];
        const bool other = json_integer_value(json_array_get(others, i)) == labels[i];
        *lost += other && !right;
        *won += right && !other;
    }
}

/* "int8 loses 3.1 points of top-1"; NULL: it loses little, or no more than chance explains. */
static const char *loss_of(const struct assay_evaluation *e, const struct assay_dataset *dataset)
{
    const json_t *reference = json_object_get(e->answer, "reference");
    const double value = number_of(json_object_get(e->answer, "accuracy"), "value");
    const double before = number_of(json_object_get(reference, "accuracy"), "value");
    const double agreement = number_of(reference, "agreement"), samples = number_of(e->answer, "samples");
    const char *label = e->variant->label;
    double lost, won;
    switch (dataset->task) {
    case ASSAY_TASK_CLASSIFICATION:
        count_flips(e, dataset, &lost, &won);
        if (lost - won < 0.01 * samples || lost - won < 2 * sqrt(lost + won))
            return NULL;
        return assay_format("%s loses %.1f points of top-1", label, 100 * (lost - won) / samples);
    case ASSAY_TASK_BINARY:
    case ASSAY_TASK_RECONSTRUCTION:
        return before - value >= 0.01 ? assay_format("%s loses %.3f of AUC", label, before - value) : NULL;
    case ASSAY_TASK_REGRESSION:
        return value >= 1.05 * before
                   ? assay_format("%s raises the mean squared error from %.3g to %.3g", label, before, value)
                   : NULL;
    default:
        return agreement < 0.97 ? assay_format("%s agrees in %.1f %% of the samples", label, 100 * agreement) : NULL;
    }
}

static bool has_weights(enum assay_operator_code code)
{
    return code == ASSAY_OPERATOR_CONV_2D || code == ASSAY_OPERATOR_DEPTHWISE_CONV_2D ||
           code == ASSAY_OPERATOR_FULLY_CONNECTED;
}

/* The operator that makes a tensor; the count of operators: none does. */
static size_t maker_of(const struct assay_subgraph *network, int32_t tensor)
{
    size_t i = 0;
    while (i < network->operator_count &&
           (network->operators[i].output_count == 0 || network->operators[i].outputs[0] != tensor))
        i++;
    return i;
}

/* The layer of the float network that a converted one of this name was: operators behind it may have been folded into
 * it, and have given it their name. The count of operators: not found. */
static size_t origin_of(const struct assay_subgraph *network, const char *name)
{
    size_t at = 0;
    while (at < network->operator_count &&
           (network->operators[at].output_count == 0 ||
            strcmp(network->tensors[network->operators[at].outputs[0]].name, name) != 0))
        at++;
    while (at < network->operator_count && !has_weights(network->operators[at].code)) {
        const struct assay_operator *op = &network->operators[at];
        size_t before = network->operator_count;
        for (size_t i = 0; before == network->operator_count && i < op->input_count; i++)
            if (op->inputs[i] >= 0)
                before = maker_of(network, op->inputs[i]);
        at = before;
    }
    return at;
}

/* How --layers calls it: by its name where that means it alone. */
static const char *rule_name(const struct assay_subgraph *network, size_t at)
{
    const char *name = network->tensors[network->operators[at].outputs[0]].name;
    const struct assay_layer_rule rule = {.glob = name};
    size_t matches = 0;
    for (size_t i = 0; i < network->operator_count; i++)
        matches += assay_layer_rule_matches(&rule, network, i);
    const bool plain = *name && !strpbrk(name, "='*?[\\") && strcmp(name, assay_printable(name)) == 0;
    return plain && matches == 1 ? name : assay_format("%zu", at);
}

const char *assay_layers_advice(const struct assay_evaluation *e, const struct assay_subgraph *network,
                                const struct assay_dataset *dataset)
{
    enum { MOST = 3 };
    static const double beside = 0.25; /* of the worst layer's error: less does not matter beside it */
    const char *loss = e->answer ? loss_of(e, dataset) : NULL;
    if (!loss)
        return NULL;
    const bool pruned = assay_pattern_prunes(&e->variant->choice.pattern);
    const char *names = "", *rules = "";
    json_t *sorted = assay_layers_sorted(e->answer);
    const double worst = assay_layer_own_noise(json_array_get(sorted, 0));
    for (size_t i = 0; i < MOST; i++) {
        const json_t *layer = json_array_get(sorted, i);
        const double noise = assay_layer_own_noise(layer);
        const char *name = json_string_value(json_object_get(layer, "name"));
        if (!(noise >= beside * worst) || !(noise > 0) || !name)
            break;
        const size_t at = origin_of(network, name);
        names = assay_format("%s%s%s (%.1f dB)", names, i > 0 ? ", " : "", name, -10 * log10(noise));
        if (at < network->operator_count)
            rules = assay_format("%s --layers '%s=%s'", rules, rule_name(network, at), pruned ? "dense" : "fp32");
    }
    json_decref(sorted);
    if (!*names)
        return NULL;
    return assay_format("%s; the largest errors of their own are made by %s%s%s", loss, names,
                        *rules && !e->variant->given ? "; try" : "", e->variant->given ? "" : rules);
}
