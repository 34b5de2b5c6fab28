/* GSL draws the random numbers, sorts, and takes the quantiles. */
#include "reports/stats/ratio.h"

#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

static const double LOWER_DECILE = 0.1;

static bool usable(struct assay_samples s)
{
    for (size_t i = 0; i < s.count; i++)
        if (!(s.value[i] > 0.0 && isfinite(s.value[i])))
            return false;
    return s.count > 0;
}

static size_t process_count(struct assay_samples s)
{
    return s.process[s.count - 1] + 1;
}

/* First sample of a process; with process_count() for the end of the last. */
static size_t first_of(struct assay_samples s, size_t process)
{
    size_t i = 0;
    while (i < s.count && s.process[i] < process)
        i++;
    return i;
}

/* Lower decile of one resample; `drawn` has room for twice the samples. */
static double resampled(struct assay_samples s, gsl_rng *rng, double *drawn)
{
    const size_t processes = process_count(s);
    size_t count = 0;
    for (size_t p = 0; p < processes; p++) {
        const size_t process = gsl_rng_uniform_int(rng, processes);
        const size_t begin = first_of(s, process), length = first_of(s, process + 1) - begin;
        for (size_t i = 0; i < length && count < 2 * s.count; i++)
            drawn[count++] = s.value[begin + gsl_rng_uniform_int(rng, length)];
    }
    gsl_sort(drawn, 1, count);
    return gsl_stats_quantile_from_sorted_data(drawn, 1, count, LOWER_DECILE);
}

bool assay_ratio_of(struct assay_samples a, struct assay_samples b, struct assay_ratio_options options,
                    struct assay_ratio *ratio)
{
    if (!usable(a) || !usable(b) || options.resamples == 0)
        return false;
    double *drawn = malloc(2 * (a.count > b.count ? a.count : b.count) * sizeof(*drawn));
    double *ratios = malloc(options.resamples * sizeof(*ratios));
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    const bool ok = drawn && ratios && rng;
    if (ok) {
        gsl_rng_set(rng, options.seed);
        for (size_t i = 0; i < options.resamples; i++) {
            const double base = resampled(a, rng, drawn);
            ratios[i] = resampled(b, rng, drawn) / base;
        }
        gsl_sort(ratios, 1, options.resamples);
        const double tail = (1.0 - options.confidence) / 2.0;
        *ratio = (struct assay_ratio){
            .estimate = gsl_stats_min(b.value, 1, b.count) / gsl_stats_min(a.value, 1, a.count),
            .low = gsl_stats_quantile_from_sorted_data(ratios, 1, options.resamples, tail),
            .high = gsl_stats_quantile_from_sorted_data(ratios, 1, options.resamples, 1.0 - tail),
        };
    }
    if (rng)
        gsl_rng_free(rng);
    free(ratios);
    free(drawn);
    return ok;
}
