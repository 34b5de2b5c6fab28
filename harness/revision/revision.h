/* The probe of another revision of the tree, built beside it: the working tree and the repository are left as they are.
 */
#ifndef ASSAY_HARNESS_REVISION_REVISION_H
#define ASSAY_HARNESS_REVISION_REVISION_H

#include "harness/target/target.h"

enum assay_revision_state {
    ASSAY_REVISION_READY,
    ASSAY_REVISION_BROKEN, /* it does not build: another one may */
    ASSAY_REVISION_FAILED, /* interrupted, no room, no tools: no other would do either */
};

struct assay_revision {
    const char *commit; /* in full */
    const char *probe;  /* READY: its path; what code.hash is made of lies beside it */
    const char *log;    /* all that the build said */
    bool cached;        /* it had been built before */
};

/* Builds the probe of `commit` for a target by that tree's own preset, without peers and without a compiler cache,
 * below $ASSAY_CACHE/revisions (default: $XDG_CACHE_HOME/assay, or ~/.cache/assay): a folder for each commit, preset
 * and compiler, of about 5 MB, that may be removed at any time. What was built is taken from there; two programs that
 * want the same one wait for each other. Not READY: it was said what failed, with the end of the log. */
enum assay_revision_state assay_revision_build(const char *commit, const struct assay_target *target,
                                               struct assay_revision *revision);

#endif
