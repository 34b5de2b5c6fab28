/* Runs a function so that its crash, or its never ending, becomes a result. One at a time, in one thread: a crash of
 * another thread that works for the function ends the program, by the signal. */
#ifndef ASSAY_SUITES_PROBE_FAULT_H
#define ASSAY_SUITES_PROBE_FAULT_H

#include <stdbool.h>
#include <stdint.h>

struct fault {
    int number;        /* the signal: SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGALRM (took too long); 0: none */
    uintptr_t address; /* of the access or instruction that faulted; 0 for SIGALRM */
    char message[96];  /* "SIGSEGV at 0x…", "still running after 20 s" */
};

/* Takes the signals over (on a stack of its own) until the end of the program. Call once, before fault_run. */
bool fault_install(void);

/* Calls function(argument). True if it returned. False: it was left in the middle by a signal, or after `seconds` of
 * CPU time (0: no limit), and *fault says which; rounding modes and control registers are as in a new thread again.
 * What the function held (locks, memory) is lost: call nothing in it but what is to be tried. */
bool fault_run(void (*function)(void *argument), void *argument, unsigned seconds, struct fault *fault);

/* Rounding modes and control registers as in a new thread. */
void fault_reset_control(void);

#endif
