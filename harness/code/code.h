/* Whether the machine code of a kernel is still the same: `code.hash` in records. */
#ifndef ASSAY_HARNESS_CODE_CODE_H
#define ASSAY_HARNESS_CODE_CODE_H

#include <stddef.h>

/* The code of a probe: of all its kernels, and of what runs networks. */
struct assay_code;

/* Of the probe at `path`, from the libraries that it was linked of, in its build folder. NULL: they are not there, or
 * were built anew after the probe; then no hash is known. Lives as long as the process. */
const struct assay_code *assay_code_of_probe(const char *path);

/* Of the library at `path` alone, for tests. NULL: it cannot be read. */
const struct assay_code *assay_code_of_library(const char *path);

/* 32 hexadecimal digits that are the same as long as the kernel's object, and every object of kernels/ that it calls,
 * directly or through others, hold the same machine code and constants. What the system's libraries do is not in it.
 * Lives as long as the process. NULL: the kernel is not one of kernels/ (a peer's), or `code` is NULL. */
const char *assay_code_hash(const struct assay_code *code, const char *kernel);

/* The same for a network whose layers are computed by these kernels, or for one layer of it (count 1, or 0 where it is
 * computed by none of kernels/): with all of models/, and all kernels that convert numbers, which layers may run beside
 * the one that they name. */
const char *assay_code_network_hash(const struct assay_code *code, const char *const *kernels, size_t count);

#endif
