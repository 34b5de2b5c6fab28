#include "suites/peaks/bound.h"

#include "suites/probe/output.h"

static double larger(double a, double b)
{
    return a > b ? a : b;
}

static double over(double bytes, double rate)
{
    return rate > 0 ? bytes / rate : 0;
}

/* Reading and writing may go on at the same time; what a copy reads and writes takes at least as long as the copy. */
static double level_ns(const struct peak_level *level, double read, double written)
{
    return larger(larger(over(read, level->read), over(written, level->write)),
                  over(read < written ? read : written, level->copy));
}

struct peak_bound peak_bound_of(const struct peak_work *work)
{
    struct peak_bound bound = {.macs = peaks_macs(work->arithmetic)};
    bound.arithmetic_ns = over((double)work->macs, bound.macs.per_ns);
    const uint64_t set = work->read + work->written;
    size_t count, needed = 1;
    const struct peak_level *levels = peaks_levels(0, &count);
    if (count == 0)
        return bound;
    while (needed < count && levels[needed - 1].bytes < set)
        needed++;
    peaks_levels(needed, &count);
    /* Each level holds what the ones below cannot. */
    uint64_t held = 0;
    for (size_t i = 0; i < needed && set > 0; i++) {
        const uint64_t here = (levels[i].bytes < set ? levels[i].bytes : set) - held;
        const double part = (double)here / (double)set;
        bound.memory_ns += level_ns(&levels[i], part * (double)work->read, part * (double)work->written);
        held += here;
    }
    bound.level = levels[needed - 1].level;
    return bound;
}

json_t *peak_bound_json(const struct peak_work *work)
{
    const struct peak_bound bound = peak_bound_of(work);
    const bool arithmetic = bound.arithmetic_ns >= bound.memory_ns;
    return json_pack(
        "{so ss so so ss ss? sI so sI sI si}", "ns", output_number(arithmetic ? bound.arithmetic_ns : bound.memory_ns),
        "by", arithmetic ? "arithmetic" : "memory", "arithmetic_ns", output_number(bound.arithmetic_ns), "memory_ns",
        output_number(bound.memory_ns), "arithmetic", peak_arithmetic_names[work->arithmetic], "isa", bound.macs.isa,
        "macs", (json_int_t)work->macs, "macs_per_ns", output_number(bound.macs.per_ns), "read_bytes",
        (json_int_t)work->read, "written_bytes", (json_int_t)work->written, "level", bound.level);
}
