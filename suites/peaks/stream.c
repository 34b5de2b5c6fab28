#include "suites/peaks/stream.h"

#include "suites/peaks/bound.h"
#include "suites/peaks/measure.h"
#include "suites/probe/plugins.h"

#include <string.h>
#include <sys/mman.h>

/* Of fewer bytes a pass is as short as a function call, and more may not be had. */
static const uint64_t LEAST = 2 * PEAK_BLOCK, MOST = UINT64_C(1) << 30;

static uint64_t in_steps(uint64_t bytes)
{
    return bytes / PEAK_STREAM_STEP * PEAK_STREAM_STEP;
}

/* Pages as any buffer has them: no large ones are asked for, since no layer's are. Half a page between what is read and
 * what is written keeps loads from waiting for stores that look alike. */
static double time_stream(uint64_t read, uint64_t written)
{
    const uint64_t out = assay_round_up(read, PEAK_BLOCK) + PEAK_BLOCK / 2, bytes = out + written;
    char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return 0;
    memset(memory, 1, bytes); /* what was never written is all the same page of zeros */
    double best = 0;
    for (size_t i = 0; i < peak_isa_count; i++) {
        const struct peak_isa *isa = peak_isas[i];
        if (!isa->mix || (isa->features & ~plugins_features()) != 0)
            continue;
        const double ns = peak_time_mix(isa, memory + out, in_steps(written), memory, in_steps(read));
        best = best == 0 || ns < best ? ns : best;
    }
    munmap(memory, bytes);
    return best * (double)(read + written) / (double)(in_steps(read) + in_steps(written));
}

double peak_stream_ns(const struct peak_work *work)
{
    static uint64_t read, written;
    static double best;
    const struct peak_bound bound = peak_bound_of(work);
    if (work->read + work->written < LEAST || work->read + work->written > MOST ||
        bound.memory_ns < bound.arithmetic_ns / 2)
        return 0;
    const bool again = work->read == read && work->written == written;
    const double ns = time_stream(work->read, work->written);
    best = again && best > 0 && best < ns ? best : ns;
    read = work->read;
    written = work->written;
    return best;
}
