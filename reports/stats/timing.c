#include "reports/stats/timing.h"

#include "reports/stats/tests.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool assay_passed(const struct assay_record *record)
{
    return strcmp(record->outcome, "pass") == 0;
}

bool assay_is_counted(const struct assay_record *record)
{
    return strcmp(record->metric, "instructions") == 0;
}

/* The record's samples as arrays; false if it has none. The caller frees both. */
static bool samples_of(const struct assay_record *record, double **value, size_t **process, size_t *count)
{
    const json_t *performance = json_object_get(record->json, "performance");
    const json_t *samples = json_object_get(performance, "samples");
    const json_t *processes = json_object_get(performance, "processes");
    *count = json_array_size(samples);
    *value = malloc((*count + 1) * sizeof(**value));
    *process = malloc((*count + 1) * sizeof(**process));
    if (!*value || !*process || *count == 0)
        return false;
    json_int_t last = -1;
    for (size_t i = 0; i < *count; i++) {
        const json_int_t number = json_integer_value(json_array_get(processes, i));
        /* Renumbered without gaps, so that a process that failed leaves none. */
        (*process)[i] = i == 0 ? 0 : (*process)[i - 1] + (number != last);
        (*value)[i] = json_number_value(json_array_get(samples, i));
        last = number;
    }
    return true;
}

size_t assay_process_minima(const struct assay_record *record, double **least)
{
    double *value = NULL;
    size_t *process = NULL, count = 0, processes = 0;
    *least = NULL;
    if (samples_of(record, &value, &process, &count) && (*least = malloc(count * sizeof(**least)))) {
        processes = process[count - 1] + 1;
        for (size_t i = 0; i < processes; i++)
            (*least)[i] = INFINITY;
        for (size_t i = 0; i < count; i++)
            (*least)[process[i]] = fmin((*least)[process[i]], value[i]);
        for (size_t i = 0; i < processes; i++)
            if (!((*least)[i] > 0 && isfinite((*least)[i])))
                processes = 0;
    }
    free(value);
    free(process);
    return processes;
}

struct assay_timing assay_timing_of(const struct assay_record *base, const struct assay_record *now)
{
    struct assay_timing timing = {.usable = false, .p = NAN};
    double *least[2] = {NULL, NULL};
    if (!base || !now || assay_is_counted(base) || assay_is_counted(now) || !assay_passed(base) || !assay_passed(now))
        return timing;
    const size_t count[2] = {assay_process_minima(base, &least[0]), assay_process_minima(now, &least[1])};
    if (count[0] > 0 && count[1] > 0) {
        timing.usable = assay_shift_of(least[0], count[0], least[1], count[1], &timing.shift);
        timing.p = assay_mann_whitney(least[0], count[0], least[1], count[1]);
    }
    free(least[0]);
    free(least[1]);
    return timing;
}

double assay_clock_share(const struct assay_record *record)
{
    const double look = json_number_value(json_object_get(json_object_get(record->json, "performance"), "clock_ns"));
    return look > 0.0 && record->value > 0.0 ? log1p(look / record->value) : 0.0;
}
