#include "reports/record/index.h"

#include <stdlib.h>
#include <string.h>

static int by_series_then_age(const void *a, const void *b)
{
    const struct assay_record *x = *(const struct assay_record *const *)a;
    const struct assay_record *y = *(const struct assay_record *const *)b;
    const int order = strcmp(x->series_id, y->series_id);
    return order ? order : (x > y) - (x < y); /* of one list: later in it is newer */
}

const struct assay_record **assay_record_index(const struct assay_record_list *list, size_t *count)
{
    *count = 0;
    const struct assay_record **index = malloc((list->count + 1) * sizeof(*index));
    if (!index)
        return NULL;
    for (size_t i = 0; i < list->count; i++)
        index[i] = &list->items[i];
    qsort(index, list->count, sizeof(*index), by_series_then_age);
    for (size_t i = 0; i < list->count; i++) {
        if (*count > 0 && strcmp(index[*count - 1]->series_id, index[i]->series_id) == 0)
            --*count;
        index[(*count)++] = index[i];
    }
    return index;
}

static int by_id(const void *key, const void *item)
{
    return strcmp(key, (*(const struct assay_record *const *)item)->series_id);
}

const struct assay_record *assay_record_find(const struct assay_record *const *index, size_t count,
                                             const char *series_id)
{
    const struct assay_record *const *found = count ? bsearch(series_id, index, count, sizeof(*index), by_id) : NULL;
    return found ? *found : NULL;
}
