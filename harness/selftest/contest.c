#include "harness/base/memory.h"
#include "harness/base/say.h"
#include "harness/process/interrupt.h"
#include "harness/selftest/proof.h"
#include "harness/selftest/replay.h"
#include "reports/stats/tests.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <string.h>

enum { SEED = 3, SAY_EACH = 50, MOST_HISTORY = 256 };

const char *const assay_rival_names[ASSAY_RIVALS] = {
    "assay gate", "threshold 2 %", "threshold 5 %", "threshold 10 %", "U test, alpha 0.05", "interquartile fence",
};

/* The samples of a series in a night, sorted. */
struct sorted {
    double *value;
    size_t count;
    double median;
};

struct arena {
    struct assay_replay replay;
    struct sorted *nights; /* [series * all nights + night] */
};

static struct sorted *sorted_of(const struct arena *arena, size_t series, size_t sweep, size_t start)
{
    const struct assay_noise *noise = arena->replay.noise;
    return &arena->nights[(series * noise->sweeps + sweep) * noise->starts + start];
}

static void sort_all(struct arena *arena)
{
    const struct assay_noise *noise = arena->replay.noise;
    arena->nights = assay_keep(noise->count * noise->sweeps * noise->starts * sizeof(*arena->nights));
    for (size_t i = 0; i < noise->count; i++)
        for (size_t sweep = 0; sweep < noise->sweeps; sweep++)
            for (size_t start = 0; start < noise->starts; start++) {
                const json_t *json = assay_night(noise, sweep, start)->items[i].json;
                const json_t *samples = json_object_get(json_object_get(json, "performance"), "samples");
                struct sorted *s = sorted_of(arena, i, sweep, start);
                s->count = json_array_size(samples);
                s->value = assay_keep((s->count + 1) * sizeof(*s->value));
                for (size_t j = 0; j < s->count; j++)
                    s->value[j] = json_number_value(json_array_get(samples, j));
                gsl_sort(s->value, 1, s->count);
                s->median = gsl_stats_median_from_sorted_data(s->value, 1, s->count);
            }
}

/* Tukey's fence: above the third quartile by 1.5 times the distance of the quartiles. The history is of nights that do
 * not overlap, of all sweeps but the new one. */
static bool beyond_fence(const struct arena *arena, size_t series, double now)
{
    const struct assay_noise *noise = arena->replay.noise;
    double past[MOST_HISTORY];
    size_t count = 0;
    for (size_t sweep = 0; sweep < noise->sweeps; sweep++)
        for (size_t start = 0; sweep != arena->replay.now_sweep && start < noise->starts && count < MOST_HISTORY;
             start += ASSAY_NIGHT_PROCESSES)
            past[count++] = sorted_of(arena, series, sweep, start)->median;
    gsl_sort(past, 1, count);
    const double low = gsl_stats_quantile_from_sorted_data(past, 1, count, 0.25);
    const double high = gsl_stats_quantile_from_sorted_data(past, 1, count, 0.75);
    return now > high + 1.5 * (high - low);
}

/* What the others say of a series; `now` is the planted one where it took its place. */
static void ask_rivals(const struct arena *arena, size_t series, size_t now, bool said[ASSAY_RIVALS])
{
    const struct assay_replay *r = &arena->replay;
    const struct sorted *before = sorted_of(arena, series, r->base_sweep, r->base_start);
    const struct sorted *after = sorted_of(arena, now, r->now_sweep, r->now_start);
    const double ratio = after->median / before->median;
    said[ASSAY_RIVAL_FIXED_2] = ratio > 1.02;
    said[ASSAY_RIVAL_FIXED_5] = ratio > 1.05;
    said[ASSAY_RIVAL_FIXED_10] = ratio > 1.10;
    said[ASSAY_RIVAL_U_TEST] =
        ratio > 1 && assay_mann_whitney(before->value, before->count, after->value, after->count) < 0.05;
    said[ASSAY_RIVAL_FENCE] = beyond_fence(arena, series, after->median);
}

static bool regressed(const struct assay_comparison_list *list, const char *id)
{
    for (size_t i = 0; i < list->count && list->items[i].verdict == ASSAY_REGRESSED; i++)
        if (strcmp(list->items[i].series_id, id) == 0)
            return true;
    return false;
}

static bool one_night(struct arena *arena, size_t kernel, struct assay_contest *result)
{
    struct assay_replay *replay = &arena->replay;
    const struct assay_noise *noise = replay->noise;
    struct assay_comparison_list list;
    size_t false_hits[ASSAY_RIVALS] = {0};
    assay_replay_draw(replay, assay_replay_choose(replay, kernel));
    if (!assay_replay_judge(replay, false, &list))
        return false;
    for (size_t i = 0; i < noise->count; i++) {
        const bool planted = i == noise->items[replay->planted].ours;
        bool said[ASSAY_RIVALS];
        ask_rivals(arena, i, planted ? replay->planted : i, said);
        said[ASSAY_RIVAL_GATE] = regressed(&list, noise->items[i].id);
        for (size_t rival = 0; rival < ASSAY_RIVALS; rival++) {
            result->hits[rival] += planted && said[rival];
            false_hits[rival] += !planted && said[rival];
        }
    }
    for (size_t rival = 0; rival < ASSAY_RIVALS; rival++) {
        result->false_hits[rival] += false_hits[rival];
        result->quiet[rival].count += false_hits[rival] == 0;
        result->quiet[rival].of++;
    }
    result->planted++;
    assay_comparison_list_free(&list);
    return true;
}

bool assay_prove_contest(const struct assay_noise *noise, size_t reports, struct assay_contest *result)
{
    struct arena arena = {0};
    *result = (struct assay_contest){0};
    bool good = assay_replay_open(noise, SEED, &arena.replay);
    sort_all(&arena);
    for (size_t i = 0; good && i < reports; i++) {
        if (i % SAY_EACH == 0)
            assay_progress(true, "against others: %zu of %zu nights", i, reports);
        good = !assay_interrupted() && one_night(&arena, 1 + i % (ASSAY_NOISE_KERNELS - 1), result);
    }
    assay_progress_end();
    assay_replay_close(&arena.replay);
    return good;
}
