/* The history: all runs ever added, in one SQLite file (WAL), for trends and for gates. Several processes may write at
 * once; what was acknowledged survives being killed. The schema has a version and is migrated upwards; a file that is
 * damaged, of another program or of a newer version is refused with one line and left as it is. */
#ifndef ASSAY_REPORTS_STORE_HISTORY_H
#define ASSAY_REPORTS_STORE_HISTORY_H

#include "reports/record/record.h"

#include <time.h>

enum { ASSAY_HISTORY_MESSAGE = 512 }; /* bytes that hold any message below, its NUL included */

struct assay_history;

enum assay_history_access { ASSAY_HISTORY_READ, ASSAY_HISTORY_WRITE, ASSAY_HISTORY_CREATE };

/* Checks the file's integrity, and migrates it when it is opened for writing. NULL: the message, which begins with the
 * path, says why. */
struct assay_history *assay_history_open(const char *path, enum assay_history_access access, char *message);
void assay_history_close(struct assay_history *history);

struct assay_history_added {
    size_t runs, records; /* that are new */
    size_t known;         /* records of a run and series that was there: the first stays */
};
/* Adds records, all or none: they are on the disk when it returns true. Of a series that a run tried again the newest
 * in the list counts. A run that did not start at a time such as 2026-01-31T12:00:00Z is refused. */
bool assay_history_add(struct assay_history *history, const struct assay_record_list *records,
                       struct assay_history_added *added, char *message);

/* Strings are the list's. */
struct assay_history_run {
    char *run_id, *suite, *started, *commit; /* commit: NULL where the tree was no checkout */
    bool dirty;
    size_t records;
};
struct assay_history_runs {
    struct assay_history_run *items;
    size_t count;
};
/* Oldest first, by `started`. */
bool assay_history_list(struct assay_history *history, struct assay_history_runs *runs, char *message);
void assay_history_runs_free(struct assay_history_runs *runs);

/* Appends the records of a run. `reference`: a run's id or the unambiguous beginning of one; the beginning of a commit,
 * which means its newest run; "latest"; "latest~N", N runs before that. */
bool assay_history_load(struct assay_history *history, const char *reference, struct assay_record_list *records,
                        char *message);

/* One series over time, oldest first. Numbers that a record lacks are NaN, strings NULL. */
struct assay_history_point {
    char *run_id, *started, *commit, *kernel, *outcome, *code_hash;
    double value;      /* the record's: ns or instructions */
    double mode_error; /* accuracy.rel_rms */
    double task_value; /* accuracy.task_value: of whole networks */
    char *task_metric; /* what that is: top1, auc, mse */
};
struct assay_history_trend {
    char *series_id, *metric;
    struct assay_history_point *points;
    size_t count;
};
struct assay_history_trends {
    struct assay_history_trend *items;
    size_t count;
};
/* The series that match a glob, each with its last `last` points (0: all). */
bool assay_history_trend(struct assay_history *history, const char *glob, size_t last,
                         struct assay_history_trends *trends, char *message);
void assay_history_trends_free(struct assay_history_trends *trends);

struct assay_history_checked {
    int version;
    size_t runs, records;
    long long bytes;
};
/* Reads all of it: pages, indexes, references, and each record, against the columns that it is found by. False, with a
 * message, at the first that is not as it should be. */
bool assay_history_check(struct assay_history *history, struct assay_history_checked *checked, char *message);

struct assay_history_pruned {
    size_t runs, records;
};
/* Removes all but the newest `keep` runs (0: any number) that are younger than `before` (0: of any age), all or none.
 * `rehearse`: only tells what it would remove. */
bool assay_history_prune(struct assay_history *history, size_t keep, time_t before, bool rehearse,
                         struct assay_history_pruned *pruned, char *message);

#endif
