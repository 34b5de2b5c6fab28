/* Of several processes' bounds the least holds; a record has the share that was reached. */
#include "harness/measure/bound.h"

#include <stdio.h>

static int failures;

#define CHECK(condition)                                                            \
    do {                                                                            \
        if (!(condition)) {                                                         \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
            failures++;                                                             \
        }                                                                           \
    } while (0)

static double stream_of(const json_t *bound)
{
    return json_number_value(json_object_get(bound, "stream_ns"));
}

int main(void)
{
    json_t *low = json_pack("{sf ss}", "ns", 40.0, "by", "memory"), *high = json_pack("{sf ss}", "ns", 50.0, "by", "x");
    json_t *none = json_pack("{sn ss}", "ns", "by", "x");
    CHECK(assay_bound_least(low, high) == low && assay_bound_least(high, low) == low);
    CHECK(assay_bound_least(NULL, high) == high && assay_bound_least(high, NULL) == high);
    CHECK(assay_bound_least(high, none) == high && assay_bound_least(none, high) == high);
    CHECK(!assay_bound_least(NULL, NULL));

    json_t *quick = json_pack("{sf sf}", "ns", 9.0, "stream_ns", 12.0),
           *slow = json_pack("{sf sf}", "ns", 10.0, "stream_ns", 11.0), *alone = json_pack("{sf}", "ns", 8.0);
    CHECK(assay_bound_least(slow, quick) == quick && stream_of(quick) == 11 && stream_of(slow) == 11);
    CHECK(assay_bound_least(alone, slow) == alone && stream_of(alone) == 11);
    CHECK(stream_of(assay_bound_least(low, high)) == 0);
    json_decref(quick);
    json_decref(slow);
    json_decref(alone);

    json_t *record = assay_bound_record(low, 80);
    CHECK(json_number_value(json_object_get(record, "share")) == 0.5);
    CHECK(json_number_value(json_object_get(record, "ns")) == 40 && !json_object_get(low, "share"));
    json_t *missing = assay_bound_record(NULL, 80), *nothing = assay_bound_record(low, 0),
           *null = assay_bound_record(none, 80);
    CHECK(json_is_null(missing) && json_is_null(nothing) && json_is_null(null));
    json_decref(record);
    json_decref(low);
    json_decref(high);
    json_decref(none);
    return failures > 0;
}
