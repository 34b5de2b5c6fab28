#include "reports/stats/pairs.h"

#include "reports/stats/tests.h"

#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

enum { RESAMPLES = 1000 };

static bool usable(const struct assay_pairs *pairs)
{
    for (size_t i = 0; i < pairs->count; i++)
        if (!(pairs->base[i] > 0 && isfinite(pairs->base[i]) && pairs->now[i] > 0 && isfinite(pairs->now[i])))
            return false;
    return pairs->count >= 2;
}

/* The ratio of minima of pairs drawn with replacement. */
static double resample(const struct assay_pairs *pairs, gsl_rng *rng)
{
    double base = INFINITY, now = INFINITY;
    for (size_t i = 0; i < pairs->count; i++) {
        const size_t drawn = gsl_rng_uniform_int(rng, pairs->count);
        base = fmin(base, pairs->base[drawn]);
        now = fmin(now, pairs->now[drawn]);
    }
    return now / base;
}

bool assay_pairs_judge(const struct assay_pairs *pairs, struct assay_pairs_result *result)
{
    if (!usable(pairs))
        return false;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    double *drawn = malloc(RESAMPLES * sizeof(*drawn)), *ratios = malloc(pairs->count * sizeof(*ratios));
    const bool good = rng && drawn && ratios;
    for (size_t i = 0; good && i < RESAMPLES; i++)
        drawn[i] = resample(pairs, rng);
    for (size_t i = 0; good && i < pairs->count; i++)
        ratios[i] = pairs->now[i] / pairs->base[i];
    if (good) {
        gsl_sort(drawn, 1, RESAMPLES);
        gsl_sort(ratios, 1, pairs->count);
        result->minima = (struct assay_ratio){
            .estimate = gsl_stats_min(pairs->now, 1, pairs->count) / gsl_stats_min(pairs->base, 1, pairs->count),
            .low = gsl_stats_quantile_from_sorted_data(drawn, 1, RESAMPLES, 0.025),
            .high = gsl_stats_quantile_from_sorted_data(drawn, 1, RESAMPLES, 0.975),
        };
        result->median = gsl_stats_median_from_sorted_data(ratios, 1, pairs->count);
        result->p = assay_mann_whitney(pairs->base, pairs->count, pairs->now, pairs->count);
    }
    if (rng)
        gsl_rng_free(rng);
    free(drawn);
    free(ratios);
    return good;
}
