/* Calls a kernel as no compiler would, but as the ABI allows: with known values in every callee-saved register, garbage
 * in all others and in the vector state, on a stack of its own; then looks at what the kernel was to leave as it was.
 */
#ifndef ASSAY_SUITES_CHECK_CALL_H
#define ASSAY_SUITES_CHECK_CALL_H

/* Offsets in struct call_frame, for the assembly (suites/check/call_<arch>.S). */
#define CALL_FUNCTION 0
#define CALL_ARGUMENTS 8
#define CALL_LEVEL 48
#define CALL_STACK 56
#define CALL_STACK_AFTER 64
#define CALL_OWN_STACK 72
#define CALL_CONTROL 80
#define CALL_EXPECTED 112
#define CALL_PRESERVED 368
#define CALL_JUNK 624

#ifndef __ASSEMBLER__

#include "kernels/core/kernel.h"

/* Makes the stack. `features` tell which vector registers there are. False: no memory. */
bool call_start(uint64_t features);

/* kernel->run. `variant` (0, 1, …) chooses among garbages. False if the kernel broke the calling convention, and then
 * `message` says how. */
bool call_kernel(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                 const struct assay_io *io, void *scratch, unsigned variant, char *message, size_t size);

#endif
#endif
