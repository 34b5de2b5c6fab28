#include "harness/revision/interval.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

struct assay_interval assay_interval_of(double *values, size_t count, double confidence)
{
    if (count == 0)
        return (struct assay_interval){NAN, NAN, NAN};
    gsl_sort(values, 1, count);
    size_t rank = 0;
    /* The median lies outside of [rank, count - 1 - rank] if at most `rank` values are on one side of it. */
    while (2 * (rank + 1) < count && 1 - 2 * gsl_cdf_binomial_P((unsigned)rank + 1, 0.5, (unsigned)count) >= confidence)
        rank++;
    return (struct assay_interval){gsl_stats_median_from_sorted_data(values, 1, count), values[rank],
                                   values[count - 1 - rank]};
}
