/* The history keeps what it was given, to the byte; finds runs by what people call them; forgets only what it is told
 * to; climbs from older versions; and refuses what is not a sound history of its version, without touching it. */
#include "reports/store/history.h"
#include "reports/store/migrations.h"
#include "reports/tests/check.h"
#include "reports/tests/history_records.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char message[ASSAY_HISTORY_MESSAGE];

/* Names of a file in the test's folder, and of what stands beside it. */
static const char path[] = "history.db";
static const char *const beside[] = {"history.db", "history.db-wal", "history.db-shm", "history.db-journal"};

static void remove_all(void)
{
    for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++)
        unlink(beside[i]);
}

static struct assay_history *must_open(enum assay_history_access access)
{
    struct assay_history *history = assay_history_open(path, access, message);
    CHECK(history, "%s", message);
    if (!history)
        exit(finish_checks());
    return history;
}

static struct assay_history_added must_add(struct assay_history *history, struct assay_record_list *records)
{
    struct assay_history_added added;
    CHECK(assay_history_add(history, records, &added, message), "%s", message);
    assay_record_list_free(records);
    return added;
}

/* A new history of `runs` runs of `series` series each, oldest last. */
static struct assay_history *filled(int runs, int series)
{
    remove_all();
    struct assay_history *history = must_open(ASSAY_HISTORY_CREATE);
    for (int run = runs; run-- > 0;) {
        struct assay_record_list records = {0};
        CHECK(history_append_run(&records, run, series), "no record");
        const struct assay_history_added added = must_add(history, &records);
        CHECK(added.runs == 1 && added.records == (size_t)series && added.known == 0,
              "%zu runs, %zu records, %zu known", added.runs, added.records, added.known);
    }
    return history;
}

/* The history holds runs 0 to `runs` - 1, whole. */
static void check_whole(struct assay_history *history, int runs, int series)
{
    for (int run = 0; run < runs; run++) {
        struct assay_record_list expected = {0}, records = {0};
        char id[64];
        CHECK(history_append_run(&expected, run, series), "no record");
        CHECK(assay_history_load(history, history_run_id(run, id), &records, message), "%s", message);
        CHECK(records.count == expected.count, "%zu records of %s, not %zu", records.count, id, expected.count);
        for (size_t i = 0; i < records.count && i < expected.count; i++) {
            char *got = assay_record_line(records.items[i].json), *wanted = assay_record_line(expected.items[i].json);
            CHECK(strcmp(got, wanted) == 0, "record %zu of %s is\n%snot\n%s", i, id, got, wanted);
            free(got);
            free(wanted);
        }
        assay_record_list_free(&expected);
        assay_record_list_free(&records);
    }
}

static void test_keeps(void)
{
    enum { RUNS = 7, SERIES = 30 };
    struct assay_history *history = filled(RUNS, SERIES);
    check_whole(history, RUNS, SERIES);
    assay_history_close(history);
    CHECK(access(beside[1], F_OK) != 0, "%s is left", beside[1]);

    history = must_open(ASSAY_HISTORY_READ);
    check_whole(history, RUNS, SERIES);
    struct assay_history_runs runs;
    CHECK(assay_history_list(history, &runs, message), "%s", message);
    CHECK(runs.count == RUNS, "%zu runs", runs.count);
    for (size_t i = 0; i < runs.count; i++) {
        char id[64], commit[64];
        const struct assay_history_run *run = &runs.items[i];
        CHECK(strcmp(run->run_id, history_run_id((int)i, id)) == 0, "run %zu is %s, not %s", i, run->run_id, id);
        CHECK(strcmp(run->commit, history_commit((int)i, commit)) == 0, "commit %s, not %s", run->commit, commit);
        CHECK(run->dirty == (i % 2 == 1) && run->records == SERIES, "run %zu: %zu records", i, run->records);
    }
    assay_history_runs_free(&runs);
    struct assay_record_list records = {0};
    struct assay_history_added added;
    CHECK(history_append_run(&records, RUNS, 1), "no record");
    CHECK(!assay_history_add(history, &records, &added, message) && strstr(message, path) == message,
          "added to what was opened for reading, or: %s", message);
    assay_record_list_free(&records);
    assay_history_close(history);
}

