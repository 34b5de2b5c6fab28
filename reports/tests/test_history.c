/* The history keeps what it was given, to the byte; finds runs by what people call them; forgets only what it is told
 * to; climbs from older versions; and refuses what is not a sound history of its version, without touching it. */
#include "reports/store/changes.h"
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
                      strcmp(t->points[j].task_metric, "top1") == 0 &&
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

/* Which way is worse depends on what changed. */
static void test_changes(void)
{
    static char mse[] = "mse", instructions[] = "instructions";
    struct assay_history_point points[] = {
        {.value = 1000, .mode_error = 0.1, .task_value = 0.9},
        {.value = 1000, .mode_error = 0.1, .task_value = 0.8},
        {.value = 1010, .mode_error = 0.1004, .task_value = 0.8},
        {.value = NAN, .mode_error = 0.05, .task_value = 0.9, .task_metric = mse},
    };
    const struct assay_history_trend trend = {.metric = instructions, .points = points, .count = 4};
    static const struct {
        enum assay_aspect aspect;
        size_t index;
        bool worse;
    } expected[] = {{ASSAY_ASPECT_TASK, 1, true},
                    {ASSAY_ASPECT_COUNT, 2, true},
                    {ASSAY_ASPECT_ACCURACY, 3, false},
                    {ASSAY_ASPECT_TASK, 3, true}};
    struct assay_history_changes changes;
    CHECK(assay_history_changes_find(&trend, &changes) && changes.count == 4, "%zu changes", changes.count);
    for (size_t i = 0; i < changes.count && i < 4; i++) {
        const struct assay_history_change *c = &changes.items[i];
        CHECK(c->aspect == expected[i].aspect && c->point.index == expected[i].index && c->worse == expected[i].worse,
              "change %zu: %s at %zu, %s", i, assay_aspect_name(c->aspect), c->point.index,
              c->worse ? "worse" : "better");
    }
    assay_history_changes_free(&changes);
}

/* The bytes of the file; the caller frees them. */
static char *bytes_of(size_t *size)
{
    struct stat status;
    const int fd = open(path, O_RDONLY);
    char *bytes = fd >= 0 && fstat(fd, &status) == 0 ? malloc((size_t)status.st_size + 1) : NULL;
    const bool good = bytes && read(fd, bytes, (size_t)status.st_size) == status.st_size;
    CHECK(good, "%s cannot be read", path);
    if (!good)
        exit(finish_checks());
    *size = (size_t)status.st_size;
    close(fd);
    return bytes;
}

/* Makes the file of these bytes, with nothing beside it. */
static void write_bytes(const char *bytes, size_t size)
{
    remove_all();
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    CHECK(fd >= 0 && write(fd, bytes, size) == (ssize_t)size, "%s cannot be written", path);
    close(fd);
}

static void check_bytes(const char *bytes, size_t size, const char *what)
{
    size_t now;
    char *found = bytes_of(&now);
    CHECK(now == size && memcmp(found, bytes, size) == 0, "%s: the file was changed", what);
    free(found);
}

/* Reads all there is by every way; whatever is found, nothing may crash. Whether all was found to be sound. */
static bool read_everything(struct assay_history *history)
{
    struct assay_history_runs runs;
    struct assay_history_trends trends;
    struct assay_history_checked checked;
    struct assay_record_list records = {0};
    if (assay_history_list(history, &runs, message))
        assay_history_runs_free(&runs);
    if (assay_history_trend(history, "*", 0, &trends, message))
        assay_history_trends_free(&trends);
    assay_history_load(history, "latest", &records, message);
    assay_record_list_free(&records);
    return assay_history_check(history, &checked, message);
}

/* Opened by each access, the file is refused with a line that holds `why`, and stays as it is. */
static void check_refused(const char *what, const char *why)
{
    size_t size;
    char *bytes = bytes_of(&size);
    for (enum assay_history_access access = ASSAY_HISTORY_READ; access <= ASSAY_HISTORY_CREATE; access++) {
        struct assay_history *history = assay_history_open(path, access, message);
        CHECK(!history, "%s was opened", what);
        CHECK(history || (strstr(message, why) && strstr(message, path) == message && !strchr(message, '\n')), "%s: %s",
              what, message);
        assay_history_close(history);
        check_bytes(bytes, size, what);
    }
    free(bytes);
}

