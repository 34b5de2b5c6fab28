#include "reports/tests/detectors.h"

#include "reports/stats/changepoint.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void ours(const struct labelled *s, struct alarms *alarms)
{
    struct assay_changepoints points;
    if (!assay_changepoints_find(s->value, s->count, assay_changepoint_defaults(false), &points))
        abort();
    for (size_t i = 0; i < points.count; i++)
        alarms->at[alarms->count++] = points.items[i].index;
    assay_changepoints_free(&points);
}

/* Each night against the one before. */
static void threshold(const struct labelled *s, double effect, struct alarms *alarms)
{
    for (size_t i = 1; i < s->count; i++)
        if (fabs(s->value[i] / s->value[i - 1] - 1) > effect)
            alarms->at[alarms->count++] = i;
}

static void threshold_2(const struct labelled *s, struct alarms *alarms)
{
    threshold(s, 0.02, alarms);
}

static void threshold_5(const struct labelled *s, struct alarms *alarms)
{
    threshold(s, 0.05, alarms);
}

static void threshold_10(const struct labelled *s, struct alarms *alarms)
{
    threshold(s, 0.10, alarms);
}

/* Each night against the fence of the 20 before: 1.5 times the interquartile range beyond the quartiles. With `reset`
 * an alarm begins a new history, so that a new level is reported once. */
static void fence(const struct labelled *s, bool reset, struct alarms *alarms)
{
    enum { WINDOW = 20, LEAST = 8 };
    size_t begin = 0;
    for (size_t i = LEAST; i < s->count; i++) {
        const size_t from = i > begin + WINDOW ? i - WINDOW : begin, count = i - from;
        double window[WINDOW];
        if (count < LEAST)
            continue;
        memcpy(window, s->value + from, count * sizeof(*window));
        gsl_sort(window, 1, count);
        const double low = gsl_stats_quantile_from_sorted_data(window, 1, count, 0.25);
        const double high = gsl_stats_quantile_from_sorted_data(window, 1, count, 0.75);
        if (s->value[i] >= low - 1.5 * (high - low) && s->value[i] <= high + 1.5 * (high - low))
            continue;
        alarms->at[alarms->count++] = i;
        begin = reset ? i : begin;
    }
}

static void fence_plain(const struct labelled *s, struct alarms *alarms)
{
    fence(s, false, alarms);
}

static void fence_reset(const struct labelled *s, struct alarms *alarms)
{
    fence(s, true, alarms);
}

/* Bisection at the split with the smallest p of Student's t test, at the same level of 0.001. */
static void bisect_by_t(const double *value, size_t begin, size_t end, struct alarms *alarms)
{
    size_t best = 0;
    double best_t = 0;
    for (size_t at = begin + 2; at + 2 <= end; at++) {
        const size_t left = at - begin, right = end - at;
        const double change = gsl_stats_mean(value + at, 1, right) - gsl_stats_mean(value + begin, 1, left);
        const double pooled = ((double)(left - 1) * gsl_stats_variance(value + begin, 1, left) +
                               (double)(right - 1) * gsl_stats_variance(value + at, 1, right)) /
                              (double)(left + right - 2);
        const double t = fabs(change) / sqrt(pooled * (1 / (double)left + 1 / (double)right));
        if (t > best_t) {
            best_t = t;
            best = at;
        }
    }
    if (best == 0 || 2 * gsl_cdf_tdist_Q(best_t, (double)(end - begin - 2)) > 0.001)
        return;
    bisect_by_t(value, begin, best, alarms);
    alarms->at[alarms->count++] = best;
    bisect_by_t(value, best, end, alarms);
}

static void student(const struct labelled *s, struct alarms *alarms)
{
    bisect_by_t(s->value, 0, s->count, alarms);
}

const struct detector detectors[DETECTORS] = {
    [DETECTOR_OURS] = {"change points (assay)", ours},
    {"bisection by Student's t, p < 0.001", student},
    {"night before, 2 %", threshold_2},
    {"night before, 5 %", threshold_5},
    {"night before, 10 %", threshold_10},
    {"interquartile fence, 20 nights", fence_plain},
    {"the same, begun anew at each alarm", fence_reset},
};

static bool claims(const struct labelled *s, size_t alarm, bool *claimed)
{
    for (size_t i = 0; i < s->changes; i++) {
        if (claimed[i] || alarm + 2 < s->change[i] || alarm > s->change[i] + 2)
            continue;
        return claimed[i] = true;
    }
    return false;
}

void score_add(struct score *score, const struct detector *detector, enum labelled_shape shape,
               enum labelled_noise noise, double size, unsigned long seed, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct labelled series = labelled_series(shape, noise, size, seed + i);
        struct alarms alarms = {.count = 0};
        bool claimed[LABELLED_MOST] = {false};
        detector->find(&series, &alarms);
        score->series++;
        score->with_alarm += alarms.count > 0;
        score->alarms += alarms.count;
        score->changes += series.changes;
        for (size_t j = 0; j < alarms.count; j++)
            score->right += claims(&series, alarms.at[j], claimed);
    }
}
