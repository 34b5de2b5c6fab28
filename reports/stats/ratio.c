/* GSL has the median absolute deviation. */
#include "reports/stats/ratio.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

/* Chosen on runs of one tree against itself on a shared machine, so that the interval holds 1 in 97 % or more of the
 * series and one run in six raises one false alarm among 200 series (docs/measuring.md). The tails are heavy: a
 * disturbance of the machine is no normal noise. */
static const double SPREADS = 1.5, DRIFTS = 4.0;
/* Minima of the same code differ by this without any reason to be seen. */
static const double RESOLUTION = 0.005;

/* The least and the second least. False: there are none. */
static bool best_processes(const double *minima, size_t count, double *least, double *second)
{
    *least = *second = INFINITY;
    for (size_t i = 0; i < count; i++) {
        if (!(minima[i] > 0.0 && isfinite(minima[i])))
            return false;
        *second = fmin(*second, fmax(*least, minima[i]));
        *least = fmin(*least, minima[i]);
    }
    return isfinite(*second);
}

bool assay_shift_of(const double *a, size_t a_count, const double *b, size_t b_count, struct assay_shift *shift)
{
    double least[2], second[2];
    if (!best_processes(a, a_count, &least[0], &second[0]) || !best_processes(b, b_count, &least[1], &second[1]))
        return false;
    shift->change = log(least[1] / least[0]);
    shift->spread = log(second[0] / least[0]) + log(second[1] / least[1]);
    return true;
}

double assay_drift_of(double *changes, size_t count)
{
    if (count < 2)
        return 0.0;
    double *work = malloc(count * sizeof(*work));
    /* Without memory nothing is known: an interval that holds everything. */
    const double drift = work ? gsl_stats_mad(changes, 1, count, work) : INFINITY;
    free(work);
    return drift;
}

struct assay_ratio assay_ratio_of(struct assay_shift shift, double drift, double resolution)
{
    const double width = hypot(hypot(SPREADS * shift.spread, DRIFTS * drift), RESOLUTION + resolution);
    return (struct assay_ratio){
        .estimate = exp(shift.change),
        .low = exp(shift.change - width),
        .high = exp(shift.change + width),
    };
}
