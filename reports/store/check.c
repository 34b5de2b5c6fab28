#include "reports/store/load.h"
#include "reports/store/migrations.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>

/* Whatever the record is found by must be what it says itself. Records whose document is missing come, too. */
static const char sql[] =
    "SELECT documents.json, machine, machines.json, series_id, run_id, metric, outcome, kernel, code_hash, value, "
    "mode_error, task_value, task_metric "
    "FROM records LEFT JOIN documents USING(place) LEFT JOIN machines ON machines.id = machine "
    "LEFT JOIN series ON series.id = series LEFT JOIN runs ON runs.id = run";

static bool same_text(sqlite3_stmt *row, int column, const char *text)
{
    const char *stored = (const char *)sqlite3_column_text(row, column);
    return stored && text ? strcmp(stored, text) == 0 : !stored && !text;
}

/* To the digits that are kept of the record. */
static bool same_number(sqlite3_stmt *row, int column, double number)
{
    const double stored = assay_database_real(row, column);
    return isnan(number) ? isnan(stored) : fabs(stored - number) <= 1e-13 * fabs(number);
}

static bool agrees(sqlite3_stmt *row, const struct assay_record *record)
{
    const json_t *identity = json_object_get(record->json, "identity");
    const json_t *accuracy = json_object_get(record->json, "accuracy");
    const json_t *task = json_object_get(accuracy, "task_value");
    return same_text(row, 3, record->series_id) &&
           same_text(row, 4, json_string_value(json_object_get(identity, "run_id"))) &&
           same_text(row, 5, record->metric) && same_text(row, 6, record->outcome) &&
           same_text(row, 7, record->kernel) &&
           same_text(row, 8, json_string_value(json_object_get(json_object_get(record->json, "code"), "hash"))) &&
           same_number(row, 9, record->value) && same_number(row, 10, record->mode_error) &&
           same_number(row, 11, json_is_number(task) ? json_number_value(task) : NAN) &&
           same_text(row, 12, json_string_value(json_object_get(accuracy, "task_metric")));
}

static bool check_row(const struct assay_history *history, sqlite3_stmt *row, struct assay_machine *machine,
                      char *message)
{
    struct assay_record_list one = {0};
    bool good = assay_load_row(history, row, machine, &one, message);
    if (good && !agrees(row, &one.items[0]))
        good = assay_database_refuse(history->path, message,
                                     "is damaged: a record of %.120s is not what it is found by; take a copy from "
                                     "before, or begin a new one",
                                     one.items[0].series_id);
    assay_record_list_free(&one);
    return good;
}

static bool check_records(const struct assay_history *history, char *message)
{
    sqlite3_stmt *statement = assay_database_prepare(history, sql, message);
    if (!statement)
        return false;
    struct assay_machine machine = {0};
    bool good = true;
    int step;
    while (good && (step = sqlite3_step(statement)) != SQLITE_DONE)
        good = step == SQLITE_ROW ? check_row(history, statement, &machine, message)
                                  : assay_database_fail(history, message);
    json_decref(machine.json);
    sqlite3_finalize(statement);
    return good;
}

bool assay_history_check(struct assay_history *history, struct assay_history_checked *checked, char *message)
{
    sqlite3_int64 runs, records;
    if (!assay_database_sound(history, "PRAGMA integrity_check(1)", message) ||
        !assay_database_sound(history, "PRAGMA foreign_key_check", message) || !check_records(history, message) ||
        !assay_database_number(history, "SELECT count(*) FROM runs", 0, &runs, message) ||
        !assay_database_number(history, "SELECT count(*) FROM records", 0, &records, message))
        return false;
    struct stat status;
    *checked = (struct assay_history_checked){
        .version = assay_history_version,
        .runs = (size_t)runs,
        .records = (size_t)records,
        .bytes = stat(history->path, &status) == 0 ? (long long)status.st_size : 0,
    };
    return true;
}
