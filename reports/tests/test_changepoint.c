/* Change points: those that were made are found, where none was made few are, and odd input is no matter. */
#include "reports/stats/changepoint.h"
#include "reports/tests/check.h"
#include "reports/tests/detectors.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Over all kinds of noise. */
static struct score score_of(const struct detector *detector, enum labelled_shape shape, double size, size_t series)
{
    struct score score = {0};
    for (enum labelled_noise noise = 0; noise < LABELLED_NOISES; noise++)
        score_add(&score, detector, shape, noise, size, 1000 * ((unsigned long)shape + 1), series);
    return score;
}

static double recall(struct score score)
{
    return (double)score.right / (double)score.changes;
}

static void test_rates(void)
{
    const struct detector *ours = &detectors[DETECTOR_OURS];
    const struct score flat = score_of(ours, LABELLED_FLAT, 0, 500);
    /* At 0.001 for a series, 1.5 are expected of 1500; 6 or more would come once in 200 times. */
    CHECK(flat.with_alarm < 6, "%zu of %zu series that never change have change points", flat.with_alarm, flat.series);

    const struct score large = score_of(ours, LABELLED_STEP, 0.10, 100);
    CHECK(recall(large) > 0.9, "of steps of 10 %% %g were found within two nights", recall(large));
    CHECK((double)large.right / (double)large.alarms > 0.9, "%zu of %zu alarms at steps of 10 %% were right",
          large.right, large.alarms);
    const struct score stairs = score_of(ours, LABELLED_STAIRS, 0.05, 60);
    CHECK(recall(stairs) > 0.8, "of three steps of 5 %% %g were found", recall(stairs));
    const struct score visit = score_of(ours, LABELLED_VISIT, 0.10, 60);
    CHECK(recall(visit) > 0.7, "of levels that came and went %g of the ends were found", recall(visit));
    const struct score ramp = score_of(ours, LABELLED_RAMP, 0.10, 60);
    CHECK(ramp.with_alarm > 0.95 * (double)ramp.series, "%zu of %zu slides were found", ramp.with_alarm, ramp.series);
    struct score even_ramp = {0};
    score_add(&even_ramp, ours, LABELLED_RAMP, LABELLED_EVEN, 0.06, 1, 100);
    CHECK(even_ramp.with_alarm == even_ramp.series, "%zu of %zu slides in even noise were found", even_ramp.with_alarm,
          even_ramp.series);

    struct score small = {0};
    score_add(&small, ours, LABELLED_STEP, LABELLED_EVEN, 0.03, 1, 100);
    CHECK(recall(small) > 0.9, "of steps of three times the noise %g were found", recall(small));
    /* A detector that is right about everything would be a broken yardstick. */
    const struct score naive = score_of(&detectors[2], LABELLED_FLAT, 0, 20);
    CHECK(naive.with_alarm > naive.series / 2, "a threshold of 2 %% passed in noise of 1 %%");
}

/* What is found, as text: index:before>after … */
static const char *found(const double *values, size_t count, bool exact)
{
    static char text[512];
    struct assay_changepoints points;
    size_t length = 0;
    text[0] = '\0';
    CHECK(assay_changepoints_find(values, count, assay_changepoint_defaults(exact), &points), "out of memory");
    for (size_t i = 0; i < points.count && length < sizeof(text); i++)
        length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%zu:%g>%g", i ? " " : "",
                                   points.items[i].index, points.items[i].before, points.items[i].after);
    assay_changepoints_free(&points);
    return text;
}

#define FOUND(expected, exact, ...)                                                  \
    do {                                                                             \
        const double values[] = {__VA_ARGS__};                                       \
        const char *text = found(values, sizeof(values) / sizeof(values[0]), exact); \
        CHECK(strcmp(text, expected) == 0, "'%s', not '%s'", text, expected);        \
    } while (0)

