#include "reports/stats/changepoint.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    LEAST_VALUES = 5,
    LEAST_SIDE = 2,     /* one night alone is no level */
    LEAST_INTERVAL = 6, /* of the seeded ones */
    FIRST_ROUNDS = 100, /* of shuffling, before the rest of it is perhaps saved */
    SURE_SIDE = 8,
};
static const double clip_at = 3;

/* The values that count, and where they stood; the rest is room to work in. */
struct search {
    double *value;
    size_t *place, count;
    double *scratch, *sum; /* sum: of the first i values, so one more */
    gsl_rng *rng;
    struct assay_changepoint_options options;
    struct assay_changepoints *found; /* room for `count` */
};

struct split {
    size_t at, side; /* side: how many values the smaller side of it has */
    double distance; /* of the sides' means, squared, times the variance of that difference for values of variance 1 */
};

/* What shuffling showed. */
struct tally {
    double rounds, sum, squares;
};

struct assay_changepoint_options assay_changepoint_defaults(bool exact)
{
    return (struct assay_changepoint_options){.exact = exact, .significance = 0.001, .effect = exact ? 0.001 : 0.01};
}

static void prefix_sums(const double *value, size_t count, double *sum)
{
    sum[0] = 0;
    for (size_t i = 0; i < count; i++)
        sum[i + 1] = sum[i] + value[i];
}

/* The split of [begin, end) that sets the means farthest apart, if it is better than `best`. */
static void split_interval(const double *sum, size_t begin, size_t end, struct split *best)
{
    const double length = (double)(end - begin), mean = (sum[end] - sum[begin]) / length;
    for (size_t at = begin + LEAST_SIDE; at + LEAST_SIDE <= end; at++) {
        const double left = (double)(at - begin), excess = sum[at] - sum[begin] - left * mean;
        const double distance = excess * excess * length / (left * (length - left));
        if (distance > best->distance)
            *best = (struct split){at, at - begin < end - at ? at - begin : end - at, distance};
    }
}

/* The best of the whole and of intervals of half the length, a quarter of it and so on, each overlapping the next by
 * half. */
static struct split best_split(const double *sum, size_t count)
{
    struct split best = {0};
    for (size_t parts = 1; parts == 1 || count / parts >= LEAST_INTERVAL; parts *= 2) {
        const size_t length = (count + parts - 1) / parts, intervals = 2 * parts - 1;
        for (size_t i = 0; i < intervals; i++) {
            const size_t begin = parts > 1 ? i * (count - length) / (intervals - 1) : 0;
            split_interval(sum, begin, begin + length, &best);
        }
    }
    return best;
}

/* Half of all neighbours differ by less than this, in standard deviations of normal noise. Levels don't count. */
static double noise_of(const double *value, size_t count, double *scratch)
{
    for (size_t i = 0; i + 1 < count; i++)
        scratch[i] = fabs(value[i + 1] - value[i]);
    return gsl_stats_median(scratch, 1, count - 1) / (0.6745 * M_SQRT2);
}

/* At 3 standard deviations, but not below what is a small share of the effect that matters: the neighbours of a level
 * that creeps without noise differ by nothing, and all but the middle of it would be cut off. */
static void clip(const double *value, size_t count, double effect, double *clipped)
{
    const double noise = fmax(noise_of(value, count, clipped), effect / 10);
    memcpy(clipped, value, count * sizeof(*value));
    const double median = gsl_stats_median(clipped, 1, count);
    memcpy(clipped, value, count * sizeof(*value));
    for (size_t i = 0; noise > 0 && i < count; i++)
        clipped[i] = fmax(fmin(clipped[i] - median, clip_at * noise), -clip_at * noise);
}

/* Of the largest distances of shuffled values, which follow Gumbel's law as maxima of many do: by its moments. */
static double gumbel_chance(const struct tally *tally, double distance)
{
    const double mean = tally->sum / tally->rounds;
    const double variance = fmax(tally->squares / tally->rounds - mean * mean, 0);
    const double scale = sqrt(6 * variance) / M_PI, mode = mean - M_EULER * scale;
    return scale > 0 ? gsl_cdf_gumbel1_Q(distance, 1 / scale, exp(mode / scale)) : 1;
}

/* The chance that shuffled values have a split as far apart as this one: counted, the given order included. It is 1 as
 * soon as it is sure to be more than the significance; and estimated where the first rounds show that it is far less,
 * unless one side has so few values that they might be outliers that met by chance, of which the law knows nothing. */
static double chance_of(struct search *s, double *value, size_t count, struct split best)
{
    const double rounds = ceil(2 / s->options.significance);
    struct tally tally = {0};
    double as_far = 1;
    gsl_rng_set(s->rng, 1);
    while (tally.rounds + 1 < rounds) {
        gsl_ran_shuffle(s->rng, value, count, sizeof(*value));
        prefix_sums(value, count, s->sum);
        const double distance = best_split(s->sum, count).distance;
        tally.rounds++;
        tally.sum += distance;
        tally.squares += distance * distance;
        /* Sums in another order differ by roundings: equal is as far. */
        as_far += distance >= best.distance * (1 - 1e-9);
        if (as_far > s->options.significance * rounds)
            return 1;
        if (tally.rounds == FIRST_ROUNDS && best.side >= SURE_SIDE) {
            const double estimate = gumbel_chance(&tally, best.distance);
            if (estimate < s->options.significance / 100)
                return estimate;
        }
    }
    return as_far / rounds;
}

