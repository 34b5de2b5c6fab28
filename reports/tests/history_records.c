#include "reports/tests/history_records.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

static void start_of(int run, char *text, size_t size)
{
    const time_t start = 1767225600 + (time_t)run * 3600; /* from 2026-01-01 on */
    struct tm utc;
    strftime(text, size, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&start, &utc));
}

const char *history_run_id(int run, char text[64])
{
    char start[32];
    start_of(run, start, sizeof(start));
    snprintf(text, 64, "%s-%d", start, run);
    return text;
}

const char *history_commit(int run, char text[64])
{
    snprintf(text, 64, "%08x%08x%08x%08x%08x", (unsigned)run * 2654435761u, 1u, 2u, 3u, (unsigned)run);
    return text;
}

json_t *history_record(int run, int series, double value)
{
    char id[64], name[64], run_id[64], commit[64], start[32];
    snprintf(name, sizeof(name), "case%d", series);
    snprintf(id, sizeof(id), "x86_64/%s/gemm/int8/dense@0/best", name);
    start_of(run, start, sizeof(start));
    return json_pack(
        "{s:i, s:s, s:s, s:s, s:s, s:s, s:f, s:s, s:s, s:s, s:s, s:s, s:o, s:n, s:n, s:s, s:b, "
        "s:{s:s, s:s, s:s, s:i, s:s, s:b}, s:{s:s}, s:{s:s, s:i}, s:{s:i}, s:{s:[f,f,f]}, s:{s:f, s:f, s:s}, "
        "s:{s:s}}",
        "schema_version", ASSAY_RECORD_SCHEMA, "series_id", id, "target", "x86_64", "op", "gemm", "mode", "int8",
        "structure", "dense", "sparsity", 0.0, "case", name, "role", "best", "kernel", "gemm_i8_avx2", "origin",
        "assay", "metric", "ns", "value", isnan(value) ? json_null() : json_real(value), "speedup", "error", "outcome",
        "pass", "emulated", 0, "identity", "run_id", history_run_id(run, run_id), "suite", "nightly", "started", start,
        "seed", 1, "commit", history_commit(run, commit), "dirty", run % 2, "code", "hash", "abcdef", "machine", "cpu",
        "a CPU, \xc3\xa4 \"quoted\" one", "cores", 2, "shape", "m", 1, "performance", "samples", 2982.94477, 0.1, 1e-7,
        "accuracy", "rel_rms", 0.0125, "task_value", 0.91, "task_metric", "top1", "later", "unknown",
        "a member that this program does not know");
}

bool history_append(struct assay_record_list *list, json_t *json)
{
    struct assay_record record;
    char message[ASSAY_RECORD_MESSAGE];
    const bool good = assay_record_view(json, &record, message) && assay_record_append(list, record);
    json_decref(json);
    return good;
}

bool history_append_run(struct assay_record_list *list, int run, int count)
{
    for (int series = 0; series < count; series++)
        if (!history_append(list, history_record(run, series, 1000.0 * run + series + 0.25)))
            return false;
    return true;
}
