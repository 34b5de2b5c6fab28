#include "reports/store/database.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What an addition needs, prepared once. */
struct adding {
    const struct assay_history *history;
    sqlite3_stmt *find_run, *add_run, *find_series, *add_series, *find_machine, *add_machine, *add_record,
        *add_document;
    /* Records of a run follow one another, and have one machine. */
    char *last_run, *last_machine;
    sqlite3_int64 last_run_row, last_machine_row;
    struct assay_history_added added;
    char *message;
};

static bool prepare_all(struct adding *a)
{
    const struct {
        sqlite3_stmt **statement;
        const char *sql;
    } all[] = {
        {&a->find_run, "SELECT id FROM runs WHERE run_id = ?1"},
        {&a->add_run, "INSERT INTO runs(run_id, suite, started, commit_id, dirty) VALUES(?1, ?2, ?3, ?4, ?5)"},
        {&a->find_series, "SELECT id FROM series WHERE series_id = ?1"},
        {&a->add_series, "INSERT INTO series(series_id) VALUES(?1)"},
        {&a->find_machine, "SELECT id FROM machines WHERE json = ?1"},
        {&a->add_machine, "INSERT INTO machines(json) VALUES(?1)"},
        {&a->add_record,
         "INSERT INTO records(run, series, metric, outcome, kernel, code_hash, value, mode_error, task_value, "
         "task_metric) "
         "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT(series, run) DO NOTHING"},
        {&a->add_document, "INSERT INTO documents(place, json, machine) VALUES(?1, ?2, ?3)"},
    };
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        if (!(*all[i].statement = assay_database_prepare(a->history, all[i].sql, a->message)))
            return false;
    return true;
}

static void finish(struct adding *a)
{
    sqlite3_stmt *const all[] = {a->find_run,     a->add_run,     a->find_series, a->add_series,
                                 a->find_machine, a->add_machine, a->add_record,  a->add_document};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        sqlite3_finalize(all[i]);
    free(a->last_run);
    free(a->last_machine);
}

/* The row where the statement finds `text`; 0 where it finds none; -1 with a message. */
static sqlite3_int64 find(struct adding *a, sqlite3_stmt *statement, const char *text)
{
    assay_database_bind_text(statement, 1, text);
    const int step = sqlite3_step(statement);
    sqlite3_int64 row = step == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    if (step != SQLITE_ROW && step != SQLITE_DONE) {
        assay_database_fail(a->history, a->message);
        row = -1;
    }
    sqlite3_reset(statement);
    return row;
}

/* Does an insertion and returns its row; -1 with a message. */
static sqlite3_int64 insert(struct adding *a, sqlite3_stmt *statement)
{
    return assay_database_do(a->history, statement, a->message) ? sqlite3_last_insert_rowid(a->history->db) : -1;
}

static sqlite3_int64 find_or_insert(struct adding *a, sqlite3_stmt *look, sqlite3_stmt *add, const char *text)
{
    const sqlite3_int64 row = find(a, look, text);
    if (row != 0)
        return row;
    assay_database_bind_text(add, 1, text);
    return insert(a, add);
}

/* Whether runs can be ordered by it as text: ISO 8601 in UTC, as in 2026-01-31T12:00:00Z. */
static bool is_time(const char *text)
{
    struct tm parsed = {0};
    const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &parsed);
    if (!rest || rest - text != 19)
        return false;
    if (*rest == '.')
        rest += 1 + strspn(rest + 1, "0123456789");
    return strcmp(rest, "Z") == 0;
}

static sqlite3_int64 insert_run(struct adding *a, const json_t *identity, const char *run_id)
{
    const char *started = json_string_value(json_object_get(identity, "started"));
    if (*run_id == '\0' || !is_time(started)) {
        assay_database_refuse(a->history->path, a->message,
                              "nothing was added: run '%.60s' started '%.60s', which is no time in UTC such as "
                              "2026-01-31T12:00:00Z",
                              run_id, started);
        return -1;
    }
    assay_database_bind_text(a->add_run, 1, run_id);
    assay_database_bind_text(a->add_run, 2, json_string_value(json_object_get(identity, "suite")));
    assay_database_bind_text(a->add_run, 3, started);
    assay_database_bind_text(a->add_run, 4, json_string_value(json_object_get(identity, "commit")));
    sqlite3_bind_int(a->add_run, 5, json_is_true(json_object_get(identity, "dirty")));
    a->added.runs++;
    return insert(a, a->add_run);
}

static bool remember(struct adding *a, char **last, const char *text)
{
    free(*last);
    *last = strdup(text);
    return *last || assay_database_out_of_memory(a->history, a->message);
}

static sqlite3_int64 run_row(struct adding *a, const struct assay_record *record)
{
    const json_t *identity = json_object_get(record->json, "identity");
    const char *run_id = json_string_value(json_object_get(identity, "run_id"));
    if (a->last_run && strcmp(a->last_run, run_id) == 0)
        return a->last_run_row;
    sqlite3_int64 row = find(a, a->find_run, run_id);
    if (row == 0)
        row = insert_run(a, identity, run_id);
    a->last_run_row = row;
    return row > 0 && remember(a, &a->last_run, run_id) ? row : -1;
}

