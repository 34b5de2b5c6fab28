#include "harness/selftest/noise.h"

#include "harness/base/memory.h"
#include "reports/gate/gate.h"
#include "reports/record/index.h"
#include "reports/stats/timing.h"

#include <stdlib.h>
#include <string.h>

const struct assay_noise_kernel assay_noise_kernels[ASSAY_NOISE_KERNELS] = {
    {"assay", "none", 0},   {"slow1", "1 %", 0.01}, {"slow2", "2 %", 0.02},
    {"slow3", "3 %", 0.03}, {"slow5", "5 %", 0.05}, {"slow10", "10 %", 0.10},
};

/* A base, a new run, and the looks at what is measured again. */
enum { LEAST_SWEEPS = 2 + ASSAY_GATE_LOOKS };

bool assay_noise_record(struct assay_planting *planting, size_t sweeps, size_t processes)
{
    for (size_t sweep = 0; sweep < sweeps; sweep++) {
        assay_say("recording noise: sweep %zu of %zu", sweep + 1, sweeps);
        const struct assay_planted_run run = {
            .suite = "gates",
            .roles = 1u << ASSAY_ROLE_BEST | 1u << ASSAY_ROLE_PEERS,
            .planted = "",
            .run_id = assay_format("%zu", sweep),
            .processes = processes,
        };
        if (!assay_planted_measure(planting, &run, NULL))
            return false;
    }
    return true;
}

/* The records of one sweep, sorted. Borrowed: nothing to free but the list's items. */
static struct assay_record_list sweep_of(const struct assay_record_list *all, size_t sweep)
{
    const char *id = assay_format("%zu", sweep);
    struct assay_record_list some = {.items = assay_keep((all->count + 1) * sizeof(*some.items))}, sorted = some;
    for (size_t i = 0; i < all->count; i++) {
        const json_t *identity = json_object_get(all->items[i].json, "identity");
        if (strcmp(json_string_value(json_object_get(identity, "run_id")), id) == 0)
            some.items[some.count++] = all->items[i];
    }
    sorted.items = assay_keep((some.count + 1) * sizeof(*sorted.items));
    const struct assay_record **index = assay_record_index(&some, &sorted.count);
    for (size_t i = 0; index && i < sorted.count; i++)
        sorted.items[i] = *index[i];
    free(index);
    return sorted;
}

static size_t kernel_of(const struct assay_record *record)
{
    for (size_t i = 0; i < ASSAY_NOISE_KERNELS; i++)
        if (record->origin && strcmp(record->origin, assay_noise_kernels[i].origin) == 0)
            return i;
    return ASSAY_NOISE_KERNELS;
}

/* Ours of the same layer: the id up to its role is the same. */
static size_t find_ours(const struct assay_noise *noise, size_t at)
{
    const char *id = noise->items[at].id, *role = strstr(id, "/peer/");
    for (size_t i = 0; role && i < noise->count; i++)
        if (noise->items[i].kernel == 0 && strncmp(noise->items[i].id, id, (size_t)(role - id)) == 0 &&
            strcmp(noise->items[i].id + (role - id), "/best") == 0)
            return i;
    return role ? noise->count : at;
}

static bool name_series(struct assay_noise *noise, const struct assay_record_list *sweep)
{
    const char *layers[ASSAY_NOISE_KERNELS * 64];
    noise->count = sweep->count;
    noise->items = assay_keep((sweep->count + 1) * sizeof(*noise->items));
    for (size_t i = 0; i < sweep->count; i++) {
        const struct assay_record *record = &sweep->items[i];
        struct assay_noise_series *series = &noise->items[i];
        series->id = record->series_id;
        series->kernel = kernel_of(record);
        while (series->layer < noise->layers && strcmp(layers[series->layer], record->case_name) != 0)
            series->layer++;
        if (series->layer == sizeof(layers) / sizeof(layers[0]) || series->kernel == ASSAY_NOISE_KERNELS)
            return false;
        if (series->layer == noise->layers)
            layers[noise->layers++] = record->case_name;
    }
    for (size_t i = 0; i < noise->count; i++)
        if ((noise->items[i].ours = find_ours(noise, i)) == noise->count)
            return false;
    return noise->count > 0;
}

