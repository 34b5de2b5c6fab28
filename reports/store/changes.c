#include "reports/store/changes.h"

#include <stdlib.h>
#include <string.h>

static double value_of(const struct assay_history_point *point, enum assay_aspect aspect)
{
    return aspect == ASSAY_ASPECT_ACCURACY ? point->mode_error
           : aspect == ASSAY_ASPECT_TASK   ? point->task_value
                                           : point->value;
}

static struct assay_changepoint_options options_of(enum assay_aspect aspect)
{
    struct assay_changepoint_options options = assay_changepoint_defaults(aspect != ASSAY_ASPECT_TIME);
    if (aspect == ASSAY_ASPECT_ACCURACY)
        options.effect = assay_compare_defaults().error_effect;
    if (aspect == ASSAY_ASPECT_TASK)
        options.effect = 0;
    return options;
}

/* Of times, counts and errors less is better; of a task's value more is, unless it is an error, too. */
static bool is_worse(const struct assay_history_trend *trend, enum assay_aspect aspect, struct assay_changepoint change)
{
    const char *metric = trend->points[change.index].task_metric;
    const bool more_is_better = aspect == ASSAY_ASPECT_TASK && !(metric && strcmp(metric, "mse") == 0);
    return (change.after > change.before) != more_is_better;
}

static bool append(const struct assay_history_trend *trend, struct assay_history_changes *changes,
                   enum assay_aspect aspect, const struct assay_changepoints *points)
{
    if (points->count == 0)
        return true;
    struct assay_history_change *items = realloc(changes->items, (changes->count + points->count) * sizeof(*items));
    if (!items)
        return false;
    changes->items = items;
    for (size_t i = 0; i < points->count; i++) {
        const struct assay_changepoint point = points->items[i];
        items[changes->count++] = (struct assay_history_change){aspect, point, is_worse(trend, aspect, point)};
    }
    return true;
}

static bool find(const struct assay_history_trend *trend, enum assay_aspect aspect, double *values,
                 struct assay_history_changes *changes)
{
    struct assay_changepoints points;
    for (size_t i = 0; i < trend->count; i++)
        values[i] = value_of(&trend->points[i], aspect);
    if (!assay_changepoints_find(values, trend->count, options_of(aspect), &points))
        return false;
    const bool good = append(trend, changes, aspect, &points);
    assay_changepoints_free(&points);
    return good;
}

static int by_time(const void *a, const void *b)
{
    const struct assay_history_change *x = a, *y = b;
    const int order = (x->point.index > y->point.index) - (x->point.index < y->point.index);
    return order ? order : (int)x->aspect - (int)y->aspect;
}

bool assay_history_changes_find(const struct assay_history_trend *trend, struct assay_history_changes *changes)
{
    const bool counts = trend->metric && strcmp(trend->metric, "instructions") == 0;
    double *values = malloc((trend->count + 1) * sizeof(*values));
    *changes = (struct assay_history_changes){0};
    const bool good = values && find(trend, counts ? ASSAY_ASPECT_COUNT : ASSAY_ASPECT_TIME, values, changes) &&
                      find(trend, ASSAY_ASPECT_ACCURACY, values, changes) &&
                      find(trend, ASSAY_ASPECT_TASK, values, changes);
    free(values);
    if (!good)
        assay_history_changes_free(changes);
    else if (changes->count > 1)
        qsort(changes->items, changes->count, sizeof(*changes->items), by_time);
    return good;
}

void assay_history_changes_free(struct assay_history_changes *changes)
{
    free(changes->items);
    *changes = (struct assay_history_changes){0};
}
