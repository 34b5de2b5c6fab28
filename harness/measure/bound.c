#include "harness/measure/bound.h"

#include <math.h>

/* Of two bounds the one with the lower `member`. */
static json_t *least_by(const char *member, json_t *a, json_t *b)
{
    const json_t *ns_a = json_object_get(a, member), *ns_b = json_object_get(b, member);
    if (!json_is_number(ns_a) || !json_is_number(ns_b))
        return json_is_number(ns_a) ? a : b;
    return json_number_value(ns_a) < json_number_value(ns_b) ? a : b;
}

json_t *assay_bound_least(json_t *a, json_t *b)
{
    json_t *least = least_by("ns", a, b), *stream = json_object_get(least_by("stream_ns", a, b), "stream_ns");
    if (json_is_number(stream))
        json_object_set(least, "stream_ns", stream);
    return least;
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
