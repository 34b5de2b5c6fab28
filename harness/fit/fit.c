#include "harness/fit/fit.h"

#include "harness/fit/problem.h"
#include "reports/record/index.h"

#include <gsl/gsl_multimin.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The constants are a structure of doubles, so that the fit need not know them by name. */
enum { CONSTANTS = sizeof(struct assay_igemm_cost) / sizeof(double) };
_Static_assert(sizeof(struct assay_igemm_cost) == CONSTANTS * sizeof(double), "the constants must all be doubles");

/* Our kernel of that name that the dense driver runs; NULL: none. */
static const struct assay_kernel *find_kernel(const char *name)
{
    static const enum assay_op ops[] = {ASSAY_OP_GEMM, ASSAY_OP_CONV};
    for (size_t o = 0; o < sizeof(ops) / sizeof(ops[0]); o++) {
        size_t count;
        const struct assay_kernel *const *kernels = assay_kernels(ops[o], &count);
        for (size_t i = 0; i < count; i++)
            if (strcmp(kernels[i]->name, name) == 0)
                return kernels[i]->cost == assay_igemm_cost ? kernels[i] : NULL;
    }
    return NULL;
}

static struct assay_fit *fit_of(struct assay_fit_list *list, const struct assay_kernel *kernel)
{
    const char *signature = strchr(kernel->name, '_') + 1;
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i].signature, signature) == 0)
            return &list->items[i];
    struct assay_fit *grown = realloc(list->items, (list->count + 1) * sizeof(*grown));
    if (!grown)
        return NULL;
    list->items = grown;
    grown[list->count] = (struct assay_fit){.signature = signature, .gemm = kernel};
    return &grown[list->count++];
}

static bool add_point(struct assay_fit *fit, const struct assay_fit_point *point)
{
    if (fit->count == fit->capacity) {
        const size_t capacity = fit->capacity ? 2 * fit->capacity : 64;
        struct assay_fit_point *grown = realloc(fit->points, capacity * sizeof(*grown));
        if (!grown)
            return false;
        fit->points = grown;
        fit->capacity = capacity;
    }
    fit->points[fit->count++] = *point;
    return true;
}

bool assay_fit_gather(const struct assay_record_list *records, double ghz, struct assay_fit_list *list)
{
    size_t count;
    const struct assay_record **newest = assay_record_index(records, &count);
    *list = (struct assay_fit_list){0};
    bool good = newest != NULL;
    for (size_t i = 0; good && i < count; i++) {
        const struct assay_record *r = newest[i];
        struct assay_fit_point point = {.record = r, .cycles = r->value * ghz};
        if (r->emulated || !r->kernel || !(r->value > 0) || strcmp(r->outcome, "pass") != 0 ||
            (strcmp(r->role, "named") != 0 && strcmp(r->role, "best") != 0) ||
            !assay_problem_of_record(r, &point.problem))
            continue;
        const struct assay_kernel *kernel = find_kernel(r->kernel);
        struct assay_fit *fit = kernel ? fit_of(list, kernel) : NULL;
        good = !kernel || (fit && add_point(fit, &point));
    }
    free(newest);
    if (!good)
        assay_fit_free(list);
    return good;
}

/* The kernel's own formula, with other constants. */
static double cost_with(const struct assay_fit *fit, const struct assay_igemm_cost *cost,
                        const struct assay_problem *problem)
{
    struct assay_igemm igemm = *(const struct assay_igemm *)fit->gemm->detail;
    struct assay_kernel kernel = *fit->gemm;
    igemm.cost = *cost;
    kernel.detail = &igemm;
    kernel.op = problem->op;
    return kernel.cost(&kernel, problem);
}

double assay_fit_cost(const struct assay_fit *fit, const struct assay_problem *problem)
{
    return cost_with(fit, &fit->cost, problem);
}

/* Constants are positive: what is varied is their logarithms. What is next to nothing would wander off for ever. */
static struct assay_igemm_cost constants_of(const gsl_vector *x)
{
    static const double least = 0.01;
    struct assay_igemm_cost cost;
    double values[CONSTANTS];
    for (size_t i = 0; i < CONSTANTS; i++)
        values[i] = fmax(exp(gsl_vector_get(x, i)), least);
    memcpy(&cost, values, sizeof(cost));
    return cost;
}

/* The mean square of the logarithms of cost / measured. */
static double distance(const gsl_vector *x, void *context)
{
    const struct assay_fit *fit = context;
    const struct assay_igemm_cost cost = constants_of(x);
    double sum = 0;
    for (size_t i = 0; i < fit->count; i++) {
        const double off = log(cost_with(fit, &cost, &fit->points[i].problem) / fit->points[i].cycles);
        sum += isfinite(off) ? off * off : 1e6;
    }
    return sum / (double)fit->count;
}

