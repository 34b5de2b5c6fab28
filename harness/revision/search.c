#include "harness/revision/search.h"

#include <stdlib.h>

/* The revision in [from, to) nearest to the middle that was not skipped; `to` if there is none. */
static size_t middle(const bool *skipped, size_t from, size_t to)
{
    const size_t centre = from + (to - from) / 2;
    for (size_t away = 0; away <= to - from; away++) {
        if (centre >= from + away && centre - away < to && !skipped[centre - away])
            return centre - away;
        if (centre + away < to && !skipped[centre + away])
            return centre + away;
    }
    return to;
}

bool assay_search(size_t count, enum assay_judgement (*judge)(void *context, size_t revision), void *context,
                  struct assay_search_result *result)
{
    bool *skipped = calloc(count + 1, sizeof(*skipped));
    if (!skipped)
        abort();
    size_t first = 0, bad = count - 1; /* the first bad one is in [first, bad] */
    enum assay_judgement judgement = ASSAY_JUDGED_SKIP;
    for (size_t at; first < bad && (at = middle(skipped, first, bad)) < bad;) {
        judgement = judge(context, at);
        if (judgement == ASSAY_JUDGED_STOP)
            break;
        if (judgement == ASSAY_JUDGED_GOOD)
            first = at + 1;
        else if (judgement == ASSAY_JUDGED_BAD)
            bad = at;
        else
            skipped[at] = true;
    }
    free(skipped);
    *result = (struct assay_search_result){first, bad};
    return judgement != ASSAY_JUDGED_STOP;
}
