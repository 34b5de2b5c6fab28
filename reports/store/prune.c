#include "reports/store/database.h"

#include <time.h>

/* The ends of the two rules: ?1 runs are kept (-1: all), and only those not older than ?2. */
static const char victims_sql[] = "CREATE TEMP TABLE victims AS SELECT id FROM runs WHERE started < ?2 OR id NOT IN "
                                  "(SELECT id FROM runs ORDER BY started DESC, id DESC LIMIT ?1)";

static bool choose(const struct assay_history *history, size_t keep, time_t before, char *message)
{
    sqlite3_stmt *statement = assay_database_prepare(history, victims_sql, message);
    struct tm utc;
    char oldest[40] = "";
    if (!statement)
        return false;
    if (before != 0 && gmtime_r(&before, &utc))
        strftime(oldest, sizeof(oldest), "%Y-%m-%dT%H:%M:%SZ", &utc);
    sqlite3_bind_int64(statement, 1, keep > 0 && keep < (size_t)1 << 62 ? (sqlite3_int64)keep : -1);
    assay_database_bind_text(statement, 2, oldest);
    const bool good = assay_database_do(history, statement, message);
    sqlite3_finalize(statement);
    return good;
}

static bool remove_chosen(const struct assay_history *history, struct assay_history_pruned *pruned, char *message)
{
    sqlite3_int64 runs, records;
    if (!assay_database_number(history, "SELECT count(*) FROM victims", 0, &runs, message) ||
        !assay_database_number(history, "SELECT count(*) FROM records WHERE run IN (SELECT id FROM victims)", 0,
                               &records, message))
        return false;
    *pruned = (struct assay_history_pruned){(size_t)runs, (size_t)records};
    return assay_database_execute(history,
                                  "DELETE FROM runs WHERE id IN (SELECT id FROM victims);"
                                  "DELETE FROM series WHERE id NOT IN (SELECT series FROM records);"
                                  "DELETE FROM machines WHERE id NOT IN (SELECT machine FROM documents);"
                                  "DROP TABLE victims",
                                  message);
}

bool assay_history_prune(struct assay_history *history, size_t keep, time_t before, bool rehearse,
                         struct assay_history_pruned *pruned, char *message)
{
    *pruned = (struct assay_history_pruned){0};
    if (!assay_database_begin(history, message))
        return false;
    const bool good = choose(history, keep, before, message) && remove_chosen(history, pruned, message);
    if (good && rehearse) {
        sqlite3_exec(history->db, "ROLLBACK", NULL, NULL, NULL);
        return true;
    }
    if (!assay_database_end(history, good, message))
        return false;
    /* Gives the pages back, as far as no reader needs them; the runs are gone in any case. */
    sqlite3_exec(history->db, "PRAGMA incremental_vacuum", NULL, NULL, NULL);
    sqlite3_exec(history->db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL);
    return true;
}
