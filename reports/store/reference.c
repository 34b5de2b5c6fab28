#include "reports/store/reference.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The first column of up to two rows; *count is how many there were. */
static bool first_two(const struct assay_history *history, const char *sql, const char *text, sqlite3_int64 rows[2],
                      int *count, char *message)
{
    sqlite3_stmt *statement = assay_database_prepare(history, sql, message);
    if (!statement)
        return false;
    assay_database_bind_text(statement, 1, text);
    int step = SQLITE_DONE;
    for (*count = 0; *count < 2 && (step = sqlite3_step(statement)) == SQLITE_ROW; ++*count)
        rows[*count] = sqlite3_column_int64(statement, 0);
    const bool good = step == SQLITE_ROW || step == SQLITE_DONE || assay_database_fail(history, message);
    sqlite3_finalize(statement);
    return good;
}

static bool ambiguous(const struct assay_history *history, const char *reference, const char *what, char *message)
{
    return assay_database_refuse(history->path, message, "several %s begin with '%.60s': give more of it", what,
                                 reference);
}

/* *run is 0 where no run's id begins so. */
static bool find_id(const struct assay_history *history, const char *reference, sqlite3_int64 *run, char *message)
{
    sqlite3_int64 rows[2];
    int count;
    *run = 0;
    if (!first_two(history, "SELECT id FROM runs WHERE run_id = ?1", reference, rows, &count, message))
        return false;
    if (count == 0 && !first_two(history, "SELECT id FROM runs WHERE substr(run_id, 1, length(?1)) = ?1 LIMIT 2",
                                 reference, rows, &count, message))
        return false;
    if (count == 2)
        return ambiguous(history, reference, "runs", message);
    *run = count ? rows[0] : 0;
    return true;
}

static bool find_commit(const struct assay_history *history, const char *reference, sqlite3_int64 *run, char *message)
{
    sqlite3_int64 rows[2];
    int count;
    /* Of each commit the newest run: by SQLite's rule a bare column is of the row that max() took. */
    if (!first_two(history,
                   "SELECT id, max(started) FROM runs WHERE substr(commit_id, 1, length(?1)) = lower(?1) "
                   "GROUP BY commit_id LIMIT 2",
                   reference, rows, &count, message))
        return false;
    if (count == 2)
        return ambiguous(history, reference, "commits", message);
    if (count == 0)
        return assay_database_refuse(
            history->path, message, "no run's id and no commit begins with '%.60s': see assay history list", reference);
    *run = rows[0];
    return true;
}

static bool find_latest(const struct assay_history *history, const char *reference, const char *back,
                        sqlite3_int64 *run, char *message)
{
    sqlite3_int64 count;
    char *end = NULL;
    errno = 0;
    const long long steps = *back == '~' && back[1] >= '0' && back[1] <= '9' ? strtoll(back + 1, &end, 10) : 0;
    if (*back != '\0' && (!end || *end != '\0' || errno))
        return assay_database_refuse(history->path, message,
                                     "'%.60s' is no run: write latest~N for N runs before the "
                                     "newest",
                                     reference);
    if (!assay_database_number(history, "SELECT count(*) FROM runs", 0, &count, message))
        return false;
    if (steps >= count)
        return assay_database_refuse(history->path, message, "there is no '%.60s': it holds %lld runs", reference,
                                     (long long)count);
    char *sql = sqlite3_mprintf("SELECT id FROM runs ORDER BY started DESC, id DESC LIMIT 1 OFFSET %lld", steps);
    const bool good =
        sql ? assay_database_number(history, sql, 0, run, message) : assay_database_out_of_memory(history, message);
    sqlite3_free(sql);
    return good;
}

bool assay_reference_resolve(const struct assay_history *history, const char *reference, sqlite3_int64 *run,
                             char *message)
{
    static const char latest[] = "latest";
    if (*reference == '\0')
        return assay_database_refuse(history->path, message,
                                     "an empty name is no run: give the beginning of a run's id or of a commit, or "
                                     "latest");
    const size_t length = sizeof(latest) - 1;
    if (strncmp(reference, latest, length) == 0 && (reference[length] == '\0' || reference[length] == '~'))
        return find_latest(history, reference, reference + length, run, message);
    return find_id(history, reference, run, message) && (*run || find_commit(history, reference, run, message));
}
