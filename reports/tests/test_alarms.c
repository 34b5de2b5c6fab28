/* What services that count tests and show alarms are given: hostile strings, numbers of alarms, members that their
 * formats require, and the sources of kernels, against the files of the tree. Usage: test_alarms SOURCE_DIR */
#include "reports/render/finding.h"
#include "reports/render/render.h"
#include "reports/render/text.h"
#include "reports/tests/check.h"

#include <ctype.h>
#include <glob.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char hostile[] = "a\x01<b>&\"%0A::error::x,y:z]]>";

static json_t *record(const char *target, const char *kernel, int number, const char *outcome)
{
    char id[256];
    snprintf(id, sizeof(id), "%s/case %d %%,:/gemm/fp32/dense@0/best", target, number);
    return json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:f, s:s, s:s, s:s, s:s, s:s, s:f, s:n, s:n, s:s, s:s, s:b, "
                     "s:{s:s, s:s, s:s, s:i, s:n, s:n}, s:{}, s:{s:s}, s:{}, s:{}, s:{s:f}}",
                     "schema_version", ASSAY_RECORD_SCHEMA, "series_id", id, "target", target, "op", "gemm", "mode",
                     "fp32", "structure", "dense", "sparsity", 0.0, "case", hostile, "role", "best", "kernel", kernel,
                     "origin", "assay", "metric", "instructions", "value", 100.0 + number, "speedup", "error",
                     "outcome", outcome, "message", hostile, "emulated", 1, "identity", "run_id", "r", "suite", "s",
                     "started", "2026-01-31T12:00:00Z", "seed", 1, "commit", "dirty", "code", "machine", "arch",
                     "x86_64", "shape", "performance", "accuracy", "rel_rms", 0.001);
}

static void add(struct assay_record_list *list, json_t *json)
{
    struct assay_record view;
    char message[ASSAY_RECORD_MESSAGE] = "";
    const bool ok = assay_record_view(json, &view, message) && assay_record_append(list, view);
    CHECK(ok, "%s", message);
    json_decref(json);
}

enum { SERIES = 30 };

/* Of 30 series 25 got slower; the others differ in nothing. */
static void two_runs(struct assay_record_list *base, struct assay_record_list *now)
{
    for (int i = 0; i < SERIES; i++) {
        add(base, record("x86_64", "gemm_f32_avx2_6x16", i, "pass"));
        json_t *json = record("x86_64", "gemm_f32_avx2_6x16", i, "pass");
        if (i < 25)
            json_object_set_new(json, "value", json_real(200.0 + i));
        add(now, json);
    }
}

static char *render(enum assay_format format, const struct assay_comparison_list *comparisons)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    CHECK(assay_render_comparison(format, comparisons, false, out), "%s failed", assay_format_name(format));
    fclose(out);
    return text;
}

static size_t count_of(const char *text, const char *word)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, word)); at += strlen(word))
        count++;
    return count;
}

