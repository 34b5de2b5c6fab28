/* Google Benchmark's JSON, so that its compare.py and others' tools read our timings: an "iteration" entry a sample.
 * Counts of emulated targets are left out, for the format knows only times, and a count must never be taken for one. */
#include "reports/render/formats.h"

#include <string.h>

static json_t *context(const struct grid *grid, size_t left_out)
{
    const json_t *machine = NULL;
    for (size_t t = 0; t < grid->target_count && !machine; t++)
        if (!grid->targets[t].emulated)
            machine = grid->targets[t].machine;
    const json_t *cores = json_object_get(machine, "cores");
    return json_pack("{s:s, s:I, s:s, s:s?, s:I}", "executable", "assay-probe", "num_cpus", json_integer_value(cores),
                     "library_build_type", "release", "cpu_model", json_string_value(json_object_get(machine, "cpu")),
                     "assay_emulated_series_left_out", (json_int_t)left_out);
}

static void add_samples(json_t *benchmarks, const struct assay_record *record, size_t family)
{
    const json_t *performance = json_object_get(record->json, "performance");
    const json_t *samples = json_object_get(performance, "samples");
    const json_int_t iterations = json_integer_value(json_object_get(performance, "iterations"));
    size_t i;
    json_t *sample;
    json_array_foreach(samples, i, sample)
    {
        const double ns = json_number_value(sample);
        json_array_append_new(benchmarks,
                              json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:i, s:f, s:f, s:s}", "name",
                                        record->series_id, "run_name", record->series_id, "run_type", "iteration",
                                        "family_index", (json_int_t)family, "per_family_instance_index", (json_int_t)0,
                                        "repetitions", (json_int_t)json_array_size(samples), "repetition_index",
                                        (json_int_t)i, "iterations", iterations, "threads", 1, "real_time", ns,
                                        "cpu_time", ns, "time_unit", "ns"));
    }
}

bool render_gbench(const struct grid *grid, FILE *out)
{
    json_t *benchmarks = json_array();
    size_t left_out = 0;
    for (size_t i = 0; i < grid->series_count; i++) {
        if (grid->newest[i]->emulated)
            left_out++;
        else
            add_samples(benchmarks, grid->newest[i], i);
    }
    json_t *document = json_pack("{s:o, s:o}", "context", context(grid, left_out), "benchmarks", benchmarks);
    const bool ok = document && json_dumpf(document, out, JSON_INDENT(1) | JSON_REAL_PRECISION(9)) == 0;
    fputc('\n', out);
    json_decref(document);
    return ok;
}
