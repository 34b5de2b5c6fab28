#include "harness/base/memory.h"
#include "harness/base/printable.h"
#include "harness/base/say.h"
#include "harness/commands/data_parts.h"
#include "harness/commands/history_parts.h"
#include "reports/store/changes.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { SPARKS = 72 }; /* as many of the newest points are drawn */

struct options {
    const char *db, *series;
    size_t last;
    bool json, points;
};

static const char doc[] =
    "Show series over time, and since when they are at another level. SERIES is a series_id or a pattern such as "
    "'x86_64/*/int8/*/best'; quote it.\v"
    "Where one series matches, each of its points is a line; where several do, each of them is a few lines "
    "(--points: all). "
    "A line that begins with > is a change: by how much, and how probable as much would be in the noise had nothing "
    "changed (docs/history.md). Counts, and a mode's error, are exact, and have no such probability.";

static const struct argp_option options[] = {
    {"last", 'n', "N", 0, "Only the last N points of each series", 0},
    {"points", 'p', NULL, 0, "A line for each point, also of several series", 0},
    {"json", 'j', NULL, 0, "Print JSON", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->db;
        return 0;
    case 'n':
        o->last = (size_t)assay_data_number(argument, 1, UINT32_MAX, "--last", state);
        return 0;
    case 'p':
        o->points = true;
        return 0;
    case 'j':
        o->json = true;
        return 0;
    case ARGP_KEY_ARG:
        if (o->series)
            argp_error(state, "'%s' is too much: give one pattern, in quotes", argument);
        o->series = argument;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "say which series: a series_id, or a pattern such as '*/int8/*/best'");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static json_t *number_json(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *point_json(const struct assay_history_point *point)
{
    return json_pack("{ss ss ss? ss? ss ss? so so so ss?}", "run_id", point->run_id, "started", point->started,
                     "commit", point->commit, "kernel", point->kernel, "outcome", point->outcome, "code_hash",
                     point->code_hash, "value", number_json(point->value), "mode_error", number_json(point->mode_error),
                     "task_value", number_json(point->task_value), "task_metric", point->task_metric);
}

static json_t *change_json(const struct assay_history_change *change, const struct assay_history_trend *trend)
{
    const struct assay_history_point *point = &trend->points[change->point.index];
    return json_pack("{ss sI ss ss? so so so sb}", "aspect", assay_aspect_name(change->aspect), "index",
                     (json_int_t)change->point.index, "run_id", point->run_id, "commit", point->commit, "before",
                     number_json(change->point.before), "after", number_json(change->point.after), "p",
                     number_json(change->point.p), "worse", change->worse);
}

static json_t *trend_json(const struct assay_history_trend *trend, const struct assay_history_changes *changes)
{
    json_t *points = json_array(), *marks = json_array();
    for (size_t i = 0; i < trend->count; i++)
        json_array_append_new(points, point_json(&trend->points[i]));
    for (size_t i = 0; i < changes->count; i++)
        json_array_append_new(marks, change_json(&changes->items[i], trend));
    return json_pack("{ss ss? so so}", "series_id", trend->series_id, "metric", trend->metric, "points", points,
                     "change_points", marks);
}

/* Eight heights between the least and the greatest value; a point without a value is a gap. */
static void print_sparks(const struct assay_history_trend *trend)
{
    static const char *const bars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    const size_t begin = trend->count > SPARKS ? trend->count - SPARKS : 0;
    double low = INFINITY, high = -INFINITY;
    for (size_t i = begin; i < trend->count; i++) {
        low = fmin(low, trend->points[i].value);
        high = fmax(high, trend->points[i].value);
    }
    fputs("  ", stdout);
    for (size_t i = begin; i < trend->count; i++) {
        const double value = trend->points[i].value;
        fputs(isnan(value) ? " " : high > low ? bars[(int)((value - low) / (high - low) * 7.999)] : bars[0], stdout);
    }
    putchar('\n');
}

/* What may be behind it: another kernel, or nothing of ours. */
static void print_code(const struct assay_history_point *now, const struct assay_history_point *before)
{
    if (now->kernel && before->kernel && strcmp(now->kernel, before->kernel) != 0)
        printf("; %s -> %s", assay_printable(before->kernel), assay_printable(now->kernel));
    else if (now->code_hash && before->code_hash && strcmp(now->code_hash, before->code_hash) == 0)
        fputs("; the same machine code", stdout);
}

static void print_change(const struct assay_history_change *change, const struct assay_history_trend *trend)
{
    static const char *const words[ASSAY_ASPECTS][2] = {
        [ASSAY_ASPECT_TIME] = {"faster", "slower"},
        [ASSAY_ASPECT_COUNT] = {"fewer instructions", "more instructions"},
        [ASSAY_ASPECT_ACCURACY] = {"smaller error", "larger error"},
        [ASSAY_ASPECT_TASK] = {"better at its task", "worse at its task"},
    };
    const struct assay_history_point *point = &trend->points[change->point.index];
    const double before = change->point.before, after = change->point.after;
    printf("> %s  %-13s  %s: %.6g -> %.6g", assay_printable(point->started),
           assay_printable(assay_history_commit(point->commit, false)), words[change->aspect][change->worse], before,
           after);
    if (before != 0)
        printf(" (%+.2f %%)", 100 * (after / before - 1));
    if (change->aspect == ASSAY_ASPECT_TIME)
        printf(", p %.2g", change->point.p);
    print_code(point, change->point.index > 0 ? point - 1 : point);
    putchar('\n');
}

static const char *number_text(double value, int digits)
{
    return isnan(value) ? "-" : assay_format("%.*g", digits, value);
}

static void print_points(const struct assay_history_trend *trend, const struct assay_history_changes *changes)
{
    size_t next = 0;
    printf("  %-20s  %-13s  %14s  %10s  %10s  %s\n", "started", "commit",
           trend->metric ? assay_printable(trend->metric) : "value", "error", "task", "kernel");
    for (size_t i = 0; i < trend->count; i++) {
        const struct assay_history_point *point = &trend->points[i];
        for (; next < changes->count && changes->items[next].point.index == i; next++)
            print_change(&changes->items[next], trend);
        const bool passed = strcmp(point->outcome, "pass") == 0;
        printf("  %-20s  %-13s  %14s  %10s  %10s  %s%s%s\n", assay_printable(point->started),
               assay_printable(assay_history_commit(point->commit, false)), number_text(point->value, 9),
               number_text(point->mode_error, 4), number_text(point->task_value, 5),
               point->kernel ? assay_printable(point->kernel) : "-", passed ? "" : "  ",
               passed ? "" : assay_printable(point->outcome));
    }
}

static void print_trend(const struct assay_history_trend *trend, const struct assay_history_changes *changes,
                        bool all_points)
{
    printf("%s: %zu run%s, %s\n", assay_printable(trend->series_id), trend->count, trend->count == 1 ? "" : "s",
           trend->metric ? assay_printable(trend->metric) : "-");
    print_sparks(trend);
    if (all_points)
        print_points(trend, changes);
    else
        for (size_t i = 0; i < changes->count; i++)
            print_change(&changes->items[i], trend);
}

static bool show(const struct options *o, const struct assay_history_trends *trends)
{
    json_t *list = json_array();
    bool good = list;
    for (size_t i = 0; good && i < trends->count; i++) {
        struct assay_history_changes changes;
        good = assay_history_changes_find(&trends->items[i], &changes);
        if (good && o->json)
            json_array_append_new(list, trend_json(&trends->items[i], &changes));
        else if (good)
            print_trend(&trends->items[i], &changes, o->points || trends->count == 1);
        assay_history_changes_free(&changes);
    }
    if (good && o->json) {
        json_dumpf(list, stdout, JSON_INDENT(2));
        putchar('\n');
    }
    json_decref(list);
    if (!good)
        assay_say("out of memory");
    return good;
}

int assay_history_word_trend(int argc, char **argv)
{
    static const struct argp_child children[] = {{&assay_history_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {options, parse, "SERIES", doc, children, NULL, NULL};
    struct options o = {0};
    char message[ASSAY_HISTORY_MESSAGE];
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    struct assay_history *history = assay_history_of(o.db, ASSAY_HISTORY_READ);
    if (!history)
        return ASSAY_EXIT_USAGE;
    struct assay_history_trends trends;
    bool good = assay_history_trend(history, o.series, o.last, &trends, message);
    assay_history_close(history);
    if (!good) {
        assay_say("%s", message);
    } else if (trends.count == 0) {
        assay_say("%s: no series matches '%s'; assay history show latest lists what there is", assay_history_path(o.db),
                  o.series);
        good = false;
    } else {
        good = show(&o, &trends);
    }
    assay_history_trends_free(&trends);
    return good ? ASSAY_EXIT_FINE : ASSAY_EXIT_USAGE;
}
