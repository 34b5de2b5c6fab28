/* reports/: the schema refuses what is not a record, files that were cut are told from files that are wrong, verdicts
 * follow planted changes, and every format renders. A check that fails says where and what; the exit status is 1 then.
 */
#include "reports/record/index.h"
#include "reports/record/schema.h"
#include "reports/render/render.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int failures, checks;

#define CHECK(condition, ...)                                               \
    do {                                                                    \
        checks++;                                                           \
        if (!(condition)) {                                                 \
            failures++;                                                     \
            fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #condition); \
            fprintf(stderr, __VA_ARGS__);                                   \
            fputc('\n', stderr);                                            \
        }                                                                   \
    } while (0)

/* A valid record of a series. Samples, if `noise` is not negative, are value * (1 + noise * something in [0, 1)). */
static json_t *record(const char *target, const char *mode, const char *role, double value, double noise)
{
    char id[128];
    const bool emulated = noise < 0;
    snprintf(id, sizeof(id), "%s/case/gemm/%s/dense@0/%s", target, mode, role);
    json_t *performance = json_object();
    if (!emulated) {
        json_t *samples = json_array(), *processes = json_array();
        uint32_t state = 12345;
        for (int i = 0; i < 36; i++) {
            state = state * 1664525 + 1013904223;
            json_array_append_new(samples, json_real(value * (1 + noise * (state >> 8) / 16777216.0)));
            json_array_append_new(processes, json_integer(i / 12));
        }
        json_object_set_new(performance, "samples", samples);
        json_object_set_new(performance, "processes", processes);
        json_object_set_new(performance, "iterations", json_integer(10));
    }
    return json_pack(
        "{s:i, s:s, s:s, s:s, s:s, s:s, s:f, s:s, s:s, s:s, s:s, s:s, s:f, s:n, s:{s:s, s:f, s:f}, s:s, s:b, "
        "s:{s:s, s:s, s:s, s:i, s:n, s:n}, s:{}, s:{s:s, s:i}, s:{}, s:o, s:{s:f}}",
        "schema_version", ASSAY_RECORD_SCHEMA, "series_id", id, "target", target, "op", "gemm", "mode", mode,
        "structure", "dense", "sparsity", 0.0, "case", "case", "role", role, "kernel", "gemm_x_ref", "origin", "assay",
        "metric", emulated ? "instructions" : "ns", "value", value, "speedup", "error", "metric", "share_of_bound",
        "value", 0.25, "bound", 1.0, "outcome", "pass", "emulated", (int)emulated, "identity", "run_id", "r", "suite",
        "s", "started", "2026-01-01T00:00:00Z", "seed", 1, "commit", "dirty", "code", "machine", "cpu", "a <b> & \"c\"",
        "cores", 2, "shape", "performance", performance, "accuracy", "rel_rms", 0.001);
}

static void add(struct assay_record_list *list, json_t *json)
{
    struct assay_record view;
    char message[ASSAY_RECORD_MESSAGE] = "";
    const bool ok = assay_record_view(json, &view, message) && assay_record_append(list, view);
    CHECK(ok, "%s", message);
    json_decref(json);
}

static void test_schema(void)
{
    char message[ASSAY_RECORD_MESSAGE];
    json_t *good = record("x86_64", "fp32", "best", 100, 0.01);
    CHECK(assay_schema_check(good, message), "%s", message);
    const char *key;
    json_t *value;
    /* Without any one of its members a record is none, and the message names the member. */
    json_object_foreach(good, key, value)
    {
        json_t *lacking = json_copy(good);
        json_object_del(lacking, key);
        CHECK(!assay_schema_check(lacking, message), "accepted without '%s'", key);
        CHECK(strstr(message, key), "'%s' is not named in '%s'", key, message);
        json_object_set_new(lacking, key, json_array());
        CHECK(!assay_schema_check(lacking, message), "accepted with an array for '%s'", key);
        json_decref(lacking);
    }
    /* Schema 1 knew no bound; one that there is must be whole. */
    json_object_set_new(good, "bound", json_null());
    CHECK(assay_schema_check(good, message), "%s", message);
    json_object_set_new(good, "bound", json_pack("{s:f, s:s}", "ns", 1.0, "by", "memory"));
    CHECK(!assay_schema_check(good, message) && strstr(message, "bound.share"), "accepted a bound without a share");
    json_object_del(good, "bound");
    json_object_set_new(good, "schema_version", json_integer(1));
    CHECK(assay_schema_check(good, message), "an old record is refused: %s", message);
    json_object_set_new(good, "outcome", json_string("splendid"));
    CHECK(!assay_schema_check(good, message), "accepted an unknown outcome");
    json_object_set_new(good, "outcome", json_string("pass"));
    json_object_set_new(good, "schema_version", json_integer(ASSAY_RECORD_SCHEMA + 1));
    CHECK(!assay_schema_check(good, message) && strstr(message, "newer"), "accepted a newer schema");
    json_decref(good);
}