/* Nelder and Mead's simplex from one start; the least that it reached, its place in `x`. */
static double minimize(struct assay_fit *fit, gsl_vector *x)
{
    enum { MOST_STEPS = 4000 };
    gsl_multimin_function function = {distance, CONSTANTS, fit};
    gsl_multimin_fminimizer *simplex = gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, CONSTANTS);
    gsl_vector *steps = gsl_vector_alloc(CONSTANTS);
    gsl_vector_set_all(steps, 0.7);
    gsl_multimin_fminimizer_set(simplex, &function, x, steps);
    for (int i = 0; i < MOST_STEPS && gsl_multimin_fminimizer_iterate(simplex) == 0; i++)
        if (gsl_multimin_test_size(gsl_multimin_fminimizer_size(simplex), 1e-5) == 0)
            break;
    gsl_vector_memcpy(x, gsl_multimin_fminimizer_x(simplex));
    const double least = gsl_multimin_fminimizer_minimum(simplex);
    gsl_vector_free(steps);
    gsl_multimin_fminimizer_free(simplex);
    return least;
}

void assay_fit_run(struct assay_fit *fit)
{
    /* Starts far from one another: a simplex that is caught in one valley has others to be found in. */
    static const double starts[] = {1, 4, 16, 64};
    double best = INFINITY;
    gsl_vector *x = gsl_vector_alloc(CONSTANTS);
    for (size_t s = 0; s < sizeof(starts) / sizeof(starts[0]); s++) {
        for (size_t i = 0; i < CONSTANTS; i++)
            gsl_vector_set(x, i, log(starts[(s + i) % 4]));
        minimize(fit, x);
        const double off = minimize(fit, x); /* again, with a simplex that is wide once more */
        if (off < best) {
            best = off;
            fit->cost = constants_of(x);
        }
    }
    gsl_vector_free(x);
    fit->typical = exp(sqrt(best));
    fit->worst = 1;
    for (size_t i = 0; i < fit->count; i++) {
        const double off = assay_fit_cost(fit, &fit->points[i].problem) / fit->points[i].cycles;
        fit->worst = fmax(fit->worst, fmax(off, 1 / off));
    }
}

static bool same_layer(const struct assay_record *a, const struct assay_record *b)
{
    return strcmp(a->case_name, b->case_name) == 0 && strcmp(a->target, b->target) == 0 && strcmp(a->op, b->op) == 0 &&
           strcmp(a->mode, b->mode) == 0;
}

/* Of one layer, among all fitted kernels: the time of the cheapest by its cost, and the least time. */
static size_t choose(const struct assay_fit_list *list, const struct assay_fit_point *layer, double *chosen,
                     double *fastest)
{
    double least = INFINITY;
    size_t rivals = 0;
    *chosen = *fastest = INFINITY;
    for (size_t f = 0; f < list->count; f++) {
        const struct assay_fit *fit = &list->items[f];
        double own = INFINITY;
        if (fit->count < ASSAY_FIT_LEAST_POINTS)
            continue;
        for (size_t i = 0; i < fit->count; i++)
            if (same_layer(fit->points[i].record, layer->record))
                own = fmin(own, fit->points[i].cycles);
        if (isinf(own))
            continue;
        rivals++;
        *fastest = fmin(*fastest, own);
        const double cost = assay_fit_cost(fit, &layer->problem);
        if (cost < least) {
            least = cost;
            *chosen = own;
        }
    }
    return rivals;
}

size_t assay_fit_regret(const struct assay_fit_list *list, double *mean, double *worst)
{
    size_t cases = 0;
    *mean = 0;
    *worst = 1;
    for (size_t f = 0; f < list->count; f++)
        for (size_t i = 0; i < list->items[f].count; i++) {
            const struct assay_fit_point *point = &list->items[f].points[i];
            double chosen, fastest;
            /* Each layer once: where selection's own choice was measured. */
            if (strcmp(point->record->role, "best") != 0 || choose(list, point, &chosen, &fastest) < 2)
                continue;
            cases++;
            *mean += log(chosen / fastest);
            *worst = fmax(*worst, chosen / fastest);
        }
    *mean = cases > 0 ? exp(*mean / (double)cases) : NAN;
    return cases;
}

void assay_fit_free(struct assay_fit_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i].points);
    free(list->items);
    *list = (struct assay_fit_list){0};
}
