/* Region 0: this thread alone. Region 1: another thread runs meanwhile. Region 2: the other has ended. */
#include "../markers.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

static atomic_int ticks;
static atomic_bool enough;

static void *tick(void *unused)
{
    (void)unused;
    while (!atomic_load(&enough))
        atomic_fetch_add(&ticks, 1);
    return NULL;
}

static int work(int n)
{
    for (volatile int i = 0; i < 1000; i++)
        n += i;
    return n;
}

int main(void)
{
    pthread_t thread;
    int sum = 0;
    assay_region_begin(0);
    sum = work(sum);
    assay_region_end(0);
    if (pthread_create(&thread, NULL, tick, NULL) != 0)
        return 1;
    assay_region_begin(1);
    /* Until the other has surely run inside of the region. */
    for (int seen = atomic_load(&ticks); atomic_load(&ticks) < seen + 1000;)
        sum = work(sum);
    assay_region_end(1);
    atomic_store(&enough, true);
    if (pthread_join(thread, NULL) != 0)
        return 1;
    assay_region_begin(2);
    sum = work(sum);
    assay_region_end(2);
    return sum == 1;
}