/* Writes `text` to a temporary file, reads it, and returns whether that worked. */
static bool read_text(const char *text, size_t *cut, size_t *count, char *message)
{
    char path[] = "test_reports_XXXXXX";
    const int fd = mkstemp(path);
    const bool written = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    CHECK(written, "cannot write %s here", path);
    struct assay_record_list list = {0};
    const bool ok = assay_record_read(path, &list, cut, message);
    *count = list.count;
    assay_record_list_free(&list);
    close(fd);
    unlink(path);
    return ok;
}

static void test_files(void)
{
    char message[ASSAY_RECORD_MESSAGE];
    size_t cut, count;
    json_t *json = record("x86_64", "fp32", "best", 100, 0.01);
    char *line = assay_record_line(json), *text = malloc(3 * strlen(line) + 16);
    sprintf(text, "%s\n%s", line, line);
    CHECK(read_text(text, NULL, &count, message) && count == 2, "%s", message);
    sprintf(text, "%s%.100s", line, line);
    CHECK(!read_text(text, NULL, &count, message) && strstr(message, ":2:"), "a cut line passed, or: %s", message);
    CHECK(read_text(text, &cut, &count, message) && cut == 1 && count == 1, "%s", message);
    sprintf(text, "%s{\"a\": 1}\n", line);
    CHECK(!read_text(text, &cut, &count, message) && count == 0 && strstr(message, ":2:"), "%s", message);
    CHECK(!read_text("", NULL, &count, message), "an empty file passed");
    CHECK(!read_text("\x7f"
                     "ELF\x01\x02\n",
                     NULL, &count, message),
          "a binary passed");
    CHECK(!read_text("[[[[[[[[[[1]]]]]]]]]]\n", NULL, &count, message), "an array passed");
    struct assay_record_list list = {0};
    CHECK(!assay_record_read("no/such/file", &list, NULL, message) && strstr(message, "no/such/file"), "%s", message);
    free(text);
    free(line);
    json_decref(json);
}

static enum assay_verdict verdict_of(json_t *before, json_t *after)
{
    struct assay_record_list base = {0}, now = {0};
    struct assay_comparison_list result;
    enum assay_verdict verdict = ASSAY_VERDICT_COUNT;
    if (before)
        add(&base, before);
    if (after)
        add(&now, after);
    CHECK(assay_compare(&base, &now, assay_compare_defaults(), &result), "out of memory");
    if (result.count == 1)
        verdict = result.items[0].verdict;
    assay_comparison_list_free(&result);
    assay_record_list_free(&base);
    assay_record_list_free(&now);
    return verdict;
}

static json_t *with(json_t *json, const char *key, json_t *value)
{
    json_object_set_new(json, key, value);
    return json;
}