/* The change points in [begin, end), in order. */
static void divide(struct search *s, size_t begin, size_t end)
{
    const size_t count = end - begin;
    if (count < LEAST_VALUES)
        return;
    clip(s->value + begin, count, s->options.effect, s->scratch);
    prefix_sums(s->scratch, count, s->sum);
    const struct split best = best_split(s->sum, count);
    const double p = best.distance > 0 ? chance_of(s, s->scratch, count, best) : 1;
    if (p > s->options.significance)
        return;
    divide(s, begin, begin + best.at);
    s->found->items[s->found->count++] = (struct assay_changepoint){.index = begin + best.at, .p = p};
    divide(s, begin + best.at, end);
}

static size_t end_of(const struct search *s, size_t point)
{
    return point + 1 < s->found->count ? s->found->items[point + 1].index : s->count;
}

/* A point that was found in an interval was placed without what lies beyond: now that its neighbours are known it is
 * placed between them. */
static void place_again(struct search *s)
{
    for (size_t i = 0; i < s->found->count; i++) {
        const size_t begin = i > 0 ? s->found->items[i - 1].index : 0, end = end_of(s, i);
        struct split best = {0};
        clip(s->value + begin, end - begin, s->options.effect, s->scratch);
        prefix_sums(s->scratch, end - begin, s->sum);
        split_interval(s->sum, 0, end - begin, &best);
        if (best.distance > 0)
            s->found->items[i].index = begin + best.at;
    }
}

static double median_of(struct search *s, size_t begin, size_t end)
{
    memcpy(s->scratch, s->value + begin, (end - begin) * sizeof(*s->value));
    return exp(gsl_stats_median(s->scratch, 1, end - begin));
}

/* Sets the levels, and drops the point that matters least until all do: without it its neighbours' levels change. */
static void keep_relevant(struct search *s)
{
    struct assay_changepoint *items = s->found->items;
    for (;;) {
        size_t least = 0;
        double least_change = INFINITY;
        for (size_t i = 0; i < s->found->count; i++) {
            items[i].before = i > 0 ? items[i - 1].after : median_of(s, 0, items[i].index);
            items[i].after = median_of(s, items[i].index, end_of(s, i));
            const double change = fabs(items[i].after / items[i].before - 1);
            if (change < least_change) {
                least_change = change;
                least = i;
            }
        }
        if (least_change >= s->options.effect)
            return;
        s->found->count--;
        memmove(items + least, items + least + 1, (s->found->count - least) * sizeof(*items));
    }
}

static void find_in_noise(struct search *s)
{
    divide(s, 0, s->count);
    place_again(s);
    keep_relevant(s);
}

/* A slide is measured from where its level began, so that it cannot creep away in steps that don't matter. */
static void find_exact(struct search *s)
{
    double level = s->value[0];
    for (size_t i = 1; i < s->count; i++) {
        const double value = s->value[i];
        if (fabs(value - level) <= s->options.effect * fabs(level))
            continue;
        s->found->items[s->found->count++] = (struct assay_changepoint){.index = i, .before = level, .after = value};
        level = value;
    }
}

/* Logarithms of timings, so that a level's change is its ratio. */
static void take_values(struct search *s, const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (isnan(values[i]) || (!s->options.exact && !(values[i] > 0 && isfinite(values[i]))))
            continue;
        s->place[s->count] = i;
        s->value[s->count++] = s->options.exact ? values[i] : log(values[i]);
    }
}

bool assay_changepoints_find(const double *values, size_t count, struct assay_changepoint_options options,
                             struct assay_changepoints *result)
{
    struct search s = {.options = options, .found = result};
    *result = (struct assay_changepoints){.items = malloc((count + 1) * sizeof(*result->items))};
    s.value = malloc((count + 1) * sizeof(*s.value));
    s.place = malloc((count + 1) * sizeof(*s.place));
    s.scratch = malloc((count + 1) * sizeof(*s.scratch));
    s.sum = malloc((count + 1) * sizeof(*s.sum));
    s.rng = gsl_rng_alloc(gsl_rng_mt19937);
    const bool good = result->items && s.value && s.place && s.scratch && s.sum && s.rng;
    if (good) {
        take_values(&s, values, count);
        if (s.count > 0 && options.exact)
            find_exact(&s);
        else if (s.count >= LEAST_VALUES)
            find_in_noise(&s);
        for (size_t i = 0; i < result->count; i++)
            result->items[i].index = s.place[result->items[i].index];
    }
    gsl_rng_free(s.rng);
    free(s.sum);
    free(s.scratch);
    free(s.place);
    free(s.value);
    if (!good)
        assay_changepoints_free(result);
    return good;
}

void assay_changepoints_free(struct assay_changepoints *points)
{
    free(points->items);
    *points = (struct assay_changepoints){0};
}
