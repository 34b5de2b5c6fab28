#include "reports/store/database.h"

#include <stdlib.h>
#include <string.h>

static bool append_run(struct assay_history_runs *runs, size_t *capacity, sqlite3_stmt *row)
{
    if (runs->count == *capacity) {
        const size_t wanted = *capacity ? 2 * *capacity : 64;
        struct assay_history_run *items = realloc(runs->items, wanted * sizeof(*items));
        if (!items)
            return false;
        runs->items = items;
        *capacity = wanted;
    }
    struct assay_history_run *run = &runs->items[runs->count++];
    *run = (struct assay_history_run){.dirty = sqlite3_column_int(row, 4),
                                      .records = (size_t)sqlite3_column_int64(row, 5)};
    return assay_database_text(row, 0, &run->run_id) && assay_database_text(row, 1, &run->suite) &&
           assay_database_text(row, 2, &run->started) && assay_database_text(row, 3, &run->commit);
}

bool assay_history_list(struct assay_history *history, struct assay_history_runs *runs, char *message)
{
    *runs = (struct assay_history_runs){0};
    sqlite3_stmt *statement = assay_database_prepare(
        history,
        "SELECT run_id, suite, started, commit_id, dirty, (SELECT count(*) FROM records WHERE run = runs.id) "
        "FROM runs ORDER BY started, id",
        message);
    if (!statement)
        return false;
    size_t capacity = 0;
    int step;
    bool good = true;
    while (good && (step = sqlite3_step(statement)) != SQLITE_DONE)
        good = step == SQLITE_ROW
                   ? append_run(runs, &capacity, statement) || assay_database_out_of_memory(history, message)
                   : assay_database_fail(history, message);
    sqlite3_finalize(statement);
    if (!good)
        assay_history_runs_free(runs);
    return good;
}

void assay_history_runs_free(struct assay_history_runs *runs)
{
    for (size_t i = 0; i < runs->count; i++) {
        const struct assay_history_run *run = &runs->items[i];
        free(run->run_id);
        free(run->suite);
        free(run->started);
        free(run->commit);
    }
    free(runs->items);
    *runs = (struct assay_history_runs){0};
}
