/* The whole report as one JSON document: the grid's rows, each with its records. */
#include "reports/render/formats.h"

#include <math.h>

static json_t *number(double value)
{
    return isnan(value) ? json_null() : json_real(value);
}

static json_t *cell(const struct grid_target *target, const struct grid_cell *c)
{
    const struct assay_record *best = c->best;
    return json_pack("{s:s, s:b, s:s?, s:s?, s:o, s:o, s:o, s:o, s:o, s:s?, s:o, s:O?, s:O?, s:o}", "target",
                     target->name, "emulated", (int)target->emulated, "kernel", best ? best->kernel : NULL, "outcome",
                     best ? best->outcome : NULL, "value", number(best ? best->value : NAN), "speedup",
                     number(best ? best->speedup : NAN), "versus_auto", number(grid_share(c, c->automatic)),
                     "versus_ref", number(grid_share(c, c->reference)), "versus_peer", number(grid_share(c, c->peer)),
                     "peer", c->peer ? c->peer->origin : NULL, "rel_rms", number(best ? best->mode_error : NAN),
                     "error", best ? json_object_get(best->json, "error") : NULL, "bound",
                     best ? json_object_get(best->json, "bound") : NULL, "peer_bound_share",
                     number(c->peer ? c->peer->bound_share : NAN));
}

static json_t *row(const struct grid *grid, const struct grid_row *r)
{
    json_t *targets = json_array();
    for (size_t t = 0; t < grid->target_count; t++)
        json_array_append_new(targets, cell(&grid->targets[t], &r->cells[t]));
    return json_pack("{s:s, s:s, s:s, s:s, s:f, s:o}", "case", r->key->case_name, "op", r->key->op, "mode",
                     r->key->mode, "structure", r->key->structure, "sparsity", r->key->sparsity, "targets", targets);
}

static json_t *layer_json(const struct network_list *list, const struct network *network,
                          const struct assay_record *layer)
{
    const json_t *names = json_object_get(layer->json, "network");
    return json_pack(
        "{s:I, s:s, s:O?, s:O?, s:s?, s:o, s:o, s:o, s:o, s:o, s:o, s:O?}", "index", layer->layer, "op", layer->op,
        "operator", json_object_get(names, "operator"), "tensor", json_object_get(names, "tensor"), "kernel",
        layer->kernel, "value", number(layer->value), "share", number(layer->value / network->whole->value), "speedup",
        number(layer->speedup), "versus_auto", number(network_versus(list, network, layer, "auto")), "versus_ref",
        number(network_versus(list, network, layer, "ref")), "versus_peer",
        number(network_versus(list, network, layer, "peer")), "bound", json_object_get(layer->json, "bound"));
}

static json_t *network_json(const struct network_list *list, const struct network *network)
{
    const struct assay_record *whole = network->whole;
    json_t *layers = json_array();
    for (size_t i = 0; i < network->layer_count; i++)
        json_array_append_new(layers, layer_json(list, network, network->layers[i]));
    return json_pack("{s:s, s:s, s:b, s:s, s:s, s:f, s:s, s:s, s:s?, s:o, s:o, s:o, s:o, s:o, s:o, s:O, s:o, s:O?}",
                     "network", whole->network, "target", whole->target, "emulated", (int)whole->emulated, "mode",
                     whole->mode, "structure", whole->structure, "sparsity", whole->sparsity, "role", whole->role,
                     "outcome", whole->outcome, "message", whole->message, "value", number(whole->value),
                     "sum_of_layers", number(network_sum(network)), "speedup", number(whole->speedup), "versus_auto",
                     number(network_versus(list, network, whole, "auto")), "versus_ref",
                     number(network_versus(list, network, whole, "ref")), "versus_peer",
                     number(network_versus(list, network, whole, "peer")), "code", json_object_get(whole->json, "code"),
                     "layers", layers, "bound", json_object_get(whole->json, "bound"));
}

bool render_json(const struct grid *grid, FILE *out)
{
    json_t *rows = json_array();
    for (size_t r = 0; r < grid->row_count; r++)
        json_array_append_new(rows, row(grid, &grid->rows[r]));
    json_t *networks = json_array();
    for (size_t i = 0; i < grid->networks.count; i++)
        json_array_append_new(networks, network_json(&grid->networks, &grid->networks.items[i]));
    json_t *document =
        json_pack("{s:i, s:o, s:o}", "schema_version", ASSAY_RECORD_SCHEMA, "rows", rows, "networks", networks);
    const bool ok = document && json_dumpf(document, out, JSON_INDENT(1) | JSON_REAL_PRECISION(9)) == 0;
    fputc('\n', out);
    json_decref(document);
    return ok;
}
