/* Building the probe of a target with CMake. */
#ifndef ASSAY_HARNESS_TARGET_BUILD_H
#define ASSAY_HARNESS_TARGET_BUILD_H

#include "harness/target/target.h"

/* Configures the target's preset where that was not done yet, and builds. Ninja itself is the judge of what is older
 * than the tree, so this is called before every use. A target with a finished probe has nothing to build. False: it was
 * said what failed and where the full log is. */
bool assay_build(const struct assay_target *target);

/* build/<preset>; for a target with a preset. */
const char *assay_build_folder(const struct assay_target *target);

/* Where its probe is, or will be once it is built. */
const char *assay_probe_path(const struct assay_target *target);

#endif
