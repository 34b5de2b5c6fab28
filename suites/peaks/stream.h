/* What moving a layer's bytes takes: the bandwidth of the level of memory that they are in, as a loop reaches it that
 * does nothing else. docs/measuring.md says how it differs from the bound. */
#ifndef ASSAY_SUITES_PEAKS_STREAM_H
#define ASSAY_SUITES_PEAKS_STREAM_H

#include "suites/peaks/work.h"

/* The least nanoseconds of the fastest loop there is that reads and writes as much as the work does, again and again
 * the same bytes. 0: they are too few to tell, or arithmetic takes more than twice as long. Takes a millisecond, and of
 * memory some tens of them; of the same work as before, the better of both times is told. */
double peak_stream_ns(const struct peak_work *work);

#endif
