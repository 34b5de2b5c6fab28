#include "reports/store/database.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool assay_database_refuse(const char *path, char *message, const char *format, ...)
{
    char why[ASSAY_HISTORY_MESSAGE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, sizeof(why), format, arguments);
    va_end(arguments);
    snprintf(message, ASSAY_HISTORY_MESSAGE, "%.200s: %.300s", path, why);
    for (char *c = message; *c; c++)
        *c = *c == '\n' ? ' ' : *c; /* SQLite says some things in two lines */
    return false;
}

bool assay_database_fail(const struct assay_history *history, char *message)
{
    switch (sqlite3_errcode(history->db) & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR: /* our statements are right, so it is the tables that are not what they should be */
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
        return assay_database_refuse(
            history->path, message, "is damaged (%s); nothing was changed: take a copy from before, or begin a new one",
            sqlite3_errmsg(history->db));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return assay_database_refuse(history->path, message,
                                     "another process has been writing to it for too long; "
                                     "nothing was changed: try again when it is done");
    case SQLITE_FULL:
        return assay_database_refuse(history->path, message, "the disk is full; nothing was changed: make room");
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return assay_database_refuse(history->path, message,
                                     "cannot be written: it, its folder, or a file beside it "
                                     "(-wal, -shm) is read-only; nothing was changed");
    case SQLITE_CANTOPEN:
        return assay_database_refuse(history->path, message,
                                     "cannot be opened: it, its folder, or a file beside it (-wal, -shm) "
                                     "is not to be read or written by you");
    case SQLITE_NOMEM:
        return assay_database_out_of_memory(history, message);
    default:
        return assay_database_refuse(history->path, message, "%s; nothing was changed: is the disk full, or failing?",
                                     sqlite3_errmsg(history->db));
    }
}

bool assay_database_out_of_memory(const struct assay_history *history, char *message)
{
    return assay_database_refuse(history->path, message, "out of memory");
}

sqlite3_stmt *assay_database_prepare(const struct assay_history *history, const char *sql, char *message)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(history->db, sql, -1, &statement, NULL) != SQLITE_OK)
        assay_database_fail(history, message);
    return statement;
}

bool assay_database_execute(const struct assay_history *history, const char *sql, char *message)
{
    return sqlite3_exec(history->db, sql, NULL, NULL, NULL) == SQLITE_OK || assay_database_fail(history, message);
}

bool assay_database_do(const struct assay_history *history, sqlite3_stmt *statement, char *message)
{
    const bool good = sqlite3_step(statement) == SQLITE_DONE || assay_database_fail(history, message);
    sqlite3_reset(statement);
    return good;
}

bool assay_database_number(const struct assay_history *history, const char *sql, sqlite3_int64 otherwise,
                           sqlite3_int64 *number, char *message)
{
    sqlite3_stmt *statement = assay_database_prepare(history, sql, message);
    if (!statement)
        return false;
    const int step = sqlite3_step(statement);
    *number = step == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : otherwise;
    const bool good = step == SQLITE_ROW || step == SQLITE_DONE || assay_database_fail(history, message);
    sqlite3_finalize(statement);
    return good;
}

bool assay_database_sound(const struct assay_history *history, const char *pragma, char *message)
{
    sqlite3_stmt *statement = assay_database_prepare(history, pragma, message);
    if (!statement)
        return false;
    const int step = sqlite3_step(statement);
    const char *said = step == SQLITE_ROW ? (const char *)sqlite3_column_text(statement, 0) : "ok";
    bool good = step == SQLITE_ROW || step == SQLITE_DONE || assay_database_fail(history, message);
    if (good && said && strncmp(said, "***", 3) == 0 && strchr(said, '\n'))
        said = strchr(said, '\n') + 1; /* which of its databases: there is one */
    if (good && (!said || strcmp(said, "ok") != 0))
        good =
            assay_database_refuse(history->path, message,
                                  "is damaged (%.150s); nothing was changed: take a copy from before, or begin a new "
                                  "one",
                                  said ? said : "what refers to nothing");
    sqlite3_finalize(statement);
    return good;
}

bool assay_database_begin(const struct assay_history *history, char *message)
{
    return assay_database_execute(history, "BEGIN IMMEDIATE", message);
}

bool assay_database_end(const struct assay_history *history, bool good, char *message)
{
    if (good && assay_database_execute(history, "COMMIT", message))
        return true;
    /* Some errors have rolled back by themselves. */
    if (!sqlite3_get_autocommit(history->db))
        sqlite3_exec(history->db, "ROLLBACK", NULL, NULL, NULL);
    return false;
}

bool assay_database_text(sqlite3_stmt *row, int column, char **text)
{
    const char *value = (const char *)sqlite3_column_text(row, column);
    *text = value ? strdup(value) : NULL;
    return *text || sqlite3_column_type(row, column) == SQLITE_NULL;
}

double assay_database_real(sqlite3_stmt *row, int column)
{
    return sqlite3_column_type(row, column) == SQLITE_NULL ? NAN : sqlite3_column_double(row, column);
}

void assay_database_bind_real(sqlite3_stmt *statement, int parameter, double value)
{
    if (isnan(value))
        sqlite3_bind_null(statement, parameter);
    else
        sqlite3_bind_double(statement, parameter, value);
}

void assay_database_bind_text(sqlite3_stmt *statement, int parameter, const char *text)
{
    sqlite3_bind_text(statement, parameter, text, -1, SQLITE_STATIC);
}
