/* Something that can be run again and again, and what came of it: the one implementation of calibration, samples and
 * rounds, for layers and whole networks alike (docs/measuring.md). */
#ifndef ASSAY_SUITES_BENCH_SUBJECT_H
#define ASSAY_SUITES_BENCH_SUBJECT_H

#include "suites/bench/gbench_shim.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum subject_outcome { SUBJECT_PASS, SUBJECT_FAIL, SUBJECT_UNSUPPORTED, SUBJECT_ERROR };
extern const char *const subject_outcome_names[]; /* "pass" … */

struct subject {
    gbench_function *run; /* once: what is timed. It may crash */
    void *self;           /* its argument */
    double overhead;      /* ns of such a call that are not what is measured; taken off */
    enum subject_outcome outcome;
    char message[640]; /* empty on pass */
    bool crashed;      /* what it held must not be touched again */

    double *samples; /* ns of a run; of `rounds` */
    size_t sample_count, rounds;
    long long iterations; /* in a sample; 0: not calibrated */
    long long untimed;    /* runs before each sample */
};

/* A subject that passes so far. False, and given up, if there is no memory for the samples. */
bool subject_start(struct subject *subject, gbench_function *run, void *self, size_t rounds);
void subject_end(struct subject *subject);

/* It is over, with this outcome. */
__attribute__((format(printf, 3, 4))) void subject_give_up(struct subject *subject, enum subject_outcome outcome,
                                                           const char *format, ...);

/* Calls function(subject->self), which may crash or give up. False if the subject is over. */
bool subject_try(struct subject *subject, void (*function)(void *self), const char *name);

/* A round measures each subject that is not over once; every second round in the reverse order, so that none always
 * follows the same other one. Slow subjects stay away from later rounds. */
void subjects_in_rounds(struct subject *const *all, size_t count, size_t rounds, void (*measure)(struct subject *));
/* Calibrates them, then samples them in rounds. */
void subjects_time(struct subject *const *all, size_t count, size_t rounds, double round_ns);

/* Its samples, for the output. */
json_t *subject_samples(const struct subject *subject);

/* Nanoseconds that the timing loop spends on a call of a function that does nothing. Measured once. */
double subject_call_overhead(void);
/* The same for any function that cannot crash, called so often: the least of five trials. */
double subject_time_of(gbench_function *function, void *argument, long long calls);

/* The number of the next marked region, as the plugin counts them: by their begin markers. */
json_int_t subject_next_region(void);

#endif
