/* JUnit XML, as Jenkins, GitLab and others read it: a suite a target, a test case a series. Only elements and
 * attributes that they agree on; figures are properties of the test case. No time is told: `time` means how long a test
 * took, which was not kept, and a count must never be taken for one. */
#include "reports/render/alarms.h"
#include "reports/render/text.h"

#include <stdlib.h>
#include <string.h>

static void attribute(const char *name, const char *value, FILE *out)
{
    fprintf(out, " %s=\"", name);
    text_xml(value, out);
    fputc('"', out);
}

static void property(const char *name, const char *value, FILE *out)
{
    if (!value)
        return;
    fputs("<property", out);
    attribute("name", name, out);
    attribute("value", value, out);
    fputs("/>\n", out);
}

static bool figures(const struct finding *finding, FILE *out)
{
    json_t *named = finding_figures(finding), *value;
    const char *name;
    if (!named)
        return false;
    fputs("<properties>\n", out);
    json_object_foreach(named, name, value)
    {
        char number[32];
        snprintf(number, sizeof(number), "%.9g", json_number_value(value));
        property(name, json_is_string(value) ? json_string_value(value) : number, out);
    }
    fputs("</properties>\n", out);
    json_decref(named);
    return true;
}

static bool test_case(const struct finding *finding, FILE *out)
{
    static const char *const elements[FINDING_KINDS] = {
        [FINDING_FAILURE] = "failure", [FINDING_ERROR] = "error", [FINDING_OPEN] = "skipped"};
    const char *element = elements[finding->kind];
    fputs("<testcase", out);
    /* Jenkins takes what stands before the last dot for a package. */
    fputs(" classname=\"", out);
    text_xml(finding->target, out);
    fputc('.', out);
    text_xml(finding->case_name, out);
    fputc('"', out);
    attribute("name", finding->series, out);
    fputs(">\n", out);
    const bool ok = figures(finding, out);
    if (element) {
        fprintf(out, "<%s", element);
        /* Of what was skipped readers know a message alone. */
        if (finding->kind != FINDING_OPEN)
            attribute("type", finding->word, out);
        fprintf(out, " message=\"%s: ", finding->word);
        text_xml(finding->text, out);
        fputs("\"/>\n", out);
    }
    fputs("</testcase>\n", out);
    return ok;
}

static void counts(const struct finding_list *list, FILE *out)
{
    fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"", list->count, list->kinds[FINDING_FAILURE],
            list->kinds[FINDING_ERROR]);
}

static void about_run(const struct assay_record *record, FILE *out)
{
    const json_t *identity = json_object_get(record->json, "identity");
    const json_t *machine = json_object_get(record->json, "machine");
    fputs("<properties>\n", out);
    property("run_id", json_string_value(json_object_get(identity, "run_id")), out);
    property("suite", json_string_value(json_object_get(identity, "suite")), out);
    property("commit", json_string_value(json_object_get(identity, "commit")), out);
    property("cpu", json_string_value(json_object_get(machine, "cpu")), out);
    property("compiler", json_string_value(json_object_get(machine, "compiler")), out);
    property("emulated", record->emulated ? "true" : "false", out);
    fputs("</properties>\n", out);
}

/* The findings of one target, which are next to each other. */
static bool test_suite(const struct finding_list *all, size_t first, size_t *end, FILE *out)
{
    const struct assay_record *record = all->items[first].record;
    struct finding_list of_target = {.items = all->items + first};
    while (first + of_target.count < all->count &&
           strcmp(of_target.items[of_target.count].target, all->items[first].target) == 0)
        of_target.kinds[of_target.items[of_target.count++].kind]++;
    *end = first + of_target.count;
    fputs("<testsuite", out);
    attribute("name", record ? record->target : "required", out);
    counts(&of_target, out);
    fprintf(out, " skipped=\"%zu\"", of_target.kinds[FINDING_OPEN]);
    /* Without its zone, which is UTC: readers refuse one. */
    const char *started =
        record ? json_string_value(json_object_get(json_object_get(record->json, "identity"), "started")) : NULL;
    enum { DATE_AND_TIME = 19 };
    if (started && strlen(started) >= DATE_AND_TIME) {
        char stamp[DATE_AND_TIME + 1];
        snprintf(stamp, sizeof(stamp), "%s", started);
        attribute("timestamp", stamp, out);
    }
    fputs(">\n", out);
    if (record)
        about_run(record, out);
    bool ok = true;
    for (size_t i = 0; ok && i < of_target.count; i++)
        ok = test_case(&of_target.items[i], out);
    fputs("</testsuite>\n", out);
    return ok;
}

static int by_target(const void *a, const void *b)
{
    const struct finding *x = a, *y = b;
    const int order = strcmp(x->target, y->target);
    return order ? order : strcmp(x->series_id, y->series_id);
}

bool alarms_junit(struct finding_list *list, FILE *out)
{
    qsort(list->items, list->count, sizeof(*list->items), by_target);
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"assay\"", out);
    counts(list, out);
    fputs(">\n", out);
    bool ok = true;
    for (size_t at = 0; ok && at < list->count;)
        ok = test_suite(list, at, &at, out);
    fputs("</testsuites>\n", out);
    return ok;
}
