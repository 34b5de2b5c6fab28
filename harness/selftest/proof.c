#include "harness/selftest/proof.h"

#include "harness/base/say.h"
#include "harness/process/interrupt.h"
#include "harness/selftest/replay.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SEED_FALSE_ALARMS = 1, SEED_POWER = 2, SAY_EACH = 100 };

/* The chance p at which `count` or fewer (more: or more) of `of` have a chance of 5 %. By bisection: GSL's inverse of
 * the beta distribution does not converge for some counts, and ends the program. */
static double bound(struct assay_share s, bool more)
{
    double low = 0, high = 1;
    for (int i = 0; i < 60; i++) {
        const double p = (low + high) / 2;
        const double chance = more ? gsl_cdf_binomial_Q((unsigned)s.count - 1, p, (unsigned)s.of)
                                   : gsl_cdf_binomial_P((unsigned)s.count, p, (unsigned)s.of);
        if ((chance > 0.05) == more)
            high = p;
        else
            low = p;
    }
    return (low + high) / 2;
}

double assay_share_upper(struct assay_share s)
{
    return s.count < s.of ? bound(s, false) : 1;
}

double assay_share_lower(struct assay_share s)
{
    return s.count > 0 ? bound(s, true) : 0;
}

static size_t alarms(const struct assay_comparison_list *list)
{
    return list->verdicts[ASSAY_REGRESSED] + list->verdicts[ASSAY_IMPROVED] + list->verdicts[ASSAY_ERROR];
}

static bool one_quiet_night(struct assay_replay *replay, struct assay_false_alarms *result)
{
    struct assay_comparison_list list;
    assay_replay_draw(replay, replay->noise->count);
    if (!assay_replay_judge(replay, true, &list))
        return false;
    result->alone.count += alarms(&list) > 0;
    assay_comparison_list_free(&list);
    if (!assay_replay_judge(replay, false, &list))
        return false;
    result->reports.count += alarms(&list) > 0;
    result->inconclusive.count += list.verdicts[ASSAY_INCONCLUSIVE];
    result->inconclusive.of += list.count;
    assay_comparison_list_free(&list);
    return true;
}

bool assay_prove_false_alarms(const struct assay_noise *noise, size_t reports, struct assay_false_alarms *result)
{
    struct assay_replay replay;
    *result = (struct assay_false_alarms){0};
    bool good = assay_replay_open(noise, SEED_FALSE_ALARMS, &replay);
    for (size_t i = 0; good && i < reports; i++) {
        if (i % SAY_EACH == 0)
            assay_progress(true, "nights without a change: %zu of %zu", i, reports);
        good = !assay_interrupted() && one_quiet_night(&replay, result);
    }
    result->reports.of = result->alone.of = reports;
    result->remeasured = (double)replay.remeasured / (double)reports;
    assay_progress_end();
    assay_replay_close(&replay);
    return good;
}

/* What planting did: the median, over series and sweeps, of the ratio of least times. */
static double planted_ratio(const struct assay_noise *noise, size_t kernel)
{
    double *ratios = malloc((noise->count * noise->sweeps + 1) * sizeof(*ratios));
    size_t count = 0;
    for (size_t i = 0; ratios && i < noise->count; i++) {
        const struct assay_noise_series *planted = &noise->items[i], *ours = &noise->items[planted->ours];
        for (size_t s = 0; planted->kernel == kernel && s < noise->sweeps; s++)
            ratios[count++] = gsl_stats_min(planted->least + s * noise->processes, 1, noise->processes) /
                              gsl_stats_min(ours->least + s * noise->processes, 1, noise->processes);
    }
    double median = NAN;
    if (count > 0) {
        gsl_sort(ratios, 1, count);
        median = gsl_stats_median_from_sorted_data(ratios, 1, count);
    }
    free(ratios);
    return median;
}

static bool one_planted_night(struct assay_replay *replay, size_t kernel, struct assay_power *result)
{
    struct assay_comparison_list list;
    assay_replay_draw(replay, assay_replay_choose(replay, kernel));
    if (!assay_replay_judge(replay, false, &list))
        return false;
    const char *planted = replay->noise->items[replay->noise->items[replay->planted].ours].id;
    bool found = false, other = false;
    for (size_t i = 0; i < list.count; i++) {
        const bool said = list.items[i].verdict == ASSAY_REGRESSED,
                   here = strcmp(list.items[i].series_id, planted) == 0;
        found = found || (said && here);
        other = other || (!here && (said || list.items[i].verdict == ASSAY_IMPROVED));
    }
    result->regressed[kernel].count += found;
    result->others[kernel].count += other;
    assay_comparison_list_free(&list);
    return true;
}

bool assay_prove_power(const struct assay_noise *noise, size_t reports, struct assay_power *result)
{
    struct assay_replay replay;
    *result = (struct assay_power){0};
    bool good = assay_replay_open(noise, SEED_POWER, &replay);
    for (size_t kernel = 1; good && kernel < ASSAY_NOISE_KERNELS; kernel++) {
        result->median[kernel] = planted_ratio(noise, kernel);
        for (size_t i = 0; good && i < reports; i++) {
            if (i % SAY_EACH == 0)
                assay_progress(true, "nights with a kernel %s slower: %zu of %zu", assay_noise_kernels[kernel].name, i,
                               reports);
            good = !assay_interrupted() && one_planted_night(&replay, kernel, result);
        }
        result->regressed[kernel].of = result->others[kernel].of = reports;
    }
    assay_progress_end();
    assay_replay_close(&replay);
    return good;
}
