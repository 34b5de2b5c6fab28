/* What all subcommands of the probe understand: an argp child, to be listed in the children of each one's own parser.
 */
#ifndef ASSAY_SUITES_PROBE_OPTIONS_H
#define ASSAY_SUITES_PROBE_OPTIONS_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>

/* --plugin, --peers, --no-peers, --without, --emulate, --cpu. Parsed once, acted on by options_start(). */
extern const struct argp options_argp;

/* After parsing: pins the program, finds the CPU's features, loads the plugins. False, after a word on standard error,
 * if something that was asked for by name can't be had. */
bool options_start(void);

/* The value of `option`, a whole number in plain digits. Ends the program, after a line on standard error, if it is
 * none from least to most. */
size_t options_number(const char *text, size_t least, size_t most, const char *option, const struct argp_state *state);

/* --emulate was given: no time means anything. */
bool options_emulate(void);

/* The core of --cpu, or -1. */
int options_cpu(void);

#endif
