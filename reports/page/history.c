#include "reports/page/history.h"

#include "reports/page/columns.h"
#include "reports/stats/changepoint.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 50000 }; /* points: some 400 kB */

struct line {
    const struct assay_history_trend *trend;
    struct assay_changepoints changes, error_changes; /* of the value; of the mode's error */
    bool chosen;
};

struct lines {
    struct line *items;
    size_t count, omitted;
    struct page_pool runs;  /* [id, started, commit] of each */
    struct page_pool spans; /* the runs' numbers of a series: of most series the same */
};

typedef double (*measure)(const struct assay_history_point *point);

static double value_of(const struct assay_history_point *point)
{
    return point->value;
}

static double error_of(const struct assay_history_point *point)
{
    return point->mode_error;
}

static double task_of(const struct assay_history_point *point)
{
    return point->task_value;
}

static bool find_changes(const struct assay_history_trend *trend, measure of, bool exact,
                         struct assay_changepoints *changes)
{
    double *values = calloc(trend->count > 0 ? trend->count : 1, sizeof(*values));
    for (size_t i = 0; values && i < trend->count; i++)
        values[i] = of(&trend->points[i]);
    const bool good =
        values && assay_changepoints_find(values, trend->count, assay_changepoint_defaults(exact), changes);
    free(values);
    return good;
}

static bool is_best(const struct assay_history_trend *trend)
{
    const char *role = strrchr(trend->series_id, '/');
    return role && strcmp(role, "/best") == 0;
}

/* What changed comes first, then what selection takes, then the rest. */
static int rank_of(const struct line *line)
{
    return line->changes.count + line->error_changes.count > 0 ? 0 : is_best(line->trend) ? 1 : 2;
}

static void choose(struct lines *lines)
{
    size_t points = 0;
    for (int rank = 0; rank <= 2; rank++) {
        for (size_t i = 0; i < lines->count; i++) {
            struct line *line = &lines->items[i];
            if (rank_of(line) != rank || points + line->trend->count > ROOM)
                continue;
            line->chosen = true;
            points += line->trend->count;
        }
    }
    for (size_t i = 0; i < lines->count; i++)
        lines->omitted += !lines->items[i].chosen;
}

static json_int_t put_run(struct page_pool *runs, const struct assay_history_point *point)
{
    json_t *run = json_pack("[sss?]", point->run_id, point->started ? point->started : "", point->commit);
    const json_int_t number = run ? page_pool_put(runs, run) : -1;
    json_decref(run);
    return number;
}

/* The number of the span of a series; -1: out of memory. */
static json_int_t put_span(struct lines *lines, const struct assay_history_trend *trend)
{
    json_t *span = json_array();
    bool good = span;
    for (size_t i = 0; good && i < trend->count; i++) {
        const json_int_t run = put_run(&lines->runs, &trend->points[i]);
        good = run >= 0 && json_array_append_new(span, json_integer(run)) == 0;
    }
    const json_int_t number = good ? page_pool_put(&lines->spans, span) : -1;
    json_decref(span);
    return number;
}

/* 0 in place of the array where nothing is known. */
static void write_values(const struct assay_history_trend *trend, measure of, FILE *out)
{
    bool any = false;
    for (size_t i = 0; i < trend->count; i++)
        any = any || isfinite(of(&trend->points[i]));
    if (!any) {
        fputs(",0", out);
        return;
    }
    for (size_t i = 0; i < trend->count; i++) {
        const double value = of(&trend->points[i]);
        fputs(i > 0 ? "," : ",[", out);
        if (!isfinite(value))
            fputs("null", out);
        else if (i > 0 && value == of(&trend->points[i - 1]))
            fputs("\"\"", out); /* as before: errors and counts seldom change */
        else
            fprintf(out, value == floor(value) ? "%.15g" : "%.6g", value);
    }
    fputc(']', out);
}

static void write_changes(const struct assay_changepoints *changes, FILE *out)
{
    fputs(",[", out);
    for (size_t i = 0; i < changes->count; i++) {
        const struct assay_changepoint *change = &changes->items[i];
        fprintf(out, "%s[%zu,", i > 0 ? "," : "", change->index);
        page_number(change->before, out);
        fputc(',', out);
        page_number(change->after, out);
        fputc(',', out);
        page_number(change->p, out);
        fputc(']', out);
    }
    fputc(']', out);
}

static bool write_line(const struct line *line, struct lines *lines, FILE *out)
{
    fputs("\n[", out);
    bool good = page_string(line->trend->series_id, out);
    fputc(',', out);
    good = good && page_string(line->trend->metric, out);
    const json_int_t span = put_span(lines, line->trend);
    good = good && span >= 0;
    fprintf(out, ",%" JSON_INTEGER_FORMAT, span);
    write_values(line->trend, value_of, out);
    write_changes(&line->changes, out);
    write_values(line->trend, error_of, out);
    write_changes(&line->error_changes, out);
    write_values(line->trend, task_of, out);
    fputc(']', out);
    return good;
}

static bool write_lines(struct lines *lines, FILE *out)
{
    bool good = true, first = true;
    fputs("{\"series\":[", out);
    for (size_t i = 0; good && i < lines->count; i++) {
        if (!lines->items[i].chosen)
            continue;
        fputs(first ? "" : ",", out);
        first = false;
        good = write_line(&lines->items[i], lines, out);
    }
    fprintf(out, "],\n\"omitted\":%zu,\n\"runs\":", lines->omitted);
    good = good && page_json(lines->runs.values, out);
    fputs(",\n\"spans\":", out);
    good = good && page_json(lines->spans.values, out);
    fputc('}', out);
    return good;
}

bool page_history(const struct assay_history_trends *trends, FILE *out)
{
    struct lines lines = {.items = calloc(trends->count > 0 ? trends->count : 1, sizeof(*lines.items))};
    bool good = page_pool_make(&lines.runs) && page_pool_make(&lines.spans) && lines.items;
    for (; good && lines.count < trends->count; lines.count++) {
        struct line *line = &lines.items[lines.count];
        line->trend = &trends->items[lines.count];
        const bool exact = line->trend->metric && strcmp(line->trend->metric, "ns") != 0;
        good = find_changes(line->trend, value_of, exact, &line->changes) &&
               find_changes(line->trend, error_of, true, &line->error_changes);
    }
    choose(&lines);
    good = good && write_lines(&lines, out);
    for (size_t i = 0; i < lines.count; i++) {
        assay_changepoints_free(&lines.items[i].changes);
        assay_changepoints_free(&lines.items[i].error_changes);
    }
    free(lines.items);
    page_pool_free(&lines.runs);
    page_pool_free(&lines.spans);
    return good;
}
