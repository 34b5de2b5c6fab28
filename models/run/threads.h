/* The threads that compute a network: the caller's, and a pool of pthreadpool's beside it. */
#ifndef ASSAY_MODELS_RUN_THREADS_H
#define ASSAY_MODELS_RUN_THREADS_H

#include <stdbool.h>
#include <stddef.h>

struct assay_threads;

/* `count` threads, the caller's included; 0 and 1: that one alone. `enter`, which may be NULL, is called once on each
 * of the others, with its number from 1 on, for them to be pinned. False: no memory, or no more threads to be had. */
bool assay_threads_make(size_t count, void (*enter)(void *context, size_t thread), void *context,
                        struct assay_threads **threads);
void assay_threads_free(struct assay_threads *threads);

size_t assay_threads_count(const struct assay_threads *threads);

/* task(context, i) for each i below `count`, on all threads; returns when all are done. */
void assay_threads_run(struct assay_threads *threads, void (*task)(void *context, size_t i), void *context,
                       size_t count);

#endif
