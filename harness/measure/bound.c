#include "harness/measure/bound.h"

#include <math.h>

json_t *assay_bound_least(json_t *a, json_t *b)
{
    const json_t *ns_a = json_object_get(a, "ns"), *ns_b = json_object_get(b, "ns");
    if (!json_is_number(ns_a) || !json_is_number(ns_b))
        return json_is_number(ns_a) ? a : b;
    return json_number_value(ns_a) < json_number_value(ns_b) ? a : b;
}

json_t *assay_bound_record(const json_t *bound, double value)
{
    const json_t *ns = json_object_get(bound, "ns");
    json_t *record = json_is_number(ns) && value > 0 ? json_copy((json_t *)bound) : NULL;
    if (!record)
        return json_null();
    json_object_set_new(record, "share", json_real(json_number_value(ns) / value));
    return record;
}
