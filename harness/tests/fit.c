/* harness/fit: from records that follow the formula exactly, the constants that made them are found again. */
#include "harness/fit/fit.h"

#include "reports/tests/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct shape {
    size_t m, n, k;
} shapes[] = {
    {1, 10, 64},     {1, 128, 640}, {7, 33, 20},   {12, 64, 64},    {49, 512, 512}, {64, 64, 64},
    {100, 17, 1000}, {196, 256, 8}, {256, 32, 27}, {3136, 64, 32},  {5, 300, 300},  {33, 96, 4},
    {13, 16, 128},   {24, 1000, 2}, {48, 48, 48},  {1024, 128, 16},
};
enum { SHAPES = sizeof(shapes) / sizeof(shapes[0]) };

/* A kernel of the dense driver, of whatever instruction set this build is for. */
static const struct assay_kernel *any_kernel(void)
{
    size_t count;
    const struct assay_kernel *const *kernels = assay_kernels(ASSAY_OP_GEMM, &count);
    for (size_t i = 0; i < count; i++)
        if (kernels[i]->cost == assay_igemm_cost && kernels[i]->rank > 0 && !kernels[i]->tile_n)
            return kernels[i];
    return NULL;
}

static struct assay_problem problem_of(const struct assay_kernel *kernel, struct shape s)
{
    return (struct assay_problem){.op = ASSAY_OP_GEMM,
                                  .mode = kernel->mode,
                                  .gemm = {.m = s.m, .n = s.n, .k = s.k, .in_stride = s.k, .out_stride = s.n}};
}

static void add(struct assay_record_list *list, const struct assay_kernel *kernel, size_t i, const char *role,
                double ns)
{
    char name[32], id[128], message[ASSAY_RECORD_MESSAGE] = "";
    struct assay_record view;
    snprintf(name, sizeof(name), "case%zu", i);
    snprintf(id, sizeof(id), "t/%s/gemm/dense/%s/%s", name, role, kernel->name);
    json_t *json = json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:f, s:s, s:s, s:s, s:s, s:s, s:f, s:n, s:n, s:s, s:b, "
                             "s:{s:s, s:s, s:s, s:i, s:n, s:n}, s:{}, s:{}, s:{s:I, s:I, s:I, s:s}, s:{}, s:{}}",
                             "schema_version", ASSAY_RECORD_SCHEMA, "series_id", id, "target", "t", "op", "gemm",
                             "mode", assay_mode_name(kernel->mode), "structure", "dense", "sparsity", 0.0, "case", name,
                             "role", role, "kernel", kernel->name, "origin", "assay", "metric", "ns", "value", ns,
                             "speedup", "error", "outcome", "pass", "emulated", 0, "identity", "run_id", "r", "suite",
                             "s", "started", "2026-01-01T00:00:00Z", "seed", 1, "commit", "dirty", "code", "machine",
                             "shape", "m", (json_int_t)shapes[i].m, "n", (json_int_t)shapes[i].n, "k",
                             (json_int_t)shapes[i].k, "activation", "none", "performance", "accuracy");
    CHECK(assay_record_view(json, &view, message) && assay_record_append(list, view), "%s", message);
    json_decref(json);
}

int main(void)
{
    const double ghz = 2;
    const struct assay_kernel *kernel = any_kernel();
    CHECK(kernel, "no kernel of the dense driver");
    if (!kernel)
        return finish_checks();
    struct assay_fit truth = {.gemm = kernel, .cost = {.row = 2, .step = 9, .store = 20, .tile = 50}};
    struct assay_record_list records = {0};
    struct assay_fit_list list;
    for (size_t i = 0; i < SHAPES; i++) {
        const struct assay_problem problem = problem_of(kernel, shapes[i]);
        add(&records, kernel, i, "named", assay_fit_cost(&truth, &problem) / ghz);
    }
    /* Neither a reference nor a record without a kernel of the driver is a point. */
    size_t count;
    const struct assay_kernel *const *kernels = assay_kernels(ASSAY_OP_GEMM, &count);
    for (size_t i = 0; i < count; i++)
        if (kernels[i]->cost != assay_igemm_cost)
            add(&records, kernels[i], 0, "named", 1);
    CHECK(assay_fit_gather(&records, ghz, &list), "memory");
    CHECK(list.count == 1 && list.items[0].count == SHAPES, "%zu kernels", list.count);
    assay_fit_run(&list.items[0]);
    CHECK(list.items[0].typical < 1.01 && list.items[0].worst < 1.05, "off by %g, %g", list.items[0].typical,
          list.items[0].worst);
    /* A layer that was not among them. */
    const struct assay_problem other = problem_of(kernel, (struct shape){77, 200, 99});
    const double off = assay_fit_cost(&list.items[0], &other) / assay_fit_cost(&truth, &other);
    CHECK(fabs(off - 1) < 0.05, "another layer: off by %g", off);
    double mean, worst;
    CHECK(assay_fit_regret(&list, &mean, &worst) == 0, "one kernel is no choice");
    assay_fit_free(&list);
    assay_record_list_free(&records);
    return finish_checks();
}
