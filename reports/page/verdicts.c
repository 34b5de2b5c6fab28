#include "reports/page/verdicts.h"

#include "reports/record/index.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct known {
    const struct assay_record **items; /* in the order of series_id */
    size_t count;
};

/* The place of a name among those that `name_of` gives; `count` if it has none. */
static int find_name(const char *name, int count, const char *(*name_of)(int))
{
    for (int i = 0; name && i < count; i++)
        if (strcmp(name, name_of(i)) == 0)
            return i;
    return count;
}

static const char *verdict_name(int i)
{
    return assay_verdict_name((enum assay_verdict)i);
}

static const char *aspect_name(int i)
{
    return assay_aspect_name((enum assay_aspect)i);
}

static double number_of(const json_t *json, const char *member)
{
    const json_t *value = json_object_get(json, member);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

/* NULL: it is right; else what is wrong with it. */
static const char *read_one(const json_t *json, const struct known *base, const struct known *now,
                            struct assay_comparison *c)
{
    const char *reason = json_string_value(json_object_get(json, "reason"));
    c->series_id = json_string_value(json_object_get(json, "series_id"));
    const int verdict =
        find_name(json_string_value(json_object_get(json, "verdict")), ASSAY_VERDICT_COUNT, verdict_name);
    const int aspect = find_name(json_string_value(json_object_get(json, "aspect")), ASSAY_ASPECTS, aspect_name);
    if (!c->series_id || verdict == ASSAY_VERDICT_COUNT || aspect == ASSAY_ASPECTS)
        return "is no verdict";
    c->verdict = (enum assay_verdict)verdict;
    c->aspect = (enum assay_aspect)aspect;
    c->ratio.estimate = number_of(json, "ratio");
    c->ratio.low = number_of(json, "low");
    c->ratio.high = number_of(json, "high");
    c->p = number_of(json, "p");
    c->remeasured = json_is_true(json_object_get(json, "remeasured"));
    snprintf(c->reason, sizeof(c->reason), "%s", reason ? reason : "");
    c->base = assay_record_find(base->items, base->count, c->series_id);
    c->now = assay_record_find(now->items, now->count, c->series_id);
    const bool may_lack = c->aspect == ASSAY_ASPECT_PRESENCE; /* gone, or required by a policy and never there */
    return c->now || may_lack ? NULL : "is of a series that is not among the records";
}

static bool read_all(const char *path, const json_t *series, const struct known *base, const struct known *now,
                     struct assay_comparison_list *list, char *message)
{
    size_t i;
    const json_t *item;
    json_array_foreach(series, i, item)
    {
        const char *wrong = read_one(item, base, now, &list->items[i]);
        if (wrong) {
            snprintf(message, PAGE_VERDICTS_MESSAGE, "%s: number %zu of its series %s", path, i + 1, wrong);
            return false;
        }
        list->count++;
        list->verdicts[list->items[i].verdict]++;
    }
    return true;
}

bool page_verdicts_read(const char *path, const struct assay_record_list *base, const struct assay_record_list *now,
                        struct page_verdicts *verdicts, char *message)
{
    *verdicts = (struct page_verdicts){0};
    json_error_t error;
    FILE *in = fopen(path, "r");
    if (!in) {
        snprintf(message, PAGE_VERDICTS_MESSAGE, "%s: %s", path, strerror(errno));
        return false;
    }
    verdicts->json = json_loadf(in, JSON_REJECT_DUPLICATES, &error);
    fclose(in);
    if (!verdicts->json) {
        snprintf(message, PAGE_VERDICTS_MESSAGE, "%s: line %d: %s", path, error.line, error.text);
        return false;
    }
    const json_t *series = json_object_get(verdicts->json, "series");
    if (!json_is_array(series)) {
        snprintf(message, PAGE_VERDICTS_MESSAGE, "%s: holds no verdicts: write them with assay gate --write json=FILE",
                 path);
        return false;
    }
    struct known before, after;
    before.items = assay_record_index(base, &before.count);
    after.items = assay_record_index(now, &after.count);
    verdicts->list.items = calloc(json_array_size(series) + 1, sizeof(*verdicts->list.items));
    snprintf(message, PAGE_VERDICTS_MESSAGE, "%s: out of memory", path);
    const bool good = before.items && after.items && verdicts->list.items &&
                      read_all(path, series, &before, &after, &verdicts->list, message);
    free((void *)before.items);
    free((void *)after.items);
    return good;
}

void page_verdicts_free(struct page_verdicts *verdicts)
{
    assay_comparison_list_free(&verdicts->list);
    json_decref(verdicts->json);
    *verdicts = (struct page_verdicts){0};
}
