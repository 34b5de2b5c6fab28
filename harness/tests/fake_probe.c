/* A probe for tests of the host tool: speaks docs/probe-protocol.md, and computes nothing. Its answers depend on the
 * plan alone, so that a run can be predicted. What goes wrong is said by the environment:
 *
 * FAKE_KILL=FILE   if FILE exists: removes it, measures half of the job's series and dies by SIGKILL
 * FAKE_GARBAGE=1   prints what is no JSON before each measurement
 * FAKE_SLOW=1      takes a second for each job
 * FAKE_FAIL=1      check: one kernel fails
 * FAKE_NOISE=N     each process is slower by up to N percent
 *
 * And by how it was compiled: FAKE_FACTOR is what all times, and of a network that of its first layer, are multiplied
 * by; FAKE_OUTCOME is the outcome of all series.
 */
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef FAKE_FACTOR
#define FAKE_FACTOR 1.0
#endif
#ifndef FAKE_OUTCOME
#define FAKE_OUTCOME "pass"
#endif

static void print(json_t *line)
{
    json_dumpf(line, stdout, JSON_COMPACT);
    putchar('\n');
    fflush(stdout);
    json_decref(line);
}

static int env(void)
{
    print(json_pack("{ss ss ss s[s] si}", "type", "env", "arch", "fake", "cpu", "fake <cpu>", "features", "none",
                    "cores", 2));
    return 0;
}

static int list(void)
{
    static const char *const modes[] = {"fp32", "hybrid", "int8"};
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
        print(json_pack("{ss ss ss ss ss ss ss sb}", "type", "kernel", "name", "gemm_fake_ref", "origin", "assay", "op",
                        "gemm", "mode", modes[i], "structure", "dense", "isa", "ref", "runnable", 1));
    print(json_pack("{ss ss ss ss ss ss ss sb si}", "type", "kernel", "name", "gemm_f16_fake_auto", "origin", "assay",
                    "op", "gemm", "mode", "fp16w", "structure", "dense", "isa", "fake", "runnable", 1, "rank", -70));
    print(json_pack("{ss ss ss ss ss ss ss sb ss si}", "type", "kernel", "name", "gemm_f16_fake_8x8", "origin", "assay",
                    "op", "gemm", "mode", "fp16w", "structure", "dense", "isa", "fake", "runnable", 0, "why",
                    "lacks a feature", "rank", 10));
    print(json_pack("{ss ss ss ss ss ss ss sb}", "type", "kernel", "name", "rival_gemm", "origin", "rival", "op",
                    "gemm", "mode", "fp32", "structure", "dense", "isa", "", "runnable", 1));
    return 0;
}

static int check(void)
{
    const char *fail = getenv("FAKE_FAIL");
    print(json_pack("{ss ss ss ss ss ss ss}", "type", "check", "kernel", "gemm_fake_ref", "op", "gemm", "mode", "fp32",
                    "case", "1x1x1", "outcome", fail ? "fail" : "pass", "message", fail ? "off by one" : ""));
    print(json_pack("{ss si si si si si}", "type", "summary", "ran", 1, "passed", !fail, "failed", !!fail,
                    "unsupported", 0, "errors", 0));
    return fail ? 1 : 0;
}

/* A process of its own luck. */
static double noise(void)
{
    const char *percent = getenv("FAKE_NOISE");
    const unsigned luck = (unsigned)getpid() * 2654435761u >> 16;
    return percent ? 1 + strtod(percent, NULL) / 100 * (double)(luck % 1000) / 1000 : 1;
}

/* A time that differs by mode, so that speed-ups do. */
static double nanoseconds(const char *mode)
{
    const double ns = strcmp(mode, "fp32") == 0 ? 4000 : strcmp(mode, "int8") == 0 ? 1000 : 2000;
    return ns * FAKE_FACTOR * noise();
}

static void measure(json_int_t id, const json_t *series)
{
    const char *key = json_string_value(json_object_get(series, "key"));
    const char *mode = json_string_value(json_object_get(series, "mode"));
    const char *origin = json_string_value(json_object_get(series, "origin"));
    if (getenv("FAKE_GARBAGE"))
        puts("this is \033[31mno JSON");
    if (strncmp(mode, "fp16", 4) == 0) {
        print(json_pack("{ss sI ss ss ss ss}", "type", "measurement", "id", id, "key", key, "outcome", "unsupported",
                        "message", "no kernel", "metric", "ns"));
        return;
    }
    const double ns = nanoseconds(mode);
    print(json_pack("{ss sI ss ss ss ss ss ss s[fff] si s{sf ss} s{ss sf sf} s{sf} si}", "type", "measurement", "id",
                    id, "key", key, "kernel", "gemm_fake_ref", "origin", origin ? origin : "assay", "why",
                    "highest rank that runs", "outcome", FAKE_OUTCOME, "metric", "ns", "samples", ns * 1.01, ns,
                    ns * 1.02, "iterations", 10, "bound", "ns", ns / 4, "by", "memory", "error", "metric",
                    "share_of_bound", "value", 0.1, "bound", 1.0, "accuracy", "rel_rms", 0.01, "macs", 1000));
}

