/* Real noise of this machine, recorded: every series of the suite `gates` by our best kernel and by five planted ones
 * that are slower (suites/plant), in many processes and several sweeps over all of them. Pieces of it are played as
 * nights. */
#ifndef ASSAY_HARNESS_SELFTEST_NOISE_H
#define ASSAY_HARNESS_SELFTEST_NOISE_H

#include "harness/selftest/measure.h"

enum { ASSAY_NOISE_KERNELS = 6, ASSAY_NIGHT_PROCESSES = 3 };
/* Ours, then the planted ones, and the share of their runs that they do twice. */
extern const struct assay_noise_kernel {
    const char *origin, *name;
    double share;
} assay_noise_kernels[ASSAY_NOISE_KERNELS];

/* Measures so many sweeps, of so many processes of each job one after the other. False, with a message. */
bool assay_noise_record(struct assay_planting *planting, size_t sweeps, size_t processes);

struct assay_noise_series {
    const char *id;
    size_t layer;  /* index of its case, whose series are measured together */
    size_t kernel; /* index into assay_noise_kernels */
    size_t ours;   /* index of the series of the same layer by our kernel */
    double *least; /* of each process: [sweep * processes + process] */
};

struct assay_noise {
    struct assay_noise_series *items; /* in the order of their ids */
    size_t count, layers, sweeps, processes;
    /* The nights: ASSAY_NIGHT_PROCESSES processes in a row of a sweep, as the records of a run. The items of each are
     * in the order of `items`. [sweep * starts + first process] */
    struct assay_record_list *nights;
    size_t starts;
};

/* Reads what was recorded. False, with a message: it is not such a file, or has too little. */
bool assay_noise_read(const char *path, struct assay_noise *noise);
void assay_noise_free(struct assay_noise *noise);

static inline const struct assay_record_list *assay_night(const struct assay_noise *noise, size_t sweep, size_t start)
{
    return &noise->nights[sweep * noise->starts + start];
}

#endif
