#include "reports/page/columns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct columns {
    const struct assay_record *const *records;
    size_t count;
    struct page_pool *pool;
    const char *member; /* of the column that is being written */
};

bool page_array(size_t count, bool (*write)(const void *context, size_t i, FILE *out), const void *context, FILE *out)
{
    bool good = true;
    fputc('[', out);
    for (size_t i = 0; good && i < count; i++) {
        fputs(i > 0 ? "," : "", out);
        good = write(context, i, out);
    }
    fputc(']', out);
    return good;
}

static bool put_number(json_int_t number, FILE *out)
{
    fprintf(out, "%" JSON_INTEGER_FORMAT, number);
    return number >= 0;
}

/* The id is written only where it is not what the other columns make (docs/records.md). */
static bool id_cell(const void *context, size_t i, FILE *out)
{
    const struct columns *c = context;
    const struct assay_record *r = c->records[i];
    char sparsity[32], made[1024];
    snprintf(sparsity, sizeof(sparsity), "%g", r->sparsity);
    const bool peer = strcmp(r->role, "peer") == 0;
    const int length = snprintf(made, sizeof(made), "%s/%s/%s/%s/%s@%s/%s%s%s", r->target, r->case_name, r->op, r->mode,
                                r->structure, sparsity, r->role, peer ? "/" : "", peer && r->origin ? r->origin : "");
    if (length < (int)sizeof(made) && strcmp(made, r->series_id) == 0 && strtod(sparsity, NULL) == r->sparsity)
        return fputc('0', out) != EOF;
    return page_string(r->series_id, out);
}

static bool pooled_cell(const void *context, size_t i, FILE *out)
{
    const struct columns *c = context;
    return put_number(page_pool_put(c->pool, json_object_get(c->records[i]->json, c->member)), out);
}

static bool plain_cell(const void *context, size_t i, FILE *out)
{
    const struct columns *c = context;
    page_number(json_number_value(json_object_get(c->records[i]->json, c->member)), out);
    return true;
}

/* null is NaN in the view. */
static bool value_cell(const void *context, size_t i, FILE *out)
{
    const struct columns *c = context;
    page_number(c->records[i]->value, out);
    return true;
}

static bool speedup_cell(const void *context, size_t i, FILE *out)
{
    const struct columns *c = context;
    page_number(c->records[i]->speedup, out);
    return true;
}

/* Arrays have columns of their own; each answer of a network is for tests, and long. */
static bool is_shown(const char *name, const json_t *value)
{
    return !json_is_array(value) && !json_is_object(value) && strcmp(name, "answers") != 0;
}

/* What an object's members are called is pooled: [number of the names, value, value…]. */
static bool put_members(const json_t *object, struct page_pool *pool, FILE *out)
{
    json_t *names = json_array();
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)object, name, value)
    {
        if (is_shown(name, value))
            json_array_append_new(names, json_string(name));
    }
    fputc('[', out);
    bool good = names && put_number(page_pool_put(pool, names), out);
    size_t i;
    json_t *item;
    json_array_foreach(names, i, item)
    {
        value = json_object_get(object, json_string_value(item));
        fputc(',', out);
        if (json_is_number(value))
            page_number(json_number_value(value), out);
        else
            good = good && page_json(value, out);
    }
    fputc(']', out);
    json_decref(names);
    return good;
}

static bool members_cell(const void *context, size_t i, FILE *out)
{
    const struct columns *c = context;
    const json_t *object = json_object_get(c->records[i]->json, c->member);
    if (!json_is_object(object))
        return fputc('0', out) != EOF;
    return put_members(object, c->pool, out);
}

static const json_t *of_performance(const struct columns *c, size_t i, const char *member)
{
    return json_object_get(json_object_get(c->records[i]->json, "performance"), member);
}

static bool counts_cell(const void *context, size_t i, FILE *out)
{
    const struct columns *c = context;
    const json_t *counts = of_performance(c, i, "counts");
    return json_is_object(counts) ? put_members(counts, c->pool, out) : fputc('0', out) != EOF;
}

static bool processes_cell(const void *context, size_t i, FILE *out)
{
    const struct columns *c = context;
    return put_number(page_pool_put(c->pool, (json_t *)of_performance(c, i, "processes")), out);
}

/* The least sample, then how far each is above it in ten thousandths: as fine as a plot can show, in half the bytes. */
static bool samples_cell(const void *context, size_t i, FILE *out)
{
    const json_t *samples = of_performance(context, i, "samples");
    size_t s;
    const json_t *sample;
    double least = INFINITY;
    json_array_foreach(samples, s, sample) least = fmin(least, json_number_value(sample));
    if (!isfinite(least) || least <= 0)
        return fputc('0', out) != EOF;
    fputc('[', out);
    page_number(least, out);
    json_array_foreach(samples, s, sample) fprintf(out, ",%.0f", (json_number_value(sample) / least - 1) * 1e4);
    fputc(']', out);
    return true;
}

static const struct column {
    const char *name, *member;
    bool (*write)(const void *context, size_t i, FILE *out);
} table[] = {
    {"id", NULL, id_cell},
    {"target", "target", pooled_cell},
    {"op", "op", pooled_cell},
    {"mode", "mode", pooled_cell},
    {"structure", "structure", pooled_cell},
    {"sparsity", "sparsity", plain_cell},
    {"case", "case", pooled_cell},
    {"role", "role", pooled_cell},
    {"kernel", "kernel", pooled_cell},
    {"origin", "origin", pooled_cell},
    {"metric", "metric", pooled_cell},
    {"value", NULL, value_cell},
    {"speedup", NULL, speedup_cell},
    {"bound", "bound", members_cell},
    {"error", "error", members_cell},
    {"outcome", "outcome", pooled_cell},
    {"message", "message", pooled_cell},
    {"emulated", "emulated", pooled_cell},
    {"identity", "identity", pooled_cell},
    {"code", "code", members_cell},
    {"machine", "machine", pooled_cell},
    {"shape", "shape", pooled_cell},
    {"performance", "performance", members_cell},
    {"counts", NULL, counts_cell},
    {"samples", NULL, samples_cell},
    {"processes", NULL, processes_cell},
    {"network", "network", pooled_cell},
    {"accuracy", "accuracy", members_cell},
};

bool page_columns(const struct assay_record *const *records, size_t count, struct page_pool *pool, FILE *out)
{
    bool good = true;
    fputc('{', out);
    for (size_t i = 0; good && i < sizeof(table) / sizeof(table[0]); i++) {
        const struct columns columns = {records, count, pool, table[i].member};
        fprintf(out, "%s\n\"%s\":", i > 0 ? "," : "", table[i].name);
        good = page_array(count, table[i].write, &columns, out);
    }
    fputc('}', out);
    return good;
}
