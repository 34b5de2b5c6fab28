#include "reports/render/networks.h"

#include "reports/render/cells.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_whole(const struct assay_record *record)
{
    return record->network && record->layer < 0;
}

/* The part of the id behind target, case and operation: mode, structure and kernels. */
static const char *variant_of(const struct assay_record *record)
{
    const size_t before =
        strlen(record->target) + strlen(record->case_name) + strlen(record->op) + 3; /* with their slashes */
    return strlen(record->series_id) > before ? record->series_id + before : record->series_id;
}

static const char *run_of(const struct assay_record *record)
{
    return json_string_value(json_object_get(json_object_get(record->json, "identity"), "run_id"));
}

static bool belongs(const struct assay_record *layer, const struct assay_record *whole)
{
    return layer->network && layer->layer >= 0 && strcmp(layer->network, whole->network) == 0 &&
           strcmp(layer->target, whole->target) == 0 && strcmp(variant_of(layer), variant_of(whole)) == 0 &&
           strcmp(run_of(layer), run_of(whole)) == 0;
}

static int by_layer(const void *a, const void *b)
{
    const struct assay_record *x = *(const struct assay_record *const *)a;
    const struct assay_record *y = *(const struct assay_record *const *)b;
    return (x->layer > y->layer) - (x->layer < y->layer);
}

static bool take_layers(struct network *network, const struct assay_record *const *newest, size_t count)
{
    network->layers = calloc(count + 1, sizeof(*network->layers));
    if (!network->layers)
        return false;
    for (size_t i = 0; i < count; i++)
        if (belongs(newest[i], network->whole))
            network->layers[network->layer_count++] = newest[i];
    qsort(network->layers, network->layer_count, sizeof(*network->layers), by_layer);
    return true;
}

static const struct assay_record *newest_of(const struct assay_record *const *newest, size_t count, const char *id)
{
    size_t i = 0;
    while (i < count && strcmp(newest[i]->series_id, id) != 0)
        i++;
    return i < count ? newest[i] : NULL;
}

static bool is_known(const struct network_list *list, const struct assay_record *record)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i].whole->series_id, record->series_id) == 0)
            return true;
    return false;
}

bool networks_make(const struct assay_record_list *records, const struct assay_record *const *newest, size_t count,
                   struct network_list *list)
{
    size_t most = 0;
    for (size_t i = 0; i < count; i++)
        most += is_whole(newest[i]);
    *list = (struct network_list){.items = calloc(most + 1, sizeof(*list->items))};
    bool good = list->items;
    for (size_t i = 0; good && i < records->count; i++) {
        const struct assay_record *record = &records->items[i];
        if (!is_whole(record) || is_known(list, record))
            continue;
        struct network *network = &list->items[list->count++];
        network->whole = newest_of(newest, count, record->series_id);
        network->shown = strcmp(record->role, "auto") != 0 && strcmp(record->role, "ref") != 0;
        good = take_layers(network, newest, count);
    }
    if (!good)
        networks_free(list);
    return good;
}

void networks_free(struct network_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i].layers);
    free(list->items);
    *list = (struct network_list){0};
}

double network_sum(const struct network *network)
{
    double sum = network->layer_count > 0 ? 0 : NAN;
    for (size_t i = 0; i < network->layer_count; i++)
        sum += network->layers[i]->value;
    return sum;
}

static bool same_but_kernels(const struct assay_record *a, const struct assay_record *b)
{
    return strcmp(a->target, b->target) == 0 && strcmp(a->network, b->network) == 0 && strcmp(a->mode, b->mode) == 0 &&
           strcmp(a->structure, b->structure) == 0 && a->sparsity == b->sparsity;
}

static bool is_peer(const struct network *network)
{
    return strcmp(network->whole->role, "peer") == 0;
}

/* A layer that a peer's series left to our kernels tells nothing of the peer. */
static bool tells(const struct network *other, const struct assay_record *layer)
{
    return !is_peer(other) || (layer->origin && strcmp(layer->origin, "assay") != 0);
}

double network_versus(const struct network_list *list, const struct network *network, const struct assay_record *record,
                      const char *role)
{
    double other = NAN;
    for (size_t i = 0; i < list->count; i++) {
        const struct network *n = &list->items[i];
        if (n == network || strcmp(n->whole->role, role) != 0 || !same_but_kernels(n->whole, record))
            continue;
        if (record->layer < 0)
            other = fmin(other, n->whole->value);
        for (size_t k = 0; record->layer >= 0 && k < n->layer_count; k++)
            if (n->layers[k]->layer == record->layer && tells(n, n->layers[k]))
                other = fmin(other, n->layers[k]->value);
    }
    return record->value > 0 ? other / record->value : NAN;
}

#define SET(member, ...) snprintf(text->member, NETWORK_TEXT, __VA_ARGS__)

static void print_value(double value, bool emulated, char *text)
{
    static const struct {
        double unit;
        const char *name;
    } units[] = {{1e9, "s"}, {1e6, "ms"}, {1e3, "us"}, {1, "ns"}};
    if (isnan(value))
        return;
    if (emulated) {
        snprintf(text, NETWORK_TEXT, "%.0f", value);
        return;
    }
    size_t u = 0;
    while (u < 3 && value < units[u].unit)
        u++;
    snprintf(text, NETWORK_TEXT, "%.2f %s", value / units[u].unit, units[u].name);
}

static void print_ratio(double ratio, const char *format, char *text)
{
    if (isfinite(ratio))
        snprintf(text, NETWORK_TEXT, format, ratio);
}