static void test_adding(void)
{
    struct assay_history *history = filled(1, 3);
    struct assay_record_list records = {0};
    /* Series 1 is there: its first record stays. Series 5 was tried twice: the second counts. */
    CHECK(history_append(&records, history_record(0, 1, 7.0)) && history_append(&records, history_record(0, 5, NAN)) &&
              history_append(&records, history_record(2, 5, 9.0)) &&
              history_append(&records, history_record(0, 5, 8.0)),
          "no record");
    const struct assay_history_added added = must_add(history, &records);
    CHECK(added.runs == 1 && added.records == 2 && added.known == 1, "%zu runs, %zu records, %zu known", added.runs,
          added.records, added.known);
    struct assay_history_trends trends;
    CHECK(assay_history_trend(history, "*case1/*", 0, &trends, message) && trends.count == 1, "%s", message);
    CHECK(trends.items[0].points[0].value == 1.25, "the second record of a series won: %g",
          trends.items[0].points[0].value);
    assay_history_trends_free(&trends);
    CHECK(assay_history_trend(history, "*case5/*", 0, &trends, message) && trends.count == 1, "%s", message);
    CHECK(trends.items[0].count == 2 && trends.items[0].points[0].value == 8.0, "the first try won");
    assay_history_trends_free(&trends);

    /* One record that is none in time takes the whole addition with it. */
    static const char *const no_times[] = {"",
                                           "yesterday",
                                           "2026-01-31",
                                           "2026-01-31T12:00:00",
                                           "2026-01-31T12:00:00+01:00",
                                           "2026-13-31T12:00:00Z",
                                           "2026-1-31T12:00:00Z",
                                           "2026-01-31T12:00:00Z;"};
    for (size_t i = 0; i < sizeof(no_times) / sizeof(no_times[0]); i++) {
        json_t *bad = history_record(9, 0, 1);
        json_object_set_new(json_object_get(bad, "identity"), "started", json_string(no_times[i]));
        CHECK(history_append_run(&records, 8, 2) && history_append(&records, bad), "no record");
        struct assay_history_added none;
        CHECK(!assay_history_add(history, &records, &none, message) && strstr(message, "no time"), "'%s': %s",
              no_times[i], message);
        assay_record_list_free(&records);
    }
    struct assay_history_runs runs;
    CHECK(assay_history_list(history, &runs, message) && runs.count == 2, "%zu runs; %s", runs.count, message);
    assay_history_runs_free(&runs);
    assay_history_close(history);
}

/* The run that a name means, or -1. */
static int resolve(struct assay_history *history, const char *reference)
{
    struct assay_record_list records = {0};
    const bool good = assay_history_load(history, reference, &records, message);
    const int run = good && records.count ? (int)(records.items[0].value / 1000) : -1;
    assay_record_list_free(&records);
    return run;
}

static void test_references(void)
{
    enum { RUNS = 12 };
    struct assay_history *history = filled(RUNS, 1);
    char text[64];
    for (int run = 0; run < RUNS; run++) {
        snprintf(text, sizeof(text), "latest~%d", run);
        CHECK(resolve(history, text) == RUNS - 1 - run, "%s: %s", text, message);
        history_run_id(run, text);
        text[13] = '\0';
        CHECK(resolve(history, text) == run, "%s: %s", text, message);
        history_commit(run, text);
        text[7] = '\0';
        CHECK(resolve(history, text) == run, "%s: %s", text, message);
    }
    CHECK(resolve(history, "latest") == RUNS - 1, "%s", message);

    /* Two runs of one commit: the newer. */
    json_t *again = history_record(RUNS, 0, 1000.0 * RUNS);
    json_object_set_new(json_object_get(again, "identity"), "commit", json_string(history_commit(3, text)));
    struct assay_record_list records = {0};
    CHECK(history_append(&records, again), "no record");
    must_add(history, &records);
    CHECK(resolve(history, history_commit(3, text)) == RUNS, "%s", message);

    static const char *const none[][2] = {{"", "empty"},
                                          {"2026-01", "several"},
                                          {"zz", "begins with"},
                                          {"latest~13", "13 runs"},
                                          {"latest~", "latest~N"},
                                          {"latest~-1", "latest~N"},
                                          {"latest~99999999999999999999", "latest~N"},
                                          {"latest~1x", "latest~N"},
                                          {"latest2", "begins with"},
                                          {"%", "begins with"},
                                          {"'", "begins with"}};
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        CHECK(resolve(history, none[i][0]) == -1 && strstr(message, none[i][1]) && strstr(message, path) == message,
              "'%s': %s", none[i][0], message);
    assay_history_close(history);
}

