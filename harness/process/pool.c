#include "harness/process/pool.h"

#include "harness/base/memory.h"
#include "harness/process/interrupt.h"
#include "harness/process/process.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WIDEST = 64 };

struct running {
    bool used;
    struct assay_task task;
    struct assay_process process;
    char *line;
    size_t length, capacity;
    double heard; /* when it last printed a line */
};

struct assay_pool {
    struct running running[WIDEST];
    size_t width, count; /* slots, and how many are used */
    struct assay_task *waiting;
    size_t first, waiting_count, capacity;
    bool stopped;
};

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

struct assay_pool *assay_pool_new(size_t width)
{
    struct assay_pool *pool = assay_keep(sizeof(*pool));
    pool->width = width < 1 ? 1 : width > WIDEST ? WIDEST : width;
    return pool;
}

void assay_pool_free(struct assay_pool *pool)
{
    free(pool->waiting);
    pool->waiting = NULL;
}

void assay_pool_add(struct assay_pool *pool, struct assay_task task)
{
    assay_grow(&pool->waiting, &pool->capacity, pool->waiting_count, sizeof(task));
    pool->waiting[pool->waiting_count++] = task;
}

void assay_pool_add_next(struct assay_pool *pool, struct assay_task task)
{
    if (pool->first > 0) {
        pool->waiting[--pool->first] = task;
        return;
    }
    assay_pool_add(pool, task);
    memmove(pool->waiting + 1, pool->waiting, (pool->waiting_count - 1) * sizeof(task));
    pool->waiting[0] = task;
}

void assay_pool_stop(struct assay_pool *pool)
{
    pool->stopped = true;
}

static bool may_start(const struct assay_pool *pool)
{
    if (pool->first == pool->waiting_count || pool->count == pool->width)
        return false;
    if (pool->count > 0 && pool->waiting[pool->first].alone)
        return false;
    for (size_t i = 0; i < pool->width; i++)
        if (pool->running[i].used && pool->running[i].task.alone)
            return false;
    return true;
}

static bool start(struct assay_pool *pool)
{
    const struct assay_task task = pool->waiting[pool->first++];
    size_t slot = 0;
    while (pool->running[slot].used)
        slot++;
    struct running *r = &pool->running[slot];
    r->task = task;
    if (!assay_process_start(task.arguments, task.folder, task.input, task.input_length, &r->process))
        return false;
    r->used = true;
    r->length = 0;
    r->heard = now();
    pool->count++;
    return true;
}

static void hand_on(struct running *r)
{
    if (r->task.line)
        r->task.line(r->task.context, r->line, r->length);
    r->length = 0;
    r->heard = now();
}

/* Reads what there is; false at the end of the output. */
static bool listen_to(struct running *r)
{
    char bytes[1 << 14];
    const ssize_t length = read(r->process.out, bytes, sizeof(bytes));
    if (length < 0)
        return errno == EAGAIN || errno == EINTR;
    for (ssize_t i = 0; i < length; i++) {
        assay_grow(&r->line, &r->capacity, r->length, 1);
        if (bytes[i] == '\n') {
            r->line[r->length] = '\0';
            hand_on(r);
        } else {
            r->line[r->length++] = bytes[i];
        }
    }
    return length > 0;
}

static int reap(struct assay_pool *pool, struct running *r)
{
    int status = 0;
    close(r->process.out);
    while (waitpid(r->process.pid, &status, 0) < 0 && errno == EINTR)
        continue;
    free(r->line);
    r->line = NULL;
    r->capacity = 0;
    r->used = false;
    pool->count--;
    return status;
}

static void finish(struct assay_pool *pool, struct running *r)
{
    if (r->length > 0) {
        assay_grow(&r->line, &r->capacity, r->length, 1);
        r->line[r->length] = '\0';
        hand_on(r);
    }
    const int status = reap(pool, r), err = r->process.err;
    if (r->task.end)
        r->task.end(r->task.context, status, err);
    close(err);
}

static void end_all(struct assay_pool *pool)
{
    for (size_t i = 0; i < pool->width; i++) {
        if (!pool->running[i].used)
            continue;
        /* Not asked politely: what it did not print yet is not wanted, and its answer is not waited for. */
        kill(-pool->running[i].process.pid, SIGKILL);
        reap(pool, &pool->running[i]);
        close(pool->running[i].process.err);
    }
}

static void kill_silent(struct assay_pool *pool)
{
    const double time = now();
    for (size_t i = 0; i < pool->width; i++) {
        const struct running *r = &pool->running[i];
        if (r->used && r->task.silence > 0 && time - r->heard > r->task.silence)
            kill(-r->process.pid, SIGKILL);
    }
}

bool assay_pool_run(struct assay_pool *pool)
{
    for (;;) {
        while (!pool->stopped && !assay_interrupted() && may_start(pool))
            pool->stopped = !start(pool);
        if (pool->stopped || assay_interrupted()) {
            end_all(pool);
            return false;
        }
        if (pool->count == 0)
            return true;
        struct pollfd ends[WIDEST];
        for (size_t i = 0; i < pool->width; i++)
            ends[i] =
                (struct pollfd){.fd = pool->running[i].used ? pool->running[i].process.out : -1, .events = POLLIN};
        /* The timeout bounds how long an interrupt that came just before goes unseen. */
        if (poll(ends, (nfds_t)pool->width, 500) > 0)
            for (size_t i = 0; i < pool->width; i++)
                if (ends[i].revents && !listen_to(&pool->running[i]))
                    finish(pool, &pool->running[i]);
        kill_silent(pool);
    }
}

struct single {
    char *text;
    size_t length, capacity;
    bool keep;
    const char *said;
    int status;
};

static void single_line(void *context, const char *line, size_t length)
{
    struct single *single = context;
    for (size_t i = 0; single->keep && i <= length; i++) {
        assay_grow(&single->text, &single->capacity, single->length + 1, 1);
        single->text[single->length++] = i < length ? line[i] : '\n';
        single->text[single->length] = '\0';
    }
}

static void single_end(void *context, int status, int err)
{
    struct single *single = context;
    single->status = status;
    single->said = assay_last_line(err);
}

static bool run_single(struct assay_task task, char **output, const char **said, int *status)
{
    struct single single = {.keep = output != NULL};
    struct assay_pool *pool = assay_pool_new(1);
    task.line = single_line;
    task.end = single_end;
    task.context = &single;
    assay_pool_add(pool, task);
    const bool ran = assay_pool_run(pool);
    assay_pool_free(pool);
    if (!ran) {
        free(single.text);
        return false;
    }
    *status = single.status;
    if (said)
        *said = single.said;
    if (output)
        *output = single.text ? single.text : calloc(1, 1);
    return true;
}

bool assay_run_program(const char *const *arguments, const char *folder, char **output, const char **said, int *status)
{
    return run_single((struct assay_task){.arguments = arguments, .folder = folder}, output, said, status);
}

bool assay_run_filter(const char *const *arguments, const char *input, char **output, const char **said, int *status)
{
    return run_single((struct assay_task){.arguments = arguments, .input = input, .input_length = strlen(input)},
                      output, said, status);
}
