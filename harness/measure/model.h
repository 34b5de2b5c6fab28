/* Measuring whole networks on one link: the modes of one network, or kernels of one file, interleaved with one another;
 * for `assay run --model`, and for whoever wants the figures without records. */
#ifndef ASSAY_HARNESS_MEASURE_MODEL_H
#define ASSAY_HARNESS_MEASURE_MODEL_H

#include "harness/target/reach.h"

#include <stdint.h>

/* What is to be measured. */
struct assay_model_series {
    const char *label;     /* for the user of the answer: unique among those measured together */
    const char *file;      /* the .tflite, as this machine sees it */
    const char *kernel;    /* "best", "ref", or a glob (models/run/executor.h) */
    const char *origin;    /* NULL: assay's; else whose kernels compute the layers that they can */
    size_t threads, batch; /* 0: one thread; the batch that is in the file */
    bool half;             /* layers of f16 weights compute with f16 activations, too */
};

struct assay_model_settings {
    size_t rounds, round_us; /* native: samples in each process, and how long one takes, about */
    size_t passes;           /* native: processes */
    size_t width;            /* emulated: processes at a time */
    json_int_t seed;         /* of the inputs */
    void (*progress)(void *context, size_t done, size_t all); /* NULL, or called as each process ends */
    void *context;
};
/* What `assay run --model` takes where it is told nothing else. */
struct assay_model_settings assay_model_defaults(void);

/* Nanoseconds of one run (the least of the samples), or instructions; NaN if there is none. */
struct assay_model_value {
    double value;
    const double *samples;   /* native: of all processes, in order */
    const size_t *processes; /* the process of each */
    size_t sample_count;
    const json_t *counts; /* emulated: the plugin's line */
    json_t *bound;        /* native: the least time on that core, as the probe told it; NULL: not known */
};

/* One operator that a run has something to do for. */
struct assay_model_layer {
    size_t index;       /* of the operator in the file */
    const char *op;     /* "CONV_2D" */
    const char *tensor; /* the name of its first output */
    const char *kernel; /* NULL: it is computed by none of kernels/ */
    const char *origin; /* of the kernel; NULL: there is none */
    int64_t macs, weight_bytes;
    struct assay_model_value measured;
};

struct assay_model_result {
    const char *label, *outcome; /* pass, unsupported, error */
    const char *message;         /* NULL on pass */
    struct assay_model_value measured;
    size_t layer_count; /* 0 where the outcome is not pass */
    struct assay_model_layer *layers;
    /* -1: not known, since the file could not be read or run. */
    int64_t batch, model_bytes, macs, weight_bytes, activation_bytes, packed_bytes, scratch_bytes;
    int64_t iterations;                 /* native: runs in a sample */
    double pack_ns, input_ns, clock_ns; /* native, else NaN (docs/probe-protocol.md) */
};

/* Fills results[0 … count - 1]; what they point to lives as long as the process. A series that cannot be measured has
 * its outcome and message, the others go on. False: interrupted, or the files could not be sent to a board, or the
 * probe could not be started (which was said). */
bool assay_model_measure(const struct assay_link *link, const struct assay_model_series *series, size_t count,
                         const struct assay_model_settings *settings, struct assay_model_result *results);

#endif
