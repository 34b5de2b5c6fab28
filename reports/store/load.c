#include "reports/store/load.h"

#include "reports/store/reference.h"

#include <stdlib.h>
#include <string.h>

/* Parses what the column holds; NULL, with a message. */
static json_t *parse(const struct assay_history *history, sqlite3_stmt *row, int column, char *message)
{
    const char *text = (const char *)sqlite3_column_text(row, column);
    json_error_t error;
    json_t *json = json_loadb(text ? text : "", (size_t)sqlite3_column_bytes(row, column), 0, &error);
    if (!json)
        assay_database_refuse(history->path, message, "is damaged: what it holds as a record is not JSON: %.150s",
                              error.text);
    return json;
}

static bool view(const struct assay_history *history, json_t *json, struct assay_record_list *records, char *message)
{
    struct assay_record record;
    char why[ASSAY_RECORD_MESSAGE];
    if (!assay_record_view(json, &record, why))
        return assay_database_refuse(history->path, message, "is damaged: what it holds is no record: %.200s", why);
    if (assay_record_append(records, record))
        return true;
    json_decref(record.json);
    return assay_database_out_of_memory(history, message);
}

bool assay_load_row(const struct assay_history *history, sqlite3_stmt *row, struct assay_machine *machine,
                    struct assay_record_list *records, char *message)
{
    const sqlite3_int64 machine_row = sqlite3_column_int64(row, 1);
    if (!machine->json || machine->row != machine_row) {
        json_decref(machine->json);
        *machine = (struct assay_machine){machine_row, parse(history, row, 2, message)};
    }
    json_t *json = machine->json ? parse(history, row, 0, message) : NULL;
    bool good = json;
    if (good && json_object_set(json, "machine", machine->json) != 0)
        good = assay_database_refuse(history->path, message, "is damaged: what it holds as a record is no object");
    good = good && view(history, json, records, message);
    json_decref(json);
    return good;
}

static void cut(struct assay_record_list *records, size_t count)
{
    while (records->count > count)
        json_decref(records->items[--records->count].json);
}

bool assay_history_load(struct assay_history *history, const char *reference, struct assay_record_list *records,
                        char *message)
{
    sqlite3_int64 run;
    if (!assay_reference_resolve(history, reference, &run, message))
        return false;
    sqlite3_stmt *statement =
        assay_database_prepare(history,
                               "SELECT documents.json, machine, machines.json FROM records JOIN documents USING(place) "
                               "JOIN machines ON machines.id = machine WHERE run = ?1 ORDER BY place",
                               message);
    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, run);
    const size_t before = records->count;
    struct assay_machine machine = {0};
    bool good = true;
    int step;
    while (good && (step = sqlite3_step(statement)) != SQLITE_DONE)
        good = step == SQLITE_ROW ? assay_load_row(history, statement, &machine, records, message)
                                  : assay_database_fail(history, message);
    json_decref(machine.json);
    sqlite3_finalize(statement);
    if (!good)
        cut(records, before);
    return good;
}
