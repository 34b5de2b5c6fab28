/* What it costs a thread to read what another core has just written: the rows at the cut of a layer in parts. A row of
 * 14 pixels of 512 floats (14x14x512) is written by one core and then read by the other, as a copy would read it, line
 * after line, and as the depthwise kernel does, 32 channels of each pixel, then the next 32. Beside it, the same once
 * the row is the reader's own. It judges nothing: docs/limits/networks.md does.
 *
 * Cycles are told in units of the core's peak loop, as those of tiles-limit.
 * Usage: crossing-limit, on a machine of two cores or more that does nothing else */
#include "suites/peaks/work.h"
#include "suites/probe/plugins.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

enum { PIXELS = 14, CHANNELS = 512, BLOCK = 32, LOOKS = 2000, MACS_A_CYCLE = 16, BYTES = PIXELS * CHANNELS * 4 };

static _Alignas(4096) uint32_t row[PIXELS][CHANNELS];
static _Alignas(128) atomic_size_t turn; /* odd: the writer's */

static void pin(int core)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(core, &set);
    sched_setaffinity(0, sizeof(set), &set);
}

static void *write_rows(void *unused)
{
    pin(1);
    for (size_t look = 0; look < 2 * (size_t)LOOKS; look++) {
        while (atomic_load(&turn) != 2 * look + 1)
            ;
        for (size_t p = 0; p < PIXELS; p++)
            for (size_t c = 0; c < CHANNELS; c++)
                row[p][c] = (uint32_t)(look + p + c);
        atomic_store(&turn, 2 * look + 2);
    }
    return unused;
}

static double now_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* `count` inputs of each pixel, added to as many sums: loads are all that it waits for. */
static void read_pixels(size_t first, size_t count, uint32_t *restrict sums)
{
    for (size_t p = 0; p < PIXELS; p++)
        for (size_t c = 0; c < count; c++)
            sums[c] += row[p][first + c];
}

static uint32_t read_lines(void)
{
    uint32_t sums[CHANNELS] = {0};
    read_pixels(0, CHANNELS, sums);
    return sums[0];
}

static uint32_t read_blocks(void)
{
    uint32_t sums[BLOCK] = {0};
    for (size_t first = 0; first < CHANNELS; first += BLOCK)
        read_pixels(first, BLOCK, sums);
    return sums[0];
}

static volatile uint32_t kept;

/* The least of many looks, ns: `times` = [from the other core, again]. */
static void measure(uint32_t (*read)(void), size_t first_look, double *times)
{
    times[0] = times[1] = 1e9;
    for (size_t look = first_look; look < first_look + LOOKS; look++) {
        atomic_store(&turn, 2 * look + 1);
        while (atomic_load(&turn) != 2 * look + 2)
            ;
        for (size_t again = 0; again < 2; again++) {
            const double start = now_ns();
            kept = read();
            const double ns = now_ns() - start;
            times[again] = ns < times[again] ? ns : times[again];
        }
    }
}

int main(void)
{
    pthread_t writer;
    double lines[2], blocks[2];
    pin(0);
    if (pthread_create(&writer, NULL, write_rows, NULL) != 0)
        return 1;
    measure(read_lines, 0, lines);
    measure(read_blocks, LOOKS, blocks);
    pthread_join(writer, NULL);
    if (!plugins_start(assay_cpu_features())) /* which the peaks are looked for in */
        return 1;
    peaks_measure();
    const double cycle = MACS_A_CYCLE / peaks_macs(PEAK_F32).per_ns;
    printf("%d bytes            from the other core        own\n", BYTES);
    printf("line after line     %.2f us, %.1f bytes a cycle   %.2f us, %.1f\n", lines[0] / 1e3,
           BYTES * cycle / lines[0], lines[1] / 1e3, BYTES * cycle / lines[1]);
    printf("block after block   %.2f us, %.1f bytes a cycle   %.2f us, %.1f\n", blocks[0] / 1e3,
           BYTES * cycle / blocks[0], blocks[1] / 1e3, BYTES * cycle / blocks[1]);
    return 0;
}
