#include "reports/store/database.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

/* The series that match, in the order of their names. */
static const char series_sql[] = "SELECT id, series_id FROM series ORDER BY series_id";

/* The newest ?2 of a series, newest first: -1 is all. */
static const char points_sql[] =
    "SELECT run_id, started, commit_id, kernel, outcome, code_hash, value, mode_error, task_value, metric, task_metric "
    "FROM records JOIN runs ON runs.id = run WHERE series = ?1 ORDER BY started DESC, run DESC LIMIT ?2";

static void *grow(void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    *capacity = *capacity ? 2 * *capacity : 16;
    return realloc(items, *capacity * size);
}

static void free_point(const struct assay_history_point *point)
{
    free(point->run_id);
    free(point->started);
    free(point->commit);
    free(point->kernel);
    free(point->outcome);
    free(point->code_hash);
    free(point->task_metric);
}

static bool read_point(struct assay_history_trend *trend, size_t *capacity, sqlite3_stmt *row)
{
    struct assay_history_point *points = grow(trend->points, trend->count, capacity, sizeof(*points));
    if (!points)
        return false;
    trend->points = points;
    struct assay_history_point *point = &points[trend->count++];
    *point = (struct assay_history_point){.value = assay_database_real(row, 6),
                                          .mode_error = assay_database_real(row, 7),
                                          .task_value = assay_database_real(row, 8)};
    /* The metric is that of the newest point. */
    return (trend->metric || assay_database_text(row, 9, &trend->metric)) &&
           assay_database_text(row, 0, &point->run_id) && assay_database_text(row, 1, &point->started) &&
           assay_database_text(row, 2, &point->commit) && assay_database_text(row, 3, &point->kernel) &&
           assay_database_text(row, 4, &point->outcome) && assay_database_text(row, 5, &point->code_hash) &&
           assay_database_text(row, 10, &point->task_metric);
}

static void reverse(struct assay_history_trend *trend)
{
    for (size_t i = 0; i < trend->count / 2; i++) {
        const struct assay_history_point point = trend->points[i];
        trend->points[i] = trend->points[trend->count - 1 - i];
        trend->points[trend->count - 1 - i] = point;
    }
}

static bool read_points(const struct assay_history *history, sqlite3_stmt *points, struct assay_history_trend *trend,
                        char *message)
{
    size_t capacity = 0;
    int step;
    bool good = true;
    while (good && (step = sqlite3_step(points)) != SQLITE_DONE)
        good = step == SQLITE_ROW
                   ? read_point(trend, &capacity, points) || assay_database_out_of_memory(history, message)
                   : assay_database_fail(history, message);
    sqlite3_reset(points);
    reverse(trend);
    return good;
}

static bool read_series(const struct assay_history *history, sqlite3_stmt *series, sqlite3_stmt *points,
                        struct assay_history_trends *trends, size_t *capacity, char *message)
{
    struct assay_history_trend *items = grow(trends->items, trends->count, capacity, sizeof(*items));
    if (!items)
        return assay_database_out_of_memory(history, message);
    trends->items = items;
    struct assay_history_trend *trend = &items[trends->count++];
    *trend = (struct assay_history_trend){0};
    sqlite3_bind_int64(points, 1, sqlite3_column_int64(series, 0));
    return assay_database_text(series, 1, &trend->series_id) ? read_points(history, points, trend, message)
                                                             : assay_database_out_of_memory(history, message);
}

/* A name may hold what a glob means something by. */
static bool matches(const char *glob, const char *name)
{
    return strcmp(glob, name) == 0 || fnmatch(glob, name, 0) == 0;
}

static bool read_all(const struct assay_history *history, sqlite3_stmt *series, sqlite3_stmt *points, const char *glob,
                     struct assay_history_trends *trends, char *message)
{
    size_t capacity = 0;
    int step;
    while ((step = sqlite3_step(series)) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(series, 1);
        if (!name)
            return assay_database_out_of_memory(history, message);
        if (matches(glob, name) && !read_series(history, series, points, trends, &capacity, message))
            return false;
    }
    return step == SQLITE_DONE || assay_database_fail(history, message);
}

bool assay_history_trend(struct assay_history *history, const char *glob, size_t last,
                         struct assay_history_trends *trends, char *message)
{
    *trends = (struct assay_history_trends){0};
    sqlite3_stmt *series = assay_database_prepare(history, series_sql, message);
    sqlite3_stmt *points = series ? assay_database_prepare(history, points_sql, message) : NULL;
    bool good = points;
    if (good) {
        sqlite3_bind_int64(points, 2, last > 0 && last < (size_t)1 << 62 ? (sqlite3_int64)last : -1);
        good = read_all(history, series, points, glob, trends, message);
    }
    sqlite3_finalize(series);
    sqlite3_finalize(points);
    if (!good)
        assay_history_trends_free(trends);
    return good;
}

void assay_history_trends_free(struct assay_history_trends *trends)
{
    for (size_t i = 0; i < trends->count; i++) {
        const struct assay_history_trend *trend = &trends->items[i];
        for (size_t j = 0; j < trend->count; j++)
            free_point(&trend->points[j]);
        free(trend->points);
        free(trend->series_id);
        free(trend->metric);
    }
    free(trends->items);
    *trends = (struct assay_history_trends){0};
}
