#include "harness/suite/include.h"

#include "harness/base/memory.h"

#include <fnmatch.h>
#include <string.h>

enum { LONGEST_NAME = 95 }; /* what the probe takes */

/* False if nothing of the case is left. */
static bool narrow(const struct assay_narrowing *n, struct assay_case *c)
{
    if (n->cases && fnmatch(n->cases, c->name, 0) != 0)
        return false;
    if (c->problem.op != ASSAY_OP_QUANTIZE)
        c->modes &= n->modes;
    c->roles &= n->roles;
    if (c->problem.op == ASSAY_OP_SPMM) {
        c->structures &= n->structures;
        if (n->sparsity_count > 0) {
            c->sparsities = n->sparsities;
            c->sparsity_count = n->sparsity_count;
        }
        if (c->structures == 0)
            return false;
    }
    return c->modes != 0 && c->roles != 0;
}

bool assay_include(const struct assay_suite *from, const struct assay_narrowing *narrowing, struct assay_place place,
                   struct assay_case **cases, size_t *capacity, size_t *count)
{
    const size_t before = *count;
    for (size_t i = 0; i < from->case_count; i++) {
        struct assay_case c = from->cases[i];
        if (!narrow(narrowing, &c))
            continue;
        c.name = assay_format("%s.%s", from->name, c.name);
        c.place = place;
        if (strlen(c.name) > LONGEST_NAME)
            return assay_say_at(place, "the included case '%s' has a name of more than %d letters; shorten it", c.name,
                                LONGEST_NAME);
        assay_grow(cases, capacity, *count, sizeof(**cases));
        (*cases)[(*count)++] = c;
    }
    return *count > before ||
           assay_say_at(place, "no case of the suite %s is left by what is included of it", from->name);
}
