/* The gate's second look (reports/gate/gate.h): what seems to have changed is measured again, both revisions in turn.
 */
#ifndef ASSAY_HARNESS_REVISION_REMEASURE_H
#define ASSAY_HARNESS_REVISION_REMEASURE_H

#include "harness/target/target.h"
#include "reports/gate/gate.h"

struct assay_remeasure {
    const struct assay_target_list *targets;
    size_t processes; /* of each side */
};

/* An assay_remeasure_fn; context: a struct assay_remeasure. Both revisions are those that the records name
 * (identity.commit): the base is built beside the tree, and so is the other, unless its records were made of a tree
 * with changes of its own: then it is the tree as it is now. Count 0, and a word why, for what cannot be: a base of a
 * changed tree, one that does not build, a suite that is none of the shipped ones, networks (records don't hold their
 * files). Every look is a measurement of its own. False: interrupted. */
bool assay_revision_remeasure(void *context, size_t look, const struct assay_comparison *const *candidates,
                              size_t count, struct assay_pairs *pairs);

#endif
