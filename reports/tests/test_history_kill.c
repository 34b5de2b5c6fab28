/* Writers that are killed at any moment: whatever they said was added is there, whole, and the file is sound. Each
 * writer is a process that adds one run after another and tells of each when it has been added. */
#include "reports/store/history.h"
#include "reports/tests/check.h"
#include "reports/tests/history_records.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WRITERS = 4, KILLS = 40, SERIES = 25, MOST_RUNS = 100000 };

static const char path[] = "history.db";
static char message[ASSAY_HISTORY_MESSAGE];

struct writer {
    pid_t pid;
    int pipe; /* it tells the numbers of runs here */
    int next; /* its first run: those of a writer that was killed are not added again */
};

static bool acknowledged[MOST_RUNS];

/* Runs `first`, `first` + WRITERS and so on, until it is killed. */
static _Noreturn void write_runs(int out, int first)
{
    struct assay_history *history = assay_history_open(path, ASSAY_HISTORY_CREATE, message);
    for (int run = first; history && run < MOST_RUNS; run += WRITERS) {
        struct assay_record_list records = {0};
        struct assay_history_added added;
        if (!history_append_run(&records, run, SERIES) || !assay_history_add(history, &records, &added, message))
            break;
        assay_record_list_free(&records);
        if (write(out, &run, sizeof(run)) != sizeof(run))
            break;
    }
    fprintf(stderr, "%s\n", message);
    _exit(1);
}

static void start(struct writer *writer)
{
    int ends[2];
    if (pipe(ends) != 0)
        exit(1);
    fflush(NULL);
    writer->pid = fork();
    if (writer->pid == 0) {
        close(ends[0]);
        write_runs(ends[1], writer->next);
    }
    CHECK(writer->pid > 0, "no process");
    close(ends[1]);
    writer->pipe = ends[0];
}

/* Kills it, and takes in what it had told. */
static size_t kill_and_collect(struct writer *writer)
{
    int status, run;
    size_t count = 0;
    kill(writer->pid, SIGKILL);
    CHECK(waitpid(writer->pid, &status, 0) == writer->pid && WIFSIGNALED(status), "a writer ended by itself");
    while (read(writer->pipe, &run, sizeof(run)) == sizeof(run)) {
        acknowledged[run] = true;
        writer->next = run;
        count++;
    }
    close(writer->pipe);
    writer->next += 2 * WRITERS; /* the one after may be there without having been told */
    return count;
}

static void check_history(void)
{
    bool there[MOST_RUNS] = {false};
    struct assay_history *history = assay_history_open(path, ASSAY_HISTORY_READ, message);
    struct assay_history_runs runs = {0};
    CHECK(history && assay_history_list(history, &runs, message), "%s", message);
    for (size_t i = 0; i < runs.count; i++) {
        there[atoi(strrchr(runs.items[i].run_id, '-') + 1)] = true;
        CHECK(runs.items[i].records == SERIES, "%s has %zu records", runs.items[i].run_id, runs.items[i].records);
    }
    for (int run = 0; run < MOST_RUNS; run++)
        if (acknowledged[run])
            CHECK(there[run], "run %d was added, and is gone", run);
    assay_history_runs_free(&runs);
    assay_history_close(history);
}

static void check_to_the_last(void)
{
    struct assay_history *history = assay_history_open(path, ASSAY_HISTORY_READ, message);
    struct assay_history_checked checked;
    CHECK(history && assay_history_check(history, &checked, message), "%s", message);
    assay_history_close(history);
}

int main(void)
{
    char folder[] = "/tmp/assay-history-XXXXXX";
    struct writer writers[WRITERS];
    size_t told = 0;
    if (!mkdtemp(folder) || chdir(folder) != 0) {
        perror(folder);
        return 1;
    }
    for (int i = 0; i < WRITERS; i++) {
        writers[i].next = i;
        start(&writers[i]);
    }
    srand(1);
    for (int i = 0; i < KILLS; i++) {
        usleep((useconds_t)(rand() % 60000));
        struct writer *victim = &writers[rand() % WRITERS];
        told += kill_and_collect(victim);
        start(victim);
        if (access(path, F_OK) == 0 && told > 0)
            check_history();
    }
    for (int i = 0; i < WRITERS; i++)
        told += kill_and_collect(&writers[i]);
    CHECK(told > 0, "nothing was ever added");
    check_history();
    check_to_the_last();
    printf("%zu runs were added, %d writers were killed\n", told, KILLS + WRITERS);
    static const char *const files[] = {"history.db", "history.db-wal", "history.db-shm", "history.db-journal"};
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
        unlink(files[i]);
    if (chdir("/") != 0 || rmdir(folder) != 0)
        CHECK(false, "something is left in %s", folder);
    return finish_checks();
}