static void test_verdicts(void)
{
#define NATIVE(value) record("x86_64", "int8", "best", value, 0.02)
#define COUNT(value) record("aarch64@max", "int8", "best", value, -1)
    const struct {
        const char *what;
        json_t *before, *after;
        enum assay_verdict expected;
    } cases[] = {
        {"the same time", NATIVE(100), NATIVE(100), ASSAY_UNCHANGED},
        {"10 % slower", NATIVE(100), NATIVE(110), ASSAY_REGRESSED},
        {"10 % faster", NATIVE(100), NATIVE(90), ASSAY_IMPROVED},
        {"noise as large as the change", record("x86_64", "int8", "best", 100, 3.0),
         record("x86_64", "int8", "best", 104, 3.0), ASSAY_INCONCLUSIVE},
        {"the same count", COUNT(1000), COUNT(1000), ASSAY_UNCHANGED},
        {"0.5 % more instructions", COUNT(1000), COUNT(1005), ASSAY_REGRESSED},
        {"0.05 % more instructions", COUNT(10000), COUNT(10005), ASSAY_UNCHANGED},
        {"new", NULL, NATIVE(100), ASSAY_NEW},
        {"gone", NATIVE(100), NULL, ASSAY_GONE},
        {"faster and wrong", NATIVE(100), with(NATIVE(50), "outcome", json_string("fail")), ASSAY_REGRESSED},
        {"crashes now", NATIVE(100), with(NATIVE(100), "outcome", json_string("error")), ASSAY_ERROR},
        {"right again", with(NATIVE(100), "outcome", json_string("fail")), NATIVE(100), ASSAY_IMPROVED},
        {"faster and less accurate", NATIVE(100), with(NATIVE(50), "accuracy", json_pack("{s:f}", "rel_rms", 0.002)),
         ASSAY_REGRESSED},
        {"another metric", NATIVE(100), with(NATIVE(100), "metric", json_string("instructions")), ASSAY_ERROR},
        {"no samples", with(NATIVE(100), "performance", json_object()), NATIVE(100), ASSAY_INCONCLUSIVE},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const enum assay_verdict verdict = verdict_of(cases[i].before, cases[i].after);
        CHECK(verdict == cases[i].expected, "%s: %s", cases[i].what,
              verdict < ASSAY_VERDICT_COUNT ? assay_verdict_name(verdict) : "not one comparison");
    }
}

/* Simulated runs of one case: what the samples of a shared machine look like, without one. */
enum { SIMULATED_SERIES = 24, SIMULATED_PROCESSES = 3, SIMULATED_SAMPLES = 12 };

struct simulation {
    gsl_rng *rng;
    double noise;        /* mean of what a sample takes longer */
    double slow_process; /* chance that a process is slow as a whole for a series */
    double disturbed;    /* each series of the run takes longer by a share of up to this, its own */
    int processes;
    int slower; /* this many of the series, by `factor` */
    double factor;
};

static void simulate(const struct simulation *s, struct assay_record_list *list)
{
    for (int series = 0; series < SIMULATED_SERIES; series++) {
        json_t *samples = json_array(), *processes = json_array();
        double value = (1000.0 + 100 * series) * (1 + s->disturbed * gsl_rng_uniform(s->rng));
        value *= series < s->slower ? s->factor : 1.0;
        for (int p = 0; p < s->processes; p++) {
            const double mode = gsl_rng_uniform(s->rng) < s->slow_process ? 1.6 : 1.0;
            for (int i = 0; i < SIMULATED_SAMPLES; i++) {
                json_array_append_new(samples, json_real(value * mode * (1 + gsl_ran_exponential(s->rng, s->noise))));
                json_array_append_new(processes, json_integer(p));
            }
        }
        char id[64];
        snprintf(id, sizeof(id), "x86_64/case/gemm/fp32/dense@0/peer/p%d", series);
        json_t *json = with(record("x86_64", "fp32", "peer", value, 0.0), "series_id", json_string(id));
        add(list, with(json, "performance",
                       json_pack("{s:o, s:o, s:i}", "samples", samples, "processes", processes, "iterations", 1)));
    }
}

/* Verdicts of a hundred pairs of runs. */
static void compare_simulated(const struct simulation *before, const struct simulation *after,
                              double share[ASSAY_VERDICT_COUNT])
{
    enum { PAIRS = 100 };
    size_t sum[ASSAY_VERDICT_COUNT] = {0};
    for (int pair = 0; pair < PAIRS; pair++) {
        struct assay_record_list base = {0}, now = {0};
        struct assay_comparison_list result;
        simulate(before, &base);
        simulate(after, &now);
        CHECK(assay_compare(&base, &now, assay_compare_defaults(), &result), "out of memory");
        for (int v = 0; v < ASSAY_VERDICT_COUNT; v++)
            sum[v] += result.verdicts[v];
        assay_comparison_list_free(&result);
        assay_record_list_free(&base);
        assay_record_list_free(&now);
    }
    for (int v = 0; v < ASSAY_VERDICT_COUNT; v++)
        share[v] = (double)sum[v] / (PAIRS * SIMULATED_SERIES);
}

