#include "suites/eval/metrics.h"

#include <math.h>
#include <stdlib.h>

void metrics_add(struct metrics_error *error, const double *values, const double *references, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const double difference = values[i] - references[i], size = fabs(difference);
        error->sum += difference;
        error->absolute += size;
        error->squared += difference * difference;
        error->reference_squared += references[i] * references[i];
        if (size > error->most || isnan(size)) /* nothing is above NaN: it stays */
            error->most = size;
    }
    error->count += count;
}

double metrics_mean(const struct metrics_error *error)
{
    return error->sum / (double)error->count;
}

double metrics_mean_absolute(const struct metrics_error *error)
{
    return error->absolute / (double)error->count;
}

double metrics_mean_squared(const struct metrics_error *error)
{
    return error->squared / (double)error->count;
}

double metrics_reference_rms(const struct metrics_error *error)
{
    return sqrt(error->reference_squared / (double)error->count);
}

double metrics_sqnr(const struct metrics_error *error)
{
    return error->squared == 0 && error->count > 0 ? INFINITY : 10 * log10(error->reference_squared / error->squared);
}

size_t metrics_largest(const double *values, size_t count)
{
    size_t best = 0;
    for (size_t i = 1; i < count; i++)
        if (values[i] > values[best] || (isnan(values[best]) && !isnan(values[i])))
            best = i;
    return best;
}

/* -1, 0, 1; NaN equals NaN and is below the rest, so that the order is a total one. */
static int order(double a, double b)
{
    if (isnan(a) || isnan(b))
        return isnan(b) - isnan(a);
    return (a > b) - (a < b);
}

static int order_indexes(const void *a, const void *b, void *scores)
{
    return order(((const double *)scores)[*(const size_t *)a], ((const double *)scores)[*(const size_t *)b]);
}

double metrics_auc(const double *scores, const int32_t *labels, size_t count, size_t *scratch)
{
    double rank_sum = 0, positives = 0;
    for (size_t i = 0; i < count; i++)
        scratch[i] = i;
    qsort_r(scratch, count, sizeof(*scratch), order_indexes, (void *)scores);
    for (size_t first = 0, next; first < count; first = next) {
        for (next = first + 1; next < count && order(scores[scratch[first]], scores[scratch[next]]) == 0;)
            next++;
        const double rank = ((double)first + 1 + (double)next) / 2; /* equal scores share the mean of their ranks */
        for (size_t i = first; i < next; i++) {
            rank_sum += labels[scratch[i]] == 1 ? rank : 0;
            positives += labels[scratch[i]] == 1;
        }
    }
    return (rank_sum - positives * (positives + 1) / 2) / (positives * ((double)count - positives));
}