static void execute(const char *sql)
{
    sqlite3 *db;
    char *error = NULL;
    const bool good = sqlite3_open(path, &db) == SQLITE_OK && sqlite3_exec(db, sql, NULL, NULL, &error) == SQLITE_OK;
    CHECK(good, "%s: %s", sql, error ? error : "cannot be opened");
    sqlite3_free(error);
    sqlite3_close(db);
}

/* Makes a history of the database, as far as its header tells. */
static void stamp(int version)
{
    char sql[96];
    snprintf(sql, sizeof(sql), "PRAGMA application_id = %d; PRAGMA user_version = %d", ASSAY_HISTORY_APPLICATION,
             version);
    execute(sql);
}

static void test_strangers(void)
{
    write_bytes("hello, world\n", 13);
    check_refused("a text", "not an SQLite database");
    remove_all();
    execute("CREATE TABLE runs(id); PRAGMA application_id = 77; PRAGMA journal_mode = WAL");
    check_refused("another program's database", "another program (application id 0x4d)");
    assay_history_close(filled(2, 2));
    execute("PRAGMA user_version = 99");
    check_refused("a newer version", "version 99, newer than this program's");
    execute("PRAGMA user_version = -1");
    check_refused("a version below zero", "is damaged");
    remove_all();
    execute("CREATE TABLE runs(id)");
    stamp(assay_history_version);
    struct assay_history *hollow = assay_history_open(path, ASSAY_HISTORY_READ, message);
    struct assay_history_runs runs;
    CHECK(hollow && !assay_history_list(hollow, &runs, message) && strstr(message, "is damaged"), "%s", message);
    assay_history_close(hollow);

    static const char *const no_files[][2] = {
        {"absent.db", "No such file"}, {".", "not a regular file"}, {"/dev/null", "not a regular file"},
        {":memory:", "No such file"},  {"", "No such file"},        {"file:x?mode=memory", "No such file"}};
    for (size_t i = 0; i < sizeof(no_files) / sizeof(no_files[0]); i++)
        CHECK(!assay_history_open(no_files[i][0], ASSAY_HISTORY_WRITE, message) && strstr(message, no_files[i][1]),
              "'%s': %s", no_files[i][0], message);
    CHECK(!assay_history_open("absent/history.db", ASSAY_HISTORY_CREATE, message) && access("absent", F_OK) != 0, "%s",
          message);
    remove_all();
    execute("CREATE TABLE x(y); DROP TABLE x; PRAGMA user_version = 3");
    check_refused("a database without tables, but with a version", "another program");
    remove_all();
    execute("PRAGMA auto_vacuum = INCREMENTAL; PRAGMA user_version = 0");
    CHECK(!assay_history_open(path, ASSAY_HISTORY_WRITE, message) && strstr(message, "is empty"), "%s", message);
    assay_history_close(must_open(ASSAY_HISTORY_CREATE));
    write_bytes("", 0);
    CHECK(!assay_history_open(path, ASSAY_HISTORY_READ, message) && strstr(message, "is empty"), "%s", message);
    CHECK(!assay_history_open(path, ASSAY_HISTORY_WRITE, message) && strstr(message, "is empty"), "%s", message);
    assay_history_close(must_open(ASSAY_HISTORY_CREATE));
}

