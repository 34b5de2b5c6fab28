/* NumPy's archives (.npz): zip files of .npy files, stored or deflated; the zip is libzip's business. */
#ifndef ASSAY_MODELS_DATA_NPZ_H
#define ASSAY_MODELS_DATA_NPZ_H

#include "models/data/npy.h"

struct assay_npz;

/* Archives may be hostile. `memory_limit`: of all members that are read, in bytes. NULL: the error begins with the
 * path. */
struct assay_npz *assay_npz_open(const char *path, size_t memory_limit, struct assay_model_error *error);
void assay_npz_close(struct assay_npz *npz);

/* Whether there is a member "NAME.npy". */
bool assay_npz_has(const struct assay_npz *npz, const char *name);
/* The names of all members, as "a, b"; lives as long as the archive is open. */
const char *assay_npz_names(const struct assay_npz *npz);

/* Reads a member; its data lives as long as the archive is open. The error begins with path and member. */
bool assay_npz_read(struct assay_npz *npz, const char *name, struct assay_npy *npy, struct assay_model_error *error);

/* Writes arrays as members "NAMES[i].npy", deflated; whole or not at all. */
bool assay_npz_write(const char *path, const char *const *names, const struct assay_data_array *const *arrays,
                     size_t count, struct assay_model_error *error);

#endif
