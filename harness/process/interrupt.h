/* Ctrl-C and SIGTERM: noted, so that work stops between two records and not in one. A second one ends the program. */
#ifndef ASSAY_HARNESS_PROCESS_INTERRUPT_H
#define ASSAY_HARNESS_PROCESS_INTERRUPT_H

#include <stdbool.h>

void assay_interrupt_catch(void);
bool assay_interrupted(void);

#endif
