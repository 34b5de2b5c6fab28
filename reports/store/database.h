/* What the parts of the history share: the open database, and how its errors are told. */
#ifndef ASSAY_REPORTS_STORE_DATABASE_H
#define ASSAY_REPORTS_STORE_DATABASE_H

#include "reports/store/history.h"

#include <sqlite3.h>

struct assay_history {
    sqlite3 *db;
    char *path;
};

/* Each returns false (or NULL) with a message that begins with the path. */
bool assay_database_refuse(const char *path, char *message, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Tells what SQLite complained about last. */
bool assay_database_fail(const struct assay_history *history, char *message);
bool assay_database_out_of_memory(const struct assay_history *history, char *message);

sqlite3_stmt *assay_database_prepare(const struct assay_history *history, const char *sql, char *message);
bool assay_database_execute(const struct assay_history *history, const char *sql, char *message);
/* Steps a statement that returns no row, and resets it. */
bool assay_database_do(const struct assay_history *history, sqlite3_stmt *statement, char *message);
/* A number: the first column of the first row, or `otherwise` where there is no row. */
bool assay_database_number(const struct assay_history *history, const char *sql, sqlite3_int64 otherwise,
                           sqlite3_int64 *number, char *message);

/* Whether a pragma that checks answers as it should: "ok", or nothing at all. */
bool assay_database_sound(const struct assay_history *history, const char *pragma, char *message);

/* A transaction for writing waits here for other writers, not in its middle. It ends as `good` says, and the returned
 * value is whether it was good to the end. */
bool assay_database_begin(const struct assay_history *history, char *message);
bool assay_database_end(const struct assay_history *history, bool good, char *message);

/* Columns of a row: a copy of a text, NULL if it is NULL; a NULL number is NaN. */
bool assay_database_text(sqlite3_stmt *row, int column, char **text);
double assay_database_real(sqlite3_stmt *row, int column);
void assay_database_bind_real(sqlite3_stmt *statement, int parameter, double value);
/* The text must live until the statement was done. NULL is bound as such. */
void assay_database_bind_text(sqlite3_stmt *statement, int parameter, const char *text);

#endif
