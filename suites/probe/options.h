/* What all subcommands of the probe understand: an argp child, to be listed in the children of each one's own parser.
 */
#ifndef ASSAY_SUITES_PROBE_OPTIONS_H
#define ASSAY_SUITES_PROBE_OPTIONS_H

#include <argp.h>
#include <stdbool.h>

/* --plugin, --peers, --no-peers, --without, --cpu. Parsed once, acted on by options_start(). */
extern const struct argp options_argp;

/* After parsing: pins the program, finds the CPU's features, loads the plugins. False, after a word on standard error,
 * if something that was asked for by name can't be had. */
bool options_start(void);

/* The core of --cpu, or -1. */
int options_cpu(void);

#endif