static void test_exact(void)
{
    FOUND("", true, 5);
    FOUND("", true, 1000, 1000, 1000, 1000);
    FOUND("2:1000>1002", true, 1000, 1000, 1002);
    FOUND("1:1000>900 2:900>1000", true, 1000, 900, 1000);
    /* 0.04 % a night: seen when it has crept past 0.1 % of where it began. */
    FOUND("3:10000>10012 6:10012>10024", true, 10000, 10004, 10008, 10012, 10016, 10020, 10024);
    FOUND("", true, 10000, 10001, 9999, 10000);
    FOUND("3:0>1e-09", true, 0, 0, 0, 1e-9);
    FOUND("4:7>8", true, NAN, 7, NAN, 7, 8, NAN, 8);
    FOUND("", true, NAN, NAN);
}

static void test_too_little(void)
{
    FOUND("", false, 1, 9, 1, 9);
    FOUND("", false, 1, 1, 9, 9, 9);
    FOUND("", false, NAN, NAN, NAN, NAN, NAN, NAN);
    FOUND("", false, 0, -1, INFINITY, 0, -5, INFINITY, 0);
}

static void test_noise_edges(void)
{
    double values[200];
    CHECK(strcmp(found(values, 0, false), "") == 0, "found something in nothing");
    for (size_t i = 0; i < 200; i++)
        values[i] = 3;
    CHECK(strcmp(found(values, 200, false), "") == 0, "found something in a constant");
    values[100] = 50;
    CHECK(strcmp(found(values, 200, false), "") == 0, "took an outlier for a level");
    for (size_t i = 100; i < 200; i++)
        values[i] = 4;
    CHECK(strcmp(found(values, 200, false), "100:3>4") == 0, "'%s'", found(values, 200, false));
    /* Nights without a value count for nothing, but have their places. */
    for (size_t i = 0; i < 200; i += 3)
        values[i] = NAN;
    CHECK(strcmp(found(values, 200, false), "100:3>4") == 0, "'%s'", found(values, 200, false));
    /* A level that differs by less than matters. */
    for (size_t i = 0; i < 200; i++)
        values[i] = i < 100 ? 1000 : 1005;
    CHECK(strcmp(found(values, 200, false), "") == 0, "half a percent mattered");
    /* Extremes. */
    for (size_t i = 0; i < 200; i++)
        values[i] = i < 100 ? 1e-300 : 1e300;
    CHECK(strncmp(found(values, 200, false), "100:", 4) == 0, "'%s'", found(values, 200, false));
}

/* The same twice, and for a slower clock. */
/* Two levels that creep a little and have no noise at all: the step between them is where it is. */
static void test_creeping(void)
{
    double values[30];
    struct assay_changepoints points;
    for (size_t i = 0; i < 30; i++)
        values[i] = i < 18 ? 12619.06 + 0.4067 * (double)i : 15782.98 + 0.5083 * (double)(i - 18);
    CHECK(assay_changepoints_find(values, 30, assay_changepoint_defaults(false), &points), "no memory");
    CHECK(points.count == 1 && points.items[0].index == 18, "%zu points, the first at %zu", points.count,
          points.count > 0 ? points.items[0].index : 0);
    assay_changepoints_free(&points);
}

static void test_same(void)
{
    for (unsigned long seed = 0; seed < 20; seed++) {
        struct labelled s = labelled_series(LABELLED_STAIRS, LABELLED_MODES, 0.05, seed);
        struct assay_changepoints once, again;
        const struct assay_changepoint_options options = assay_changepoint_defaults(false);
        CHECK(assay_changepoints_find(s.value, s.count, options, &once), "out of memory");
        for (size_t i = 0; i < s.count; i++)
            s.value[i] *= 1024;
        CHECK(assay_changepoints_find(s.value, s.count, options, &again), "out of memory");
        CHECK(once.count == again.count, "%zu change points, and then %zu", once.count, again.count);
        for (size_t i = 0; i < once.count && i < again.count; i++)
            CHECK(once.items[i].index == again.items[i].index, "%zu, and then %zu", once.items[i].index,
                  again.items[i].index);
        assay_changepoints_free(&once);
        assay_changepoints_free(&again);
    }
}

int main(void)
{
    test_rates();
    test_exact();
    test_too_little();
    test_noise_edges();
    test_creeping();
    test_same();
    return finish_checks();
}
