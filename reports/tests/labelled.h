/* Series with known change points: what nightly timings look like where it is known what happened. */
#ifndef ASSAY_REPORTS_TESTS_LABELLED_H
#define ASSAY_REPORTS_TESTS_LABELLED_H

#include <stddef.h>

enum { LABELLED_LONGEST = 240, LABELLED_MOST = 8 };

enum labelled_shape {
    LABELLED_FLAT,   /* never changes */
    LABELLED_STEP,   /* once, up or down */
    LABELLED_VISIT,  /* up, and back some ten to twenty nights later */
    LABELLED_STAIRS, /* three times, 25 nights or more apart */
    LABELLED_RECENT, /* a step in the last five nights */
    LABELLED_RAMP,   /* a slow slide over all nights: each night far below its noise */
    LABELLED_SHAPES,
};

enum labelled_noise {
    LABELLED_EVEN,     /* normal, 1 % */
    LABELLED_OUTLIERS, /* and one night in twenty 5 to 100 % slower */
    LABELLED_MODES,    /* and one night in five in a mode that is 8 % slower */
    LABELLED_NOISES,
};

const char *labelled_shape_name(enum labelled_shape shape);
const char *labelled_noise_name(enum labelled_noise noise);

struct labelled {
    double value[LABELLED_LONGEST];
    size_t count;
    size_t change[LABELLED_MOST], changes; /* first nights of new levels; of a ramp none can be named */
};

/* `size`: of each step, relative; of a ramp, from its first night to its last. Decided by `seed` alone. */
struct labelled labelled_series(enum labelled_shape shape, enum labelled_noise noise, double size, unsigned long seed);

#endif
