/* The page's data, without a browser: whole JSON whatever records hold, and what is read back. */
#include "reports/page/page.h"
#include "reports/page/verdicts.h"
#include "reports/tests/check.h"
#include "reports/tests/history_records.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char hostile[] = "</script><!--<script>\"\\'{{data}}\xc3\xa9\xe2\x80\xa8";

/* The data between the element's tags, parsed. */
static json_t *data_of(const char *page)
{
    static const char begin[] = "<script type=\"application/json\" id=\"data\">";
    const char *at = strstr(page, begin);
    CHECK(at, "the page has no data");
    at = at ? at + strlen(begin) : page;
    const char *end = strstr(at, "</script>");
    CHECK(end && !memchr(at, '<', (size_t)(end - at)), "the data could end their element");
    json_error_t error;
    json_t *data = end ? json_loadb(at, (size_t)(end - at), 0, &error) : NULL;
    CHECK(data, "no JSON: %s", error.text);
    return data;
}

static json_t *write_page(const struct assay_page *page)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    CHECK(assay_page_write(page, out), "no page");
    fclose(out);
    json_t *data = data_of(text);
    CHECK(strstr(text, "</html>"), "the page is cut");
    free(text);
    return data;
}

static void make(struct assay_record_list *list, int run)
{
    CHECK(history_append_run(list, run, 5), "no run");
    json_t *odd = history_record(run, 7, NAN);
    json_object_set_new(odd, "outcome", json_string("error"));
    json_object_set_new(odd, "message", json_string(hostile));
    CHECK(history_append(list, odd), "no record");
}

static void test_columns(void)
{
    struct assay_record_list list = {0};
    make(&list, 1);
    make(&list, 1); /* tried again: the newest are shown */
    json_t *data = write_page(&(struct assay_page){.records = &list});
    const char *name;
    const json_t *column, *records = json_object_get(data, "records"), *pool = json_object_get(data, "pool");
    size_t columns = 0;
    json_object_foreach((json_t *)records, name, column)
    {
        CHECK(json_array_size(column) == 6, "%s has %zu items", name, json_array_size(column));
        columns++;
    }
    CHECK(columns > 20, "%zu columns", columns);
    for (size_t i = 0; i < 5; i++) {
        const double value = json_number_value(json_array_get(json_object_get(records, "value"), i));
        CHECK(fabs(value - list.items[i].value) <= 1e-9 * fabs(value), "record %zu: %g", i, value);
    }
    const size_t message = (size_t)json_integer_value(json_array_get(json_object_get(records, "message"), 5));
    const char *text = json_string_value(json_array_get(pool, message));
    CHECK(text && strcmp(text, hostile) == 0, "the message is '%s'", text ? text : "none");
    CHECK(json_is_null(json_array_get(json_object_get(records, "value"), 5)), "a value where there is none");
    json_decref(data);
    assay_record_list_free(&list);
}

static void test_history(void)
{
    struct assay_record_list list = {0};
    make(&list, 1);
    struct assay_history_point points[12];
    for (int i = 0; i < 12; i++)
        points[i] = (struct assay_history_point){.run_id = "run",
                                                 .started = "2026-01-01T00:00:00Z",
                                                 .outcome = "pass",
                                                 .value = i < 7 ? 1000 : 1100,
                                                 .mode_error = i == 3 ? NAN : 0.5,
                                                 .task_value = NAN};
    struct assay_history_trend trend = {(char *)list.items[0].series_id, "instructions", points, 12};
    const struct assay_history_trends trends = {&trend, 1};
    json_t *data = write_page(&(struct assay_page){.records = &list, .trends = &trends});
    const json_t *line = json_array_get(json_object_get(json_object_get(data, "history"), "series"), 0);
    const json_t *changes = json_array_get(line, 4), *errors = json_array_get(line, 5);
    CHECK(json_array_size(changes) == 1 && json_integer_value(json_array_get(json_array_get(changes, 0), 0)) == 7,
          "%zu change points", json_array_size(changes));
    CHECK(json_is_null(json_array_get(errors, 3)) && json_number_value(json_array_get(errors, 4)) == 0.5,
          "an unknown error stands for others");
    CHECK(strcmp(json_string_value(json_array_get(errors, 2)), "") == 0, "what stays is written again");
    json_decref(data);
    assay_record_list_free(&list);
}