static void test_simulated(void)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    const struct simulation quiet = {.rng = rng, .noise = 0.05, .slow_process = 0.05, .processes = SIMULATED_PROCESSES};
    struct simulation now = quiet;
    double share[ASSAY_VERDICT_COUNT];

    compare_simulated(&quiet, &now, share);
    CHECK(share[ASSAY_REGRESSED] + share[ASSAY_IMPROVED] < 0.001, "%g %g of equal runs were said to differ",
          share[ASSAY_REGRESSED], share[ASSAY_IMPROVED]);
    CHECK(share[ASSAY_UNCHANGED] > 0.8, "%g of equal runs were said to be unchanged", share[ASSAY_UNCHANGED]);

    now.slower = 6; /* of 24 */
    now.factor = 1.2;
    compare_simulated(&quiet, &now, share);
    CHECK(share[ASSAY_REGRESSED] > 0.9 * 0.25 && share[ASSAY_REGRESSED] < 0.2501,
          "%g regressed where a quarter is 20 %% slower", share[ASSAY_REGRESSED]);
    compare_simulated(&now, &quiet, share);
    CHECK(share[ASSAY_IMPROVED] > 0.9 * 0.25, "%g improved where a quarter was 20 %% slower", share[ASSAY_IMPROVED]);

    /* A compiler that makes all of it slower is no disturbance, which would not be so even. */
    now.slower = SIMULATED_SERIES;
    compare_simulated(&quiet, &now, share);
    CHECK(share[ASSAY_REGRESSED] > 0.9, "%g regressed where all are 20 %% slower", share[ASSAY_REGRESSED]);

    now = quiet;
    now.disturbed = 0.15;
    compare_simulated(&quiet, &now, share);
    CHECK(share[ASSAY_REGRESSED] < 0.01, "%g regressed where the machine was disturbed", share[ASSAY_REGRESSED]);

    now = quiet;
    now.slow_process = 0.5;
    compare_simulated(&quiet, &now, share);
    CHECK(share[ASSAY_REGRESSED] < 0.15, "%g regressed where half of the processes were slow", share[ASSAY_REGRESSED]);

    now = quiet;
    now.processes = 1;
    compare_simulated(&quiet, &now, share);
    CHECK(share[ASSAY_INCONCLUSIVE] == 1.0, "a single process gave a verdict in %g", 1 - share[ASSAY_INCONCLUSIVE]);
    gsl_rng_free(rng);
}

static void test_newest_wins(void)
{
    struct assay_record_list list = {0};
    add(&list, with(COUNT(7), "outcome", json_string("error")));
    add(&list, NATIVE(1));
    add(&list, COUNT(8));
    size_t count;
    const struct assay_record **index = assay_record_index(&list, &count);
    CHECK(count == 2, "%zu series", count);
    const struct assay_record *found = assay_record_find(index, count, "aarch64@max/case/gemm/int8/dense@0/best");
    CHECK(found && found->value == 8, "the older record won");
    CHECK(!assay_record_find(index, count, "nothing"), "found what is not there");
    free(index);
    assay_record_list_free(&list);
}

static json_t *bound(const char *by, double ns, double share)
{
    return json_pack("{s:s, s:f, s:f}", "by", by, "ns", ns, "share", share);
}

/* The table has a column for the bound where one is known, and Markdown, JSON and CSV tell it; packing is told beside.
 */
static void test_bounds(void)
{
    struct assay_record_list list = {0};
    add(&list, with(NATIVE(200), "bound", bound("memory", 100, 0.5)));
    add(&list, with(with(record("x86_64", "int8", "peer", 150, 0.0), "origin", json_string("xnnpack")), "code",
                    json_pack("{s:f, s:i, s:i}", "pack_ns", 3000.0, "packed_bytes", 2048, "weight_bytes", 1024)));
    add(&list, COUNT(1000));
    static const struct {
        enum assay_format format;
        const char *text;
    } expected[] = {{ASSAY_FORMAT_TABLE, "50 % mem"},
                    {ASSAY_FORMAT_MARKDOWN, "| 50 % mem |"},
                    {ASSAY_FORMAT_JSON, "\"share\": 0.5"},
                    {ASSAY_FORMAT_CSV, ",100,memory,0.5,"}};
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        char *text = NULL;
        size_t size;
        FILE *out = open_memstream(&text, &size);
        CHECK(assay_render_records(expected[i].format, &list, 0, out), "it failed");
        fclose(out);
        CHECK(strstr(text, expected[i].text), "%s lacks '%s':\n%s", assay_format_name(expected[i].format),
              expected[i].text, text);
        const char *column = strstr(text, "of bound  ");
        CHECK(expected[i].format != ASSAY_FORMAT_TABLE || (column && !strstr(column + 1, "of bound  ")),
              "an emulated target has a bound:\n%s", text);
        free(text);
    }
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    CHECK(assay_render_packing(ASSAY_FORMAT_MARKDOWN, &list, out), "packing failed");
    fclose(out);
    CHECK(strstr(text, "| 1.0 | 2.0 | 3.00 | 0.34 | 20.0 |"), "packing is told otherwise:\n%s", text);
    free(text);
    assay_record_list_free(&list);
}

