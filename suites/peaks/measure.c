#include "suites/peaks/measure.h"

#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum {
    BURST_NS = 20 * 1000,         /* long against a look at the clock, short against what disturbs */
    BURSTS = 16,                  /* of which the best counts */
    ENOUGH_NS = 10 * 1000 * 1000, /* after which slow ones are not repeated any more */
};

static double now_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* `repeats` times of something; what that was worth, in its own unit. */
typedef double burst(const void *what, uint64_t repeats);

/* The most worth a nanosecond. */
static double best_of(burst *run, const void *what)
{
    const double start = now_ns();
    uint64_t repeats = 1;
    double best = 0;
    for (int told = 0; told < BURSTS;) {
        const double before = now_ns(), worth = run(what, repeats), now = now_ns(), spent = now - before;
        if (spent < BURST_NS && repeats < UINT64_C(1) << 40) {
            repeats *= 2; /* the one before may have looked longer than it was */
            continue;
        }
        best = spent > 0 && worth / spent > best ? worth / spent : best;
        told = now - start < ENOUGH_NS ? told + 1 : BURSTS;
    }
    return best;
}

static double run_macs(const void *what, uint64_t repeats)
{
    peak_macs_function *const *loop = what;
    enum { ROUNDS = 64 };
    return (double)(*loop)(repeats * ROUNDS);
}

double peak_time_macs(peak_macs_function *loop)
{
    return best_of(run_macs, &loop);
}

struct stream {
    const struct peak_isa *isa;
    char *at;
    size_t bytes;
};

static double run_read(const void *what, uint64_t repeats)
{
    const struct stream *s = what;
    for (uint64_t i = 0; i < repeats; i++)
        s->isa->read(s->at, s->bytes);
    return (double)s->bytes * (double)repeats;
}

static double run_write(const void *what, uint64_t repeats)
{
    const struct stream *s = what;
    for (uint64_t i = 0; i < repeats; i++)
        s->isa->write(s->at, s->bytes);
    return (double)s->bytes * (double)repeats;
}

/* One half to the other, so that both together are what the level is to hold. */
static double run_copy(const void *what, uint64_t repeats)
{
    const struct stream *s = what;
    const size_t half = s->bytes / 2;
    for (uint64_t i = 0; i < repeats; i++)
        s->isa->copy(s->at + half, s->at, half);
    return (double)half * (double)repeats;
}

void peak_time_memory(const struct peak_isa *isa, size_t bytes, struct peak_level *level)
{
    const struct {
        burst *run;
        double *rate;
    } streams[] = {{run_write, &level->write}, {run_read, &level->read}, {run_copy, &level->copy}};
    bytes = bytes / 2 / PEAK_BLOCK * PEAK_BLOCK * 2;
    if (bytes == 0)
        return;
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return;
    /* Large pages, if they are to be had, so that no translation is waited for. */
    madvise(memory, bytes, MADV_HUGEPAGE);
    memset(memory, 1, bytes); /* what was never written is all the same page of zeros */
    const struct stream stream = {.isa = isa, .at = memory, .bytes = bytes};
    for (size_t i = 0; i < sizeof(streams) / sizeof(streams[0]); i++) {
        const double rate = best_of(streams[i].run, &stream);
        *streams[i].rate = rate > *streams[i].rate ? rate : *streams[i].rate;
    }
    munmap(memory, bytes);
}

struct mix {
    const struct peak_isa *isa;
    void *to;
    const void *from;
    size_t written, read;
};

static double run_mix(const void *what, uint64_t repeats)
{
    const struct mix *m = what;
    for (uint64_t i = 0; i < repeats; i++)
        m->isa->mix(m->to, m->written, m->from, m->read);
    return (double)repeats;
}

double peak_time_mix(const struct peak_isa *isa, void *to, size_t written, const void *from, size_t read)
{
    const struct mix mix = {.isa = isa, .to = to, .from = from, .written = written, .read = read};
    const double passes = best_of(run_mix, &mix);
    return passes > 0 ? 1 / passes : 0;
}
