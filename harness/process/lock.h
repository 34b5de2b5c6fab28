/* One program at a time. */
#ifndef ASSAY_HARNESS_PROCESS_LOCK_H
#define ASSAY_HARNESS_PROCESS_LOCK_H

/* Takes the lock file at `path`, which it makes if need be, and waits while another program has it, as it builds
 * `name`. The lock lasts until what is returned is closed, or this program ends. -1, with a message unless interrupted:
 * it cannot be had; `remedy` is what to do about a file that cannot be written. */
int assay_lock(const char *path, const char *name, const char *remedy);

#endif
