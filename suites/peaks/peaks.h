/* What the core that the program runs on can do at best, measured: multiply-accumulates a nanosecond in each
 * arithmetic, and bytes a nanosecond from each level of memory. docs/measuring.md says how, and what bounds are made of
 * it. */
#ifndef ASSAY_SUITES_PEAKS_PEAKS_H
#define ASSAY_SUITES_PEAKS_PEAKS_H

#include "kernels/core/kernel.h"

#include <jansson.h>

enum peak_arithmetic {
    PEAK_F32, /* fused multiply-add where there is one */
    PEAK_F16, /* native half arithmetic */
    PEAK_I8,  /* products of bytes into 32 bits */
    PEAK_I16, /* products of 16 bits into 32 bits */
    PEAK_ARITHMETICS
};
extern const char *const peak_arithmetic_names[PEAK_ARITHMETICS]; /* "f32" … */

struct peak_rate {
    double per_ns;   /* 0: there is none */
    const char *isa; /* that has it */
};

enum { PEAK_MEMORY = 0, PEAK_MOST_LEVELS = 6 };

struct peak_level {
    int level;                /* of a cache, from 1 on; PEAK_MEMORY: beyond all caches */
    size_t bytes;             /* of the whole cache; SIZE_MAX: memory */
    double read, write, copy; /* bytes a nanosecond; copy: bytes that are read and written each; 0: not measured */
};

/* Measures the arithmetic and the first two caches, and further ones that were asked for before; the better of this and
 * all earlier measurements of the process holds. Memory, which takes longest, is measured once. Ten to thirty
 * milliseconds. The program is pinned, and natively run. */
void peaks_measure(void);

/* The best rate for an arithmetic. A narrower one may be computed in a wider. */
struct peak_rate peaks_macs(enum peak_arithmetic arithmetic);

/* The levels, smallest first, the last one being memory; the first `needed` of them are measured, now if they were not.
 * None where the machine does not tell its caches. */
const struct peak_level *peaks_levels(size_t needed, size_t *count);

/* Everything, of each ISA: {"macs": [{"arithmetic", "isa", "per_ns"}], "memory": [{"level", "bytes", "read", "write",
 * "copy"}]}. Takes a tenth of a second. */
json_t *peaks_json(void);

#endif
