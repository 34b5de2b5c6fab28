#include "reports/stats/tests.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum { MOST_EXACT = 60 };

struct ranked {
    double value;
    size_t rank; /* twice the mid-rank, so that it is whole */
    bool first;  /* of the first set */
};

static int by_value(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    return (x->value > y->value) - (x->value < y->value);
}

/* Gives sorted items their ranks; returns the sum of t^3 - t over groups of t equal ones. */
static double rank_all(struct ranked *items, size_t count)
{
    double ties = 0;
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && items[end].value == items[i].value; end++)
            ;
        const double equal = (double)(end - i);
        ties += equal * equal * equal - equal;
        for (size_t j = i; j < end; j++)
            items[j].rank = i + 1 + end;
    }
    return ties;
}

/* Of all ways to choose `chosen` of the items, the share whose sum of ranks is as far from the mean as `sum` is. */
static double exact(const struct ranked *items, size_t count, size_t chosen, size_t sum)
{
    const size_t sums = count * (count + 1) + 1, mean = chosen * (count + 1);
    const size_t away = sum > mean ? sum - mean : mean - sum;
    double *ways = calloc((chosen + 1) * sums, sizeof(*ways)), all = 0, extreme = 0;
    if (!ways)
        return NAN;
    ways[0] = 1;
    for (size_t i = 0; i < count; i++)
        for (size_t k = chosen < i + 1 ? chosen : i + 1; k > 0; k--)
            for (size_t s = sums - 1; s + 1 > items[i].rank; s--)
                ways[k * sums + s] += ways[(k - 1) * sums + s - items[i].rank];
    for (size_t s = 0; s < sums; s++) {
        all += ways[chosen * sums + s];
        if ((s > mean ? s - mean : mean - s) >= away)
            extreme += ways[chosen * sums + s];
    }
    free(ways);
    return extreme / all;
}

static double approximate(size_t count, size_t chosen, size_t sum, double ties)
{
    const double n = (double)count, a = (double)chosen, b = n - a;
    const double variance = a * b / 12 * (n + 1 - ties / (n * (n - 1)));
    const double away = fabs((double)sum / 2 - a * (n + 1) / 2) - 0.5; /* continuity */
    return variance > 0 && away > 0 ? fmin(1, 2 * gsl_cdf_ugaussian_Q(away / sqrt(variance))) : 1;
}

double assay_mann_whitney(const double *a, size_t a_count, const double *b, size_t b_count)
{
    const size_t count = a_count + b_count;
    struct ranked *items = malloc((count + 1) * sizeof(*items));
    bool good = items && a_count > 0 && b_count > 0;
    for (size_t i = 0; good && i < count; i++) {
        items[i] = (struct ranked){.value = i < a_count ? a[i] : b[i - a_count], .first = i < a_count};
        good = isfinite(items[i].value);
    }
    double p = NAN;
    if (good) {
        qsort(items, count, sizeof(*items), by_value);
        const double ties = rank_all(items, count);
        size_t sum = 0;
        for (size_t i = 0; i < count; i++)
            sum += items[i].first ? items[i].rank : 0;
        p = count <= MOST_EXACT ? exact(items, count, a_count, sum) : approximate(count, a_count, sum, ties);
    }
    free(items);
    return p;
}

double assay_mcnemar(size_t lost, size_t won)
{
    const unsigned fewer = (unsigned)(lost < won ? lost : won), all = (unsigned)(lost + won);
    return fmin(1, 2 * gsl_cdf_binomial_P(fewer, 0.5, all));
}

static int by_p(const void *a, const void *b, void *values)
{
    const double *p = values, x = p[*(const size_t *)a], y = p[*(const size_t *)b];
    return (x > y) - (x < y);
}

bool assay_holm(double *p, size_t count)
{
    size_t *order = malloc((count + 1) * sizeof(*order)), tests = 0;
    if (!order)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!isnan(p[i]))
            order[tests++] = i;
    qsort_r(order, tests, sizeof(*order), by_p, p);
    double least = 0; /* an adjusted p is no smaller than those before it */
    for (size_t i = 0; i < tests; i++) {
        least = fmin(1, fmax(least, (double)(tests - i) * p[order[i]]));
        p[order[i]] = least;
    }
    free(order);
    return true;
}