/* Of a network: faster with every further file, and than its references; two layers make up nine tenths of it. */
static void measure_network(json_int_t id, const json_t *series, size_t position)
{
    const char *key = json_string_value(json_object_get(series, "key"));
    const char *origin = json_string_value(json_object_get(series, "origin"));
    const int is_ref = strcmp(json_string_value(json_object_get(series, "kernel")), "ref") == 0;
    const double ns = (is_ref ? 64000 : 8000 / (double)(position + 1)) * noise();
    const double first = ns * (FAKE_FACTOR - 0.3), whole = first + ns * 0.3;
    if (getenv("FAKE_GARBAGE"))
        puts("this is \033[31mno JSON");
    json_t *layers = json_pack("[{si ss ss ss ss si si s[ff] s{sf ss}} {si ss ss sn si si s[ff]}]", "index", 0, "op",
                               "CONV_2D", "tensor", "a/b", "kernel", "conv_fake_ref", "origin",
                               origin ? origin : "assay", "macs", 700, "weight_bytes", 70, "samples", first * 1.1,
                               first, "bound", "ns", first / 2, "by", "arithmetic", "index", 3, "op", "SOFTMAX",
                               "tensor", "c", "kernel", "macs", 0, "weight_bytes", 0, "samples", ns * 0.2, ns * 0.3);
    print(json_pack("{ss sI ss sn ss ss ss si si si si si si si si s[fff] si sf sf sf so}", "type", "measurement", "id",
                    id, "key", key, "kernel", "origin", origin ? origin : "assay", "outcome", "pass", "metric", "ns",
                    "seed", 1, "threads", 1, "batch", 1, "model_bytes", 1000, "macs", 700, "activation_bytes", 128,
                    "packed_bytes", 70, "scratch_bytes", 0, "samples", whole * 1.01, whole, whole * 1.02, "iterations",
                    10, "pack_ns", 5.0, "input_ns", 1.0, "clock_ns", 20.0, "layers", layers));
}

static int bench(void)
{
    char *line = NULL;
    size_t capacity = 0;
    const char *kill_file = getenv("FAKE_KILL");
    while (getline(&line, &capacity, stdin) > 0) {
        json_t *job = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
        const json_t *series = json_object_get(job, "series");
        const json_int_t id = json_integer_value(json_object_get(job, "id"));
        if (!json_is_array(series) || json_array_size(series) == 0) {
            fputs("fake probe: a job without series\n", stderr);
            return 2;
        }
        if (getenv("FAKE_SLOW"))
            sleep(1);
        const size_t count = json_array_size(series);
        const int dies = kill_file && unlink(kill_file) == 0;
        const int networks = strcmp(json_string_value(json_object_get(job, "type")), "model") == 0;
        for (size_t i = 0; i < (dies ? count / 2 : count); i++)
            if (networks)
                measure_network(id, json_array_get(series, i), i);
            else
                measure(id, json_array_get(series, i));
        if (dies)
            raise(SIGKILL);
        print(json_pack("{ss sI}", "type", "done", "id", id));
        json_decref(job);
    }
    free(line);
    return 0;
}

/* Of each series: a kernel that is chosen, and one that refuses. */
static int explain(void)
{
    char *line = NULL;
    size_t capacity = 0, i;
    while (getline(&line, &capacity, stdin) > 0) {
        json_t *job = json_loads(line, JSON_REJECT_DUPLICATES, NULL), *series;
        json_array_foreach(json_object_get(job, "series"), i, series)
        {
            const char *key = json_string_value(json_object_get(series, "key"));
            print(json_pack("{ss si ss ss si sn sb sf ss}", "type", "choice", "id", 0, "key", key, "kernel",
                            "gemm_fake_4x4", "rank", 10, "refuses", "chosen", 1, "cost", 123.4, "why",
                            "least stated cost"));
            print(json_pack("{ss si ss ss si ss sb sn}", "type", "choice", "id", 0, "key", key, "kernel",
                            "gemm_fake_8x8", "rank", 10, "refuses", "it is made for other shapes", "chosen", 0,
                            "cost"));
        }
        json_decref(job);
    }
    free(line);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(void);
    } commands[] = {{"env", env}, {"list", list}, {"check", check}, {"bench", bench}, {"explain", explain}};
    for (size_t i = 0; argc > 1 && i < sizeof(commands) / sizeof(commands[0]); i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run();
    fputs("fake probe: unknown subcommand\n", stderr);
    return 2;
}
