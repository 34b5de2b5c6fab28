/* Instructions that this CPU lacks, executed one by one from the SIGILL that they raise: so that the kernels made of
 * them can be checked where no such CPU is. A trap takes a microsecond: times of emulated instructions mean nothing. */
#ifndef ASSAY_SUITES_PROBE_EMULATE_H
#define ASSAY_SUITES_PROBE_EMULATE_H

#include <stdbool.h>
#include <stdint.h>

/* Which features can be emulated on this CPU (ASSAY_FEATURE_*): AVX-VNNI where there is AVX2. */
uint64_t emulate_available(void);

/* From now on SIGILL is looked at. False: the system refused the handler. */
bool emulate_start(void);

/* The instruction at a signal's context (the third argument of its handler), done and passed over. False, and nothing
 * has changed: emulate_start() was not called, or the instruction is none of those. Its operand in memory may fault:
 * the handler must not block SIGSEGV and SIGBUS. */
bool emulate_instruction(void *context);

#endif
