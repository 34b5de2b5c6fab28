/* A board that is reached by ssh: the probe's folder is copied there, and run by a fixed command. */
#ifndef ASSAY_HARNESS_TARGET_BOARD_H
#define ASSAY_HARNESS_TARGET_BOARD_H

#include "harness/target/reach.h"

/* Copies the probe and its peers, then sets the link's paths to those on the board. Once for each use of the target;
 * what is shared beside them (libjansson, libhwloc, libpthreadpool, a peer's own library) must be on the board. False,
 * with a message.
 */
bool assay_board_copy(struct assay_link *link);

/* The command line up to the probe. What ssh hands to the board's shell are words without any character that it would
 * interpret: they are made of names that the target file restricts. */
void assay_board_arguments(const struct assay_link *link, struct assay_arguments *arguments);

/* For other commands and copies: the command line up to the board's own words, and the one up to scp's operands. */
void assay_board_command(const struct assay_target *target, struct assay_arguments *arguments);
void assay_board_copier(const struct assay_target *target, struct assay_arguments *arguments);
/* Runs it and frees the arguments. *output, unless NULL, is what it printed, which the caller frees. False, with a
 * message that says what was being done. */
bool assay_board_run(const struct assay_target *target, struct assay_arguments *arguments, const char *doing,
                     char **output);
/* The folder on the board that holds the probe. */
const char *assay_board_folder(const struct assay_target *target);

#endif
