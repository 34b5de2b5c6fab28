/* What the tests of kernels/core say when an expectation fails; they go on, so that one run shows all that is wrong. */
#ifndef ASSAY_TESTS_CORE_EXPECT_H
#define ASSAY_TESTS_CORE_EXPECT_H

#include <stdio.h>

static unsigned expectations, failures;

#define EXPECT(condition, ...)                                                       \
    do {                                                                             \
        expectations++;                                                              \
        if (!(condition)) {                                                          \
            failures++;                                                              \
            fprintf(stderr, "%s:%d: expected %s: ", __FILE__, __LINE__, #condition); \
            fprintf(stderr, __VA_ARGS__);                                            \
            fputc('\n', stderr);                                                     \
        }                                                                            \
    } while (0)

/* The exit status of main. A test that expected nothing fails. */
static inline int expect_report(void)
{
    printf("%u expectations, %u failed\n", expectations, failures);
    return expectations == 0 || failures > 0;
}

#endif
