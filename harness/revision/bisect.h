/* Which commit made a series slower or faster (docs/bisecting.md). */
#ifndef ASSAY_HARNESS_REVISION_BISECT_H
#define ASSAY_HARNESS_REVISION_BISECT_H

#include "harness/revision/ab.h"

struct assay_bisect_request {
    const char *good, *bad; /* revisions, as git knows them */
    const char *series_id;
    struct assay_stand stand;
    struct assay_ab_subject subject; /* of a suite: its jobs are found in the plan */
    double effect;                   /* smallest change that is one, for example 0.03 */
    size_t processes;                /* of each side, in each of up to three batches; emulated: one does */
    /* NULL, or called as each revision was judged; the object is the one described in docs/bisecting.md. */
    void (*step)(void *context, const json_t *step);
    void *context;
};

enum assay_bisect_outcome {
    ASSAY_BISECT_FOUND,
    ASSAY_BISECT_NARROWED,  /* only to several commits: those between could not be judged */
    ASSAY_BISECT_NO_CHANGE, /* good and bad do not differ, or not certainly */
    ASSAY_BISECT_FAILED, /* it was said why: no such revision, an end that cannot be built or measured, interrupted */
};

/* *result is the answer as docs/bisecting.md describes it, which the caller releases; NULL where it FAILED. */
enum assay_bisect_outcome assay_bisect(const struct assay_bisect_request *request, json_t **result);

#endif
