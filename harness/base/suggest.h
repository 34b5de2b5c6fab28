/* "did you mean": the closest of the names that would have been right. */
#ifndef ASSAY_HARNESS_BASE_SUGGEST_H
#define ASSAY_HARNESS_BASE_SUGGEST_H

#include <stddef.h>

/* The name nearest to `wrong`, or NULL if none is near enough to be a misspelling of it. */
const char *assay_suggest(const char *wrong, const char *const *names, size_t count);

/* "did you mean 'x'? known: x, y, z", or without the question if nothing is near. Lives as long as the process. */
const char *assay_suggestion(const char *wrong, const char *const *names, size_t count);

#endif