/* Writes `text` to a file and reads it as verdicts. */
static bool read_verdicts(const char *text, const struct assay_record_list *list, struct page_verdicts *verdicts,
                          char *message)
{
    char path[] = "test_page_XXXXXX";
    const int fd = mkstemp(path);
    CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text), "cannot write %s here", path);
    const bool good = page_verdicts_read(path, &(struct assay_record_list){0}, list, verdicts, message);
    close(fd);
    unlink(path);
    return good;
}

static void test_verdicts(void)
{
    struct assay_record_list list = {0};
    struct page_verdicts verdicts;
    char text[2048], message[PAGE_VERDICTS_MESSAGE];
    make(&list, 1);
    static const char form[] = "{\"series\": [{\"series_id\": \"%s\", \"verdict\": \"%s\", \"aspect\": \"%s\", "
                               "\"ratio\": 1.25, \"low\": null, \"reason\": \"slow <b>\"}]}";
    snprintf(text, sizeof(text), form, list.items[2].series_id, "regressed", "time");
    CHECK(read_verdicts(text, &list, &verdicts, message), "%s", message);
    CHECK(verdicts.list.count == 1 && verdicts.list.verdicts[ASSAY_REGRESSED] == 1, "not one regression");
    CHECK(verdicts.list.items[0].now == &list.items[2] && verdicts.list.items[0].ratio.estimate == 1.25 &&
              isnan(verdicts.list.items[0].ratio.low),
          "it is another");
    json_t *data = write_page(&(struct assay_page){.records = &list, .comparisons = &verdicts.list});
    const json_t *reasons = json_object_get(json_object_get(data, "comparisons"), "reason");
    CHECK(json_array_size(reasons) == 6 && strcmp(json_string_value(json_array_get(reasons, 2)), "slow <b>") == 0,
          "the reason is lost");
    json_decref(data);
    page_verdicts_free(&verdicts);

    snprintf(text, sizeof(text), form, "a_target/*/best", "error", "presence");
    CHECK(read_verdicts(text, &list, &verdicts, message), "what a policy requires and lacks: %s", message);
    data = write_page(&(struct assay_page){.records = &list, .comparisons = &verdicts.list});
    const json_t *gone = json_array_get(json_object_get(json_object_get(data, "comparisons"), "gone"), 0);
    CHECK(strcmp(json_string_value(json_array_get(gone, 0)), "a_target/*/best") == 0, "it is not shown");
    json_decref(data);
    page_verdicts_free(&verdicts);

    static const struct {
        const char *series, *verdict, *aspect, *said;
    } wrong[] = {{"none/such", "regressed", "time", "not among"},
                 {"", "splendid", "time", "no verdict"},
                 {"", "regressed", "taste", "no verdict"}};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        snprintf(text, sizeof(text), form, *wrong[i].series ? wrong[i].series : list.items[0].series_id,
                 wrong[i].verdict, wrong[i].aspect);
        CHECK(!read_verdicts(text, &list, &verdicts, message) && strstr(message, wrong[i].said), "%zu: '%s'", i,
              message);
        page_verdicts_free(&verdicts);
    }
    static const char *const broken[] = {"", "[]", "{\"series\": 3}", "{\"series\": [3]}", "{\"series\": [{}]}", "{"};
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        CHECK(!read_verdicts(broken[i], &list, &verdicts, message), "'%s' was accepted", broken[i]);
        page_verdicts_free(&verdicts);
    }
    assay_record_list_free(&list);
}

int main(void)
{
    test_columns();
    test_history();
    test_verdicts();
    return finish_checks();
}
