#include "harness/revision/blame.h"

#include "harness/revision/ab.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 3 };

static const json_t *layer_of(const json_t *record)
{
    return json_object_get(json_object_get(record, "network"), "layer");
}

static json_t *same_code(const json_t *a, const json_t *b)
{
    const json_t *of_a = json_object_get(json_object_get(a, "code"), "hash");
    const json_t *of_b = json_object_get(json_object_get(b, "code"), "hash");
    return json_is_string(of_a) && json_is_string(of_b) ? json_boolean(json_equal(of_a, of_b)) : json_null();
}

static json_t *copy(const json_t *record, const char *key)
{
    json_t *value = json_object_get(record, key);
    return value ? json_incref(value) : json_null();
}

static json_t *change_of(const json_t *a, const json_t *b)
{
    const double before = json_number_value(json_object_get(a, "value"));
    const double after = json_number_value(json_object_get(b, "value"));
    return json_pack("{so so sf sf sf s{so so} so}", "series_id", copy(b, "series_id"), "layer",
                     json_incref((json_t *)layer_of(b)), "before", before, "after", after, "change", after - before,
                     "kernel", "before", copy(a, "kernel"), "after", copy(b, "kernel"), "same_code", same_code(a, b));
}

static double size_of(const json_t *change)
{
    return fabs(json_number_value(json_object_get(change, "change")));
}

/* Keeps the list sorted and short. */
static void insert(json_t *list, json_t *change)
{
    size_t at = 0;
    while (at < json_array_size(list) && size_of(json_array_get(list, at)) >= size_of(change))
        at++;
    json_array_insert_new(list, at, change);
    if (json_array_size(list) > SHOWN)
        json_array_remove(list, SHOWN);
}

json_t *assay_blame_layers(const json_t *before, const json_t *after, const char *series_id)
{
    json_t *list = json_array();
    const json_t *whole = assay_ab_find(after, series_id), *record;
    size_t i;
    if (!json_is_object(json_object_get(whole, "network")) || !json_is_null(layer_of(whole)))
        return list;
    json_array_foreach(after, i, record)
    {
        const json_t *old = assay_ab_find(before, json_string_value(json_object_get(record, "series_id")));
        if (old && json_is_integer(layer_of(record)))
            insert(list, change_of(old, record));
    }
    return list;
}
