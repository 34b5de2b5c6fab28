/* Change points: from which run on a series stood at another level, although perhaps no two neighbouring runs differed
 * by much.
 *
 * Timings are looked at as E-divisive does (Matteson and James, 2014): the split that sets the two sides farthest apart
 * is a change point if shuffling the values hardly ever sets them as far apart; then both sides are searched in turn.
 * Nothing is assumed of the noise but that its order means nothing, so that slow nights and outliers, however many,
 * raise no more false alarms than was asked for. What differs:
 * - means of clipped logarithms take the place of energy distances: as sharp for levels, and far cheaper. What lies
 * more than 3 standard deviations (estimated from neighbours' differences) from the median counts as 3;
 * - splits are sought in seeded intervals, too (Kovács et al., 2023), so that a level that came and went is found,
 * which a split of the whole dilutes;
 * - shuffling begins at the same seed for every series, and stops as soon as the answer is sure: where hardly any
 * chance is left, p is estimated by Gumbel's law for the largest of many;
 * - at last each point is placed anew between its neighbours, and those that change the level by too little are
 * dropped.
 *
 * Counts and errors of integer arithmetic repeat exactly: there every step is a change, and needs no test. */
#ifndef ASSAY_REPORTS_STATS_CHANGEPOINT_H
#define ASSAY_REPORTS_STATS_CHANGEPOINT_H

#include <stdbool.h>
#include <stddef.h>

struct assay_changepoint {
    size_t index;         /* of the first value of the new level */
    double before, after; /* medians from the change point before to this one, and from this one to the next */
    double p;             /* of no change, from shuffling; 0 where values are exact */
};

struct assay_changepoint_options {
    bool exact;          /* the series repeats exactly */
    double significance; /* chance that a series that never changed has any change point */
    double effect;       /* smallest change of the level that matters, relative to the one before */
};

struct assay_changepoint_options assay_changepoint_defaults(bool exact);

struct assay_changepoints {
    struct assay_changepoint *items;
    size_t count;
};

/* In order of time. Values that are NaN, and without `exact` those that are not positive and finite, are passed over;
 * indices are of the values as given. Fewer than 5 timings have no change points. False: out of memory. Free with
 * assay_changepoints_free(). */
bool assay_changepoints_find(const double *values, size_t count, struct assay_changepoint_options options,
                             struct assay_changepoints *result);

void assay_changepoints_free(struct assay_changepoints *points);

#endif
