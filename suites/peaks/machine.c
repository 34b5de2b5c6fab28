/* The peaks of this machine, kept for the process. */
#include "suites/peaks/measure.h"
#include "suites/probe/env.h"
#include "suites/probe/output.h"
#include "suites/probe/plugins.h"

#include <unistd.h>

const char *const peak_arithmetic_names[PEAK_ARITHMETICS] = {"f32", "f16", "i8", "i16"};

enum { MOST_ISAS = 8, ALWAYS_LEVELS = 2 };

static double rates[MOST_ISAS][PEAK_ARITHMETICS];
static struct peak_level levels[PEAK_MOST_LEVELS];
static size_t level_count, measured_levels;

static bool has(const struct peak_isa *isa)
{
    return (isa->features & ~plugins_features()) == 0;
}

static void measure_macs(void)
{
    for (size_t i = 0; i < peak_isa_count && i < MOST_ISAS; i++)
        for (int a = 0; a < PEAK_ARITHMETICS && has(peak_isas[i]); a++) {
            const double rate = peak_isas[i]->macs[a] ? peak_time_macs(peak_isas[i]->macs[a]) : 0;
            rates[i][a] = rate > rates[i][a] ? rate : rates[i][a];
        }
}

/* The caches that there are, then memory. Where no cache is known, nobody can tell what memory is, either. */
static void find_levels(void)
{
    if (level_count > 0)
        return;
    for (int level = 1; level_count + 1 < PEAK_MOST_LEVELS && level < PEAK_MOST_LEVELS; level++) {
        const size_t bytes = env_cache_bytes((size_t)level);
        if (bytes > (level_count > 0 ? levels[level_count - 1].bytes : 0))
            levels[level_count++] = (struct peak_level){.level = level, .bytes = bytes};
    }
    if (level_count > 0)
        levels[level_count++] = (struct peak_level){.level = PEAK_MEMORY, .bytes = SIZE_MAX};
}

/* How much to stream through so that a level, and none below it, holds it. Memory: four times the last cache, which
 * may keep a part of more than it holds; on small machines less. */
static size_t stream_bytes(size_t i)
{
    if (levels[i].level != PEAK_MEMORY)
        return i > 0 ? assay_min(levels[i].bytes / 2, 4 * levels[i - 1].bytes) : levels[i].bytes / 2;
    enum { PART = 8 };
    const size_t wanted = 4 * levels[i - 1].bytes;
    const size_t most = (size_t)sysconf(_SC_PHYS_PAGES) / PART * (size_t)sysconf(_SC_PAGESIZE);
    return assay_min(wanted, most);
}

static void measure_level(size_t i)
{
    const struct peak_isa *widest = NULL;
    for (size_t k = 0; k < peak_isa_count; k++)
        widest = peak_isas[k]->read && has(peak_isas[k]) ? peak_isas[k] : widest;
    if (widest)
        peak_time_memory(widest, stream_bytes(i), &levels[i]);
}

static void measure_levels(size_t from, size_t to)
{
    for (size_t i = from; i < to && i < level_count; i++)
        if (levels[i].level != PEAK_MEMORY || levels[i].read == 0)
            measure_level(i);
    measured_levels = to > measured_levels ? to : measured_levels;
}

void peaks_measure(void)
{
    find_levels();
    measure_macs();
    measure_levels(0, measured_levels > ALWAYS_LEVELS ? measured_levels : ALWAYS_LEVELS);
}

struct peak_rate peaks_macs(enum peak_arithmetic arithmetic)
{
    /* Halves as floats, bytes as 16 bits: where a machine has nothing for them alone, or something slower. */
    const enum peak_arithmetic wider = arithmetic == PEAK_F16  ? PEAK_F32
                                       : arithmetic == PEAK_I8 ? PEAK_I16
                                                               : arithmetic;
    struct peak_rate best = {0};
    for (size_t i = 0; i < peak_isa_count && i < MOST_ISAS; i++) {
        const double rate = rates[i][arithmetic] > rates[i][wider] ? rates[i][arithmetic] : rates[i][wider];
        if (rate > best.per_ns)
            best = (struct peak_rate){rate, peak_isas[i]->name};
    }
    return best;
}

const struct peak_level *peaks_levels(size_t needed, size_t *count)
{
    find_levels();
    if (needed > measured_levels)
        measure_levels(measured_levels, needed);
    *count = level_count;
    return levels;
}

json_t *peaks_json(void)
{
    peaks_measure();
    size_t count;
    peaks_levels(PEAK_MOST_LEVELS, &count);
    json_t *macs = json_array(), *memory = json_array();
    for (size_t i = 0; i < peak_isa_count && i < MOST_ISAS; i++)
        for (int a = 0; a < PEAK_ARITHMETICS; a++)
            if (rates[i][a] > 0)
                json_array_append_new(macs, json_pack("{ss ss so}", "arithmetic", peak_arithmetic_names[a], "isa",
                                                      peak_isas[i]->name, "per_ns", output_number(rates[i][a])));
    for (size_t i = 0; i < count; i++)
        json_array_append_new(
            memory, json_pack("{si so so so so}", "level", levels[i].level, "bytes",
                              levels[i].level == PEAK_MEMORY ? json_null() : json_integer((json_int_t)levels[i].bytes),
                              "read", output_number(levels[i].read), "write", output_number(levels[i].write), "copy",
                              output_number(levels[i].copy)));
    return json_pack("{so so}", "macs", macs, "memory", memory);
}
