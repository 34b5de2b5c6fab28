/* Whether two things that were measured in turn differ, by an exact test of the least times: if they do not, base and
 * now of each pair of processes might as well have been the other way round. */
#ifndef ASSAY_REPORTS_STATS_SWAPS_H
#define ASSAY_REPORTS_STATS_SWAPS_H

#include "reports/stats/pairs.h"

/* The chance, if base and now of each pair may be exchanged, that the logarithms of the ratios of least times (now /
 * base) of the groups of pairs, summed, are at least as far in `direction` (1: slower, -1: faster) as they are: a
 * randomization test (Fisher, The Design of Experiments, 1935), in strata, whose statistic needs no normal noise. It is
 * exact for any number of pairs. Least possible: 2 ^ -(all pairs). NaN: a group without pairs, or a time that is not
 * positive and finite. groups: 1 … ASSAY_SWAP_GROUPS. */
enum { ASSAY_SWAP_GROUPS = 8 };
double assay_swap_test(const struct assay_pairs *groups, size_t count, int direction);

#endif