/* Bytes flipped one at a time, all over the file, and files cut short. */
static void test_damage(void)
{
    enum { RUNS = 3, SERIES = 12, PLACES = 400 };
    assay_history_close(filled(RUNS, SERIES));
    size_t size, refused = 0, found = 0;
    char *bytes = bytes_of(&size), *damaged = malloc(size);
    memcpy(damaged, bytes, size);
    for (size_t i = 0; i < 100 + PLACES; i++) {
        size_t at = i < 100 ? i : 100 + (i - 100) * (size - 100) / PLACES;
        while (i >= 100 && at + 1 < size && bytes[at] == 0)
            at++; /* most zeros are room that nothing uses */
        damaged[at] = (char)~bytes[at];
        write_bytes(damaged, size);
        struct assay_history *history =
            assay_history_open(path, i % 2 ? ASSAY_HISTORY_WRITE : ASSAY_HISTORY_READ, message);
        if (history) {
            found += !read_everything(history);
        } else {
            refused++;
            CHECK(strstr(message, path) == message && !strchr(message, '\n'), "byte %zu: %s", at, message);
            check_bytes(damaged, size, "a flipped byte");
        }
        assay_history_close(history);
        damaged[at] = bytes[at];
    }
    /* The rest is what nothing depends on: the header's counters, and the names of suites and commits. */
    CHECK(refused > 50 && refused + found > (100 + PLACES) / 2,
          "of %d flipped bytes %zu were noticed on opening, %zu by the full check", 100 + PLACES, refused, found);
    for (size_t length = 1; length < size; length += length < 200 ? 33 : 4097) {
        write_bytes(bytes, length);
        struct assay_history *history = assay_history_open(path, ASSAY_HISTORY_WRITE, message);
        CHECK(!history, "%zu bytes of %zu were opened", length, size);
        assay_history_close(history);
        check_bytes(bytes, length, "a cut file");
    }
    free(damaged);
    free(bytes);
}

/* What is found by columns must be what the record says: only a full check can tell. */
static void test_lies(void)
{
    static const char *const lies[] = {
        "UPDATE records SET value = value + 1 WHERE place = 5",
        "UPDATE records SET kernel = 'x' WHERE place = 5",
        "UPDATE documents SET json = replace(json, 'pass', 'fail') WHERE place = 5",
        "UPDATE documents SET json = '{}' WHERE place = 5",
        "UPDATE documents SET json = '[' WHERE place = 5",
        "UPDATE documents SET json = '[]' WHERE place = 5",
        "DELETE FROM documents WHERE place = 5",
        "DELETE FROM machines",
        "UPDATE machines SET json = 'x'",
        "DELETE FROM series WHERE id = 1",
    };
    for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
        assay_history_close(filled(2, 4));
        execute(lies[i]);
        struct assay_history *history = must_open(ASSAY_HISTORY_WRITE);
        struct assay_history_checked checked;
        CHECK(!assay_history_check(history, &checked, message) && strstr(message, "is damaged"), "%s: %s", lies[i],
              message);
        read_everything(history);
        assay_history_close(history);
    }
}

