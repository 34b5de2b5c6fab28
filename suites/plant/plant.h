/* Faults planted in real kernels. The environment says which: */
#ifndef ASSAY_SUITES_PLANT_PLANT_H
#define ASSAY_SUITES_PLANT_PLANT_H

#include "kernels/core/kernel.h"

/* Unset: every kernel of ours five times, under the origins below, with a share of its runs done twice. So they are
 * measured as peers are, interleaved with what they were made of.
 * more=KERNEL:N[,KERNEL:N…]: those kernels, each with 2 N instructions more in a run.
 * wrong=NAME: one wrong kernel (plant.c has the list), and correct ones of the same making, its twins, for the rest;
 * wrong=twin: the twins alone.
 * The last two are of origin assay and rank above all others, so they are what selection takes. */
#define PLANT_VARIABLE "ASSAY_PLANT"

struct planted_list {
    const struct assay_kernel **items;
    size_t count;
};

/* They append to the list; false: no memory. */
bool plant_slow(struct planted_list *list);
bool plant_more(const char *kernels, struct planted_list *list);

#endif
