/* Metrics against brute force. */
#include "suites/eval/metrics.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static int failures;

#define EXPECT(condition, ...)                              \
    do {                                                    \
        if (!(condition)) {                                 \
            fprintf(stderr, "%s:%d: ", __FILE__, __LINE__); \
            fprintf(stderr, __VA_ARGS__);                   \
            fputc('\n', stderr);                            \
            failures++;                                     \
        }                                                   \
    } while (0)

static uint32_t random_number(void)
{
    static uint64_t state = 88172645463325252u;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 16);
}

static bool near(double a, double b)
{
    return (isnan(a) && isnan(b)) || a == b || fabs(a - b) <= 1e-12 * fmax(fabs(a), fabs(b));
}

/* All pairs of a positive and a negative. */
static double pairs(const double *scores, const int32_t *labels, size_t count)
{
    double won = 0, all = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++) {
            if (labels[i] != 1 || labels[k] != 0)
                continue;
            const bool i_none = isnan(scores[i]), k_none = isnan(scores[k]);
            const bool above = i_none ? false : k_none || scores[i] > scores[k];
            const bool equal = i_none ? k_none : scores[i] == scores[k];
            won += above ? 1 : equal ? 0.5 : 0;
            all++;
        }
    return won / all;
}

static void check_auc(void)
{
    enum { MOST = 61 };
    double scores[MOST];
    int32_t labels[MOST];
    size_t scratch[MOST];
    for (int round = 0; round < 2000; round++) {
        const size_t count = random_number() % MOST;
        const uint32_t values = 1 + random_number() % 20; /* few: many ties */
        for (size_t i = 0; i < count; i++) {
            const uint32_t value = random_number() % values;
            scores[i] = round % 5 == 4 && value == 0   ? NAN
                        : round % 7 == 6 && value == 1 ? -INFINITY
                                                       : (double)value - 3;
            labels[i] = random_number() % (2 + (uint32_t)round % 9) == 0;
        }
        const double area = metrics_auc(scores, labels, count, scratch), expected = pairs(scores, labels, count);
        EXPECT(near(area, expected), "%zu scores: %.17g, not %.17g", count, area, expected);
    }
    const double known[] = {0.1, 0.4, 0.35, 0.8};
    const int32_t classes[] = {0, 0, 1, 1}, ones[] = {1, 1, 1, 1};
    EXPECT(metrics_auc(known, classes, 4, scratch) == 0.75, "the area of four known scores is not 3/4");
    EXPECT(isnan(metrics_auc(known, ones, 4, scratch)), "an area without negatives");
    EXPECT(isnan(metrics_auc(known, ones, 0, scratch)), "an area of nothing");
}

static void check_errors(void)
{
    enum { COUNT = 1000 };
    static double a[COUNT], b[COUNT];
    double sum = 0, absolute = 0, squared = 0, most = 0, reference = 0;
    for (size_t i = 0; i < COUNT; i++) {
        b[i] = (double)random_number() / 0x1p31 - 1;
        a[i] = b[i] + ((double)random_number() / 0x1p31 - 0.9) * 0.01;
        sum += a[i] - b[i];
        absolute += fabs(a[i] - b[i]);
        squared += (a[i] - b[i]) * (a[i] - b[i]);
        most = fmax(most, fabs(a[i] - b[i]));
        reference += b[i] * b[i];
    }
    struct metrics_error error = {0};
    for (size_t first = 0; first < COUNT; first += 125)
        metrics_add(&error, a + first, b + first, 125);
    EXPECT(near(metrics_mean(&error), sum / COUNT) && near(metrics_mean_absolute(&error), absolute / COUNT) &&
               near(metrics_mean_squared(&error), squared / COUNT) && error.most == most && error.count == COUNT,
           "sums differ");
    EXPECT(near(metrics_reference_rms(&error), sqrt(reference / COUNT)), "the reference's size differs");
    EXPECT(near(metrics_sqnr(&error), 10 * log10(reference / squared)), "SQNR differs");

    struct metrics_error equal = {0}, none = {0}, odd = {0};
    metrics_add(&equal, a, a, COUNT);
    EXPECT(isinf(metrics_sqnr(&equal)) && equal.most == 0, "equal values have an error");
    EXPECT(isnan(metrics_mean(&none)) && isnan(metrics_sqnr(&none)), "nothing has an error");
    const double values[] = {1, NAN, 3, 9}, wanted[] = {1, 2, 2, 2};
    metrics_add(&odd, values, wanted, 4);
    EXPECT(isnan(odd.most) && isnan(metrics_sqnr(&odd)) && isnan(metrics_mean(&odd)), "NaN was lost");
}

static void check_largest(void)
{
    const double rising[] = {1, 2, 3}, ties[] = {-1, 5, 5, 2}, odd[] = {NAN, -7, NAN, -3, NAN}, none[] = {NAN, NAN};
    EXPECT(metrics_largest(rising, 3) == 2 && metrics_largest(rising, 1) == 0, "the last is not the largest");
    EXPECT(metrics_largest(ties, 4) == 1, "the first of equal ones is not taken");
    EXPECT(metrics_largest(odd, 5) == 3 && metrics_largest(none, 2) == 0, "NaN is the largest");
}

int main(void)
{
    check_auc();
    check_errors();
    check_largest();
    return failures != 0;
}
