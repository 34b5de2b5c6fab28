/* Selection is by rank among the kernels that can, by cost if the highest states one; a forced name is that kernel or
 * an error. */
#include "kernels/core/select.h"
#include "tests/core/expect.h"

#include <string.h>

static const char *small_only(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    (void)kernel;
    return problem->gemm.k < 16 ? NULL : "it is for short sums";
}

#define KERNEL(kernel_name, kernel_mode, needs, kernel_rank, ...) \
    {.name = (kernel_name),                                       \
     .op = ASSAY_OP_GEMM,                                         \
     .mode = (kernel_mode),                                       \
     .features = (needs),                                         \
     .rank = (kernel_rank),                                       \
     __VA_ARGS__}

static const struct assay_kernel ref = KERNEL("ref", ASSAY_MODE_FP32, 0, -100, );
static const struct assay_kernel plain = KERNEL("plain", ASSAY_MODE_FP32, 0, 10, );
static const struct assay_kernel twin = KERNEL("twin", ASSAY_MODE_FP32, 0, 10, );
static const struct assay_kernel wide = KERNEL("wide", ASSAY_MODE_FP32, ASSAY_FEATURE_AVX2 | ASSAY_FEATURE_FMA, 20, );
static const struct assay_kernel picky = KERNEL("picky", ASSAY_MODE_FP32, 0, 30, .supports = small_only);
static const struct assay_kernel other = KERNEL("other", ASSAY_MODE_INT8, 0, 40, );
static const struct assay_kernel *const table[] = {&ref, &plain, &twin, &wide, &picky, &other};
enum { COUNT = sizeof(table) / sizeof(table[0]) };

static void expect_selected(size_t k, uint64_t features, const char *forced, const struct assay_kernel *want)
{
    const struct assay_problem problem = {.op = ASSAY_OP_GEMM, .mode = ASSAY_MODE_FP32, .gemm = {1, 1, k, k, 1, 0}};
    const char *why = NULL;
    const struct assay_kernel *got = assay_select(table, COUNT, &problem, features, forced, &why);
    EXPECT(got == want, "k = %zu: %s, not %s", k, got ? got->name : why, want ? want->name : "none");
    EXPECT(got || (why && why[0]), "a refusal gives no reason");
    EXPECT(assay_select(table, COUNT, &problem, features, forced, NULL) == want, "without why it selects another");
}

static double flat(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    (void)kernel;
    (void)problem;
    return 100;
}

static double by_depth(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    (void)kernel;
    return 10 * (double)problem->gemm.k;
}

static void by_cost(void)
{
    static const struct assay_kernel lazy = KERNEL("lazy", ASSAY_MODE_FP32, 0, -100, .cost = by_depth);
    static const struct assay_kernel narrow = KERNEL("narrow", ASSAY_MODE_FP32, 0, 20, .cost = by_depth);
    static const struct assay_kernel tall = KERNEL("tall", ASSAY_MODE_FP32, 0, 40, .cost = flat);
    static const struct assay_kernel silent = KERNEL("silent", ASSAY_MODE_FP32, 0, 30, );
    static const struct assay_kernel loud = KERNEL("loud", ASSAY_MODE_FP32, ASSAY_FEATURE_AVX2, 50, );
    static const struct assay_kernel *const costly[] = {&lazy, &narrow, &silent, &tall, &loud};
    const size_t count = sizeof(costly) / sizeof(costly[0]);
    struct assay_problem problem = {.op = ASSAY_OP_GEMM, .mode = ASSAY_MODE_FP32, .gemm = {1, 1, 5, 5, 1, 0}};
    EXPECT(assay_select(costly, count, &problem, 0, NULL, NULL) == &narrow,
           "the dearer kernel of higher rank was taken");
    EXPECT(assay_select(costly, count, &problem, 0, "tall", NULL) == &tall, "cost overrules a forced name");
    problem.gemm.k = 10;
    EXPECT(assay_select(costly, count, &problem, 0, NULL, NULL) == &tall,
           "of equal costs the higher rank is not taken");
    problem.gemm.k = 11;
    EXPECT(assay_select(costly, count, &problem, 0, NULL, NULL) == &tall, "the dearer kernel was taken");
    EXPECT(assay_select(costly, count, &problem, ASSAY_FEATURE_AVX2, NULL, NULL) == &loud,
           "a kernel without a cost lost its rank");
}

int main(void)
{
    const uint64_t both = ASSAY_FEATURE_AVX2 | ASSAY_FEATURE_FMA;
    expect_selected(99, 0, NULL, &plain); /* of equals the first */
    expect_selected(99, both, NULL, &wide);
    expect_selected(99, ASSAY_FEATURE_AVX2, NULL, &plain); /* one of two features is not enough */
    expect_selected(8, both, NULL, &picky);
    expect_selected(8, both, "ref", &ref);
    expect_selected(8, both, "twin", &twin);
    expect_selected(99, both, "picky", NULL); /* never another in its place */
    expect_selected(99, 0, "wide", NULL);
    expect_selected(99, both, "other", NULL);
    expect_selected(99, both, "re", NULL); /* no part of a name */

    by_cost();

    const struct assay_problem conv = {.op = ASSAY_OP_CONV};
    const char *why = NULL;
    EXPECT(!assay_select(table, COUNT, &conv, both, NULL, &why) && why, "gemm kernels were taken for conv");
    EXPECT(!assay_select(NULL, 0, &conv, both, NULL, &why), "something was selected from nothing");
    const struct assay_problem sparse = {.op = ASSAY_OP_GEMM, .structure = ASSAY_RANDOM};
    EXPECT(assay_kernel_refuses(&plain, &sparse, both), "a dense kernel takes sparse weights");
    return expect_report();
}