static void test_trends(void)
{
    enum { RUNS = 40, SERIES = 4 };
    struct assay_history *history = filled(RUNS, SERIES);
    struct assay_history_trends trends;
    CHECK(assay_history_trend(history, "*", 0, &trends, message), "%s", message);
    CHECK(trends.count == SERIES, "%zu series", trends.count);
    for (size_t i = 0; i < trends.count; i++) {
        const struct assay_history_trend *t = &trends.items[i];
        CHECK(t->count == RUNS && strcmp(t->metric, "ns") == 0, "%s: %zu points of %s", t->series_id, t->count,
              t->metric);
        for (size_t j = 0; j < t->count; j++)
            CHECK(t->points[j].value == 1000.0 * (double)j + (double)i + 0.25 && t->points[j].mode_error == 0.0125 &&
                      t->points[j].task_value == 0.91 && strcmp(t->points[j].code_hash, "abcdef") == 0 &&
                      strcmp(t->points[j].kernel, "gemm_i8_avx2") == 0 && strcmp(t->points[j].outcome, "pass") == 0,
                  "%s: point %zu is %g", t->series_id, j, t->points[j].value);
    }
    assay_history_trends_free(&trends);
    CHECK(assay_history_trend(history, "*/case[13]/*", 5, &trends, message) && trends.count == 2, "%s", message);
    CHECK(trends.items[0].count == 5 && trends.items[0].points[0].value == 35001.25 &&
              trends.items[1].points[4].value == 39003.25,
          "not the last five, oldest first");
    assay_history_trends_free(&trends);
    CHECK(assay_history_trend(history, "nothing", 0, &trends, message) && trends.count == 0, "%s", message);
    assay_history_trends_free(&trends);
    assay_history_close(history);
}

static size_t count_runs(struct assay_history *history)
{
    struct assay_history_runs runs;
    CHECK(assay_history_list(history, &runs, message), "%s", message);
    const size_t count = runs.count;
    assay_history_runs_free(&runs);
    return count;
}

static void test_pruning(void)
{
    enum { RUNS = 200, SERIES = 20 };
    struct assay_history *history = filled(RUNS, SERIES);
    struct assay_history_pruned pruned;
    struct stat before, after;
    CHECK(assay_history_prune(history, 0, 0, false, &pruned, message) && pruned.runs == 0, "%s", message);
    CHECK(assay_history_prune(history, 30, 0, true, &pruned, message) && pruned.runs == 170, "%s", message);
    CHECK(pruned.records == 170 * SERIES && count_runs(history) == RUNS, "a rehearsal removed something");
    CHECK(stat(path, &before) == 0, "no file");
    CHECK(assay_history_prune(history, 150, 0, false, &pruned, message) && pruned.runs == 50, "%s", message);
    const time_t cut = 1767225600 + 3600 * 160; /* the start of run 160 */
    CHECK(assay_history_prune(history, 0, cut, false, &pruned, message) && pruned.runs == 110, "%s, %zu", message,
          pruned.runs);
    CHECK(assay_history_prune(history, 35, cut, false, &pruned, message) && pruned.runs == 5, "%s, %zu", message,
          pruned.runs);
    CHECK(count_runs(history) == 35 && resolve(history, "latest~34") == 165, "not the newest stayed");
    CHECK(stat(path, &after) == 0 && after.st_size < before.st_size / 2, "%lld bytes of %lld are left",
          (long long)after.st_size, (long long)before.st_size);
    CHECK(assay_history_prune(history, 0, cut + 365 * 86400, false, &pruned, message) && pruned.runs == 35, "%s",
          message);
    CHECK(count_runs(history) == 0 && resolve(history, "latest") == -1 && strstr(message, "0 runs"), "%s", message);
    assay_history_close(history);
}

int main(void)
{
    char folder[] = "/tmp/assay-history-XXXXXX";
    if (!mkdtemp(folder) || chdir(folder) != 0) {
        perror(folder);
        return 1;
    }
    test_keeps();
    test_adding();
    test_references();
    test_trends();
    test_pruning();
    remove_all();
    if (chdir("/") != 0 || rmdir(folder) != 0)
        CHECK(false, "something is left in %s", folder);
    return finish_checks();
}
