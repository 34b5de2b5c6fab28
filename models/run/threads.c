#include "models/run/threads.h"

#include <pthread.h>
#include <pthreadpool.h>
#include <stdlib.h>
#include <unistd.h>

struct assay_threads {
    pthreadpool_t pool;
    size_t count;
    uint32_t flags;
};

struct entrance {
    pthread_t caller;
    pthread_barrier_t all;
    pthread_mutex_t lock;
    size_t next;
    void (*enter)(void *context, size_t thread);
    void *context;
};

/* The pool gives an item to whoever is free: nobody leaves before all threads have one each. */
static void enter_one(void *context, size_t item)
{
    struct entrance *entrance = context;
    (void)item;
    if (!pthread_equal(pthread_self(), entrance->caller)) {
        pthread_mutex_lock(&entrance->lock);
        const size_t thread = entrance->next++;
        pthread_mutex_unlock(&entrance->lock);
        entrance->enter(entrance->context, thread);
    }
    pthread_barrier_wait(&entrance->all);
}

static bool enter_all(struct assay_threads *threads, void (*enter)(void *context, size_t thread), void *context)
{
    struct entrance entrance = {.caller = pthread_self(), .next = 1, .enter = enter, .context = context};
    if (pthread_barrier_init(&entrance.all, NULL, (unsigned)threads->count) != 0)
        return false;
    pthread_mutex_init(&entrance.lock, NULL);
    pthreadpool_parallelize_1d(threads->pool, enter_one, &entrance, threads->count, threads->flags);
    pthread_mutex_destroy(&entrance.lock);
    pthread_barrier_destroy(&entrance.all);
    return true;
}

/* Threads wait for their next work by spinning, which is soon; but where there are more of them than cores, it is the
 * work that waits for the spinning. */
static uint32_t flags_for(size_t count)
{
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    const bool enough = cores < 1 || (size_t)cores >= count;
    return enough ? 0 : PTHREADPOOL_FLAG_YIELD_WORKERS;
}

bool assay_threads_make(size_t count, void (*enter)(void *context, size_t thread), void *context,
                        struct assay_threads **threads)
{
    *threads = NULL;
    if (count <= 1)
        return true;
    struct assay_threads *made = calloc(1, sizeof(*made));
    if (!made)
        return false;
    made->flags = flags_for(count);
    made->pool = pthreadpool_create(count);
    made->count = made->pool ? pthreadpool_get_threads_count(made->pool) : 0;
    if (made->count == count && (!enter || enter_all(made, enter, context))) {
        *threads = made;
        return true;
    }
    assay_threads_free(made);
    return false;
}

void assay_threads_free(struct assay_threads *threads)
{
    if (!threads)
        return;
    pthreadpool_destroy(threads->pool);
    free(threads);
}

size_t assay_threads_count(const struct assay_threads *threads)
{
    return threads ? threads->count : 1;
}

void assay_threads_run(struct assay_threads *threads, void (*task)(void *context, size_t i), void *context,
                       size_t count)
{
    if (threads)
        pthreadpool_parallelize_1d(threads->pool, task, context, count, threads->flags);
    for (size_t i = 0; !threads && i < count; i++)
        task(context, i);
}
