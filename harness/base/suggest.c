#include "harness/base/suggest.h"

#include "harness/base/memory.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { LONGEST = 64 };

/* Edits that turn one word into the other: insert, delete, replace, or swap two neighbours (optimal string alignment).
 */
static size_t distance(const char *a, const char *b)
{
    const size_t a_length = strlen(a), b_length = strlen(b);
    if (a_length > LONGEST || b_length > LONGEST)
        return SIZE_MAX;
    size_t rows[3][LONGEST + 1];
    for (size_t j = 0; j <= b_length; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t *now = rows[i % 3];
        const size_t *before = rows[(i + 2) % 3], *two_before = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t best = before[j - 1] + (a[i - 1] != b[j - 1]);
            if (before[j] + 1 < best)
                best = before[j] + 1;
            if (now[j - 1] + 1 < best)
                best = now[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && two_before[j - 2] + 1 < best)
                best = two_before[j - 2] + 1;
            now[j] = best;
        }
    }
    return rows[a_length % 3][b_length];
}

const char *assay_suggest(const char *wrong, const char *const *names, size_t count)
{
    const char *nearest = NULL;
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        const size_t edits = distance(wrong, names[i]);
        if (edits < least) {
            least = edits;
            nearest = names[i];
        }
    }
    return nearest && least <= 1 + strlen(wrong) / 4 ? nearest : NULL;
}

const char *assay_suggestion(const char *wrong, const char *const *names, size_t count)
{
    const char *nearest = assay_suggest(wrong, names, count);
    const char *list = "";
    for (size_t i = 0; i < count; i++)
        list = assay_format("%s%s%s", list, i > 0 ? ", " : "", names[i]);
    return nearest ? assay_format("did you mean '%s'? known: %s", nearest, list) : assay_format("known: %s", list);
}
