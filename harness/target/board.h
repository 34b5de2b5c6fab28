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

#endif
