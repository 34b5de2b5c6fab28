/* Opening a history: what is not one is told from its first bytes, before SQLite touches it, so that another program's
 * file is left as it is; what is one is checked, and brought to this program's version. */
#include "reports/store/database.h"
#include "reports/store/migrations.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WAIT_MS = 60000, LONGEST_RECORD = 64 << 20 };

/* SQLite's file format, "The Database Header", and the number of cells in the first page of the schema behind it. */
enum { HEADER_PAGES = 28, HEADER_VERSION = 60, HEADER_APPLICATION = 68, HEADER_CELLS = 103, HEADER_BYTES = 105 };

static uint32_t big_endian(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static bool check_version(const char *path, sqlite3_int64 version, char *message)
{
    if (version > assay_history_version)
        return assay_database_refuse(path, message,
                                     "is of version %lld, newer than this program's %d: use a newer assay",
                                     (long long)version, assay_history_version);
    if (version < 0)
        return assay_database_refuse(path, message, "is damaged: there is no version %lld", (long long)version);
    return true;
}

/* A database without a table, a name and a version is as good as an empty file. SQLite makes it so at first: another
 * process may just be about to make it a history. */
static bool is_blank(const unsigned char *header)
{
    return big_endian(header + HEADER_APPLICATION) == 0 && big_endian(header + HEADER_VERSION) == 0 &&
           big_endian(header + HEADER_PAGES) <= 1 && header[HEADER_CELLS] == 0 && header[HEADER_CELLS + 1] == 0;
}

static bool check_empty(const char *path, enum assay_history_access access, char *message)
{
    return access == ASSAY_HISTORY_CREATE ||
           assay_database_refuse(path, message, "is empty; assay history add makes a history of it");
}

static bool check_header(const char *path, const unsigned char *header, ssize_t length,
                         enum assay_history_access access, char *message)
{
    if (length == 0)
        return check_empty(path, access, message);
    if (length < HEADER_BYTES || memcmp(header, "SQLite format 3", 16) != 0)
        return assay_database_refuse(path, message, "is no history: not an SQLite database");
    if (is_blank(header))
        return check_empty(path, access, message);
    const uint32_t application = big_endian(header + HEADER_APPLICATION);
    if (application != ASSAY_HISTORY_APPLICATION)
        return assay_database_refuse(path, message, "is no history: a database of another program (application id %#x)",
                                     application);
    return check_version(path, (int32_t)big_endian(header + HEADER_VERSION), message);
}

static bool check_file(const char *path, enum assay_history_access access, char *message)
{
    struct stat status;
    if (stat(path, &status) != 0 && errno == ENOENT && access == ASSAY_HISTORY_CREATE)
        return true;
    /* A pipe would wait for its other end. */
    const int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return assay_database_refuse(path, message, "cannot be read: %s%s", strerror(errno),
                                     errno == ENOENT ? "; assay history add makes a history" : "");
    unsigned char header[HEADER_BYTES];
    const bool regular = fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
    const ssize_t length = regular ? pread(fd, header, sizeof(header), 0) : 0;
    close(fd);
    if (!regular)
        return assay_database_refuse(path, message, "is no history: not a regular file");
    return check_header(path, header, length, access, message);
}

/* Ours alone, whatever its schema says: a file may come from anywhere. */
static bool configure(const struct assay_history *history, enum assay_history_access access, char *message)
{
    sqlite3 *db = history->db;
    sqlite3_busy_timeout(db, WAIT_MS);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, LONGEST_RECORD);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    /* FULL: a commit has returned from fsync() before it is acknowledged. */
    return assay_database_execute(
               history, "PRAGMA cell_size_check = ON; PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL", message) &&
           (access != ASSAY_HISTORY_READ || assay_database_execute(history, "PRAGMA query_only = ON", message));
}

/* Closing checkpoints, which writes; what was refused is left as it is. */
static void keep_as_it_is(sqlite3 *db, bool keep)
{
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep ? 1 : 0, NULL);
}

static bool version_of(const struct assay_history *history, sqlite3_int64 *version, char *message)
{
    return assay_database_number(history, "PRAGMA user_version", 0, version, message) &&
           check_version(history->path, *version, message);
}

static bool climb(const struct assay_history *history, char *message)
{
    char *finish = sqlite3_mprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", ASSAY_HISTORY_APPLICATION,
                                   assay_history_version);
    sqlite3_int64 version = 0;
    /* Another process may have done it while this one waited. */
    bool good = finish ? version_of(history, &version, message) : assay_database_out_of_memory(history, message);
    for (; good && version < assay_history_version; version++)
        good = assay_database_execute(history, assay_history_steps[version], message);
    good = good && assay_database_execute(history, finish, message);
    sqlite3_free(finish);
    return good;
}

