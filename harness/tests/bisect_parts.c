/* What bisecting decides by: the search over revisions, against all places where the change can be, and the interval of
 * a median, against coverage worked out by hand and by drawing. */
#include "harness/revision/interval.h"
#include "harness/revision/search.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static int failures;

#define EXPECT(condition, ...)                     \
    do {                                           \
        if (!(condition)) {                        \
            fprintf(stderr, "FAIL: " __VA_ARGS__); \
            fputc('\n', stderr);                   \
            failures++;                            \
        }                                          \
    } while (0)

static uint64_t state = 88172645463325252u;

static uint64_t draw(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

enum { MOST = 70 };

struct line {
    size_t culprit, judged, stop_after;
    unsigned char times[MOST];
    bool skipped[MOST];
};

static enum assay_judgement judge(void *context, size_t at)
{
    struct line *line = context;
    line->judged++;
    line->times[at]++;
    if (line->judged == line->stop_after)
        return ASSAY_JUDGED_STOP;
    return line->skipped[at] ? ASSAY_JUDGED_SKIP : at < line->culprit ? ASSAY_JUDGED_GOOD : ASSAY_JUDGED_BAD;
}

static void search_everywhere(void)
{
    for (size_t count = 1; count <= MOST; count++)
        for (size_t culprit = 0; culprit < count; culprit++) {
            struct line line = {.culprit = culprit};
            struct assay_search_result r;
            EXPECT(assay_search(count, judge, &line, &r), "%zu commits: stopped", count);
            EXPECT(r.first == culprit && r.last == culprit, "%zu commits: %zu to %zu, not %zu", count, r.first, r.last,
                   culprit);
            EXPECT(((size_t)1 << line.judged) < 2 * count, "%zu commits took %zu judgements", count, line.judged);
        }
}

/* With skips: the truth is among what is left, all that is left but the last was skipped, and none was judged twice. */
static void search_with_skips(void)
{
    for (size_t trial = 0; trial < 20000; trial++) {
        const size_t count = 1 + draw() % MOST;
        struct line line = {.culprit = draw() % count};
        struct assay_search_result r;
        size_t skips = 0;
        for (size_t i = 0; i < count; i++)
            line.skipped[i] = draw() % 4 == 0;
        EXPECT(assay_search(count, judge, &line, &r), "stopped");
        EXPECT(r.first <= line.culprit && line.culprit <= r.last, "%zu is not in %zu to %zu", line.culprit, r.first,
               r.last);
        for (size_t i = r.first; i < r.last; i++)
            EXPECT(line.skipped[i], "%zu was left, although it can be judged", i);
        for (size_t i = 0; i < count; i++) {
            EXPECT(line.times[i] <= 1, "%zu was judged %d times", i, line.times[i]);
            skips += line.skipped[i] && line.times[i];
        }
        /* A skip costs itself, and halves that are unequal. */
        EXPECT(line.judged <= 7 + 3 * skips, "%zu commits took %zu judgements, %zu of them skips", count, line.judged,
               skips);
    }
    struct line line = {.culprit = 5, .stop_after = 2};
    struct assay_search_result r;
    EXPECT(!assay_search(20, judge, &line, &r), "a stop was not passed on");
    EXPECT(line.judged == 2, "it went on after a stop");
}

/* The greatest k with 2 P(Bin(n, 1/2) < k) <= 2 %, from a table of the binomial distribution. */
static void interval_ranks(void)
{
    static const size_t known[][2] = {{1, 1}, {3, 1}, {8, 1}, {10, 1}, {11, 2}, {14, 3}, {16, 3}, {24, 6}};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        const size_t n = known[i][0], k = known[i][1];
        double values[32];
        for (size_t j = 0; j < n; j++)
            values[(j * 7) % n] = (double)(j + 1); /* in no order, if 7 and n have no common factor */
        if (n == 14)
            for (size_t j = 0; j < n; j++)
                values[j] = (double)(n - j);
        const struct assay_interval interval = assay_interval_of(values, n, 0.98);
        EXPECT(interval.low == (double)k && interval.high == (double)(n + 1 - k),
               "of %zu values: %g to %g, not %zu to %zu", n, interval.low, interval.high, k, n + 1 - k);
        EXPECT(interval.median == (double)(n + 1) / 2, "median of %zu: %g", n, interval.median);
    }
    EXPECT(isnan(assay_interval_of(NULL, 0, 0.98).median), "the median of nothing");
}

/* Whatever the distribution: here one with a long tail, whose median is 2. */
static void interval_coverage(void)
{
    enum { TRIALS = 20000 };
    for (size_t n = 8; n <= 24; n += 4) {
        size_t missed = 0;
        for (size_t trial = 0; trial < TRIALS; trial++) {
            double values[24];
            for (size_t i = 0; i < n; i++)
                values[i] = 1 / (((double)(draw() >> 11) + 1) * 0x1p-53);
            const struct assay_interval interval = assay_interval_of(values, n, 0.98);
            missed += interval.low > 2 || interval.high < 2;
        }
        /* Four standard deviations of the count above 2 %. */
        EXPECT((double)missed < 0.02 * TRIALS + 4 * sqrt(0.02 * TRIALS), "%zu values: missed %zu of %d", n, missed,
               TRIALS);
    }
}

int main(void)
{
    search_everywhere();
    search_with_skips();
    interval_ranks();
    interval_coverage();
    return failures > 0;
}