static sqlite3_int64 machine_row(struct adding *a, const char *machine)
{
    if (a->last_machine && strcmp(a->last_machine, machine) == 0)
        return a->last_machine_row;
    a->last_machine_row = find_or_insert(a, a->find_machine, a->add_machine, machine);
    return a->last_machine_row > 0 && remember(a, &a->last_machine, machine) ? a->last_machine_row : -1;
}

/* Decimals of up to 15 digits, which records have, come out as they went in. */
static char *text_of(const json_t *json)
{
    return json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(15));
}

/* The record but for its machine, in whose place stands null. */
static char *document_of(const json_t *record)
{
    json_t *without = json_copy((json_t *)record);
    char *text = without && json_object_set_new(without, "machine", json_null()) == 0 ? text_of(without) : NULL;
    json_decref(without);
    return text;
}

static bool add_document(struct adding *a, const json_t *record, sqlite3_int64 place)
{
    char *machine = text_of(json_object_get(record, "machine")), *document = document_of(record);
    bool good = (machine && document) || assay_database_out_of_memory(a->history, a->message);
    const sqlite3_int64 row = good ? machine_row(a, machine) : -1;
    if (row > 0) {
        sqlite3_bind_int64(a->add_document, 1, place);
        assay_database_bind_text(a->add_document, 2, document);
        sqlite3_bind_int64(a->add_document, 3, row);
        good = assay_database_do(a->history, a->add_document, a->message);
    }
    free(machine);
    free(document);
    return good && row > 0;
}

static double number_at(const json_t *record, const char *object, const char *name)
{
    const json_t *value = json_object_get(json_object_get(record, object), name);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static bool add_record(struct adding *a, const struct assay_record *record)
{
    const sqlite3_int64 run = run_row(a, record);
    const sqlite3_int64 series = run > 0 ? find_or_insert(a, a->find_series, a->add_series, record->series_id) : -1;
    if (series < 0)
        return false;
    sqlite3_bind_int64(a->add_record, 1, run);
    sqlite3_bind_int64(a->add_record, 2, series);
    assay_database_bind_text(a->add_record, 3, record->metric);
    assay_database_bind_text(a->add_record, 4, record->outcome);
    assay_database_bind_text(a->add_record, 5, record->kernel);
    assay_database_bind_text(a->add_record, 6,
                             json_string_value(json_object_get(json_object_get(record->json, "code"), "hash")));
    assay_database_bind_real(a->add_record, 7, record->value);
    assay_database_bind_real(a->add_record, 8, record->mode_error);
    assay_database_bind_real(a->add_record, 9, number_at(record->json, "accuracy", "task_value"));
    assay_database_bind_text(
        a->add_record, 10,
        json_string_value(json_object_get(json_object_get(record->json, "accuracy"), "task_metric")));
    const sqlite3_int64 place = insert(a, a->add_record);
    if (place < 0)
        return false;
    if (sqlite3_changes(a->history->db) == 0) {
        a->added.known++;
        return true;
    }
    a->added.records++;
    return add_document(a, record->json, place);
}

static const char *run_of(const struct assay_record *record)
{
    return json_string_value(json_object_get(json_object_get(record->json, "identity"), "run_id"));
}

static int by_run_series_age(const void *a, const void *b)
{
    const struct assay_record *x = *(const struct assay_record *const *)a;
    const struct assay_record *y = *(const struct assay_record *const *)b;
    int order = strcmp(run_of(x), run_of(y));
    order = order ? order : strcmp(x->series_id, y->series_id);
    return order ? order : (x > y) - (x < y);
}

static int by_age(const void *a, const void *b)
{
    const struct assay_record *x = *(const struct assay_record *const *)a;
    const struct assay_record *y = *(const struct assay_record *const *)b;
    return (x > y) - (x < y);
}

/* The newest of each run and series: a series that a run tried again has several. In the order of the list. */
static const struct assay_record **newest(const struct assay_record_list *list, size_t *count)
{
    const struct assay_record **items = malloc((list->count + 1) * sizeof(*items));
    *count = 0;
    if (!items)
        return NULL;
    for (size_t i = 0; i < list->count; i++)
        items[i] = &list->items[i];
    qsort(items, list->count, sizeof(*items), by_run_series_age);
    for (size_t i = 0; i < list->count; i++) {
        if (i + 1 < list->count && strcmp(run_of(items[i]), run_of(items[i + 1])) == 0 &&
            strcmp(items[i]->series_id, items[i + 1]->series_id) == 0)
            continue;
        items[(*count)++] = items[i];
    }
    qsort(items, *count, sizeof(*items), by_age);
    return items;
}

bool assay_history_add(struct assay_history *history, const struct assay_record_list *records,
                       struct assay_history_added *added, char *message)
{
    struct adding a = {.history = history, .message = message};
    size_t count;
    const struct assay_record **items = newest(records, &count);
    if (!items)
        return assay_database_out_of_memory(history, message);
    bool good = assay_database_begin(history, message);
    if (good) {
        good = prepare_all(&a);
        for (size_t i = 0; good && i < count; i++)
            good = add_record(&a, items[i]);
        finish(&a); /* a statement that is still in use would keep the transaction open */
        good = assay_database_end(history, good, message);
    }
    free(items);
    *added = good ? a.added : (struct assay_history_added){0};
    return good;
}
