/* Measures all series of two files of records again, and prints the pairs of each and the median of their ratios:
 * remeasure_again BASE NEW */
#include "harness/process/interrupt.h"
#include "harness/revision/interval.h"
#include "harness/revision/remeasure.h"

#include <stdio.h>
#include <stdlib.h>

enum { PROCESSES = 4 };

static bool read_records(const char *path, struct assay_record_list *list)
{
    char message[ASSAY_RECORD_MESSAGE];
    const bool good = assay_record_read(path, list, NULL, message);
    if (!good)
        fprintf(stderr, "%s\n", message);
    return good;
}

static void print(const struct assay_comparison *candidate, struct assay_pairs *pairs)
{
    for (size_t i = 0; i < pairs->count; i++)
        pairs->now[i] /= pairs->base[i];
    printf("%s %zu pairs, %g\n", candidate->series_id, pairs->count,
           assay_interval_of(pairs->now, pairs->count, 0.9).median);
    free(pairs->base);
    free(pairs->now);
}

int main(int argc, char **argv)
{
    struct assay_record_list base = {0}, now = {0};
    struct assay_comparison_list list;
    struct assay_target_list targets;
    assay_interrupt_catch();
    if (argc != 3 || !read_records(argv[1], &base) || !read_records(argv[2], &now) ||
        !assay_compare(&base, &now, assay_compare_defaults(), &list) || !assay_targets_read(NULL, 0, &targets))
        return 2;
    const struct assay_comparison **candidates = calloc(list.count, sizeof(*candidates));
    struct assay_pairs *pairs = calloc(list.count, sizeof(*pairs));
    struct assay_remeasure context = {&targets, PROCESSES};
    if (!candidates || !pairs)
        abort();
    for (size_t i = 0; i < list.count; i++)
        candidates[i] = &list.items[i];
    const bool good = assay_revision_remeasure(&context, 0, candidates, list.count, pairs);
    for (size_t i = 0; i < list.count; i++)
        print(candidates[i], &pairs[i]);
    free(candidates);
    free(pairs);
    assay_comparison_list_free(&list);
    assay_record_list_free(&base);
    assay_record_list_free(&now);
    return good ? 0 : 1;
}