static void describe_record(const struct network_list *list, const struct network *network,
                            const struct assay_record *record, struct network_text *text)
{
    print_value(record->value, record->emulated, text->value);
    if (!isnan(record->speedup))
        SET(speedup, "%.2f", record->speedup);
    print_ratio(network_versus(list, network, record, "auto"), "%.2f", text->over_auto);
    print_ratio(network_versus(list, network, record, "ref"), "%.2f", text->over_ref);
    if (!is_peer(network))
        print_ratio(network_versus(list, network, record, "peer"), "%.2f", text->over_peer);
    cell_bound(record, text->bound);
    if (record->kernel)
        SET(kernel, "%.90s", record->kernel);
}

bool network_line(const struct network_list *list, const struct network *network, size_t line,
                  struct network_text *text)
{
    const double whole = network->whole->value, sum = network_sum(network);
    for (size_t i = 0; i < sizeof(*text) / NETWORK_TEXT; i++)
        strcpy((char *)text + i * NETWORK_TEXT, "–");
    if (line == 0) {
        const bool passed = strcmp(network->whole->outcome, "pass") == 0;
        SET(layer, "whole");
        describe_record(list, network, network->whole, text);
        if (!passed)
            SET(value, "%s", strcmp(network->whole->outcome, "unsupported") == 0 ? "unsupported" : "ERROR");
        return true;
    }
    if (network->layer_count == 0 || line > network->layer_count + 1 || is_peer(network))
        return false; /* a peer's layers are told beside ours */
    if (line == 1) {
        SET(layer, "sum of layers");
        print_value(sum, network->whole->emulated, text->value);
        print_ratio(100 * sum / whole, "%.1f %%", text->share);
        return true;
    }
    const struct assay_record *record = network->layers[line - 2];
    SET(layer, "%03" PRId64 " %.80s", (int64_t)record->layer, record->op);
    describe_record(list, network, record, text);
    print_ratio(100 * record->value / whole, "%.1f %%", text->share);
    return true;
}

void network_mode_label(const struct network *network, char *text, size_t size)
{
    char mode[CELL_TEXT];
    const struct assay_record *whole = network->whole;
    grid_mode_label(whole, mode, sizeof(mode));
    const bool named = strcmp(whole->role, "named") == 0;
    const char *name = named ? strstr(variant_of(whole), "/named/") : NULL;
    const char *which = name ? name + strlen("/named/") : is_peer(network) ? whole->origin : NULL;
    snprintf(text, size, "%s%s%s", mode, which ? " " : "", which ? which : "");
}

/* "; top-1 0.922 of 1000 samples; agreement with fp32 98.6 %; SQNR 27.9 dB"; nothing where it was not judged. */
static void accuracy_caption(const struct network *network, char *text, size_t size)
{
    static const char *const metrics[][2] = {{"top1", "top-1"}, {"auc", "AUC"}, {"mse", "mean squared error"}};
    const json_t *accuracy = json_object_get(network->whole->json, "accuracy");
    const char *metric = json_string_value(json_object_get(accuracy, "task_metric"));
    const json_t *samples = json_object_get(accuracy, "samples"), *value = json_object_get(accuracy, "task_value");
    const json_t *agreement = json_object_get(accuracy, "agreement"), *sqnr = json_object_get(accuracy, "sqnr_db");
    size_t used = 0;
    *text = '\0';
    if (!samples)
        return;
    for (size_t i = 0; metric && json_is_number(value) && i < sizeof(metrics) / sizeof(metrics[0]); i++)
        if (strcmp(metric, metrics[i][0]) == 0)
            used += (size_t)snprintf(text, size, "; %s %.4g of %" JSON_INTEGER_FORMAT " samples", metrics[i][1],
                                     json_number_value(value), json_integer_value(samples));
    if (json_is_number(agreement) && used < size)
        used += (size_t)snprintf(text + used, size - used, "; agreement with fp32 %.1f %%",
                                 100 * json_number_value(agreement));
    if (json_is_number(sqnr) && used < size)
        snprintf(text + used, size - used, "; SQNR %.1f dB", json_number_value(sqnr));
}

/* "; 98.2 % of the multiply-accumulates by peers"; nothing where none was asked. */
static void peers_caption(const struct network *network, char *text, size_t size)
{
    const json_t *performance = json_object_get(network->whole->json, "performance");
    const json_t *theirs = json_object_get(performance, "peer_macs"), *all = json_object_get(performance, "macs");
    *text = '\0';
    if (theirs && json_integer_value(all) > 0)
        snprintf(text, size, "; %.1f %% of the multiply-accumulates by peers",
                 100 * json_number_value(theirs) / json_number_value(all));
}

void network_caption(const struct network *network, char *text, size_t size)
{
    static const char *const sizes[][2] = {{"model_bytes", "model"},
                                           {"activation_bytes", "activations"},
                                           {"packed_bytes", "packed weights"},
                                           {"scratch_bytes", "scratch"}};
    const json_t *code = json_object_get(network->whole->json, "code");
    if (strcmp(network->whole->outcome, "pass") != 0) {
        snprintf(text, size, "%s", network->whole->message ? network->whole->message : "no reason given");
        return;
    }
    size_t used = 0;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]) && used < size; i++) {
        const int n =
            snprintf(text + used, size - used, "%s%s %" JSON_INTEGER_FORMAT, i > 0 ? ", " : "bytes: ", sizes[i][1],
                     json_integer_value(json_object_get(code, sizes[i][0])));
        used += n > 0 ? (size_t)n : 0;
    }
    if (used < size) {
        peers_caption(network, text + used, size - used);
        used += strlen(text + used);
        accuracy_caption(network, text + used, size - used);
    }
}
