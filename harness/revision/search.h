/* Bisection over a line of revisions, some of which can't be judged. */
#ifndef ASSAY_HARNESS_REVISION_SEARCH_H
#define ASSAY_HARNESS_REVISION_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

enum assay_judgement {
    ASSAY_JUDGED_GOOD,
    ASSAY_JUDGED_BAD,
    ASSAY_JUDGED_SKIP, /* it can't be told */
    ASSAY_JUDGED_STOP, /* no more: interrupted, or something failed */
};

/* Where the change is: revision `first` to `last` of 0 … count - 1; the same if it is certain. */
struct assay_search_result {
    size_t first, last;
};

/* Revision count - 1 is bad, and that before 0 is good. Judges no revision twice, and at most log2(count), rounded up,
 * if none is skipped. False: stopped. */
bool assay_search(size_t count, enum assay_judgement (*judge)(void *context, size_t revision), void *context,
                  struct assay_search_result *result);

#endif
