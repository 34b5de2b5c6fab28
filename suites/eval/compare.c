#include "suites/eval/compare.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK = 256 };

static size_t block_of(size_t count, size_t first)
{
    return count - first < BLOCK ? count - first : BLOCK;
}

void compare_to_floats(const struct reals *reals, size_t count, float *to)
{
    double block[BLOCK];
    for (size_t first = 0; first < count; first += BLOCK) {
        const size_t n = block_of(count, first);
        reals_read(reals, first, n, block);
        for (size_t i = 0; i < n; i++)
            to[first + i] = (float)block[i];
    }
}

void compare_reals(struct metrics_error *error, const struct reals *values, const struct reals *references,
                   size_t count)
{
    double a[BLOCK], b[BLOCK];
    for (size_t first = 0; first < count; first += BLOCK) {
        const size_t n = block_of(count, first);
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
