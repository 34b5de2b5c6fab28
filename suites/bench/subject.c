#include "suites/bench/subject.h"

#include "suites/probe/fault.h"
#include "suites/probe/output.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    RUN_SECONDS = 600, /* of CPU time, for one step of a subject: an emulated reference takes long */
    SLOW_ROUNDS = 3,
    SLOW_FACTOR = 50,
    /* A shared cache that was full of other data keeps all of 8 MB only when they have been read four times. */
    UNTIMED_RUNS = 4,
    UNTIMED_NS = 2 * 1000 * 1000, /* slow subjects run once */
};

const char *const subject_outcome_names[] = {"pass", "fail", "unsupported", "error"};

bool subject_start(struct subject *subject, gbench_function *run, void *self, size_t rounds)
{
    *subject = (struct subject){
        .run = run, .self = self, .rounds = rounds, .samples = calloc(rounds, sizeof(*subject->samples))};
    if (!subject->samples)
        subject_give_up(subject, SUBJECT_ERROR, "no memory for the samples");
    return subject->samples != NULL;
}

void subject_end(struct subject *subject)
{
    free(subject->samples);
}

void subject_give_up(struct subject *subject, enum subject_outcome outcome, const char *format, ...)
{
    subject->outcome = outcome;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(subject->message, sizeof(subject->message), format, arguments);
    va_end(arguments);
}

static bool guard(struct subject *subject, void (*function)(void *), void *argument, const char *name)
{
    struct fault fault;
    if (!fault_run(function, argument, RUN_SECONDS, &fault)) {
        subject_give_up(subject, SUBJECT_ERROR, "%s in %s", fault.message, name);
        subject->crashed = true;
    }
    return subject->outcome == SUBJECT_PASS;
}

bool subject_try(struct subject *subject, void (*function)(void *), const char *name)
{
    return guard(subject, function, subject->self, name);
}

static void nothing(void *argument)
{
    (void)argument;
}

double subject_time_of(gbench_function *function, void *argument, long long calls)
{
    enum { TRIALS = 5 };
    double best = -1;
    for (int i = 0; i < TRIALS; i++) {
        const double ns = gbench_time(function, argument, calls) / (double)calls;
        best = best < 0 || ns < best ? ns : best;
    }
    return best;
}

double subject_call_overhead(void)
{
    static double overhead = -1;
    if (overhead < 0)
        overhead = subject_time_of(nothing, NULL, 100 * 1000);
    return overhead;
}

/* A timed stretch of runs, which may crash. */
struct stretch {
    struct subject *subject;
    long long iterations;
    double ns; /* of all */
};

static void time_stretch(void *argument)
{
    struct stretch *stretch = argument;
    stretch->ns = gbench_time(stretch->subject->run, stretch->subject->self, stretch->iterations);
}

/* ns of one run; below 0 if the subject is over. */
static double time_run(struct subject *subject, long long iterations)
{
    struct stretch stretch = {.subject = subject, .iterations = iterations};
    if (!guard(subject, time_stretch, &stretch, "a repeated run"))
        return -1;
    if (stretch.ns < 0) {
        subject_give_up(subject, SUBJECT_ERROR, "Google Benchmark ran nothing");
        return -1;
    }
    const double ns = stretch.ns / (double)iterations - subject->overhead;
    return ns > 0 ? ns : 0;
}

/* Finds how many runs fill a sample of round_ns. */
static void calibrate(struct subject *subject, double round_ns)
{
    /* Stretches that grow by at most a factor of ten, until three have been long enough to tell. The shortest run of
     * all counts: a stretch in which the machine did something else would make every sample too short. */
    const double most = 1e9, overhead = subject->overhead;
    double iterations = 1, shortest = -1;
    for (int told = 0; told < 3;) {
        const double ns = time_run(subject, (long long)iterations);
        if (ns < 0)
            return;
        const double spent = (ns + overhead) * iterations;
        const bool tells = spent >= round_ns / 4 || iterations >= most;
        if (tells)
            shortest = shortest < 0 || ns < shortest ? ns : shortest;
        /* Nothing is left to find where one run fills the sample. */
        told += tells ? (iterations <= 1 && spent >= round_ns ? 3 : 1) : 0;
        const double wanted = spent > 0 ? round_ns / spent * iterations : most;
        const double next = tells || wanted < 10 * iterations ? wanted : 10 * iterations;
        iterations = next < 1 ? 1 : next > most ? most : next;
    }
    const double fitting = round_ns / (shortest + overhead > 1 ? shortest + overhead : 1);
    subject->iterations = fitting < 1 ? 1 : (long long)fitting;
    const double untimed = UNTIMED_NS / (shortest > 1 ? shortest : 1);
    subject->untimed = untimed < 1 ? 1 : untimed > UNTIMED_RUNS ? UNTIMED_RUNS : (long long)untimed;
    if (shortest > SLOW_FACTOR * round_ns && subject->rounds > SLOW_ROUNDS)
        subject->rounds = SLOW_ROUNDS;
}

static void run_untimed(void *argument)
{
    const struct subject *subject = argument;
    for (long long i = 0; i < subject->untimed; i++)
        subject->run(subject->self);
}

/* What the subject reads has left the caches while others were measured: runs that are not timed bring it back, as far
 * as the caches hold it. A run that alone takes a sample's time would be measured with cold buffers without. */
static void take_sample(struct subject *subject)
{
    if (!guard(subject, run_untimed, subject, "a repeated run"))
        return;
    const double ns = time_run(subject, subject->iterations);
    if (ns >= 0)
        subject->samples[subject->sample_count++] = ns;
}

void subjects_in_rounds(struct subject *const *all, size_t count, size_t rounds, void (*measure)(struct subject *))
{
    for (size_t round = 0; round < rounds; round++)
        for (size_t i = 0; i < count; i++) {
            struct subject *subject = all[round % 2 ? count - 1 - i : i];
            if (subject->outcome == SUBJECT_PASS && round < subject->rounds)
                measure(subject);
        }
}

void subjects_time(struct subject *const *all, size_t count, size_t rounds, double round_ns)
{
    for (size_t i = 0; i < count; i++)
        if (all[i]->outcome == SUBJECT_PASS)
            calibrate(all[i], round_ns);
    subjects_in_rounds(all, count, rounds, take_sample);
}

json_t *subject_samples(const struct subject *subject)
{
    json_t *samples = json_array();
    for (size_t i = 0; i < subject->sample_count; i++)
        json_array_append_new(samples, output_number(subject->samples[i]));
    return samples;
}

json_int_t subject_next_region(void)
{
    static json_int_t regions;
    return regions++;
}