/* To this program's version, by all steps or none. An empty file is of version 0. */
static bool migrate(const struct assay_history *history, enum assay_history_access access, char *message)
{
    sqlite3_int64 version;
    if (!version_of(history, &version, message))
        return false;
    if (version == assay_history_version)
        return true;
    if (version == 0 && access != ASSAY_HISTORY_CREATE)
        return check_empty(history->path, access, message);
    if (access == ASSAY_HISTORY_READ)
        return assay_database_refuse(history->path, message,
                                     "is of version %lld, and this program reads %d: assay history check --db FILE "
                                     "brings it there",
                                     (long long)version, assay_history_version);
    /* Pages that pruning frees can be given back; it must be said before the first table is made. */
    if (version == 0 && !assay_database_execute(history, "PRAGMA auto_vacuum = INCREMENTAL", message))
        return false;
    return assay_database_begin(history, message) && assay_database_end(history, climb(history, message), message);
}

static bool prepare(const struct assay_history *history, enum assay_history_access access, char *message)
{
    if (access != ASSAY_HISTORY_READ && sqlite3_db_readonly(history->db, "main") == 1)
        return assay_database_refuse(history->path, message, "cannot be written: it is read-only");
    if (!assay_database_sound(history, "PRAGMA quick_check(1)", message) || !migrate(history, access, message))
        return false;
    /* Where the file system cannot do it, or others are about, it stays as it was: as safe, but readers wait. */
    if (access != ASSAY_HISTORY_READ)
        sqlite3_exec(history->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
    return true;
}

/* What SQLite opens. A name such as ":memory:" or "file:x" is a file's, too. `alone`: it is read as if nothing could
 * ever change it, without locks, which need files beside it. */
static char *name_of(const char *path, bool alone)
{
    char *name = malloc(3 * strlen(path) + 32), *end = name;
    if (!name)
        return NULL;
    end = stpcpy(end, alone ? "file:" : "");
    end = stpcpy(end, path[0] == '/' ? "" : "./");
    for (; *path; path++)
        end += alone && strchr("%?#", *path) ? sprintf(end, "%%%02X", (unsigned char)*path) : sprintf(end, "%c", *path);
    strcpy(end, alone ? "?immutable=1" : "");
    return name;
}

/* Sets history->db. */
static bool open_database(struct assay_history *history, enum assay_history_access access, bool alone, char *message)
{
    char *name = name_of(history->path, alone);
    if (!name)
        return assay_database_out_of_memory(history, message);
    const int flags = SQLITE_OPEN_EXRESCODE | (alone ? SQLITE_OPEN_READONLY | SQLITE_OPEN_URI : SQLITE_OPEN_READWRITE) |
                      (access == ASSAY_HISTORY_CREATE ? SQLITE_OPEN_CREATE : 0);
    const int code = sqlite3_open_v2(name, &history->db, flags, NULL);
    free(name);
    if (!history->db)
        return assay_database_out_of_memory(history, message);
    keep_as_it_is(history->db, true);
    return code == SQLITE_OK || assay_database_fail(history, message);
}

static bool open_and_prepare(struct assay_history *history, enum assay_history_access access, bool alone, char *message)
{
    return open_database(history, access, alone, message) && configure(history, access, message) &&
           prepare(history, access, message);
}

/* Whether the file can only be read for want of files beside it, which a folder that is not ours to write in keeps from
 * being made. Nothing must wait in a -wal: it would be passed over. */
static bool lacks_company(const struct assay_history *history)
{
    const int code = history->db ? sqlite3_errcode(history->db) & 0xff : SQLITE_OK;
    char *wal = sqlite3_mprintf("%s-wal", history->path);
    struct stat status;
    const bool waits = !wal || (stat(wal, &status) == 0 && status.st_size > 0);
    sqlite3_free(wal);
    return !waits && (code == SQLITE_CANTOPEN || code == SQLITE_READONLY);
}

struct assay_history *assay_history_open(const char *path, enum assay_history_access access, char *message)
{
    if (!check_file(path, access, message))
        return NULL;
    struct assay_history *history = calloc(1, sizeof(*history));
    if (history)
        history->path = strdup(path);
    if (!history || !history->path) {
        free(history);
        assay_database_refuse(path, message, "out of memory");
        return NULL;
    }
    bool good = open_and_prepare(history, access, false, message);
    if (!good && access == ASSAY_HISTORY_READ && lacks_company(history)) {
        sqlite3_close(history->db);
        history->db = NULL;
        good = open_and_prepare(history, access, true, message);
    }
    if (good) {
        keep_as_it_is(history->db, false);
        return history;
    }
    assay_history_close(history);
    return NULL;
}

void assay_history_close(struct assay_history *history)
{
    if (!history)
        return;
    sqlite3_close(history->db);
    free(history->path);
    free(history);
}
