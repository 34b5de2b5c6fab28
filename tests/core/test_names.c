/* Names of operations, modes, structures, activations and conversions: there and back, and no others. */
#include "kernels/core/features.h"
#include "kernels/core/problem.h"
#include "tests/core/expect.h"

#include <string.h>

#define TEST_NAMES(kind, count)                                                                                    \
    static void test_##kind(void)                                                                                  \
    {                                                                                                              \
        for (int i = 0; i < (int)(count); i++) {                                                                   \
            const char *name = assay_##kind##_name((enum assay_##kind)i);                                          \
            EXPECT(name &&name[0], #kind " %d has no name", i);                                                    \
            if (!name)                                                                                             \
                continue;                                                                                          \
            enum assay_##kind value = (enum assay_##kind)(count);                                                  \
            EXPECT(assay_##kind##_parse(name, &value) && (int)value == i, "\"%s\" reads as %d", name, (int)value); \
        }                                                                                                          \
        EXPECT(!assay_##kind##_name((enum assay_##kind)(count)), "a " #kind " out of range has a name");           \
        static const char *const strangers[] = {"", " ", "no such name", "GEMM", "fp32 "};                         \
        for (size_t i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++) {                                    \
            enum assay_##kind value = (enum assay_##kind)1;                                                        \
            EXPECT(!assay_##kind##_parse(strangers[i], &value) && (int)value == 1, "\"%s\" is taken for a " #kind, \
                   strangers[i]);                                                                                  \
        }                                                                                                          \
    }

TEST_NAMES(op, ASSAY_OP_COUNT)
TEST_NAMES(mode, ASSAY_MODE_COUNT)
TEST_NAMES(structure, ASSAY_STRUCTURE_COUNT)
TEST_NAMES(activation, ASSAY_ACTIVATION_COUNT)
TEST_NAMES(conversion, ASSAY_CONVERSION_COUNT)

/* A feature's name is its own. */
static void test_features(void)
{
    unsigned named = 0;
    for (unsigned a = 0; a < 64; a++) {
        named += assay_feature_name(a) != NULL;
        for (unsigned b = 0; assay_feature_name(a) && b < a; b++)
            EXPECT(!assay_feature_name(b) || strcmp(assay_feature_name(a), assay_feature_name(b)) != 0,
                   "bits %u and %u are both \"%s\"", a, b, assay_feature_name(a));
    }
    EXPECT(named > 0, "no feature has a name");
    EXPECT(!assay_feature_name(64), "a bit out of range has a name");
}

int main(void)
{
    test_op();
    test_mode();
    test_structure();
    test_activation();
    test_conversion();
    test_features();
    return expect_report();
}