/* What a format must hold for this report: a figure that a reader would look for. */
static const char *expected_in(enum assay_format format)
{
    static const char *const expected[ASSAY_FORMAT_COUNT] = {
        [ASSAY_FORMAT_TABLE] = "aarch64@max: instr. vs fp32",
        [ASSAY_FORMAT_JSON] = "\"versus_peer\": 1.5",
        [ASSAY_FORMAT_CSV] = "x86_64,false,case,gemm,int8,dense,0,peer,",
        [ASSAY_FORMAT_MARKDOWN] = "| 4.00 |",
        [ASSAY_FORMAT_HTML] = "a \\u003cb> & \\\"c\\\"",
        [ASSAY_FORMAT_GBENCH] = "\"repetition_index\": 35",
        [ASSAY_FORMAT_JUNIT] = "<testcase classname=\"aarch64@max.case\"",
        [ASSAY_FORMAT_SARIF] = "\"version\": \"2.1.0\"",
        [ASSAY_FORMAT_GITHUB] = "::notice title=assay::",
        [ASSAY_FORMAT_LNT] = "\"format_version\": \"2\"",
        [ASSAY_FORMAT_BASELINE] = "\"run_id\":\"baseline\"",
    };
    return expected[format];
}

static void test_formats(void)
{
    struct assay_record_list list = {0};
    add(&list, NATIVE(200));
    add(&list, with(NATIVE(100), "speedup", json_real(4.0)));
    add(&list, with(record("x86_64", "int8", "peer", 150, 0.0), "origin", json_string("xnnpack")));
    add(&list, COUNT(1000));
    for (int f = 0; f < ASSAY_FORMAT_COUNT; f++) {
        char *text = NULL;
        size_t size;
        FILE *out = open_memstream(&text, &size);
        CHECK(assay_render_records((enum assay_format)f, &list, 0, out), "%s failed",
              assay_format_name((enum assay_format)f));
        fclose(out);
        CHECK(strstr(text, expected_in((enum assay_format)f)), "%s lacks '%s'", assay_format_name((enum assay_format)f),
              expected_in((enum assay_format)f));
        if (f == ASSAY_FORMAT_GBENCH)
            CHECK(!strstr(text, "aarch64"), "a count was given as a time");
        free(text);
    }
    /* On a narrow terminal each target has lines of its own. */
    char *narrow = NULL;
    size_t narrow_size;
    FILE *terminal = open_memstream(&narrow, &narrow_size);
    CHECK(assay_render_records(ASSAY_FORMAT_TABLE, &list, 100, terminal), "a narrow table failed");
    fclose(terminal);
    const char *first = strstr(narrow, "x86_64: time vs fp32"), *second = strstr(narrow, "aarch64@max: instr. vs fp32");
    CHECK(first && second && memchr(first, '\n', (size_t)(second - first)), "not one under the other:\n%s", narrow);
    free(narrow);
    FILE *full = fopen("/dev/full", "w");
    setvbuf(full, NULL, _IONBF, 0);
    CHECK(!assay_render_records(ASSAY_FORMAT_TABLE, &list, 0, full), "a full disk went unnoticed");
    fclose(full);
    assay_record_list_free(&list);
}

int main(void)
{
    test_schema();
    test_files();
    test_verdicts();
    test_simulated();
    test_newest_wins();
    test_formats();
    test_bounds();
    printf("%d checks, %d failures\n", checks, failures);
    return failures > 0;
}
