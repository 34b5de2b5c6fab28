#include "reports/store/migrations.h"

/* What is looked up stands in narrow tables; the records themselves, which are some kilobytes each, in one of their
 * own, so that a trend over years reads few pages. `place` orders the records of a run as they were added. */
static const char first[] =
    "CREATE TABLE runs(id INTEGER PRIMARY KEY, run_id TEXT NOT NULL UNIQUE, suite TEXT NOT NULL, started TEXT NOT NULL,"
    "  commit_id TEXT, dirty INTEGER NOT NULL) STRICT;"
    "CREATE INDEX runs_by_start ON runs(started, id);"
    "CREATE TABLE series(id INTEGER PRIMARY KEY, series_id TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE TABLE records(place INTEGER PRIMARY KEY,"
    "  run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,"
    "  series INTEGER NOT NULL REFERENCES series(id),"
    "  metric TEXT NOT NULL, outcome TEXT NOT NULL, kernel TEXT, code_hash TEXT,"
    "  value REAL, mode_error REAL, task_value REAL, UNIQUE(series, run)) STRICT;"
    "CREATE INDEX records_by_run ON records(run);"
    "CREATE TABLE documents(place INTEGER PRIMARY KEY REFERENCES records(place) ON DELETE CASCADE,"
    "  json TEXT NOT NULL) STRICT;";

/* The machine is the same in all records of a run, and two fifths of each: it is kept once. */
static const char machines_once[] =
    "CREATE TABLE machines(id INTEGER PRIMARY KEY, json TEXT NOT NULL UNIQUE) STRICT;"
    "INSERT INTO machines(json) SELECT DISTINCT json_extract(json, '$.machine') FROM documents;"
    "ALTER TABLE documents ADD COLUMN machine INTEGER REFERENCES machines(id);"
    "UPDATE documents SET machine = (SELECT id FROM machines WHERE json = json_extract(documents.json, '$.machine')),"
    "  json = json_replace(json, '$.machine', NULL);"
    "CREATE INDEX documents_by_machine ON documents(machine);";

/* Whether more of a task's value is better depends on what it is. */
static const char task_metric[] =
    "ALTER TABLE records ADD COLUMN task_metric TEXT;"
    "UPDATE records SET task_metric = (SELECT json_extract(json, '$.accuracy.task_metric') FROM documents"
    "  WHERE documents.place = records.place AND json_type(json, '$.accuracy.task_metric') = 'text');";

const char *const assay_history_steps[] = {first, machines_once, task_metric};
const int assay_history_version = sizeof(assay_history_steps) / sizeof(assay_history_steps[0]);