/* The samples of some processes of a record, as a record. What machine code was measured is left out: the same code
 * gets no verdict at all (docs/gates.md), and these nights ask what is said of noise when the code did change. */
static bool piece(const struct assay_record *whole, size_t first, struct assay_record *part)
{
    char message[ASSAY_RECORD_MESSAGE];
    const json_t *performance = json_object_get(whole->json, "performance");
    const json_t *samples = json_object_get(performance, "samples");
    const json_t *processes = json_object_get(performance, "processes");
    json_t *json = json_copy(whole->json), *taken = json_array(), *from = json_array();
    for (size_t i = 0; i < json_array_size(samples); i++) {
        const size_t process = (size_t)json_integer_value(json_array_get(processes, i));
        if (process < first || process >= first + ASSAY_NIGHT_PROCESSES)
            continue;
        json_array_append(taken, json_array_get(samples, i));
        json_array_append(from, json_array_get(processes, i));
    }
    json_object_set_new(json, "performance", json_pack("{so so}", "samples", taken, "processes", from));
    json_object_set_new(json, "code", json_object());
    const bool good = assay_record_view(json, part, message);
    json_decref(json);
    return good;
}

/* Everything of one sweep. False: it is not whole. */
static bool take_sweep(struct assay_noise *noise, const struct assay_record_list *sweep, size_t number)
{
    if (sweep->count != noise->count)
        return false;
    for (size_t i = 0; i < sweep->count; i++) {
        double *least;
        const size_t count = assay_process_minima(&sweep->items[i], &least);
        const bool good = strcmp(sweep->items[i].series_id, noise->items[i].id) == 0 && count == noise->processes;
        if (good)
            memcpy(noise->items[i].least + number * noise->processes, least, count * sizeof(*least));
        free(least);
        if (!good)
            return false;
        for (size_t start = 0; start < noise->starts; start++) {
            struct assay_record part;
            if (!piece(&sweep->items[i], start, &part) ||
                !assay_record_append(&noise->nights[number * noise->starts + start], part))
                return false;
        }
    }
    return true;
}

static bool take_all(struct assay_noise *noise, const struct assay_record_list *records)
{
    struct assay_record_list first = sweep_of(records, 0);
    double *least = NULL;
    if (first.count == 0 || !name_series(noise, &first))
        return false;
    noise->processes = assay_process_minima(&first.items[0], &least);
    free(least);
    if (noise->processes < 2 * ASSAY_NIGHT_PROCESSES)
        return false;
    noise->starts = noise->processes - ASSAY_NIGHT_PROCESSES + 1;
    const size_t most = records->count / noise->count;
    noise->nights = assay_keep((most * noise->starts + 1) * sizeof(*noise->nights));
    for (size_t i = 0; i < noise->count; i++)
        noise->items[i].least = assay_keep((most * noise->processes + 1) * sizeof(double));
    while (noise->sweeps < most) {
        const struct assay_record_list sweep = sweep_of(records, noise->sweeps);
        if (!take_sweep(noise, &sweep, noise->sweeps))
            break;
        noise->sweeps++;
    }
    return noise->sweeps >= LEAST_SWEEPS;
}

bool assay_noise_read(const char *path, struct assay_noise *noise)
{
    struct assay_record_list records = {0};
    char message[ASSAY_RECORD_MESSAGE];
    size_t cut;
    *noise = (struct assay_noise){0};
    if (!assay_record_read(path, &records, &cut, message)) {
        assay_say("%s", message);
        return false;
    }
    const bool good = take_all(noise, &records);
    if (!good)
        assay_say("%s: holds no noise, or less than %d whole sweeps of it: record it anew with assay selftest gates "
                  "--out DIR",
                  path, LEAST_SWEEPS);
    /* Names in `items` are the records', which live on in the nights. */
    for (size_t i = 0; good && i < noise->count; i++)
        noise->items[i].id = assay_night(noise, 0, 0)->items[i].series_id;
    assay_record_list_free(&records);
    return good;
}

void assay_noise_free(struct assay_noise *noise)
{
    for (size_t i = 0; noise->nights && i < noise->sweeps * noise->starts; i++)
        assay_record_list_free(&noise->nights[i]);
}
