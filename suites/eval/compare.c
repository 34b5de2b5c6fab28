#include "suites/eval/compare.h"

#include <stdlib.h>
#include <string.h>

void compare_reals(struct metrics_error *error, const struct reals *values, const struct reals *references,
                   size_t count)
{
    enum { BLOCK = 256 };
    double a[BLOCK], b[BLOCK];
    for (size_t first = 0; first < count; first += BLOCK) {
        const size_t n = count - first < BLOCK ? count - first : BLOCK;
        reals_read(values, first, n, a);
        reals_read(references, first, n, b);
        metrics_add(error, a, b, n);
    }
}

json_t *compare_name(const char *name)
{
    json_t *text = json_string(name);
    char *copy = text ? NULL : strdup(name);
    if (!copy)
        return text;
    for (char *c = copy; *c; c++)
        if ((unsigned char)*c >= 0x80)
            *c = '?';
    text = json_string(copy);
    free(copy);
    return text;
}
