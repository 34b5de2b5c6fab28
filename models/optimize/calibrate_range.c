#include "models/optimize/calibrate_range.h"

#include <math.h>

bool assay_watched_take(struct assay_watched *watched, const float *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(values[i]))
            return false;
        watched->sample_low = fmin(watched->sample_low, (double)values[i]);
        watched->sample_high = fmax(watched->sample_high, (double)values[i]);
    }
    return true;
}

void assay_watched_end_sample(struct assay_watched *watched, double momentum)
{
    const double low = watched->sample_low, high = watched->sample_high;
    watched->sample_low = INFINITY;
    watched->sample_high = -INFINITY;
    if (low > high)
        return;
    const bool averages = watched->seen && momentum > 0;
    watched->least = watched->seen ? fmin(watched->least, low) : low;
    watched->most = watched->seen ? fmax(watched->most, high) : high;
    watched->low = averages ? momentum * watched->low + (1 - momentum) * low : watched->least;
    watched->high = averages ? momentum * watched->high + (1 - momentum) * high : watched->most;
    watched->seen = true;
}

bool assay_watched_start_histogram(struct assay_watched *watched)
{
    if (!watched->seen || !(watched->low < watched->high))
        return true;
    watched->histogram = gsl_histogram_alloc(ASSAY_CALIBRATION_BINS);
    /* A bin has its lower border, not its upper one: the largest value must lie below the end. */
    return watched->histogram &&
           gsl_histogram_set_ranges_uniform(watched->histogram, watched->low,
                                            watched->high + (watched->high - watched->low) * 1e-9) == 0;
}

void assay_watched_count(struct assay_watched *watched, const float *values, size_t count)
{
    for (size_t i = 0; watched->histogram && i < count; i++)
        gsl_histogram_increment(watched->histogram, (double)values[i]);
}

/* Where, from the low end on, `share` of all values has been passed; within a bin they are taken as evenly spread. */
static double place_of(const gsl_histogram *histogram, double share)
{
    double left = share * gsl_histogram_sum(histogram);
    for (size_t i = 0; i < histogram->n; i++) {
        const double here = histogram->bin[i];
        if (here > 0 && here >= left)
            return histogram->range[i] + (histogram->range[i + 1] - histogram->range[i]) * (left / here);
        left -= here;
    }
    return histogram->range[histogram->n];
}

void assay_watched_cut_percentile(struct assay_watched *watched, double percentile)
{
    if (!watched->histogram)
        return;
    const double beyond = (1 - percentile / 100) / 2;
    const double low = place_of(watched->histogram, beyond), high = place_of(watched->histogram, 1 - beyond);
    watched->low = fmax(watched->low, low);
    watched->high = fmin(watched->high, high);
}

/* The sum of squares between the bins' middles and what stands for them in 256 steps from low to high. */
static double error_of(const gsl_histogram *histogram, double low, double high)
{
    const double scale = (high - low) / 255, zero = round(-low / scale);
    double sum = 0;
    for (size_t i = 0; i < histogram->n; i++) {
        if (histogram->bin[i] == 0)
            continue;
        const double x = (histogram->range[i] + histogram->range[i + 1]) / 2;
        const double q = fmin(fmax(round(x / scale) + zero, 0), 255), off = scale * (q - zero) - x;
        sum += histogram->bin[i] * off * off;
    }
    return sum;
}

/* Tries shares of *end, the other end being what it is, and leaves it at the best. */
static void improve(const gsl_histogram *histogram, double whole, double *end, const double *low, const double *high,
                    double *best)
{
    enum { TRIES = 128 };
    double chosen = *end;
    for (int i = 1; whole != 0 && i <= TRIES; i++) {
        *end = whole * i / TRIES;
        const double error = error_of(histogram, *low, *high);
        if (error < *best) {
            *best = error;
            chosen = *end;
        }
    }
    *end = chosen;
}

void assay_watched_cut_mse(struct assay_watched *watched)
{
    if (!watched->histogram)
        return;
    const double whole_low = fmin(watched->low, 0), whole_high = fmax(watched->high, 0);
    double low = whole_low, high = whole_high, best = error_of(watched->histogram, low, high);
    /* One end after the other: a change of one moves the best place of the other, but not far. */
    for (int round = 0; round < 4; round++) {
        improve(watched->histogram, whole_high, &high, &low, &high, &best);
        improve(watched->histogram, whole_low, &low, &low, &high, &best);
    }
    watched->low = low;
    watched->high = high;
}
