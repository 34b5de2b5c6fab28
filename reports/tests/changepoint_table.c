/* Prints the table of docs/history.md: change points beside what others use, on the same labelled series. */
#include "reports/tests/detectors.h"

#include <stdio.h>

enum { SERIES = 100 };

/* Steps from the size of the noise to ten times of it. */
static const double sizes[] = {0.01, 0.02, 0.03, 0.05, 0.10};

static double percent(size_t part, size_t whole)
{
    return whole ? 100.0 * (double)part / (double)whole : 0;
}

static void print_noise(const struct detector *detector, enum labelled_noise noise)
{
    struct score flat = {0}, steps = {0}, ramps = {0};
    score_add(&flat, detector, LABELLED_FLAT, noise, 0, 1, 5 * SERIES);
    for (enum labelled_shape shape = LABELLED_STEP; shape <= LABELLED_STAIRS; shape++)
        for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
            score_add(&steps, detector, shape, noise, sizes[i], 100000 + 1000 * i, SERIES);
    score_add(&ramps, detector, LABELLED_RAMP, noise, 0.1, 200000, SERIES);
    const double precision = percent(steps.right, steps.alarms), recall = percent(steps.right, steps.changes);
    printf("| %s | %s | %.0f %% | %.0f %% | %.2f | %.1f %% | %.0f %% |\n", labelled_noise_name(noise), detector->name,
           precision, recall, steps.right ? 2 * precision * recall / (precision + recall) / 100 : 0,
           percent(flat.with_alarm, flat.series), percent(ramps.with_alarm, ramps.series));
}

static void print_recall(const char *name, enum labelled_shape shape)
{
    printf("| %s |", name);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct score score = {0};
        for (enum labelled_noise noise = 0; noise < LABELLED_NOISES; noise++)
            score_add(&score, &detectors[DETECTOR_OURS], shape, noise, sizes[i], 300000, SERIES);
        printf(" %.0f %% |", percent(score.right, score.changes));
    }
    putchar('\n');
}

int main(void)
{
    puts("| noise | alarms by | precision | recall | F1 | flat series with an alarm | ramps of 10 % found |\n"
         "|---|---|--:|--:|--:|--:|--:|");
    for (enum labelled_noise noise = 0; noise < LABELLED_NOISES; noise++)
        for (size_t i = 0; i < DETECTORS; i++)
            print_noise(&detectors[i], noise);
    puts("\n| changes found within two nights, by size | 1 % | 2 % | 3 % | 5 % | 10 % |\n|---|--:|--:|--:|--:|--:|");
    print_recall("one step", LABELLED_STEP);
    print_recall("up and back", LABELLED_VISIT);
    print_recall("three steps", LABELLED_STAIRS);
    print_recall("a step five nights ago", LABELLED_RECENT);
    return 0;
}
