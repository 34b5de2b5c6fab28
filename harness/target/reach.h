/* Getting to a target: everything that stands before the probe's own arguments. */
#ifndef ASSAY_HARNESS_TARGET_REACH_H
#define ASSAY_HARNESS_TARGET_REACH_H

#include "harness/process/process.h"
#include "harness/target/target.h"

#include <jansson.h>

/* A stand that can be run: its files were found. */
struct assay_link {
    struct assay_stand stand;
    const char *probe, *peers;    /* as the target sees them; peers is NULL if there is no such folder */
    const char *sysroot, *prefix; /* prefix: what qemu -L gets */
    const char *emulator;
    const char *plugin; /* counts instructions; NULL: the build has none */
};

/* Looks for the probe, the emulator and the sysroot; ssh: copies the probe if the board has not this one. False: it was
 * said what is missing and how to get it. The probe was built before (harness/target/build.h). */
bool assay_link_open(const struct assay_stand *stand, struct assay_link *link);

/* The command line up to the probe's subcommand and the options of the lane. `counts`: emulated, a file for the
 * plugin's lines; NULL: do not count. The caller frees arguments.items. */
struct assay_arguments assay_link_arguments(const struct assay_link *link, const char *subcommand, const char *counts);

/* Runs the probe and parses its lines; NULL, with a message, if that failed. `options` may be NULL. The caller releases
 * the array. */
json_t *assay_link_ask(const struct assay_link *link, const char *subcommand);
/* The same of a subcommand that reads `input`. */
json_t *assay_link_ask_about(const struct assay_link *link, const char *subcommand, const char *input);

#endif