static void test_text(void)
{
    static const struct {
        const char *from, *to;
    } cases[] = {
        {NULL, ""},
        {"", ""},
        {"plain ~", "plain ~"},
        {"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80", "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"},
        {"a\tb\r\nc", "a b  c"},
        {"\x01\x7f\x1b[31m", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD[31m"},
        {"cut \xC3", "cut \xEF\xBF\xBD"},
        {"cut \xE2\x82", "cut \xEF\xBF\xBD\xEF\xBF\xBD"},
        {"\xC0\x80 overlong", "\xEF\xBF\xBD\xEF\xBF\xBD overlong"},
        {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},                 /* a surrogate */
        {"\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"}, /* beyond U+10FFFF */
        {"\xEF\xBF\xBE\xC2\x85", "\xEF\xBF\xBD\xEF\xBF\xBD"},                     /* U+FFFE, a control of C1 */
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *clean = text_clean(cases[i].from);
        CHECK(strcmp(clean, cases[i].to) == 0, "case %zu: '%s'", i, clean);
        free(clean);
    }
}

static void test_junit(const struct assay_comparison_list *comparisons)
{
    char *text = render(ASSAY_FORMAT_JUNIT, comparisons);
    CHECK(strstr(text, "<testsuites name=\"assay\" tests=\"30\" failures=\"25\" errors=\"0\">"), "%.200s", text);
    CHECK(count_of(text, "<testcase") == SERIES && count_of(text, "<failure") == 25, "%zu cases, %zu failures",
          count_of(text, "<testcase"), count_of(text, "<failure"));
    CHECK(!strchr(text, 1) && !strstr(text, "<b>") && strstr(text, "&lt;b&gt;&amp;&quot;"), "not escaped");
    CHECK(strstr(text, "name=\"ratio\" value=\"2\""), "no ratio among the properties");
    free(text);
}

static void test_sarif(const struct assay_comparison_list *comparisons)
{
    static const char *const levels[] = {"none", "note", "warning", "error"};
    char *text = render(ASSAY_FORMAT_SARIF, comparisons), *again = render(ASSAY_FORMAT_SARIF, comparisons);
    CHECK(strcmp(text, again) == 0, "two writings of the same verdicts differ");
    json_error_t error;
    json_t *document = json_loads(text, 0, &error);
    CHECK(document, "%s", error.text);
    const char *version = json_string_value(json_object_get(document, "version"));
    CHECK(version && strcmp(version, "2.1.0") == 0, "version");
    const json_t *run = json_array_get(json_object_get(document, "runs"), 0);
    const json_t *driver = json_object_get(json_object_get(run, "tool"), "driver");
    const json_t *rules = json_object_get(driver, "rules"), *results = json_object_get(run, "results");
    CHECK(json_string_value(json_object_get(driver, "name")), "the driver has no name");
    CHECK(json_array_size(results) == 25, "%zu results", json_array_size(results));
    json_t *prints = json_object(), *result;
    size_t i;
    json_array_foreach(results, i, result)
    {
        const json_t *rule = json_array_get(rules, (size_t)json_integer_value(json_object_get(result, "ruleIndex")));
        const char *id = json_string_value(json_object_get(result, "ruleId"));
        CHECK(id && json_string_value(json_object_get(rule, "id")) &&
                  strcmp(id, json_string_value(json_object_get(rule, "id"))) == 0,
              "ruleIndex leads to another rule");
        CHECK(id && strcmp(id, "assay.count") == 0, "rule %s", id);
        CHECK(json_string_value(json_object_get(json_object_get(result, "message"), "text")), "no message");
        const char *level = json_string_value(json_object_get(result, "level"));
        bool known = false;
        for (size_t l = 0; level && l < sizeof(levels) / sizeof(levels[0]); l++)
            known = known || strcmp(level, levels[l]) == 0;
        CHECK(known, "level %s", level);
        const json_t *place =
            json_object_get(json_array_get(json_object_get(result, "locations"), 0), "physicalLocation");
        const char *uri = json_string_value(json_object_get(json_object_get(place, "artifactLocation"), "uri"));
        CHECK(uri && strcmp(uri, "kernels/gemm/x86_64/gemm_f32_avx2_6x16.c") == 0, "uri %s", uri);
        CHECK(json_integer_value(json_object_get(json_object_get(place, "region"), "startLine")) >= 1, "no line");
        json_object_set_new(prints,
                            json_string_value(json_object_get(json_object_get(result, "partialFingerprints"),
                                                              "primaryLocationLineHash")),
                            json_true());
    }
    CHECK(json_object_size(prints) == 25, "%zu fingerprints of 25 series", json_object_size(prints));
    json_decref(prints);
    json_decref(document);
    free(text);
    free(again);
}

static void test_github(const struct assay_comparison_list *comparisons)
{
    char *text = render(ASSAY_FORMAT_GITHUB, comparisons), *rest = text;
    size_t errors = 0;
    for (char *line; (line = strsep(&rest, "\n")) && *line;) {
        CHECK(strncmp(line, "::", 2) == 0, "no command: %s", line);
        errors += strncmp(line, "::error ", 8) == 0;
        /* The end of the properties is the only "::" after the first that ends a title, which holds no raw ':' or ','.
         */
        const char *title = strstr(line, "title=");
        const char *end = title ? strstr(title, "::") : NULL;
        CHECK(end && !memchr(title, ',', (size_t)(end - title)), "a title that ends early: %s", line);
        for (const char *c = strchr(line, '%'); c; c = strchr(c + 1, '%'))
            CHECK(isxdigit((unsigned char)c[1]) && isxdigit((unsigned char)c[2]), "a raw %%: %s", line);
    }
    CHECK(errors == 10, "%zu errors of at most 10", errors);
    free(text);
    text = render(ASSAY_FORMAT_GITHUB, comparisons);
    CHECK(strstr(text, "::error title=assay::16 more, which are in the report\n"), "%s", text);
    free(text);
}

/* A policy that requires a series which no run has gives a verdict without a record. */
static void test_required(void)
{
    struct assay_comparison item = {
        .series_id = hostile, .verdict = ASSAY_ERROR, .p = NAN, .ratio = {NAN, NAN, NAN}, .reason = "required \xC3"};
    const struct assay_comparison_list list = {.items = &item, .count = 1};
    static const enum assay_format formats[] = {ASSAY_FORMAT_TABLE, ASSAY_FORMAT_JSON,  ASSAY_FORMAT_CSV,
                                                ASSAY_FORMAT_JUNIT, ASSAY_FORMAT_SARIF, ASSAY_FORMAT_GITHUB};
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        char *text = render(formats[i], &list);
        CHECK(strstr(text, "required"), "%s: %s", assay_format_name(formats[i]), text);
        free(text);
    }
}

/* Every kernel's file is found by its name, for the tree's own. */
static void test_sources(const char *root)
{
    static const char *const architectures[] = {"x86_64", "aarch64", "riscv64", "reference"};
    for (size_t a = 0; a < sizeof(architectures) / sizeof(architectures[0]); a++) {
        const bool reference = strcmp(architectures[a], "reference") == 0;
        char pattern[4096];
        glob_t files;
        snprintf(pattern, sizeof(pattern), "%s/kernels/[!c]*/%s/*_*.c", root, architectures[a]);
        CHECK(glob(pattern, 0, NULL, &files) == 0 && files.gl_pathc > 3, "no kernels at %s", pattern);
        for (size_t i = 0; i < files.gl_pathc; i++) {
            const char *path = strstr(files.gl_pathv[i], "/kernels/") + 1, *name = strrchr(path, '/') + 1;
            for (int automatic = 0; automatic < 1 + reference; automatic++) {
                char kernel[256], found[FINDING_SOURCE];
                snprintf(kernel, sizeof(kernel), "%.*s%s", (int)strcspn(name, "."), name,
                         !reference  ? ""
                         : automatic ? "_avx512vnni_auto"
                                     : "_ref");
                json_t *json = record("x86_64", kernel, 0, "pass");
                if (!reference)
                    json_object_set_new(json_object_get(json, "machine"), "arch", json_string(architectures[a]));
                struct assay_record_list list = {0};
                add(&list, json);
                finding_source(&(struct finding){.record = &list.items[0]}, found);
                CHECK(strcmp(found, path) == 0, "%s of kernel %s: %s", found, kernel, path);
                assay_record_list_free(&list);
            }
        }
        globfree(&files);
    }
}

static void test_lnt(void)
{
    struct assay_record_list list = {0};
    add(&list, record("x86_64", "gemm_f32_avx2_6x16", 1, "pass"));
    add(&list, record("x86_64", "gemm_f32_avx2_6x16", 2, "fail"));
    add(&list, record("x86_64", "gemm_f32_avx2_6x16", 3, "unsupported"));
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    CHECK(assay_render_records(ASSAY_FORMAT_LNT, &list, 0, out), "lnt failed");
    fclose(out);
    json_t *document = json_loads(text, 0, NULL);
    const json_t *tests = json_object_get(document, "tests"), *run = json_object_get(document, "run");
    CHECK(json_string_value(json_object_get(json_object_get(document, "machine"), "name")), "the machine has no name");
    const char *order = json_string_value(json_object_get(run, "measured"));
    CHECK(order && strcmp(order, "20260131120000") == 0, "order %s", order);
    CHECK(json_array_size(tests) == 2, "%zu tests", json_array_size(tests));
    const json_t *good = json_array_get(tests, 0), *bad = json_array_get(tests, 1);
    CHECK(json_number_value(json_object_get(good, "instructions")) == 101.0, "the count");
    CHECK(!json_object_get(good, "execution_time"), "a count was given as a time");
    CHECK(json_integer_value(json_object_get(bad, "execution_status")) == 1 && !json_object_get(bad, "instructions"),
          "a failure with a figure");
    json_decref(document);
    free(text);
    assay_record_list_free(&list);
}

int main(int argc, char **argv)
{
    struct assay_record_list base = {0}, now = {0};
    struct assay_comparison_list comparisons;
    two_runs(&base, &now);
    CHECK(assay_compare(&base, &now, assay_compare_defaults(), &comparisons), "out of memory");
    test_text();
    test_junit(&comparisons);
    test_sarif(&comparisons);
    test_github(&comparisons);
    test_required();
    test_sources(argc > 1 ? argv[1] : ".");
    test_lnt();
    assay_comparison_list_free(&comparisons);
    assay_record_list_free(&base);
    assay_record_list_free(&now);
    return finish_checks();
}
