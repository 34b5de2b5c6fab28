/* Loops that do one thing as fast as an instruction set lets them: what the machine's peaks are measured with
 * (suites/peaks/peaks.h). A file for each ISA of toolchains/isa.cmake, compiled with its flags. Their work cannot be
 * deleted, merged or moved: values go through empty asm statements, of which the compiler knows nothing. */
#ifndef ASSAY_SUITES_PEAKS_LOOPS_H
#define ASSAY_SUITES_PEAKS_LOOPS_H

#include "suites/peaks/peaks.h"

/* Does `rounds` rounds of independent multiply-accumulates, enough of them side by side to hide their latency; tells
 * how many that were. */
typedef uint64_t peak_macs_function(uint64_t rounds);

struct peak_isa {
    const char *name;
    uint64_t features; /* that the CPU must have */
    /* NULL: none that a lower ISA does not have already. */
    peak_macs_function *macs[PEAK_ARITHMETICS];
    /* bytes: a multiple of PEAK_BLOCK, as the addresses are. All four or none. */
    void (*read)(const void *from, size_t bytes);
    void (*write)(void *to, size_t bytes);
    void (*copy)(void *to, const void *from, size_t bytes);
    /* Reads and writes side by side, evenly mixed as far as their ratio is 1, 2, 4 or 8. Multiples of PEAK_STREAM_STEP.
     */
    void (*mix)(void *to, size_t written, const void *from, size_t read);
};

enum { PEAK_BLOCK = 4096, PEAK_STREAM_STEP = 512 };

/* Those of this architecture, the narrowest first. */
extern const struct peak_isa *const peak_isas[];
extern const size_t peak_isa_count;

#endif
