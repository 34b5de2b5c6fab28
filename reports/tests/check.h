/* What the tests here have in common: a check that fails says where and what, and the exit status is 1 then. */
#ifndef ASSAY_REPORTS_TESTS_CHECK_H
#define ASSAY_REPORTS_TESTS_CHECK_H

#include <stdio.h>

static int failures, checks;

#define CHECK(condition, ...)                                               \
    do {                                                                    \
        checks++;                                                           \
        if (!(condition)) {                                                 \
            failures++;                                                     \
            fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #condition); \
            fprintf(stderr, __VA_ARGS__);                                   \
            fputc('\n', stderr);                                            \
        }                                                                   \
    } while (0)

static inline int finish_checks(void)
{
    printf("%d checks, %d failures\n", checks, failures);
    return failures > 0 || checks == 0;
}

#endif
