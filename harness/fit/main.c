/* fit-cost: the constants of struct assay_igemm_cost for each micro-kernel, from records of
 * `assay run SUITE --kernels best,every` on this instruction set (docs/selection.md). */
#include "harness/base/say.h"
#include "harness/commands/commands.h"
#include "harness/fit/fit.h"

#include <argp.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_FILES = 32, KEY_GHZ = 0x100 };

struct options {
    const char *files[MOST_FILES];
    size_t file_count;
    double ghz;
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct options *o = state->input;
    char *end;
    switch (key) {
    case KEY_GHZ:
        o->ghz = strtod(argument, &end);
        if (*end || !(o->ghz > 0.01 && o->ghz < 100))
            argp_error(state, "--ghz '%s': give the clock of the core, from 0.01 to 100", argument);
        return 0;
    case ARGP_KEY_ARG:
        if (o->file_count == MOST_FILES)
            argp_error(state, "more than %d files", MOST_FILES);
        o->files[o->file_count++] = argument;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "say which records: those of assay run SUITE --kernels best,every");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static void print(const struct assay_fit *fit)
{
    const struct assay_igemm_cost *c = &fit->cost;
    printf(
        "%-28s .cost = {.row = %.3g, .step = %.3g, .store = %.3g, .tile = %.3g}  %zu points, off by %.0f %%, at most "
        "%.0f %%\n",
        fit->signature, c->row, c->step, c->store, c->tile, fit->count, 100 * (fit->typical - 1),
        100 * (fit->worst - 1));
}

int main(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"ghz", KEY_GHZ, "N", 0,
         "The clock while it was measured (default: 3.7); one for all kernels, so that costs compare", 0},
        {0}};
    const struct argp argp = {.options = options,
                              .parser = parse,
                              .args_doc = "RECORDS...",
                              .doc = "Fit the constants that dense kernels state of their costs."};
    struct options o = {.ghz = 3.7};
    struct assay_record_list records = {0};
    struct assay_fit_list list;
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    for (size_t i = 0; i < o.file_count; i++)
        if (!assay_read_records(o.files[i], &records))
            return ASSAY_EXIT_USAGE;
    if (!assay_fit_gather(&records, o.ghz, &list)) {
        assay_say("out of memory");
        return ASSAY_EXIT_USAGE;
    }
    size_t fitted = 0;
    for (size_t i = 0; i < list.count; i++) {
        if (list.items[i].count < ASSAY_FIT_LEAST_POINTS) {
            printf("%-28s %zu points are too few\n", list.items[i].signature, list.items[i].count);
            continue;
        }
        assay_fit_run(&list.items[i]);
        print(&list.items[i]);
        fitted++;
    }
    double mean, worst;
    const size_t cases = assay_fit_regret(&list, &mean, &worst);
    if (cases > 0)
        printf("chosen by these: %zu cases, geometric mean of chosen / fastest %.3f, worst %.2f\n", cases, mean, worst);
    assay_fit_free(&list);
    assay_record_list_free(&records);
    if (fitted == 0)
        assay_say("no dense kernel of this build has %d series in these records", ASSAY_FIT_LEAST_POINTS);
    return fitted > 0 ? ASSAY_EXIT_FINE : ASSAY_EXIT_FAILED;
}
