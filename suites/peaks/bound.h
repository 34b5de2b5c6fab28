/* The least time that a layer can take on this core: the roofline model (Williams, Waterman, Patterson, 2009), with a
 * roof for each arithmetic and a slope for each level of memory (docs/measuring.md). */
#ifndef ASSAY_SUITES_PEAKS_BOUND_H
#define ASSAY_SUITES_PEAKS_BOUND_H

#include "suites/peaks/work.h"

struct peak_bound {
    double arithmetic_ns, memory_ns; /* the larger one is the bound */
    struct peak_rate macs;
    int level; /* the smallest that holds all that is read and written; PEAK_MEMORY: none, or caches are not known */
};

/* After peaks_measure(). Levels that the layer needs are measured, where they have not been. */
struct peak_bound peak_bound_of(const struct peak_work *work);

/* {"ns", "by": "arithmetic" or "memory", "arithmetic_ns", "memory_ns", "arithmetic", "isa", "macs", "macs_per_ns",
 * "read_bytes", "written_bytes", "level"} */
json_t *peak_bound_json(const struct peak_work *work);

#endif
