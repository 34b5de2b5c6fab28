/* The loops that move bytes write all that they are told to and nothing else, whatever the mix; and a time is told of
 * what is worth one. */
#include "suites/peaks/loops.h"
#include "suites/peaks/stream.h"
#include "suites/probe/plugins.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures;

#define CHECK(condition, ...)                                               \
    do {                                                                    \
        if (!(condition)) {                                                 \
            fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #condition); \
            fprintf(stderr, __VA_ARGS__);                                   \
            fprintf(stderr, "\n");                                          \
            failures++;                                                     \
        }                                                                   \
    } while (0)

enum { SOURCE = 0xA5, BEFORE = 0x3C, MOST_STEPS = 24 };

static void test_mix(const struct peak_isa *isa, size_t reads, size_t writes)
{
    const size_t read = reads * PEAK_STREAM_STEP, written = writes * PEAK_STREAM_STEP;
    const size_t room = (MOST_STEPS + 1) * PEAK_STREAM_STEP;
    unsigned char *from = aligned_alloc(PEAK_BLOCK, assay_round_up(room, PEAK_BLOCK));
    unsigned char *to = aligned_alloc(PEAK_BLOCK, assay_round_up(room, PEAK_BLOCK));
    if (!from || !to)
        abort();
    memset(from, SOURCE, room);
    memset(to, BEFORE, room);
    isa->mix(to, written, from, read);
    size_t changed = 0;
    while (changed < room && to[changed] != BEFORE)
        changed++;
    CHECK(changed == written, "%s, %zu to %zu: %zu bytes written, not %zu", isa->name, reads, writes, changed, written);
    for (size_t i = written; i < room; i++)
        CHECK(to[i] == BEFORE, "%s, %zu to %zu: byte %zu", isa->name, reads, writes, i);
    free(from);
    free(to);
}

int main(void)
{
    static const size_t mixes[][2] = {{8, 0}, {24, 1}, {17, 2}, {8, 1}, {9, 2}, {4, 1},  {7, 3}, {2, 1},
                                      {3, 2}, {5, 5},  {2, 3},  {1, 2}, {3, 7}, {1, 16}, {0, 8}, {0, 0}};
    size_t tried = 0;
    for (size_t i = 0; i < peak_isa_count; i++) {
        if (!peak_isas[i]->mix || (peak_isas[i]->features & ~plugins_features()) != 0)
            continue;
        tried++;
        for (size_t m = 0; m < sizeof(mixes) / sizeof(mixes[0]); m++)
            test_mix(peak_isas[i], mixes[m][0], mixes[m][1]);
    }
    CHECK(tried > 0, "no loop of this CPU was tried");
    const struct peak_work few = {.read = 4000, .written = 100}, some = {.read = 100000, .written = 1000},
                           busy = {.macs = UINT64_C(1) << 40, .read = 100000};
    CHECK(peak_stream_ns(&few) == 0, "%g", peak_stream_ns(&few));
    const double ns = peak_stream_ns(&some);
    CHECK(ns > 0 && peak_stream_ns(&some) <= ns, "%g", ns);
    CHECK(peak_stream_ns(&busy) == 0 || peaks_macs(PEAK_F32).per_ns == 0, "%g", peak_stream_ns(&busy));
    return failures > 0;
}
