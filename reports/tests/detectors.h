/* Change points and what others use in their place, scored on labelled series. */
#ifndef ASSAY_REPORTS_TESTS_DETECTORS_H
#define ASSAY_REPORTS_TESTS_DETECTORS_H

#include "reports/tests/labelled.h"

#include <stdbool.h>

struct alarms {
    size_t at[LABELLED_LONGEST], count;
};

struct detector {
    const char *name;
    void (*find)(const struct labelled *series, struct alarms *alarms);
};

enum { DETECTOR_OURS, DETECTORS = 7 };
extern const struct detector detectors[DETECTORS];

struct score {
    size_t series, with_alarm; /* with_alarm: any at all */
    size_t alarms, right;      /* right: alarms within two nights of a change that no earlier alarm claimed */
    size_t changes;
};

/* Adds what a detector makes of `count` series, seeds from `seed` on. */
void score_add(struct score *score, const struct detector *detector, enum labelled_shape shape,
               enum labelled_noise noise, double size, unsigned long seed, size_t count);

#endif
