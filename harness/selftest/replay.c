#include "harness/selftest/replay.h"

#include "harness/base/memory.h"

#include <stdlib.h>
#include <string.h>

bool assay_replay_open(const struct assay_noise *noise, unsigned long seed, struct assay_replay *replay)
{
    *replay = (struct assay_replay){
        .noise = noise,
        .rng = gsl_rng_alloc(gsl_rng_mt19937),
        .again = assay_keep((noise->layers + 1) * sizeof(*replay->again)),
        .swapped = assay_keep((noise->layers + 1) * sizeof(*replay->swapped)),
    };
    if (replay->rng)
        gsl_rng_set(replay->rng, seed);
    return replay->rng != NULL;
}

void assay_replay_close(struct assay_replay *replay)
{
    gsl_rng_free(replay->rng);
}

static size_t draw(struct assay_replay *replay, size_t below)
{
    return gsl_rng_uniform_int(replay->rng, below);
}

/* Sweeps for the looks at one layer: none that is in use. */
static void draw_looks(struct assay_replay *replay, size_t *again, bool *swapped)
{
    for (size_t look = 0; look < ASSAY_GATE_LOOKS; look++) {
        bool used;
        do {
            again[look] = draw(replay, replay->noise->sweeps);
            used = again[look] == replay->base_sweep || again[look] == replay->now_sweep;
            for (size_t before = 0; before < look; before++)
                used = used || again[before] == again[look];
        } while (used);
        swapped[look] = draw(replay, 2) == 1;
    }
}

void assay_replay_draw(struct assay_replay *replay, size_t planted)
{
    const struct assay_noise *noise = replay->noise;
    replay->planted = planted;
    replay->base_sweep = draw(replay, noise->sweeps);
    do
        replay->now_sweep = draw(replay, noise->sweeps);
    while (replay->now_sweep == replay->base_sweep);
    replay->base_start = draw(replay, noise->starts);
    replay->now_start = draw(replay, noise->starts);
    /* Layers are measured again one after the other, each at a time of its own. */
    for (size_t i = 0; i < noise->layers; i++)
        draw_looks(replay, replay->again[i], replay->swapped[i]);
}

size_t assay_replay_choose(struct assay_replay *replay, size_t kernel)
{
    size_t chosen;
    do
        chosen = draw(replay, replay->noise->count);
    while (replay->noise->items[chosen].kernel != kernel);
    return chosen;
}

static int by_id(const void *key, const void *item)
{
    return strcmp(key, ((const struct assay_noise_series *)item)->id);
}

/* The processes of a sweep, taken in turn as A B B A …: they ran one after the other. */
static bool take_pairs(const struct assay_replay *replay, size_t look, const char *id, struct assay_pairs *pairs)
{
    const struct assay_noise *noise = replay->noise;
    const struct assay_noise_series *base = bsearch(id, noise->items, noise->count, sizeof(*base), by_id), *now = base;
    if (!base)
        return false;
    if (replay->planted < noise->count && noise->items[replay->planted].ours == (size_t)(base - noise->items))
        now = &noise->items[replay->planted];
    const size_t first = replay->again[base->layer][look] * noise->processes;
    *pairs = (struct assay_pairs){
        .base = calloc(noise->processes, sizeof(double)),
        .now = calloc(noise->processes, sizeof(double)),
        .count = noise->processes / 2,
    };
    for (size_t i = 0; pairs->base && pairs->now && i < pairs->count; i++) {
        const size_t turned = (i + replay->swapped[base->layer][look]) % 2;
        pairs->base[i] = base->least[first + 2 * i + turned];
        pairs->now[i] = now->least[first + 2 * i + 1 - turned];
    }
    return pairs->base && pairs->now;
}

static bool remeasure(void *context, size_t look, const struct assay_comparison *const *candidates, size_t count,
                      struct assay_pairs *pairs)
{
    struct assay_replay *replay = context;
    replay->remeasured += look == 0 ? count : 0;
    for (size_t i = 0; i < count; i++)
        if (!take_pairs(replay, look, candidates[i]->series_id, &pairs[i]))
            return false;
    return true;
}

bool assay_replay_judge(struct assay_replay *replay, bool alone, struct assay_comparison_list *result)
{
    const struct assay_noise *noise = replay->noise;
    const struct assay_gate_policy policy = assay_gate_defaults();
    const struct assay_gate gate = {.policy = &policy, .remeasure = alone ? NULL : remeasure, .context = replay};
    const struct assay_record_list *base = assay_night(noise, replay->base_sweep, replay->base_start);
    struct assay_record_list now = *assay_night(noise, replay->now_sweep, replay->now_start);
    struct assay_record *items = malloc(now.count * sizeof(*items));
    if (!items)
        return false;
    memcpy(items, now.items, now.count * sizeof(*items));
    if (replay->planted < noise->count) {
        const size_t ours = noise->items[replay->planted].ours;
        items[ours] = now.items[replay->planted];
        items[ours].series_id = noise->items[ours].id;
    }
    now.items = items;
    const bool good = assay_gate_judge(&gate, base, &now, result);
    free(items);
    return good;
}
