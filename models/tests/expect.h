/* For test programs: EXPECT(condition, "format", …) tells of what is not so, and counts it, for all files of the
 * program together; main() returns failures > 0. */
#ifndef ASSAY_MODELS_TESTS_EXPECT_H
#define ASSAY_MODELS_TESTS_EXPECT_H

#include <stdio.h>

__attribute__((weak)) int failures;

#define EXPECT(condition, ...)                              \
    do {                                                    \
        if (!(condition)) {                                 \
            fprintf(stderr, "%s:%d: ", __FILE__, __LINE__); \
            fprintf(stderr, __VA_ARGS__);                   \
            fputc('\n', stderr);                            \
            failures++;                                     \
        }                                                   \
    } while (0)

#endif