/* A file as version 1 of the program made it. */
static void make_version_1(int runs, int series)
{
    remove_all();
    execute(assay_history_steps[0]);
    sqlite3 *db;
    CHECK(sqlite3_open(path, &db) == SQLITE_OK, "cannot be opened");
    for (int run = 0; run < runs; run++) {
        char id[64], commit[64];
        char *sql = sqlite3_mprintf("INSERT INTO runs VALUES(%d, %Q, 'nightly', substr(%Q, 1, 20), %Q, %d)", run + 1,
                                    history_run_id(run, id), id, history_commit(run, commit), run % 2);
        CHECK(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s", sqlite3_errmsg(db));
        sqlite3_free(sql);
        for (int i = 0; i < series; i++) {
            json_t *json = history_record(run, i, 1000.0 * run + i + 0.25);
            char *line = assay_record_line(json);
            sql = sqlite3_mprintf(
                "INSERT OR IGNORE INTO series VALUES(%d, json_extract(%Q, '$.series_id'));"
                "INSERT INTO records VALUES(%d, %d, %d, 'ns', 'pass', 'gemm_i8_avx2', 'abcdef', %f, 0.0125, 0.91);"
                "INSERT INTO documents VALUES(%d, %Q)",
                i + 1, line, run * series + i + 1, run + 1, i + 1, 1000.0 * run + i + 0.25, run * series + i + 1, line);
            CHECK(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s", sqlite3_errmsg(db));
            sqlite3_free(sql);
            free(line);
            json_decref(json);
        }
    }
    sqlite3_close(db);
    stamp(1);
}

static void test_migration(void)
{
    enum { RUNS = 5, SERIES = 9 };
    make_version_1(RUNS, SERIES);
    size_t size;
    char *bytes = bytes_of(&size);
    CHECK(!assay_history_open(path, ASSAY_HISTORY_READ, message) && strstr(message, "is of version 1"), "%s", message);
    check_bytes(bytes, size, "an older version that was opened for reading");
    free(bytes);
    struct assay_history *history = must_open(ASSAY_HISTORY_WRITE);
    struct assay_history_checked checked;
    CHECK(assay_history_check(history, &checked, message), "%s", message);
    CHECK(checked.version == assay_history_version && checked.runs == RUNS && checked.records == RUNS * SERIES,
          "version %d, %zu runs, %zu records", checked.version, checked.runs, checked.records);
    check_whole(history, RUNS, SERIES);
    struct assay_history_trends trends;
    CHECK(assay_history_trend(history, "*case8/*", 1, &trends, message) && trends.count == 1 &&
              strcmp(trends.items[0].points[0].task_metric, "top1") == 0,
          "%s", message);
    assay_history_trends_free(&trends);
    assay_history_close(history);

    /* A step that fails leaves the version before. */
    make_version_1(RUNS, SERIES);
    execute("UPDATE documents SET json = 'no JSON' WHERE place = 3");
    check_refused("a version 1 that cannot be migrated", "");
}

/* In a process of its own: what it returns is whether it found what it should. */
static void check_in_child(const char *what, bool (*child)(void))
{
    fflush(NULL);
    const pid_t pid = fork();
    if (pid == 0) {
        failures = 0;
        _exit(child() && failures == 0 ? 0 : 1);
    }
    int status = -1;
    CHECK(pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s", what);
}

enum { KEPT_RUNS = 4, KEPT_SERIES = 6 };

static bool reads_but_cannot_write(void)
{
    if (geteuid() == 0 && setuid(65534) != 0)
        return false;
    struct assay_history *history = assay_history_open(path, ASSAY_HISTORY_READ, message);
    const bool reads = history;
    if (history)
        check_whole(history, KEPT_RUNS, KEPT_SERIES);
    assay_history_close(history);
    if (!reads)
        fprintf(stderr, "%s\n", message);
    return reads && !assay_history_open(path, ASSAY_HISTORY_WRITE, message) && strstr(message, "read-only") &&
           !assay_history_open("other.db", ASSAY_HISTORY_CREATE, message);
}

static bool finds_the_disk_full(void)
{
    struct stat status;
    struct assay_record_list records = {0};
    struct assay_history_added added;
    signal(SIGXFSZ, SIG_IGN);
    struct assay_history *history = assay_history_open(path, ASSAY_HISTORY_WRITE, message);
    if (!history || stat(path, &status) != 0 || !history_append_run(&records, KEPT_RUNS, 2000))
        return false;
    const struct rlimit limit = {(rlim_t)status.st_size + 200000, RLIM_INFINITY};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0 || assay_history_add(history, &records, &added, message))
        return false;
    const bool told = strstr(message, "disk") && strstr(message, "nothing was changed") && added.records == 0;
    assay_record_list_free(&records);
    check_whole(history, KEPT_RUNS, KEPT_SERIES);
    /* What fits is still taken. */
    const bool goes_on =
        history_append_run(&records, KEPT_RUNS, 1) && assay_history_add(history, &records, &added, message);
    assay_record_list_free(&records);
    assay_history_close(history);
    if (!told || !goes_on)
        fprintf(stderr, "%s\n", message);
    return told && goes_on;
}

static void test_places(void)
{
    assay_history_close(filled(KEPT_RUNS, KEPT_SERIES));
    CHECK(chmod(".", 0555) == 0 && chmod(path, 0444) == 0, "no rights can be taken");
    check_in_child("a history in a folder that is not to be written in", reads_but_cannot_write);
    CHECK(chmod(".", 0755) == 0 && chmod(path, 0644) == 0, "no rights can be given");
    check_in_child("a disk without room", finds_the_disk_full);
    struct assay_history *history = must_open(ASSAY_HISTORY_READ);
    struct assay_history_checked checked;
    check_whole(history, KEPT_RUNS, KEPT_SERIES);
    CHECK(assay_history_check(history, &checked, message) && checked.runs == KEPT_RUNS + 1, "%s", message);
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
    test_changes();
    test_strangers();
    test_damage();
    test_lies();
    test_migration();
    test_places();
    remove_all();
    if (chdir("/") != 0 || rmdir(folder) != 0)
        CHECK(false, "something is left in %s", folder);
    return finish_checks();
}
